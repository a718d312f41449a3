//! [`collect`]: many handles as one.

use crate::argument::{Next, Stored};
use crate::handle::Delayed;
use crate::inputs::{Inputs, Values};
use crate::label::Label;
use crate::task::Task;
use chunkwise_graph::Value;
use std::any::Any;
use std::borrow::Borrow;
use std::sync::Arc;

/// One handle to the results of many, in order.
///
/// # Complexity
/// O(handles) time and memory; one task.
///
/// ```
/// use chunkwise_delayed::{CollectionExt, collect, value};
/// let squares = collect((0..4u64).map(|x| value(x).map(|x| x * x)));
/// assert_eq!(squares.compute()?, [0, 1, 4, 9]);
/// # Ok::<(), chunkwise_delayed::Error>(())
/// ```
#[track_caller]
pub fn collect<T, H>(handles: impl IntoIterator<Item = H>) -> Delayed<Vec<T>>
where
    T: Any + Clone + Send + Sync,
    H: Borrow<Delayed<T>>,
{
    let mut inputs = Inputs::default();
    for handle in handles {
        inputs.push(Arc::clone(handle.borrow().layer()));
    }
    let label = Label::Plain("collect");
    Task::handle(label.unique_name(), label, inputs, |values| {
        let n = values.len();
        let mut values = Values::new(values);
        let items = (0..n).map(|_| Next.read(&mut values)).collect::<Result<Vec<T>, _>>()?;
        Ok(Value::new(items))
    })
}

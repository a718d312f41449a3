//! [`collect`]: many handles as one.

use crate::argument::Next;
use crate::call::{Call, Infallible};
use crate::handle::Delayed;
use crate::inputs::Inputs;
use crate::label::Label;
use crate::output_info::Opaque;
use crate::task::Task;
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
    let mut items = Vec::new();
    for handle in handles {
        inputs.push(Arc::clone(handle.borrow().layer()));
        items.push(Next);
    }
    let label = Label::Plain("collect");
    let as_they_are = |items: Vec<T>| items;
    let call = Call::<_, _, _, (Vec<T>,), Infallible<Opaque<_>>>::of(as_they_are, (items,));
    Task::handle(label.unique_name(), label, inputs, call)
}

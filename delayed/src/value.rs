//! [`value()`]: a handle to a value that is there already.

use crate::handle::Delayed;
use chunkwise_graph::{Held, Layer, Name, Value};
use std::any::Any;

/// A handle to a value that is there already.
///
/// ```
/// use chunkwise_delayed::{CollectionExt, value};
/// assert_eq!((value(2i64) + value(3)).compute()?, 5);
/// # Ok::<(), chunkwise_delayed::Error>(())
/// ```
#[track_caller]
pub fn value<T: Any + Send + Sync>(value: T) -> Delayed<T> {
    Delayed::of_task(Layer::new(Name::unique("value"), [], Held::one(Value::new(value))))
}

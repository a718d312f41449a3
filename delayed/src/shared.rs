//! [`Shared`]: results that are computed without being cloned.

use crate::handle::Delayed;
use chunkwise_graph::{Collection, Error, Layer, Result, Value};
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A result to be computed as an `Arc<T>`; made by [`Delayed::shared`].
#[must_use = "nothing is computed before `compute` is called"]
pub struct Shared<T>(Delayed<T>);

impl<T: Any + Send + Sync> Delayed<T> {
    /// The same result, to be computed as an `Arc<T>`: never cloned, also where others hold it, and
    /// of any type.
    ///
    /// ```
    /// use chunkwise_delayed::{CollectionExt, value};
    /// struct NotClone(u32);
    /// let computed = value(NotClone(7)).shared().compute()?;
    /// assert_eq!(computed.0, 7);
    /// # Ok::<(), chunkwise_delayed::Error>(())
    /// ```
    pub fn shared(&self) -> Shared<T> {
        Shared(self.clone())
    }
}

impl<T: Any + Send + Sync> Collection for Shared<T> {
    type Output = Arc<T>;

    fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
        layers.push(Arc::clone(self.0.layer()));
    }

    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<Arc<T>> {
        let value = parts.next().unwrap_or_default();
        value.into_arc().map_err(|error: Error| error.of_key(&self.0.key()))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Shared<T> {
        Shared(self.0.clone())
    }
}

impl<T: Any + Send + Sync> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shared").field(&self.0).finish()
    }
}

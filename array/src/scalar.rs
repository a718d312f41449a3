//! [`Scalar`]: a lazy number, such as the sum of an array.

use crate::array::Array;
use crate::element::Element;
use chunkwise_graph::{Collection, Graph, Layer, Result, Value};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A lazy number: an array without axes, whose result is the number itself.
///
/// It is an [`Array`] in everything else: `&x - x.mean()`.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt};
/// let x = Array::<f64>::arange(0.0, 10.0, 1.0, 4);
/// let mean = x.mean();
/// assert_eq!(mean.compute()?, 4.5);
/// assert_eq!((&x - &mean).max().compute()?, 4.5);
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
pub struct Scalar<T>(pub(crate) Array<T>);

impl<T> Clone for Scalar<T> {
    fn clone(&self) -> Scalar<T> {
        Scalar(self.0.clone())
    }
}

impl<T> Deref for Scalar<T> {
    type Target = Array<T>;

    fn deref(&self) -> &Array<T> {
        &self.0
    }
}

impl<T: Element> Collection for Scalar<T> {
    type Output = T;

    fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
        self.0.layers(layers);
    }

    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<T> {
        let array = self.0.finalize(parts)?;
        Ok(array.first().copied().unwrap_or_default())
    }

    fn optimize(&self, graph: &mut Graph) {
        self.0.optimize(graph);
    }
}

impl<T: Element> fmt::Display for Scalar<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl<T: Element> fmt::Debug for Scalar<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

//! [`Reduction`]: reductions of one's own.

use super::node::{reduce, reduce_all};
use super::reducer::Reducer;
use crate::array::Array;
use crate::axes::Axes;
use crate::element::Element;
use crate::error::ArrayError;
use crate::scalar::Scalar;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A reduction of one's own: how elements are taken into an accumulator, how accumulators are
/// joined, and what comes out.
///
/// A struct with its parameters, which travels to other processes. Two reductions with the same name
/// and the same parameters are taken for the same.
///
/// # Contract
/// `join` of what two parts give is what both parts together give, but for rounding.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, Reduction};
/// use serde::{Deserialize, Serialize};
///
/// /// The root of the mean square.
/// #[derive(Clone, Serialize, Deserialize)]
/// struct RootMeanSquare;
///
/// impl Reduction for RootMeanSquare {
///     type In = f64;
///     type Out = f64;
///     type Acc = f64;
///     const NAME: &'static str = "root_mean_square";
///
///     fn start(&self) -> f64 {
///         0.0
///     }
///     fn take(&self, squares: &mut f64, elements: &[f64]) {
///         *squares += elements.iter().map(|x| x * x).sum::<f64>();
///     }
///     fn join(&self, squares: &mut f64, others: f64) {
///         *squares += others;
///     }
///     fn finish(&self, squares: f64, n: u64) -> Option<f64> {
///         Some((squares / n as f64).sqrt())
///     }
/// }
///
/// let x = Array::from_ndarray(&ndarray::array![[3.0, 4.0], [0.0, 5.0]], 1);
/// assert_eq!(x.reduce_axis(0, RootMeanSquare).compute()?[0], 4.5f64.sqrt());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
pub trait Reduction: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What is reduced.
    type In: Element;
    /// What comes out.
    type Out: Element;
    /// What elements are taken into.
    type Acc: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// What it is called.
    const NAME: &'static str;

    /// Of no elements.
    fn start(&self) -> Self::Acc;

    /// Takes some elements more.
    fn take(&self, acc: &mut Self::Acc, elements: &[Self::In]);

    /// Takes what another accumulator has taken.
    fn join(&self, acc: &mut Self::Acc, other: Self::Acc);

    /// What comes out of `n` elements; `None`, which makes the task fail, if they have no result.
    fn finish(&self, acc: Self::Acc, n: u64) -> Option<Self::Out>;
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Custom<R: Reduction>(R);

impl<R: Reduction> Reducer for Custom<R> {
    type In = R::In;
    type Out = R::Out;
    type Acc = R::Acc;
    const NAME: &'static str = R::NAME;

    fn start(&self) -> R::Acc {
        self.0.start()
    }

    fn row(&self, acc: &mut R::Acc, elements: &[R::In], _: u64) {
        self.0.take(acc, elements);
    }

    fn join(&self, acc: &mut R::Acc, other: &R::Acc, _: u64, _: u64) {
        self.0.join(acc, other.clone());
    }

    fn finish(&self, acc: &R::Acc, n: u64) -> Result<R::Out, ArrayError> {
        self.0.finish(acc.clone(), n).ok_or(ArrayError::Empty { operation: R::NAME })
    }
}

impl<T: Element> Array<T> {
    /// All elements reduced by a [`Reduction`] of one's own.
    ///
    /// # Complexity
    /// As [`Array::sum`].
    #[track_caller]
    pub fn reduce<R: Reduction<In = T>>(&self, reduction: R) -> Scalar<R::Out> {
        reduce_all(self, Custom(reduction))
    }

    /// The elements along some axes reduced by a [`Reduction`] of one's own.
    #[track_caller]
    pub fn reduce_axis<R>(&self, axes: impl Into<Axes>, reduction: R) -> Array<R::Out>
    where
        R: Reduction<In = T>,
    {
        reduce(self, Custom(reduction), axes)
    }
}

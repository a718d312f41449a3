//! [`Scan`]: what a scan does with elements.

use super::node::{ScanMethod, scan};
use crate::array::Array;
use crate::axes::Axes;
use crate::element::Element;
use serde::{Serialize, de::DeserializeOwned};

/// How elements are joined, one after the other, along an axis: each result is what all elements up
/// to its place give together.
///
/// A struct with its parameters, which travels to other processes. Two scans with the same name and
/// the same parameters are taken for the same.
///
/// # Contract
/// `join` is associative, but for rounding, and `start` changes nothing that it is joined with.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, Scan, ScanMethod};
/// use serde::{Deserialize, Serialize};
///
/// /// Which bits have been seen so far.
/// #[derive(Clone, Serialize, Deserialize)]
/// struct Seen;
///
/// impl Scan for Seen {
///     type In = u8;
///     type Out = u8;
///     const NAME: &'static str = "seen";
///
///     fn start(&self) -> u8 {
///         0
///     }
///     fn term(&self, element: u8) -> u8 {
///         element
///     }
///     fn join(&self, before: u8, next: u8) -> u8 {
///         before | next
///     }
/// }
///
/// let x = Array::from_ndarray(&ndarray::array![1u8, 4, 1, 2], 2);
/// let seen = x.scan(0, Seen, ScanMethod::Sequential);
/// assert_eq!(seen.compute()?, ndarray::array![1, 5, 5, 7].into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
pub trait Scan: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What is scanned.
    type In: Element;
    /// What comes out.
    type Out: Element;

    /// What it is called.
    const NAME: &'static str;

    /// Of no elements.
    fn start(&self) -> Self::Out;

    /// Of one element.
    fn term(&self, element: Self::In) -> Self::Out;

    /// Of elements, and of those behind them.
    fn join(&self, before: Self::Out, next: Self::Out) -> Self::Out;
}

impl<T: Element> Array<T> {
    /// A [`Scan`] of one's own along an axis.
    ///
    /// Preserves shape and chunks.
    ///
    /// # Complexity
    /// As [`Array::cumsum`].
    #[track_caller]
    pub fn scan<S>(&self, axis: impl Into<Axes>, scan_of: S, method: ScanMethod) -> Array<S::Out>
    where
        S: Scan<In = T>,
    {
        scan(self, axis.into(), scan_of, method)
    }
}

//! Comparisons.

use crate::array::Array;
use crate::element::Element;
use crate::elementwise::{IntoOperand, binary};

impl<T: Element> Array<T> {
    /// Whether each element equals what is opposite; shapes broadcast. NaN equals nothing.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 3, 1, 2);
    /// assert_eq!(x.equal(1).compute()?, ndarray::arr1(&[false, true, false]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn equal(&self, other: impl IntoOperand<T>) -> Array<bool> {
        binary("equal", self, other, |a: T, b: T| a == b)
    }

    /// Whether each element differs from what is opposite; shapes broadcast. NaN differs from all.
    #[track_caller]
    pub fn not_equal(&self, other: impl IntoOperand<T>) -> Array<bool> {
        binary("not_equal", self, other, |a: T, b: T| a != b)
    }
}

/// With an order: all elements but complex numbers. `false` is less than `true`.
impl<T: Element + PartialOrd> Array<T> {
    /// Whether each element is less than what is opposite; shapes broadcast. With NaN nothing is.
    #[doc(alias = "less")]
    #[track_caller]
    pub fn lt(&self, other: impl IntoOperand<T>) -> Array<bool> {
        binary("less", self, other, |a: T, b: T| a < b)
    }

    /// Whether each element is at most what is opposite; see [`Array::lt`].
    #[doc(alias = "less_equal")]
    #[track_caller]
    pub fn le(&self, other: impl IntoOperand<T>) -> Array<bool> {
        binary("less_equal", self, other, |a: T, b: T| a <= b)
    }

    /// Whether each element is greater than what is opposite; see [`Array::lt`].
    #[doc(alias = "greater")]
    #[track_caller]
    pub fn gt(&self, other: impl IntoOperand<T>) -> Array<bool> {
        binary("greater", self, other, |a: T, b: T| a > b)
    }

    /// Whether each element is at least what is opposite; see [`Array::lt`].
    #[doc(alias = "greater_equal")]
    #[track_caller]
    pub fn ge(&self, other: impl IntoOperand<T>) -> Array<bool> {
        binary("greater_equal", self, other, |a: T, b: T| a >= b)
    }
}

//! The greater and the less of two.

use crate::array::Array;
use crate::element::{Float, Real};
use crate::elementwise::{IntoOperand, binary};

impl<T: Real> Array<T> {
    /// The greater of each element and what is opposite; NaN if one of them is. Shapes broadcast.
    /// Of two zeros, here and in the functions below, the first one.
    #[track_caller]
    pub fn maximum(&self, other: impl IntoOperand<T>) -> Array<T> {
        binary("maximum", self, other, |a: T, b: T| if a >= b || a.is_nan() { a } else { b })
    }

    /// The less of each element and what is opposite; NaN if one of them is. Shapes broadcast.
    #[track_caller]
    pub fn minimum(&self, other: impl IntoOperand<T>) -> Array<T> {
        binary("minimum", self, other, |a: T, b: T| if a <= b || a.is_nan() { a } else { b })
    }

    /// The greater of each element and what is opposite; if one is NaN, the other. Shapes
    /// broadcast.
    #[track_caller]
    pub fn fmax(&self, other: impl IntoOperand<T>) -> Array<T> {
        binary("fmax", self, other, |a: T, b: T| if a >= b || b.is_nan() { a } else { b })
    }

    /// The less of each element and what is opposite; if one is NaN, the other. Shapes broadcast.
    #[track_caller]
    pub fn fmin(&self, other: impl IntoOperand<T>) -> Array<T> {
        binary("fmin", self, other, |a: T, b: T| if a <= b || b.is_nan() { a } else { b })
    }

    /// Each element, but at least `low` and at most `high`; NaN stays. Where `low` is above `high`
    /// it is `high`.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 5, 1, 2).clip(1, 3);
    /// assert_eq!(x.compute()?, ndarray::arr1(&[1, 1, 2, 3, 3]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn clip(&self, low: impl IntoOperand<T>, high: impl IntoOperand<T>) -> Array<T> {
        self.maximum(low).minimum(high)
    }
}

impl<T: Float> Array<T> {
    /// 0 below 0, 1 above, and at 0 what is opposite; NaN of NaN. Shapes broadcast.
    #[track_caller]
    pub fn heaviside(&self, at_zero: impl IntoOperand<T>) -> Array<T> {
        binary("heaviside", self, at_zero, |x: T, at_zero: T| {
            if x.is_nan() {
                x
            } else if x == T::ZERO {
                at_zero
            } else if x < T::ZERO {
                T::ZERO
            } else {
                T::ONE
            }
        })
    }
}

//! Logic on truth values: `true`, and all numbers but 0 (NaN too), count as true.

use crate::array::Array;
use crate::element::Element;
use crate::elementwise::{IntoOperand, binary, unary};

#[inline(always)]
fn is_true<T: Element>(x: T) -> bool {
    x != T::default()
}

impl<T: Element> Array<T> {
    /// Whether each element and what is opposite are both true: `true`, or not 0.
    #[track_caller]
    pub fn logical_and(&self, other: impl IntoOperand<T>) -> Array<bool> {
        binary("logical_and", self, other, |a: T, b: T| is_true(a) & is_true(b))
    }

    /// Whether each element or what is opposite is true, or both; see [`Array::logical_and`].
    #[track_caller]
    pub fn logical_or(&self, other: impl IntoOperand<T>) -> Array<bool> {
        binary("logical_or", self, other, |a: T, b: T| is_true(a) | is_true(b))
    }

    /// Whether one of each element and what is opposite is true; see [`Array::logical_and`].
    #[track_caller]
    pub fn logical_xor(&self, other: impl IntoOperand<T>) -> Array<bool> {
        binary("logical_xor", self, other, |a: T, b: T| is_true(a) ^ is_true(b))
    }

    /// Whether each element is not true: `false`, or 0.
    #[track_caller]
    pub fn logical_not(&self) -> Array<bool> {
        unary("logical_not", self, |x: T| !is_true(x))
    }
}

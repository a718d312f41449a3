//! Equality but for rounding, and equality of whole arrays.

use crate::array::Array;
use crate::element::{Bits, Element, Real};
use crate::elementwise::{IntoOperand, binary_with};
use crate::extent::Extent;
use crate::scalar::Scalar;
use chunkwise_graph::{Tokenize, Tokenizer};
use serde::{Deserialize, Serialize};

/// How far two numbers may be apart and still be close: at most
/// `absolute + relative * |the second one|`.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tolerance {
    /// In units of the second number; 1e-5 by default.
    pub relative: f64,
    /// In units of 1; 1e-8 by default.
    pub absolute: f64,
    /// Whether NaN is close to NaN; not by default.
    pub equal_nan: bool,
}

impl Default for Tolerance {
    fn default() -> Tolerance {
        Tolerance { relative: 1e-5, absolute: 1e-8, equal_nan: false }
    }
}

impl Tokenize for Tolerance {
    fn tokenize(&self, hash: &mut Tokenizer) {
        (Bits(self.relative), Bits(self.absolute), self.equal_nan).tokenize(hash);
    }
}

impl Tolerance {
    #[inline]
    fn allows(&self, a: f64, b: f64) -> bool {
        let is_near = (a - b).abs() <= self.absolute + self.relative * b.abs();
        a == b || (is_near && b.is_finite()) || (self.equal_nan && a.is_nan() && b.is_nan())
    }
}

impl<T: Real> Array<T> {
    /// Whether each element is what is opposite but for rounding; shapes broadcast. Infinities are
    /// close to themselves only.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt, Tolerance};
    /// let x = Array::<f64>::ones([3], 2);
    /// assert!(x.allclose(1.0 + 1e-9, Tolerance::default()).compute()?);
    /// assert!(!x.allclose(1.1, Tolerance::default()).compute()?);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn isclose(&self, other: impl IntoOperand<T>, tolerance: Tolerance) -> Array<bool> {
        binary_with("isclose", self, other, tolerance, |tolerance: &Tolerance, a: T, b: T| {
            tolerance.allows(a.to_f64(), b.to_f64())
        })
    }

    /// Whether all elements are what is opposite but for rounding; see [`Array::isclose`].
    #[track_caller]
    pub fn allclose(&self, other: impl IntoOperand<T>, tolerance: Tolerance) -> Scalar<bool> {
        self.isclose(other, tolerance).all()
    }
}

impl<T: Element> Array<T> {
    /// Whether two arrays have one shape and equal elements; NaN equals nothing. Arrays do not
    /// broadcast here.
    ///
    /// Lengths that are deferred are compared in the run: it is an error of the task if they
    /// differ.
    #[track_caller]
    pub fn array_equal(&self, other: &Array<T>) -> Scalar<bool> {
        let differ = |(a, b): (&Extent, &Extent)| match (a.known(), b.known()) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        };
        let is_broken = self.checked().is_err() || other.checked().is_err();
        let (own, others) = (self.shape(), other.shape());
        if !is_broken && (own.len() != others.len() || own.iter().zip(&others).any(differ)) {
            return Scalar(Array::full((), false, 1));
        }
        self.equal(other).all()
    }
}

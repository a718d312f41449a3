//! Exponentials and logarithms.

use super::analytic::Analytic;
use crate::array::Array;
use crate::element::Float;
use crate::elementwise::{IntoOperand, binary_rows, unary_slices};
use chunkwise_array_math::vectorized;

impl<T: Analytic> Array<T> {
    /// e to the power of each element.
    ///
    /// Shape, chunks and type stay. Floats: 0.6 units of the last place from the truth at most,
    /// 1.2 ns an element and thread, in the same pass as what comes before and after.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![0.0, 1.0], 1);
    /// assert_eq!(x.exp().compute()?, ndarray::arr1(&[1.0, std::f64::consts::E]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn exp(&self) -> Array<T> {
        unary_slices("exp", self, T::exp)
    }

    /// 2 to the power of each element.
    #[track_caller]
    pub fn exp2(&self) -> Array<T> {
        unary_slices("exp2", self, T::exp2)
    }

    /// e to the power of each element, less 1: exact near 0.
    #[doc(alias = "expm1")]
    #[track_caller]
    pub fn exp_m1(&self) -> Array<T> {
        unary_slices("exp_m1", self, T::exp_m1)
    }

    /// The natural logarithm: of floats minus infinity at 0, and NaN below.
    #[doc(alias = "log")]
    #[track_caller]
    pub fn ln(&self) -> Array<T> {
        unary_slices("ln", self, T::ln)
    }

    /// The logarithm to base 2; see [`Array::ln`].
    #[track_caller]
    pub fn log2(&self) -> Array<T> {
        unary_slices("log2", self, T::log2)
    }

    /// The logarithm to base 10; see [`Array::ln`].
    #[track_caller]
    pub fn log10(&self) -> Array<T> {
        unary_slices("log10", self, T::log10)
    }

    /// The natural logarithm of 1 + x: exact near 0.
    #[doc(alias = "log1p")]
    #[track_caller]
    pub fn ln_1p(&self) -> Array<T> {
        unary_slices("ln_1p", self, T::ln_1p)
    }
}

impl<T: Float> Array<T> {
    /// `ln(e^x + e^y)`, without overflow in between; shapes broadcast.
    #[track_caller]
    pub fn logaddexp(&self, other: impl IntoOperand<T>) -> Array<T> {
        binary_rows("logaddexp", self, other, T::logaddexp)
    }

    /// `log2(2^x + 2^y)`, without overflow in between; shapes broadcast.
    #[track_caller]
    pub fn logaddexp2(&self, other: impl IntoOperand<T>) -> Array<T> {
        binary_rows("logaddexp2", self, other, logaddexp2)
    }
}

/// `max + log2(1 + 2^(min - max))`; equal infinities stay.
fn logaddexp2<T: Float>(x: &[T], y: &[T], out: &mut [T]) {
    const AT_ONCE: usize = 256;
    let one_over_ln_2 = T::of_f64(std::f64::consts::LOG2_E);
    let mut powers = [T::ZERO; AT_ONCE];
    let rows = x.chunks(AT_ONCE).zip(y.chunks(AT_ONCE)).zip(out.chunks_mut(AT_ONCE));
    for ((x, y), out) in rows {
        let powers = &mut powers[..out.len()];
        for (out, (x, y)) in out.iter_mut().zip(x.iter().zip(y)) {
            *out = x.minus(*y).magnitude().negated();
        }
        T::exp2(out, powers);
        T::ln_1p(powers, out);
        vectorized(
            #[inline(always)]
            || {
                for (out, (&x, &y)) in out.iter_mut().zip(x.iter().zip(y)) {
                    let most = if x > y || x.is_nan() { x } else { y };
                    *out =
                        if x == y { x.plus(T::ONE) } else { most.plus(out.times(one_over_ln_2)) };
                }
            },
        );
    }
}

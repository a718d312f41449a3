//! Numbers that are none, and infinities.

use super::analytic::Analytic;
use crate::array::Array;
use crate::element::{Bits, Float, Real};
use crate::elementwise::{unary, unary_rows_with};
use chunkwise_array_math::vectorized;
use chunkwise_graph::{Tokenize, Tokenizer};
use serde::{Deserialize, Serialize};

impl<T: Analytic> Array<T> {
    /// Whether each element, or a part of it, is not a number.
    #[doc(alias = "isnan")]
    #[doc(alias = "isnull")]
    #[track_caller]
    pub fn is_nan(&self) -> Array<bool> {
        unary("is_nan", self, |x: T| x.has_nan())
    }

    /// Whether each element, or a part of it, is infinite.
    #[doc(alias = "isinf")]
    #[track_caller]
    pub fn is_inf(&self) -> Array<bool> {
        unary("is_inf", self, |x: T| x.has_infinity())
    }

    /// Whether each element is a number, and not infinite.
    #[doc(alias = "isfinite")]
    #[track_caller]
    pub fn is_finite(&self) -> Array<bool> {
        unary("is_finite", self, |x: T| !x.has_infinity() & !x.has_nan())
    }
}

/// What stands in for what is no finite number.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Instead<T: Float> {
    nan: T,
    infinity: T,
    minus_infinity: T,
}

impl<T: Float> Tokenize for Instead<T> {
    fn tokenize(&self, hash: &mut Tokenizer) {
        (Bits(self.nan), Bits(self.infinity), Bits(self.minus_infinity)).tokenize(hash);
    }
}

impl<T: Float> Array<T> {
    /// Whether each element is infinity, with its sign plus.
    #[doc(alias = "isposinf")]
    #[track_caller]
    pub fn is_posinf(&self) -> Array<bool> {
        unary("is_posinf", self, |x: T| x == T::GREATEST)
    }

    /// Whether each element is minus infinity.
    #[doc(alias = "isneginf")]
    #[track_caller]
    pub fn is_neginf(&self) -> Array<bool> {
        unary("is_neginf", self, |x: T| x == T::LEAST)
    }

    /// 0 for NaN, and the greatest and the least finite number for infinities.
    #[track_caller]
    pub fn nan_to_num(&self) -> Array<T> {
        let most = match size_of::<T>() {
            4 => f64::from(f32::MAX),
            _ => f64::MAX,
        };
        self.nan_to_num_with(T::ZERO, T::of_f64(most), T::of_f64(-most))
    }

    /// Other numbers for NaN, infinity and minus infinity.
    #[track_caller]
    pub fn nan_to_num_with(&self, nan: T, infinity: T, minus_infinity: T) -> Array<T> {
        let instead = Instead { nan, infinity, minus_infinity };
        let replace = |instead: &Instead<T>, x: &[T], out: &mut [T]| {
            vectorized(
                #[inline(always)]
                || {
                    for (out, &x) in out.iter_mut().zip(x) {
                        let x = if Real::is_nan(x) { instead.nan } else { x };
                        let x = if x == T::GREATEST { instead.infinity } else { x };
                        *out = if x == T::LEAST { instead.minus_infinity } else { x };
                    }
                },
            );
        };
        unary_rows_with("nan_to_num", self, instead, replace)
    }
}

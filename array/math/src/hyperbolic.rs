//! sinh, cosh, tanh, from e^x and e^x - 1 in two parts.
//!
//! The identities are those of fdlibm `e_sinh.c`, `e_cosh.c`, `s_tanh.c` (Sun Microsystems 1993).

use crate::double::{divide, two_sum};
use crate::exp::{exp_double, exp_m1_double, half_exp};
use crate::map::Unary;

/// Above, e^-x is less than half an ulp of e^x.
const ONE_SIDED: f64 = 22.0;

/// `a` up to `limit`; NaN stays.
#[inline(always)]
fn at_most(limit: f64, a: f64) -> f64 {
    if a > limit { limit } else { a }
}

/// The hyperbolic sine: with t = e^|x| - 1 it is (t + t / (t + 1)) / 2.
pub(crate) struct Sinh;

impl Unary<f64> for Sinh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let a = x.abs();
        let t = exp_m1_double(at_most(ONE_SIDED, a));
        let (large, small) = two_sum(t.0, 1.0);
        let (quotient, rest) = divide(t, (large, small + t.1));
        let value = 0.5 * (t.0 + (quotient + (rest + t.1)));
        let value = if a > ONE_SIDED { half_exp(a) } else { value };
        value.copysign(x)
    }
}

/// The hyperbolic cosine.
pub(crate) struct Cosh;

impl Unary<f64> for Cosh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let a = x.abs();
        let (high, low) = exp_double(at_most(ONE_SIDED, a));
        let value = 0.5 * high + (0.5 / high + 0.5 * low);
        if a > ONE_SIDED { half_exp(a) } else { value }
    }
}

/// The hyperbolic tangent: with t = e^2|x| - 1 it is t / (t + 2).
pub(crate) struct Tanh;

impl Unary<f64> for Tanh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let t = exp_m1_double(2.0 * at_most(ONE_SIDED, x.abs()));
        let (large, small) = two_sum(t.0, 2.0);
        let (quotient, rest) = divide(t, (large, small + t.1));
        (quotient + rest).copysign(x)
    }
}

//! asinh, acosh, atanh, as ln(1 + u) with u in two parts.
//!
//! The identities are those of fdlibm `s_asinh.c`, `e_acosh.c`, `e_atanh.c` (Sun Microsystems 1993).

use crate::double::{divide, fast_two_sum, two_product, two_sum};
use crate::log::ln_sum;
use crate::map::Unary;

/// 2^28; above it, asinh and acosh are ln(2x).
const LARGE: f64 = 268_435_456.0;

/// The inverse of the hyperbolic sine.
pub(crate) struct Asinh;

impl Unary<f64> for Asinh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let a = x.abs();
        let large = a > LARGE;
        let square = a * a;
        let u = two_sum(a, square / (1.0 + (1.0 + square).sqrt()));
        let u = if large { (a, 0.0) } else { u };
        let (base, k) = if large { (0.0, 1.0) } else { (1.0, 0.0) };
        let value = ln_sum(base, u, k);
        let value = if a < f64::INFINITY { value } else { a };
        value.copysign(x)
    }
}

/// The inverse of the hyperbolic cosine.
pub(crate) struct Acosh;

impl Unary<f64> for Acosh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let large = x > LARGE;
        let t = if large { 1.0 } else { x - 1.0 };
        let (square, square_low) = two_product(t, t);
        let (sum, sum_low) = two_sum(2.0 * t, square);
        let root = sum.sqrt();
        let (product, error) = two_product(root, root);
        let twice = 2.0 * root;
        let rest = ((sum - product) - error + (sum_low + square_low))
            / if twice > 0.0 { twice } else { 1.0 };
        let (high, low) = two_sum(t, root);
        let u = if large { (x, 0.0) } else { (high, low + rest) };
        let (base, k) = if large { (0.0, 1.0) } else { (1.0, 0.0) };
        let value = ln_sum(base, u, k);
        let value = if x < f64::INFINITY { value } else { x };
        if x < 1.0 { f64::NAN } else { value }
    }
}

/// The inverse of the hyperbolic tangent.
pub(crate) struct Atanh;

impl Unary<f64> for Atanh {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let a = x.abs();
        let (high, low) = divide((2.0 * a, 0.0), fast_two_sum(1.0, -a));
        let value = 0.5 * ln_sum(1.0, fast_two_sum(high, low), 0.0);
        let value = if a == 1.0 { f64::INFINITY } else { value };
        let value = if a > 1.0 { f64::NAN } else { value };
        value.copysign(x)
    }
}

//! atan, atan2.
//!
//! atan a = atan c + atan((a - c) / (1 + a c)) for the nearest c of 0, 1/2, 1, 3/2 and infinity.
//! Method, intervals and polynomial: fdlibm `s_atan.c` (Sun Microsystems 1993); the interval is
//! chosen by selects.

use crate::arc::FRAC_PI_2_LOW;
use crate::double::{Double, fast_two_sum, polynomial};
use crate::map::{Binary, Unary};
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

const A: [f64; 11] = [
    0.3333333333333293,
    -0.19999999999876483,
    0.14285714272503466,
    -0.11111110405462356,
    0.09090887133436507,
    -0.0769187620504483,
    0.06661073137387531,
    -0.058335701337905735,
    0.049768779946159324,
    -0.036531572744216916,
    0.016285820115365782,
];

/// atan(1/2), atan(3/2): the nearest `f64` and the rest.
const ATAN_HALF: (f64, f64) =
    (f64::from_bits(0x3fdd_ac67_0561_bb4f), f64::from_bits(0x3c7a_2b7f_222f_65e2));
const ATAN_3_HALVES: (f64, f64) =
    (f64::from_bits(0x3fef_730b_d281_f69b), f64::from_bits(0x3c70_0788_7af0_cbbd));

/// atan a for a >= 0 as `high - rest`: the value at c, and the rest.
#[inline(always)]
fn parts(a: f64) -> Double {
    // numerator a * n1 - n0, denominator d0 + d1 * a
    let (mut n1, mut n0, mut d0, mut d1) = (1.0, 0.0, 1.0, 0.0);
    let (mut high, mut low) = (0.0, 0.0);
    let mut interval = |from: bool, n: (f64, f64), d: (f64, f64), at: (f64, f64)| {
        (n1, n0) = if from { n } else { (n1, n0) };
        (d0, d1) = if from { d } else { (d0, d1) };
        (high, low) = if from { at } else { (high, low) };
    };
    interval(a >= 0.4375, (2.0, 1.0), (2.0, 1.0), ATAN_HALF);
    interval(a >= 0.6875, (1.0, 1.0), (1.0, 1.0), (FRAC_PI_4, 0.5 * FRAC_PI_2_LOW));
    interval(a >= 1.1875, (1.0, 1.5), (1.0, 1.5), ATAN_3_HALVES);
    interval(a >= 2.4375, (0.0, 1.0), (0.0, 1.0), (FRAC_PI_2, FRAC_PI_2_LOW));
    // keeps 0 * infinity and infinity / infinity away; NaN stays
    let a = if a > 1e300 { 1e300 } else { a };
    let t = a.mul_add(n1, -n0) / a.mul_add(d1, d0);
    let z = t * t;
    (high, (t * z).mul_add(polynomial(z, A), -low) - t)
}

/// The arc tangent.
pub(crate) struct Atan;

impl Unary<f64> for Atan {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let (high, rest) = parts(x.abs());
        (high - rest).copysign(x)
    }
}

/// The angle of the point (x, y), called with y first.
pub(crate) struct Atan2;

impl Binary<f64> for Atan2 {
    #[inline(always)]
    fn fast(y: f64, x: f64) -> f64 {
        let (b, a) = (y.abs(), x.abs());
        let quotient = b / a;
        let quotient = if a == b { 1.0 } else { quotient };
        let quotient = if b == 0.0 && !x.is_nan() { 0.0 } else { quotient };
        let (high, rest) = parts(quotient);
        // in the left half plane pi less that
        let (left_high, error) = fast_two_sum(PI, -high);
        let left = left_high + ((error + 2.0 * FRAC_PI_2_LOW) + rest);
        let value = if x.is_sign_negative() { left } else { high - rest };
        let value = if a == 0.0 && b > 0.0 { FRAC_PI_2 } else { value };
        let value = if b == f64::INFINITY && a < f64::INFINITY { FRAC_PI_2 } else { value };
        value.copysign(y)
    }
}

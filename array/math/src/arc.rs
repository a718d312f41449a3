//! asin, acos.
//!
//! Up to 1/2, asin x = x + x z R(z) with z = x^2; above, pi/2 - 2 asin sqrt((1 - x) / 2), where the
//! root is taken in two parts. Method: fdlibm `e_asin.c`, `e_acos.c` (Sun Microsystems 1993); R,
//! of degree 12, is from `tests/fixtures/coefficients.py`.

use crate::double::{fast_two_sum, polynomial};
use crate::map::Unary;
use std::f64::consts::FRAC_PI_2;

/// What pi/2 is more than its nearest `f64`.
pub(crate) const FRAC_PI_2_LOW: f64 = f64::from_bits(0x3c91_a626_3314_5c07);

const R: [f64; 13] = [
    0.16666666666666669,
    0.07499999999998433,
    0.04464285714635543,
    0.030381944138531247,
    0.02237217294214989,
    0.017352392720869973,
    0.013971212973552933,
    0.011479177415184906,
    0.01032281435018578,
    0.005457506718640358,
    0.01740087944269402,
    -0.014851887071247204,
    0.028757851367421566,
];

/// For |x| <= 1/2: x and x z R(z). Above: the root in two parts, and its own correction.
struct Parts {
    small: bool,
    high: f64,
    low: f64,
    correction: f64,
}

#[inline(always)]
fn parts(x: f64) -> Parts {
    let a = x.abs();
    let small = a <= 0.5;
    let z = if small { a * a } else { 0.5 * (1.0 - a) };
    let r = polynomial(z, R);
    let root = z.sqrt();
    let twice = root + root;
    let low = (-root).mul_add(root, z) / if twice > 0.0 { twice } else { 1.0 };
    Parts {
        small,
        high: if small { a } else { root },
        low: if small { 0.0 } else { low },
        correction: (if small { a } else { root }) * z * r,
    }
}

/// The arc sine.
pub(crate) struct Asin;

impl Unary<f64> for Asin {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let p = parts(x);
        let (high, error) = fast_two_sum(FRAC_PI_2, -2.0 * p.high);
        let large = high + (error + 2.0f64.mul_add(-(p.low + p.correction), FRAC_PI_2_LOW));
        let value = if p.small { p.high + p.correction } else { large };
        let value = if x.abs() > 1.0 { f64::NAN } else { value };
        value.copysign(x)
    }
}

/// The arc cosine.
pub(crate) struct Acos;

impl Unary<f64> for Acos {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let p = parts(x);
        let negative = x < 0.0;
        let signed = if negative { -p.correction } else { p.correction };
        let small = FRAC_PI_2 - (x - (FRAC_PI_2_LOW - signed));
        let near_one = 2.0 * (p.high + (p.low + p.correction));
        let near_minus = 2.0 * (FRAC_PI_2 - (p.high + ((p.low + p.correction) - FRAC_PI_2_LOW)));
        let large = if negative { near_minus } else { near_one };
        let value = if p.small { small } else { large };
        if x.abs() > 1.0 { f64::NAN } else { value }
    }
}

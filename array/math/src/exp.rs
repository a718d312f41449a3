//! exp, exp2, expm1.
//!
//! x = k ln 2 + r with |r| <= ln 2 / 2 (W. J. Cody, W. Waite, Software Manual for the Elementary
//! Functions, 1980; the two parts of ln 2 are those of fdlibm `e_exp.c`, Sun Microsystems 1993),
//! then e^r = 1 + r + r^2/2 + r^3 P(r), with P of degree 9 from `tests/fixtures/coefficients.py`.

use crate::double::{
    Double, TO_INTEGER, fast_two_sum, polynomial, power_of_two, scale, two_product,
};
use crate::map::Unary;
use std::f64::consts::{LN_2, LOG2_E};

/// ln 2 to 32 bits, so that its products with exponents are exact, and the rest.
pub(crate) const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
pub(crate) const LN_2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);

const P: [f64; 10] = [
    0.16666666666666669,
    0.041666666666666664,
    0.008333333333330062,
    0.0013888888888886552,
    0.00019841269863053618,
    2.4801587317144498e-05,
    2.7557268459997064e-06,
    2.755728296954995e-07,
    2.510038549551032e-08,
    2.0911236630261545e-09,
];

/// e^r - 1 - `high` for r = `high + low`.
#[inline(always)]
fn tail(high: f64, low: f64) -> f64 {
    let r = high + low;
    (r * r).mul_add(r.mul_add(polynomial(r, P), 0.5), low)
}

/// The same, with r^2/2 of an r in two parts: for sums that can be much less than 1.
#[inline(always)]
fn tail_m1(high: f64, low: f64) -> f64 {
    let (r, r_low) = fast_two_sum(high, low);
    let half_square = (0.5 * r).mul_add(r, r.mul_add(r_low, low));
    (r * r).mul_add(r * polynomial(r, P), half_square)
}

/// e^r for r = `high + low`.
#[inline(always)]
fn exp_reduced(high: f64, low: f64) -> f64 {
    let (sum, error) = fast_two_sum(1.0, high);
    sum + (error + tail(high, low))
}

/// `x` between the limits; NaN stays.
#[inline(always)]
fn clamp(x: f64, low: f64, high: f64) -> f64 {
    let x = if x > high { high } else { x };
    if x < low { low } else { x }
}

/// (k + `TO_INTEGER`, k, r high, r low).
#[inline(always)]
fn reduce(x: f64) -> (f64, f64, f64, f64) {
    let shifted = x.mul_add(LOG2_E, TO_INTEGER);
    let k = shifted - TO_INTEGER;
    (shifted, k, (-k).mul_add(LN_2_HIGH, x), -k * LN_2_LOW)
}

/// e^x for |x| < 700, in two parts.
#[inline(always)]
pub(crate) fn exp_double(x: f64) -> Double {
    let (shifted, _, high, low) = reduce(x);
    let (sum, error) = fast_two_sum(1.0, high);
    let power = power_of_two(shifted);
    let (sum, error) = fast_two_sum(sum, error + tail(high, low));
    (sum * power, error * power)
}

/// e^x / 2, up to infinity, for x > -700.
#[inline(always)]
pub(crate) fn half_exp(x: f64) -> f64 {
    let (shifted, _, high, low) = reduce(clamp(x, -700.0, 712.0));
    scale(exp_reduced(high, low), shifted - 1.0)
}

/// e^(high + low) / divisor, for exponents from -1400 to 700.
#[inline(always)]
pub(crate) fn exp_sum(high: f64, low: f64, divisor: f64) -> f64 {
    let (shifted, _, r_high, r_low) = reduce(high);
    scale(exp_reduced(r_high, r_low + low) / divisor, shifted)
}

/// e^x - 1 for |x| < 700, in two parts.
#[inline(always)]
pub(crate) fn exp_m1_double(x: f64) -> Double {
    let (shifted, k, high, low) = reduce(x);
    let power = power_of_two(shifted);
    let inverse = power_of_two(TO_INTEGER - k);
    // 1 - inverse is 0, or at least 1/2.
    let (sum, error) = fast_two_sum(1.0 - inverse, high);
    let (sum, error) = fast_two_sum(sum, error + tail_m1(high, low));
    (sum * power, error * power)
}

/// 2^(high + low), for exponents from -2000 to 2000 and low up to 1/64.
#[inline(always)]
pub(crate) fn exp2_sum(high: f64, low: f64) -> f64 {
    let shifted = high + TO_INTEGER;
    let r = high - (shifted - TO_INTEGER);
    let (r_high, error) = two_product(r, LN_2);
    let r_low = r.mul_add(LN_2_TAIL, low.mul_add(LN_2, error));
    scale(exp_reduced(r_high, r_low), shifted)
}

/// The exponential function.
pub(crate) struct Exp;

impl Unary<f64> for Exp {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let (shifted, _, high, low) = reduce(clamp(x, -746.0, 710.0));
        scale(exp_reduced(high, low), shifted)
    }
}

/// 2^x.
pub(crate) struct Exp2;

impl Unary<f64> for Exp2 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        exp2_sum(clamp(x, -1076.0, 1025.0), 0.0)
    }
}

/// What ln 2 is more than its nearest `f64`.
const LN_2_TAIL: f64 = 2.3190468138462996e-17;

/// e^x - 1.
pub(crate) struct ExpM1;

impl Unary<f64> for ExpM1 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let clamped = clamp(x, -50.0, 710.0);
        let (shifted, k, high, low) = reduce(clamped);
        // Above 2^60 the 1 does not matter, and its inverse power could not be written.
        let inverse = power_of_two(TO_INTEGER - if k > 60.0 { 60.0 } else { k });
        let (sum, error) = fast_two_sum(1.0 - inverse, high);
        scale(sum + (error + tail_m1(high, low)), shifted).copysign(x)
    }
}

//! ln, log2, log10, ln_1p.
//!
//! x = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2), then ln(1 + f) from s = f / (2 + f).
//! Method, polynomial and constants: fdlibm `e_log.c`, `s_log1p.c` (Sun Microsystems 1993) and
//! FreeBSD `e_log2.c`, `e_log10.c`, here without branches.

use crate::double::{Double, fast_two_sum, polynomial, two_product, two_sum};
use crate::exp::{LN_2_HIGH, LN_2_LOW};
use crate::map::Unary;
use std::f64::consts::{LOG2_E, LOG10_E};

const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_0000_0000;
const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;
const TWO_52_BITS: u64 = 0x4330_0000_0000_0000;
const TWO_52: f64 = 4503599627370496.0;

const L: [f64; 7] = [
    0.6666666666666735,
    0.3999999999940942,
    0.2857142874366239,
    0.22222198432149784,
    0.1818357216161805,
    0.15313837699209373,
    0.14798198605116586,
];

/// (k, 1 + f) of a positive normal number.
#[inline(always)]
pub(crate) fn decompose(x: f64) -> (f64, f64) {
    let bits = x.to_bits().wrapping_add(ONE_BITS - SQRT_HALF_BITS);
    let k = f64::from_bits((bits >> 52) | TWO_52_BITS) - (TWO_52 + 1023.0);
    let m = f64::from_bits((bits & MANTISSA) + SQRT_HALF_BITS);
    (k, m)
}

/// As [`decompose`], for subnormal numbers too.
#[inline(always)]
fn decompose_any(x: f64) -> (f64, f64) {
    let small = x < f64::MIN_POSITIVE;
    let (k, m) = decompose(if small { x * 1.8014398509481984e+16 } else { x });
    (if small { k - 54.0 } else { k }, m)
}

/// (f^2/2, s, t) with s t = ln(1+f) - f + f^2/2.
#[inline(always)]
fn tail(f: f64) -> (f64, f64, f64) {
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    (half_square, s, z.mul_add(polynomial(z, L), half_square))
}

/// `value`, or what a logarithm is where `x` is not a positive finite number.
#[inline(always)]
fn finish(x: f64, value: f64) -> f64 {
    let value = if x < f64::INFINITY { value } else { x };
    let value = if x < 0.0 { f64::NAN } else { value };
    if x == 0.0 { f64::NEG_INFINITY } else { value }
}

/// ln(1+f) in two parts.
#[inline(always)]
fn two_parts(f: f64) -> Double {
    let (half_square, s, t) = tail(f);
    let high = f - half_square;
    (high, s.mul_add(t, (f - high) - half_square))
}

/// The natural logarithm.
pub(crate) struct Ln;

impl Unary<f64> for Ln {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let (k, m) = decompose_any(x);
        let f = m - 1.0;
        let (half_square, s, t) = tail(f);
        let value = k.mul_add(LN_2_HIGH, f - (half_square - s.mul_add(t, k * LN_2_LOW)));
        finish(x, value)
    }
}

/// The logarithm to base 2.
pub(crate) struct Log2;

impl Unary<f64> for Log2 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        // What 1 / ln 2 is more than its nearest `f64`.
        const TAIL: f64 = 2.0355273740931033e-17;
        let (k, m) = decompose_any(x);
        let (high, low) = two_parts(m - 1.0);
        let (product, product_low) = two_product(high, LOG2_E);
        let value_low = low.mul_add(LOG2_E, high.mul_add(TAIL, product_low));
        let (value, error) = fast_two_sum(k, product);
        finish(x, value + (value_low + error))
    }
}

/// The logarithm to base 10.
pub(crate) struct Log10;

impl Unary<f64> for Log10 {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        // What 1 / ln 10 is more than its nearest `f64`.
        const TAIL: f64 = 1.098319650216765e-17;
        const LOG10_2_HIGH: f64 = f64::from_bits(0x3fd3_4413_509f_6000);
        const LOG10_2_LOW: f64 = f64::from_bits(0x3d59_fef3_11f1_2b36);
        let (k, m) = decompose_any(x);
        let (high, low) = two_parts(m - 1.0);
        let (product, product_low) = two_product(high, LOG10_E);
        let value_low = low.mul_add(LOG10_E, high.mul_add(TAIL, product_low));
        let value_low = k.mul_add(LOG10_2_LOW, value_low);
        let (value, error) = fast_two_sum(k * LOG10_2_HIGH, product);
        finish(x, value + (value_low + error))
    }
}

/// ln(2^extra_k (base + u)) for u = `high + low`, base + u positive and finite, base 0 or 1.
#[inline(always)]
pub(crate) fn ln_sum(base: f64, (high, low): Double, extra_k: f64) -> f64 {
    let (sum, error) = two_sum(base, high);
    let (k, m) = decompose(sum);
    let near = k == 0.0 && base > 0.0;
    let f = if near { high } else { m - 1.0 };
    let correction = (if near { low } else { error + low }) / sum;
    let (half_square, s, t) = tail(f);
    let k = k + extra_k;
    let rest = s.mul_add(t, k.mul_add(LN_2_LOW, correction));
    k.mul_add(LN_2_HIGH, f - (half_square - rest))
}

/// ln(1 + x).
pub(crate) struct Ln1p;

impl Unary<f64> for Ln1p {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let value = ln_sum(1.0, (x, 0.0), 0.0);
        let value = if x < f64::INFINITY { value } else { x };
        let value = if x < -1.0 { f64::NAN } else { value };
        let value = if x == -1.0 { f64::NEG_INFINITY } else { value };
        value.copysign(x)
    }
}

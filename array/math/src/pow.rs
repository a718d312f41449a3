//! x^y, as 2^(y log2 x) with the logarithm in two parts.
//!
//! Method, polynomial and constants: fdlibm `e_pow.c` (Sun Microsystems 1993), here without
//! branches. Outliers (an argument that is not finite, a base that is zero or subnormal, an
//! exponent of 2^51 and more) go to the `libm` crate.

use crate::double::{TO_INTEGER, scale};
use crate::exp::Exp;
use crate::log::Ln;
use crate::map::{Binary, Unary};

const L: [f64; 6] = [
    0.5999999999999946,
    0.4285714285785502,
    0.33333332981837743,
    0.272728123808534,
    0.23066074577556175,
    0.20697501780033842,
];
const P: [f64; 5] = [
    0.16666666666666602,
    -0.0027777777777015593,
    6.613756321437934e-05,
    -1.6533902205465252e-06,
    4.1381367970572385e-08,
];
const LN_2: f64 = std::f64::consts::LN_2;
const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e43_0000_0000);
const LN_2_LOW: f64 = f64::from_bits(0xbe20_5c61_0ca8_6c39);
/// 2 / (3 ln 2).
const C: f64 = f64::from_bits(0x3fee_c709_dc3a_03fd);
const C_HIGH: f64 = f64::from_bits(0x3fee_c709_e000_0000);
const C_LOW: f64 = f64::from_bits(0xbe3e_2fe0_145b_01f5);
/// log2(3/2).
const LOG2_3_HALVES_HIGH: f64 = f64::from_bits(0x3fe2_b803_4000_0000);
const LOG2_3_HALVES_LOW: f64 = f64::from_bits(0x3e4c_fdeb_43cf_d006);

const SQRT_3_HALVES: f64 = 1.224_744_871_391_589;
const SQRT_3: f64 = 1.7320508075688772;
const TWO_51: f64 = 2251799813685248.0;

/// The upper 21 bits.
#[inline(always)]
fn upper(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & 0xffff_ffff_0000_0000)
}

/// (n, m, c): x = 2^n m for a positive normal x, and c, 1 or 3/2, near m.
#[inline(always)]
fn decompose(x: f64) -> (f64, f64, f64) {
    let bits = x.to_bits();
    let n = f64::from_bits((bits >> 52) | 0x4330_0000_0000_0000) - (4503599627370496.0 + 1023.0);
    let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    let above = m >= SQRT_3;
    let middle = (SQRT_3_HALVES..SQRT_3).contains(&m);
    let n = if above { n + 1.0 } else { n };
    let m = if above { 0.5 * m } else { m };
    (n, m, if middle { 1.5 } else { 1.0 })
}

/// log2 x of a positive normal x, the first part with 21 bits.
#[inline(always)]
fn log2_parts(x: f64) -> (f64, f64) {
    let (n, m, c) = decompose(x);
    let middle = c > 1.0;
    let at_high = if middle { LOG2_3_HALVES_HIGH } else { 0.0 };
    let at_low = if middle { LOG2_3_HALVES_LOW } else { 0.0 };
    // s = (m - c) / (m + c) in two parts
    let difference = m - c;
    let inverse = 1.0 / (m + c);
    let s = difference * inverse;
    let s_high = upper(s);
    let sum_high = upper(m + c);
    let sum_low = m - (sum_high - c);
    let s_low = inverse * ((difference - s_high * sum_high) - s_high * sum_low);
    // 3 + s^2 + ... in two parts
    let z = s * s;
    let poly = z * z * (L[0] + z * (L[1] + z * (L[2] + z * (L[3] + z * (L[4] + z * L[5])))));
    let poly = poly + s_low * (s_high + s);
    let square = s_high * s_high;
    let t_high = upper(3.0 + square + poly);
    let t_low = poly - ((t_high - 3.0) - square);
    // s (3 + s^2 + ...), then times 2 / (3 ln 2)
    let u = s_high * t_high;
    let v = s_low * t_high + t_low * s;
    let p_high = upper(u + v);
    let p_low = v - (p_high - u);
    let z_high = C_HIGH * p_high;
    let z_low = C_LOW * p_high + p_low * C + at_low;
    let high = upper(((z_high + z_low) + at_high) + n);
    let low = z_low - (((high - n) - at_high) - z_high);
    (high, low)
}

/// 2^(high + low).
#[inline(always)]
fn exp2_parts(high: f64, low: f64) -> f64 {
    let sum = high + low;
    let over = sum.abs() > 1100.0;
    let low = if over { 0.0 } else { low };
    let high = if over { 1100f64.copysign(sum) } else { high };
    let shifted = (high + low) + TO_INTEGER;
    let high = high - (shifted - TO_INTEGER);
    let t = upper(low + high);
    let u = t * LN_2_HIGH;
    let v = (low - (t - high)) * LN_2 + t * LN_2_LOW;
    let z = u + v;
    let w = v - (z - u);
    let t = z * z;
    let t1 = z - t * (P[0] + t * (P[1] + t * (P[2] + t * (P[3] + t * P[4]))));
    let r = (z * t1) / (t1 - 2.0) - (w + z * w);
    scale(1.0 - (r - z), shifted)
}

/// What a power of |x| is as a power of x.
#[inline(always)]
fn with_sign(x: f64, y: f64, value: f64) -> f64 {
    let shifted = y + TO_INTEGER;
    let whole = shifted - TO_INTEGER == y;
    let odd = shifted.to_bits() << 63;
    let signed = f64::from_bits(value.to_bits() ^ odd);
    let signed = if whole { signed } else { f64::NAN };
    if x < 0.0 { signed } else { value }
}

#[inline(always)]
fn outlier(x: f64, y: f64) -> bool {
    let a = x.abs();
    !((f64::MIN_POSITIVE..f64::INFINITY).contains(&a) && y.abs() < TWO_51)
}

/// x^y.
pub(crate) struct Pow;

impl Binary<f64> for Pow {
    #[inline(always)]
    fn fast(x: f64, y: f64) -> f64 {
        let (t1, t2) = log2_parts(x.abs());
        let y1 = upper(y);
        let low = (y - y1) * t1 + y * t2;
        let value = exp2_parts(y1 * t1, low);
        with_sign(x, y, value)
    }

    #[inline(always)]
    fn outlier(x: f64, y: f64) -> bool {
        outlier(x, y)
    }

    fn slow(x: f64, y: f64) -> f64 {
        libm::pow(x, y)
    }
}

/// x^y of `f32`, for which one `f64` of logarithm is enough.
pub(crate) struct Pow32;

impl Binary<f32> for Pow32 {
    #[inline(always)]
    fn fast(x: f32, y: f32) -> f32 {
        let (x, y) = (f64::from(x), f64::from(y));
        let value = Exp::fast(y * Ln::fast(x.abs()));
        with_sign(x, y, value) as f32
    }

    #[inline(always)]
    fn outlier(x: f32, y: f32) -> bool {
        outlier(f64::from(x), f64::from(y))
    }

    fn slow(x: f32, y: f32) -> f32 {
        libm::pow(f64::from(x), f64::from(y)) as f32
    }
}

//! sin, cos, tan.
//!
//! Reduction by multiples of pi/2 in parts, after Cody and Waite; the parts for large arguments, and
//! the polynomials for |r| <= pi/4, are those of fdlibm `e_rem_pio2.c`, `k_sin.c`, `k_cos.c` (Sun
//! Microsystems 1993). Arguments up to 12800 are quick. Larger ones are outliers: up to 2^20 with
//! more parts, above in the `libm` crate (Payne and Hanek).

use crate::double::{TO_INTEGER, divide, fast_two_sum, two_sum};
use crate::map::Unary;
use std::f64::consts::FRAC_2_PI;

/// pi/2; the first parts have 40 bits, so that their products with k < 2^13 are exact.
const NEAR: [f64; 3] = [
    f64::from_bits(0x3ff9_21fb_5444_2000),
    f64::from_bits(0x3d6a_308d_3131_8000),
    f64::from_bits(0x3ae8_a2e0_3707_344a),
];
const NEAR_LIMIT: f64 = 12_800.0;

/// pi/2; the first parts have 33 bits, so that their products with k < 2^20 are exact.
const FAR: [f64; 4] = [
    f64::from_bits(0x3ff9_21fb_5440_0000),
    f64::from_bits(0x3dd0_b461_1a60_0000),
    f64::from_bits(0x3ba3_198a_2e00_0000),
    f64::from_bits(0x397b_839a_2520_49c1),
];
const FAR_LIMIT: f64 = 1_048_576.0;

const S: [f64; 6] = [
    -0.16666666666666632,
    0.00833333333332249,
    -0.0001984126982985795,
    2.7557313707070068e-06,
    -2.5050760253406863e-08,
    1.58969099521155e-10,
];

const C: [f64; 6] = [
    0.0416666666666666,
    -0.001388888888887411,
    2.480158728947673e-05,
    -2.7557314351390663e-07,
    2.087572321298175e-09,
    -1.1359647557788195e-11,
];

/// x as r + low + k pi/2 with |r| up to pi/4.
#[derive(Clone, Copy)]
struct Reduced {
    /// k modulo 4, in the low bits.
    quarters: u64,
    r: f64,
    low: f64,
}

/// For |x| up to `NEAR_LIMIT`.
#[inline(always)]
fn reduce_near(x: f64) -> Reduced {
    let shifted = x * FRAC_2_PI + TO_INTEGER;
    let k = shifted - TO_INTEGER;
    // Where |r| is less than the second product, both are multiples of 2^-81: exact all the same.
    let (r, error) = fast_two_sum(x - k * NEAR[0], -(k * NEAR[1]));
    let (r, low) = fast_two_sum(r, error - k * NEAR[2]);
    Reduced { quarters: shifted.to_bits(), r, low }
}

/// For |x| up to `FAR_LIMIT`.
fn reduce_far(x: f64) -> Reduced {
    let shifted = x * FRAC_2_PI + TO_INTEGER;
    let k = shifted - TO_INTEGER;
    let (r, error_1) = two_sum(x - k * FAR[0], -(k * FAR[1]));
    let (r, error_2) = two_sum(r, -(k * FAR[2]));
    let (r, low) = fast_two_sum(r, (error_1 + error_2) - k * FAR[3]);
    Reduced { quarters: shifted.to_bits(), r, low }
}

#[inline(always)]
fn outlier(x: f64) -> bool {
    x.abs() > NEAR_LIMIT || x.is_nan()
}

/// `f` of the reduced argument, or `beyond` of one that is too large for that.
fn outlying(x: f64, f: fn(Reduced) -> f64, beyond: fn(f64) -> f64) -> f64 {
    if x.abs() < FAR_LIMIT { f(reduce_far(x)) } else { beyond(x) }
}

/// sin(r + low) - r.
#[inline(always)]
fn sin_tail(r: f64, low: f64) -> f64 {
    let z = r * r;
    let v = z * r;
    let p = S[1] + z * (S[2] + z * (S[3] + z * (S[4] + z * S[5])));
    v * S[0] - (z * (0.5 * low - v * p) - low)
}

/// cos(r + low) in two parts.
#[inline(always)]
fn cos_parts(r: f64, low: f64) -> (f64, f64) {
    let z = r * r;
    let p = z * (C[0] + z * (C[1] + z * (C[2] + z * (C[3] + z * (C[4] + z * C[5])))));
    let half = 0.5 * z;
    let high = 1.0 - half;
    (high, ((1.0 - high) - half) + (z * p - r * low))
}

/// The sine of `at`, turned by some quarters.
#[inline(always)]
fn sin_of(at: Reduced, turn: u64) -> f64 {
    let quarters = at.quarters.wrapping_add(turn);
    let sin = at.r + sin_tail(at.r, at.low);
    let (high, rest) = cos_parts(at.r, at.low);
    let value = if quarters & 1 == 0 { sin } else { high + rest };
    f64::from_bits(value.to_bits() ^ ((quarters & 2) << 62))
}

/// Sine by cosine, both in two parts.
#[inline(always)]
fn tan_of(at: Reduced) -> f64 {
    let sin = fast_two_sum(at.r, sin_tail(at.r, at.low));
    let (high, rest) = cos_parts(at.r, at.low);
    let cos = fast_two_sum(high, rest);
    let odd = at.quarters & 1 != 0;
    let (n, d) = if odd { (cos, sin) } else { (sin, cos) };
    let (quotient, error) = divide(n, d);
    f64::from_bits((quotient + error).to_bits() ^ ((at.quarters & 1) << 63))
}

/// The sine.
pub(crate) struct Sin;

impl Unary<f64> for Sin {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let value = sin_of(reduce_near(x), 0);
        if x == 0.0 { x } else { value }
    }

    #[inline(always)]
    fn outlier(x: f64) -> bool {
        outlier(x)
    }

    fn slow(x: f64) -> f64 {
        outlying(x, |at| sin_of(at, 0), libm::sin)
    }
}

/// The cosine.
pub(crate) struct Cos;

impl Unary<f64> for Cos {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        sin_of(reduce_near(x), 1)
    }

    #[inline(always)]
    fn outlier(x: f64) -> bool {
        outlier(x)
    }

    fn slow(x: f64) -> f64 {
        outlying(x, |at| sin_of(at, 1), libm::cos)
    }
}

/// The tangent.
pub(crate) struct Tan;

impl Unary<f64> for Tan {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let value = tan_of(reduce_near(x));
        if x == 0.0 { x } else { value }
    }

    #[inline(always)]
    fn outlier(x: f64) -> bool {
        outlier(x)
    }

    fn slow(x: f64) -> f64 {
        outlying(x, tan_of, libm::tan)
    }
}

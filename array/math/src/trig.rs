//! sin, cos, tan.
//!
//! Reduction by multiples of pi/2 in parts, after Cody and Waite; the polynomials for |r| <= pi/4 are
//! those of fdlibm `k_sin.c`, `k_cos.c` (Sun Microsystems 1993). Arguments beyond 2^20 are outliers,
//! left to the `libm` crate (Payne and Hanek).

use crate::double::{TO_INTEGER, divide, fast_two_sum, polynomial};
use crate::map::Unary;
use std::f64::consts::FRAC_2_PI;

/// pi/2. The second part has 33 bits, so that its products with k < 2^20 are exact.
const PARTS: [f64; 3] = [
    f64::from_bits(0x3ff9_21fb_5444_2d18),
    f64::from_bits(0x3c91_a626_3310_0000),
    f64::from_bits(0x3a71_701b_839a_2520),
];
const LIMIT: f64 = 1_048_576.0;
const SIGN: u64 = 1 << 63;

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

/// For |x| up to `LIMIT`. `turn` is added to the quarters, but not to x.
#[inline(always)]
fn reduce(x: f64, turn: f64) -> Reduced {
    let to_integer = TO_INTEGER + turn;
    let shifted = x.mul_add(FRAC_2_PI, to_integer);
    let k = shifted - to_integer;
    // Exact: unless k is 0, a multiple of 2^-53, and less than 1.
    let high = (-k).mul_add(PARTS[0], x);
    // The product is less than 2^-33. Either r is as small, and exact as a multiple of 2^-86, or it
    // is itself a multiple of 2^-86: what it took from the product is exact all the same.
    let r = (-k).mul_add(PARTS[1], high);
    let error = (-k).mul_add(PARTS[1], high - r);
    Reduced { quarters: shifted.to_bits(), r, low: (-k).mul_add(PARTS[2], error) }
}

/// The sine of `at`, times -1 if `flip` is the sign bit.
///
/// Before its sign it is r + z r S(z) or 1 - z/2 + z z C(z), z = r^2. To choose the coefficients of
/// one polynomial takes less than to compute both.
#[inline(always)]
fn sin_of(at: Reduced, flip: u64) -> f64 {
    let Reduced { quarters, r, low } = at;
    let odd = quarters & 1 != 0;
    let z = r * r;
    let p = polynomial(z, std::array::from_fn::<f64, 6, _>(|i| if odd { C[i] } else { S[i] }));
    // 1 - z/2 in two parts, of r^2 before it is rounded.
    let half = -0.5 * r;
    let high = half.mul_add(r, 1.0);
    let less = 1.0 - high;
    let rest = half.mul_add(r, less);
    // Of a cosine, -r low; of a sine, (1 - z/2) low.
    let (rest, slope) = if odd { (rest, r) } else { (low, less) };
    let rest = (-slope).mul_add(low, rest);
    let (first, factor) = if odd { (high, z) } else { (r, r) };
    let value = first + (z * factor).mul_add(p, rest);
    f64::from_bits(value.to_bits() ^ ((quarters << 62 ^ flip) & SIGN))
}

/// Sine by cosine, both in two parts.
#[inline(always)]
fn tan_of(at: Reduced) -> f64 {
    let Reduced { quarters, r, low } = at;
    let z = r * r;
    let half = -0.5 * r;
    let high = half.mul_add(r, 1.0);
    let rest = half.mul_add(r, 1.0 - high);
    let sin = fast_two_sum(r, (z * r).mul_add(polynomial(z, S), high * low));
    let cos = fast_two_sum(high, (z * z).mul_add(polynomial(z, C), (-r).mul_add(low, rest)));
    let odd = quarters & 1 != 0;
    let (n, d) = if odd { (cos, sin) } else { (sin, cos) };
    let (quotient, error) = divide(n, d);
    f64::from_bits((quotient + error).to_bits() ^ ((quarters & 1) << 63))
}

#[inline(always)]
fn outlier(x: f64) -> bool {
    x.abs() > LIMIT || x.is_nan()
}

/// The sine.
pub(crate) struct Sin;

impl Unary<f64> for Sin {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        // The sign apart keeps that of -0.
        sin_of(reduce(x.abs(), 0.0), x.to_bits())
    }

    #[inline(always)]
    fn outlier(x: f64) -> bool {
        outlier(x)
    }

    fn slow(x: f64) -> f64 {
        libm::sin(x)
    }
}

/// The cosine.
pub(crate) struct Cos;

impl Unary<f64> for Cos {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        sin_of(reduce(x, 1.0), 0)
    }

    #[inline(always)]
    fn outlier(x: f64) -> bool {
        outlier(x)
    }

    fn slow(x: f64) -> f64 {
        libm::cos(x)
    }
}

/// The tangent.
pub(crate) struct Tan;

impl Unary<f64> for Tan {
    #[inline(always)]
    fn fast(x: f64) -> f64 {
        let value = tan_of(reduce(x, 0.0));
        if x == 0.0 { x } else { value }
    }

    #[inline(always)]
    fn outlier(x: f64) -> bool {
        outlier(x)
    }

    fn slow(x: f64) -> f64 {
        libm::tan(x)
    }
}

//! x^y, as 2^(y log2 x) with the logarithm in two parts.
//!
//! Method, polynomial and constants: fdlibm `e_pow.c` (Sun Microsystems 1993), here without
//! branches. Outliers (an argument that is not finite, a base that is zero or subnormal, an
//! exponent of 2^51 and more) go to the `libm` crate.

use crate::double::{Double, TO_INTEGER, divide, fast_two_sum, polynomial, two_product};
use crate::exp::{Exp, exp2_sum};
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
/// 2 / (3 ln 2): the nearest `f64` and the rest.
const C: Double = (0.9617966939259756, 5.0577616648125907e-17);
/// log2(3/2): 24 bits, so that the sum with a whole number is exact, and the rest.
const LOG2_3_HALVES: Double =
    (f64::from_bits(0x3fe2_b803_4000_0000), f64::from_bits(0x3e4c_fdeb_43cf_d006));

const SQRT_3_HALVES: f64 = 1.224_744_871_391_589;
const SQRT_3: f64 = 1.7320508075688772;
const TWO_51: f64 = 2251799813685248.0;

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

/// log2 x of a positive normal x, in two parts.
#[inline(always)]
fn log2_double(x: f64) -> Double {
    let (n, m, c) = decompose(x);
    let at = if c > 1.0 { LOG2_3_HALVES } else { (0.0, 0.0) };
    // s = (m - c) / (m + c); c is 1 or 3/2: the sum is exact even where it is less than m.
    let (s, s_low) = divide((m - c, 0.0), fast_two_sum(c, m));
    // t = 3 + s^2 + ...
    let (z, z_low) = two_product(s, s);
    let rest = (2.0 * s).mul_add(s_low, z_low);
    let (t, error) = fast_two_sum(3.0, z);
    let t_low = error + (z * z).mul_add(polynomial(z, L), rest);
    // s t, times 2 / (3 ln 2)
    let (u, error) = two_product(s, t);
    let u_low = s.mul_add(t_low, s_low.mul_add(t, error));
    let (v, error) = two_product(u, C.0);
    let v_low = u_low.mul_add(C.0, u.mul_add(C.1, error));
    // The whole part is 0, or larger than v.
    let (high, error) = fast_two_sum(n + at.0, v);
    fast_two_sum(high, error + (v_low + at.1))
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
        let log = log2_double(x.abs());
        let (high, low) = two_product(y, log.0);
        let low = y.mul_add(log.1, low);
        // Beyond, a power is 0 or infinite whatever the low part is.
        let over = high.abs() > 1100.0;
        let low = if over { 0.0 } else { low };
        let high = if over { 1100f64.copysign(high) } else { high };
        with_sign(x, y, exp2_sum(high, low))
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

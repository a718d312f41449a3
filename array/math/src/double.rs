//! Numbers as unevaluated sums of two `f64`, without fused operations.
//!
//! Sources: T. J. Dekker, "A floating-point technique for extending the available precision",
//! Numer. Math. 18 (1971); D. Knuth, TAOCP 2, 4.2.2.

/// A rounded value and what rounding took from it.
pub(crate) type Double = (f64, f64);

/// 1.5 * 2^52: adding it rounds to an integer, which is then in the low bits.
pub(crate) const TO_INTEGER: f64 = 6755399441055744.0;

/// `a + b`, exactly.
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> Double {
    let sum = a + b;
    let b_part = sum - a;
    (sum, (a - (sum - b_part)) + (b - b_part))
}

/// `a + b`, exactly, if `|a| >= |b|` or `a` is 0.
#[inline(always)]
pub(crate) fn fast_two_sum(a: f64, b: f64) -> Double {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// `a` cut into its upper 26 bits and the rest.
#[inline(always)]
pub(crate) fn split(a: f64) -> Double {
    let high = f64::from_bits(a.to_bits() & 0xffff_ffff_f800_0000);
    (high, a - high)
}

/// `a * b`, exactly but for 2^-106 of it.
#[inline(always)]
pub(crate) fn two_product(a: f64, b: f64) -> Double {
    let (a_high, a_low) = split(a);
    let (b_high, b_low) = split(b);
    let product = a * b;
    let error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    (product, error)
}

/// `n / d`, to about 2^-100 of it.
#[inline(always)]
pub(crate) fn divide(n: Double, d: Double) -> Double {
    let inverse = 1.0 / d.0;
    let quotient = n.0 * inverse;
    let (product, error) = two_product(quotient, d.0);
    let rest = ((n.0 - product) - error) + (n.1 - quotient * d.1);
    (quotient, rest * inverse)
}

/// 2^k for a `k` in the low bits of `k + TO_INTEGER`, from -1022 to 1023.
#[inline(always)]
pub(crate) fn power_of_two(k_shifted: f64) -> f64 {
    f64::from_bits(k_shifted.to_bits().wrapping_add(1023) << 52)
}

/// `value * 2^k` for a `k` in the low bits of `k + TO_INTEGER`, from -2044 to 2046, rounded once.
#[inline(always)]
pub(crate) fn scale(value: f64, k_shifted: f64) -> f64 {
    // k + 2046 is not negative: a logical shift halves it.
    let k = k_shifted.to_bits().wrapping_add(2046) & 0xfff;
    let half = k >> 1;
    value * f64::from_bits(half << 52) * f64::from_bits((k - half) << 52)
}

//! Numbers as unevaluated sums of two `f64`, and polynomials.
//!
//! Sources: T. J. Dekker, "A floating-point technique for extending the available precision",
//! Numer. Math. 18 (1971); D. Knuth, TAOCP 2, 4.2.2; for products by fused operations, J.-M. Muller
//! and others, Handbook of Floating-Point Arithmetic, 4.4.1.

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

/// `a * b`, exactly (but where the error is subnormal).
#[inline(always)]
pub(crate) fn two_product(a: f64, b: f64) -> Double {
    let product = a * b;
    (product, a.mul_add(b, -product))
}

/// `n / d`, to about 2^-100 of it.
#[inline(always)]
pub(crate) fn divide(n: Double, d: Double) -> Double {
    let inverse = 1.0 / d.0;
    let quotient = n.0 * inverse;
    let rest = (-quotient).mul_add(d.0, n.0) + (-quotient).mul_add(d.1, n.1);
    (quotient, rest * inverse)
}

/// The polynomial with these coefficients, the lowest first, by Horner's rule.
#[inline(always)]
pub(crate) fn polynomial<const N: usize>(x: f64, coefficients: [f64; N]) -> f64 {
    let mut value = coefficients[N - 1];
    for c in coefficients[..N - 1].iter().rev() {
        value = value.mul_add(x, *c);
    }
    value
}

/// 2^k for a `k` in the low bits of `k + TO_INTEGER`, from -1022 to 1023.
#[inline(always)]
pub(crate) fn power_of_two(k_shifted: f64) -> f64 {
    f64::from_bits(k_shifted.to_bits().wrapping_add(1023) << 52)
}

/// `value * 2^k` for a `k` in the low bits of `k + TO_INTEGER`, from -2044 to 2046, rounded once.
#[inline(always)]
pub(crate) fn scale(value: f64, k_shifted: f64) -> f64 {
    // k + 2046 is not negative: a logical shift halves it. What is above is shifted out.
    let k = k_shifted.to_bits().wrapping_add(2046);
    let half = k >> 1;
    value * f64::from_bits(half << 52) * f64::from_bits((k - half) << 52)
}

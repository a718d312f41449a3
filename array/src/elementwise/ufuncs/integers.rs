//! Divisors, multiples and bits of integers.

use crate::array::Array;
use crate::element::Integer;
use crate::elementwise::{IntoOperand, binary, unary};

/// The greatest common divisor, by Euclid's algorithm.
fn gcd<T: Integer>(a: T, b: T) -> T {
    let (mut a, mut b) = (a, b);
    while b != T::ZERO {
        (a, b) = (b, a.remainder(b));
    }
    a.magnitude()
}

impl<T: Integer> Array<T> {
    /// The greatest common divisor of each element and what is opposite, at least 0; shapes
    /// broadcast.
    #[track_caller]
    pub fn gcd(&self, other: impl IntoOperand<T>) -> Array<T> {
        binary("gcd", self, other, gcd)
    }

    /// The least common multiple of each element and what is opposite, at least 0, wrapping around;
    /// shapes broadcast.
    #[track_caller]
    pub fn lcm(&self, other: impl IntoOperand<T>) -> Array<T> {
        binary("lcm", self, other, |a: T, b: T| match gcd(a, b) {
            divisor if divisor == T::ZERO => T::ZERO,
            divisor => a.over(divisor).times(b).magnitude(),
        })
    }

    /// Each element with its bits moved up by what is opposite; shapes broadcast. Moved by as many
    /// bits as there are, by more, or by a negative number, it is 0.
    #[track_caller]
    pub fn left_shift(&self, n: impl IntoOperand<T>) -> Array<T> {
        binary("left_shift", self, n, |x: T, n: T| x.shifted_left(n))
    }

    /// Each element with its bits moved down by what is opposite, and copies of its sign behind
    /// them; shapes broadcast. Moved by as many bits as there are, by more, or by a negative
    /// number, it is 0 or -1.
    #[track_caller]
    pub fn right_shift(&self, n: impl IntoOperand<T>) -> Array<T> {
        binary("right_shift", self, n, |x: T, n: T| x.shifted_right(n))
    }

    /// How many bits of the absolute value are set.
    #[doc(alias = "bitwise_count")]
    #[track_caller]
    pub fn bit_count(&self) -> Array<u8> {
        unary("bit_count", self, |x: T| x.bit_count())
    }
}

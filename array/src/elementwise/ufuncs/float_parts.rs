//! Signs, exponents, fractions and neighbours of floats.

use crate::array::Array;
use crate::element::Float;
use crate::elementwise::{IntoOperand, binary, unary};

/// What the standard library knows of single floats.
pub(crate) trait FloatParts: Float {
    fn has_sign(self) -> bool;
    fn with_sign_of(self, other: Self) -> Self;
    fn next_up(self) -> Self;
    fn next_down(self) -> Self;
    fn truncated(self) -> Self;
    /// `self * 2^n`, rounded once.
    fn scaled(self, n: i32) -> Self;
    /// A fraction from 1/2 to 1 and a power of 2; numbers that have none and 0.
    fn split(self) -> (Self, i32);
}

impl FloatParts for f64 {
    fn has_sign(self) -> bool {
        self.is_sign_negative()
    }

    fn with_sign_of(self, other: f64) -> f64 {
        self.copysign(other)
    }

    fn next_up(self) -> f64 {
        f64::next_up(self)
    }

    fn next_down(self) -> f64 {
        f64::next_down(self)
    }

    fn truncated(self) -> f64 {
        self.trunc()
    }

    fn scaled(self, n: i32) -> f64 {
        // Two steps reach everything; going down, the first one stops where no bit is lost yet.
        const UP: f64 = f64::from_bits(0x7fe0 << 48);
        const DOWN: f64 = f64::MIN_POSITIVE * (1u64 << 53) as f64;
        let (mut x, mut n) = (self, n);
        for _ in 0..2 {
            if n > 1023 {
                (x, n) = (x * UP, n - 1023);
            } else if n < -1022 {
                (x, n) = (x * DOWN, n + 1022 - 53);
            }
        }
        x * f64::from_bits(((1023 + n.clamp(-1022, 1023)) as u64) << 52)
    }

    fn split(self) -> (f64, i32) {
        if self == 0.0 || !self.is_finite() {
            return (self, 0);
        }
        let (x, offset) = match self.abs() < f64::MIN_POSITIVE {
            true => (self * (1u64 << 54) as f64, 54),
            false => (self, 0),
        };
        let exponent = (x.to_bits() >> 52 & 0x7ff) as i32 - 1022;
        let fraction = f64::from_bits(x.to_bits() & !(0x7ff << 52) | 1022 << 52);
        (fraction, exponent - offset)
    }
}

impl FloatParts for f32 {
    fn has_sign(self) -> bool {
        self.is_sign_negative()
    }

    fn with_sign_of(self, other: f32) -> f32 {
        self.copysign(other)
    }

    fn next_up(self) -> f32 {
        f32::next_up(self)
    }

    fn next_down(self) -> f32 {
        f32::next_down(self)
    }

    fn truncated(self) -> f32 {
        self.trunc()
    }

    fn scaled(self, n: i32) -> f32 {
        // Exact as `f64`.
        f64::from(self).scaled(n.clamp(-400, 400)) as f32
    }

    fn split(self) -> (f32, i32) {
        let (fraction, exponent) = f64::from(self).split();
        (fraction as f32, exponent)
    }
}

#[allow(private_bounds, reason = "f32 and f64, by what the crate needs of them")]
impl<T: FloatParts> Array<T> {
    /// Whether the sign is minus: of -0.0 and of some NaN too.
    #[track_caller]
    pub fn signbit(&self) -> Array<bool> {
        unary("signbit", self, |x: T| x.has_sign())
    }

    /// Each element with the sign of what is opposite; shapes broadcast.
    #[track_caller]
    pub fn copysign(&self, sign: impl IntoOperand<T>) -> Array<T> {
        binary("copysign", self, sign, |x: T, sign: T| x.with_sign_of(sign))
    }

    /// The next float from each element towards what is opposite; shapes broadcast.
    #[track_caller]
    pub fn nextafter(&self, towards: impl IntoOperand<T>) -> Array<T> {
        binary("nextafter", self, towards, |x: T, towards: T| {
            if x.is_nan() || towards.is_nan() {
                x.plus(towards)
            } else if x == towards {
                towards
            } else if x < towards {
                x.next_up()
            } else {
                x.next_down()
            }
        })
    }

    /// The distance to the next float away from 0, with the sign of the element; NaN of infinities.
    #[track_caller]
    pub fn spacing(&self) -> Array<T> {
        unary("spacing", self, |x: T| {
            if x.is_nan() || x.magnitude() == T::GREATEST {
                T::of_f64(f64::NAN)
            } else if x < T::ZERO {
                x.next_down().minus(x)
            } else {
                x.next_up().minus(x)
            }
        })
    }

    /// Each element times 2 to the power of what is opposite, rounded once; shapes broadcast.
    #[track_caller]
    pub fn ldexp(&self, exponent: impl IntoOperand<i32>) -> Array<T> {
        binary("ldexp", self, exponent, |x: T, n: i32| x.scaled(n))
    }

    /// Each element as a fraction, from 1/2 to 1 in absolute value, times a power of 2: the
    /// fractions and the exponents. Of 0, infinities and NaN the number itself and 0.
    #[track_caller]
    pub fn frexp(&self) -> (Array<T>, Array<i32>) {
        let fraction = unary("frexp_fraction", self, |x: T| x.split().0);
        (fraction, unary("frexp_exponent", self, |x: T| x.split().1))
    }

    /// The fractions and the whole numbers that each element is the sum of, both with its sign.
    #[track_caller]
    pub fn modf(&self) -> (Array<T>, Array<T>) {
        let fraction = unary("modf_fraction", self, |x: T| match x.magnitude() == T::GREATEST {
            true => T::ZERO.with_sign_of(x),
            false => x.minus(x.truncated()).with_sign_of(x),
        });
        (fraction, self.trunc())
    }
}

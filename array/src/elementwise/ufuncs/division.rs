//! Division with a whole quotient, and remainders.

use crate::array::Array;
use crate::element::{Integer, Number, Real, for_each_dtype};
use crate::elementwise::{IntoOperand, binary};

/// Numbers that can be divided with a whole quotient: integers and floats.
pub trait FloorDivide: Real {
    /// The quotient rounded towards minus infinity, as NumPy finds it.
    ///
    /// # Panics
    /// If an integer is divided by zero, which makes the task fail.
    #[must_use]
    fn floor_divided(self, by: Self) -> Self;

    /// The remainder that has the sign of the divisor, as NumPy finds it.
    ///
    /// # Panics
    /// If an integer is divided by zero, which makes the task fail.
    #[must_use]
    fn modulo(self, by: Self) -> Self {
        let rest = self.remainder(by);
        if rest == Self::ZERO {
            return if by < Self::ZERO { Self::ZERO.negated() } else { Self::ZERO };
        }
        if (by < Self::ZERO) != (rest < Self::ZERO) { rest.plus(by) } else { rest }
    }
}

macro_rules! division {
    (Bool $element:ty) => {};
    (C64 $element:ty) => {};
    (C128 $element:ty) => {};
    (F32 $element:ty) => {
        float_division! { $element }
    };
    (F64 $element:ty) => {
        float_division! { $element }
    };
    ($variant:ident $element:ty) => {
        impl FloorDivide for $element {
            #[inline]
            fn floor_divided(self, by: Self) -> Self {
                let (quotient, rest) = (self.over(by), self.remainder(by));
                let is_rounded_up = rest != 0 && (rest < Self::ZERO) != (by < Self::ZERO);
                quotient.minus(Self::from(is_rounded_up))
            }
        }
    };
}

macro_rules! float_division {
    ($element:ty) => {
        impl FloorDivide for $element {
            #[inline]
            fn floor_divided(self, by: Self) -> Self {
                if by == 0.0 {
                    return self / by;
                }
                // The remainder is exact, so that what is left divides almost exactly.
                let rest = self % by;
                let mut quotient = (self - rest) / by;
                if rest != 0.0 && (by < 0.0) != (rest < 0.0) {
                    quotient -= 1.0;
                }
                if quotient == 0.0 {
                    return (0.0 as $element).copysign(self / by);
                }
                let floor = quotient.floor();
                if quotient - floor > 0.5 { floor + 1.0 } else { floor }
            }
        }
    };
}

macro_rules! all_division {
    ($($variant:ident $element:ty),+) => { $( division! { $variant $element } )+ };
}
for_each_dtype!(all_division);

impl<T: FloorDivide> Array<T> {
    /// The quotient rounded towards minus infinity: `//` of Python. Shapes broadcast.
    ///
    /// It is an error of the task if an integer is divided by 0; floats give what `/` gives.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(-3, 3, 2, 2);
    /// assert_eq!(x.floor_divide(2).compute()?, ndarray::arr1(&[-2, -1, 0]).into_dyn());
    /// assert_eq!(x.modulo(2).compute()?, ndarray::arr1(&[1, 1, 1]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn floor_divide(&self, by: impl IntoOperand<T>) -> Array<T> {
        binary("floor_divide", self, by, |a: T, b: T| a.floor_divided(b))
    }

    /// The remainder that has the sign of the divisor: `%` of Python, `mod` and `remainder` of
    /// NumPy. Shapes broadcast. (`%` of Rust is [`Array::fmod`].)
    ///
    /// It is an error of the task if an integer is divided by 0; a float gives NaN.
    #[doc(alias = "mod")]
    #[track_caller]
    pub fn modulo(&self, by: impl IntoOperand<T>) -> Array<T> {
        binary("modulo", self, by, |a: T, b: T| a.modulo(b))
    }

    /// [`Array::floor_divide`] and [`Array::modulo`].
    #[track_caller]
    pub fn divmod(&self, by: impl IntoOperand<T>) -> (Array<T>, Array<T>) {
        let by = by.into_operand();
        (self.floor_divide(by.clone()), self.modulo(by))
    }
}

impl<T: Real> Array<T> {
    /// The remainder that has the sign of the dividend, as `%` of Rust. Shapes broadcast.
    ///
    /// It is an error of the task if an integer is divided by 0; a float gives NaN.
    #[track_caller]
    pub fn fmod(&self, by: impl IntoOperand<T>) -> Array<T> {
        binary("remainder", self, by, |a: T, b: T| a.remainder(b))
    }
}

impl<T: Integer> Array<T> {
    /// The quotient of integers as `f64`: `/` of Python. Infinite or NaN where the divisor is 0.
    /// Shapes broadcast.
    #[track_caller]
    pub fn true_divide(&self, by: impl IntoOperand<T>) -> Array<f64> {
        binary("true_divide", self, by, |a: T, b: T| a.to_f64() / b.to_f64())
    }
}

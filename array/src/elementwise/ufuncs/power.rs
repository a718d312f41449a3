//! Powers and roots.

use super::analytic::Analytic;
use super::convert::LossyCast;
use crate::array::Array;
use crate::element::{Float, Integer, Number, for_each_dtype};
use crate::elementwise::{IntoOperand, Operand, binary_rows, unary, unary_rows_with, unary_slices};
use chunkwise_array_math as math;

/// Numbers that can be raised to powers of their type: all.
pub trait Power: Number {
    #[doc(hidden)]
    fn powers(x: &[Self], y: &[Self], out: &mut [Self]);

    /// The whole exponent that a number stands for, if products do.
    #[doc(hidden)]
    fn whole_exponent(self) -> Option<i32> {
        None
    }

    #[doc(hidden)]
    fn whole_powers(x: &[Self], n: i32, out: &mut [Self]);
}

macro_rules! powers {
    (Bool $element:ty) => {};
    (F32 $element:ty) => {
        float_powers! { $element }
    };
    (F64 $element:ty) => {
        float_powers! { $element }
    };
    (C64 $element:ty) => {
        complex_powers! { $element }
    };
    (C128 $element:ty) => {
        complex_powers! { $element }
    };
    ($variant:ident $element:ty) => {
        impl Power for $element {
            fn powers(x: &[Self], y: &[Self], out: &mut [Self]) {
                for (out, (x, y)) in out.iter_mut().zip(x.iter().zip(y)) {
                    *out = integer_power(*x, *y);
                }
            }

            fn whole_powers(x: &[Self], n: i32, out: &mut [Self]) {
                let n = u32::try_from(n).unwrap_or_else(|_| negative_exponent());
                for (out, x) in out.iter_mut().zip(x) {
                    *out = x.power(n);
                }
            }
        }
    };
}

macro_rules! float_powers {
    ($element:ty) => {
        impl Power for $element {
            fn powers(x: &[Self], y: &[Self], out: &mut [Self]) {
                math::pow(x, y, out);
            }

            fn whole_exponent(self) -> Option<i32> {
                ((-1.0..=4.0).contains(&self) && self.fract() == 0.0).then_some(self as i32)
            }

            fn whole_powers(x: &[Self], n: i32, out: &mut [Self]) {
                math::powi(x, n, out);
            }
        }
    };
}

macro_rules! complex_powers {
    ($element:ty) => {
        impl Power for $element {
            fn powers(x: &[Self], y: &[Self], out: &mut [Self]) {
                for (out, (x, y)) in out.iter_mut().zip(x.iter().zip(y)) {
                    *out = x.powc(*y);
                }
            }

            fn whole_exponent(self) -> Option<i32> {
                if self.im == 0.0 { Power::whole_exponent(self.re) } else { None }
            }

            fn whole_powers(x: &[Self], n: i32, out: &mut [Self]) {
                for (out, x) in out.iter_mut().zip(x) {
                    *out = x.powi(n);
                }
            }
        }
    };
}

macro_rules! all_powers {
    ($($variant:ident $element:ty),+) => { $( powers! { $variant $element } )+ };
}
for_each_dtype!(all_powers);

#[cold]
fn negative_exponent() -> u32 {
    panic!("an integer to a negative power")
}

/// By squaring, wrapping around.
fn integer_power<T: Integer>(mut base: T, mut exponent: T) -> T {
    if exponent < T::ZERO {
        negative_exponent();
    }
    let mut power = T::ONE;
    while exponent > T::ZERO {
        if exponent.remainder(T::ONE.plus(T::ONE)) != T::ZERO {
            power = power.times(base);
        }
        base = base.times(base);
        exponent = exponent.over(T::ONE.plus(T::ONE));
    }
    power
}

impl<T: Power> Array<T> {
    /// Each element to the power of what is opposite; shapes broadcast.
    ///
    /// Integers wrap around. Of floats, a negative number to a power that is not whole is NaN. One
    /// exponent for all, if it is -1, 0, 1, 2, 3 or 4, is done by products.
    ///
    /// It is an error of the task if an integer meets a negative exponent.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 4, 1, 2);
    /// assert_eq!(x.power(2).compute()?, ndarray::arr1(&[0, 1, 4, 9]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[doc(alias = "pow")]
    #[track_caller]
    pub fn power(&self, exponent: impl IntoOperand<T>) -> Array<T> {
        match exponent.into_operand() {
            Operand::Number(n) if n.whole_exponent().is_some() => {
                self.powi(n.whole_exponent().unwrap_or(0))
            }
            exponent => binary_rows("power", self, exponent, T::powers),
        }
    }

    /// Each element to the power of a whole number, by products where that is -1 to 4.
    ///
    /// It is an error of the task if an integer meets a negative exponent.
    #[track_caller]
    pub fn powi(&self, n: i32) -> Array<T> {
        unary_rows_with("powi", self, n, |n: &i32, x: &[T], out: &mut [T]| {
            T::whole_powers(x, *n, out);
        })
    }
}

impl<T: LossyCast<f64>> Array<T> {
    /// Each element, as `f64`, to the power of what is opposite.
    #[track_caller]
    pub fn float_power(&self, exponent: impl IntoOperand<f64>) -> Array<f64> {
        self.cast_lossy::<f64>().power(exponent)
    }
}

impl<T: Analytic> Array<T> {
    /// The square root, correctly rounded; of floats NaN below 0.
    #[track_caller]
    pub fn sqrt(&self) -> Array<T> {
        unary_slices("sqrt", self, T::sqrt)
    }

    /// 1 over each element.
    #[track_caller]
    pub fn reciprocal(&self) -> Array<T> {
        unary("reciprocal", self, |x: T| T::ONE.over(x))
    }
}

impl<T: Number> Array<T> {
    /// Each element times itself; integers wrap around.
    #[track_caller]
    pub fn square(&self) -> Array<T> {
        unary("square", self, |x: T| x.times(x))
    }
}

impl<T: Float> Array<T> {
    /// The cube root, of negative numbers too.
    #[track_caller]
    pub fn cbrt(&self) -> Array<T> {
        unary_slices("cbrt", self, T::cbrt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_complex::Complex;

    #[test]
    fn integers_are_squared_and_multiplied() {
        assert_eq!(integer_power(3i32, 4), 81);
        assert_eq!(integer_power(-2i8, 7), -128);
        assert_eq!(integer_power(0u8, 0), 1);
        assert_eq!(integer_power(10u8, 3), 232);
    }

    #[test]
    fn products_are_for_small_whole_exponents() {
        assert_eq!(
            [2.0, 2.5, -1.0, 5.0, f64::NAN].map(Power::whole_exponent)[..3],
            [Some(2), None, Some(-1)]
        );
        assert_eq!(Complex::new(3.0, 0.5).whole_exponent(), None);
    }
}

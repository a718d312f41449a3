//! `+ - * / %`, `& | ^ !` and `<< >>` of arrays, by value or by reference, with numbers on either side.

use super::map::{binary, unary};
use crate::array::Array;
use crate::element::{Element, Integer, Number, Real, for_each_dtype};
use crate::scalar::Scalar;
use std::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Rem, Shl, Shr, Sub};

macro_rules! operator {
    ($trait:ident, $method:ident, $kind:ident, $name:literal, $f:expr) => {
        impl<T: $kind, R: super::IntoOperand<T>> $trait<R> for &Array<T> {
            type Output = Array<T>;

            #[track_caller]
            fn $method(self, other: R) -> Array<T> {
                binary($name, self, other, $f)
            }
        }

        impl<T: $kind, R: super::IntoOperand<T>> $trait<R> for Array<T> {
            type Output = Array<T>;

            #[track_caller]
            fn $method(self, other: R) -> Array<T> {
                binary($name, &self, other, $f)
            }
        }

        impl<T: $kind, R: super::IntoOperand<T>> $trait<R> for &Scalar<T> {
            type Output = Array<T>;

            #[track_caller]
            fn $method(self, other: R) -> Array<T> {
                binary($name, &self.0, other, $f)
            }
        }

        impl<T: $kind, R: super::IntoOperand<T>> $trait<R> for Scalar<T> {
            type Output = Array<T>;

            #[track_caller]
            fn $method(self, other: R) -> Array<T> {
                binary($name, &self.0, other, $f)
            }
        }
    };
}

operator!(Add, add, Number, "add", |a: T, b: T| a.plus(b));
operator!(Sub, sub, Number, "subtract", |a: T, b: T| a.minus(b));
operator!(Mul, mul, Number, "multiply", |a: T, b: T| a.times(b));
operator!(Div, div, Number, "divide", |a: T, b: T| a.over(b));
operator!(Rem, rem, Real, "remainder", |a: T, b: T| a.remainder(b));

/// A number on the left: the orphan rule wants each type by name.
macro_rules! from_left {
    ($($variant:ident $element:ty),+) => { $(
        impl_left! { $variant $element }
    )+ };
}

macro_rules! impl_left {
    (Bool $element:ty) => {};
    ($variant:ident $element:ty) => {
        left_operator!($element, Add, add, "add", |b: $element, a: $element| a.plus(b));
        left_operator!($element, Sub, sub, "subtract_from", |b: $element, a: $element| a.minus(b));
        left_operator!($element, Mul, mul, "multiply", |b: $element, a: $element| a.times(b));
        left_operator!($element, Div, div, "divide_into", |b: $element, a: $element| a.over(b));
    };
}

macro_rules! left_operator {
    ($element:ty, $trait:ident, $method:ident, $name:literal, $f:expr) => {
        impl $trait<&Array<$element>> for $element {
            type Output = Array<$element>;

            #[track_caller]
            fn $method(self, other: &Array<$element>) -> Array<$element> {
                binary($name, other, self, $f)
            }
        }

        impl $trait<Array<$element>> for $element {
            type Output = Array<$element>;

            #[track_caller]
            fn $method(self, other: Array<$element>) -> Array<$element> {
                binary($name, &other, self, $f)
            }
        }
    };
}
for_each_dtype!(from_left);

impl<T: Number> Neg for &Array<T> {
    type Output = Array<T>;

    #[track_caller]
    fn neg(self) -> Array<T> {
        unary("negative", self, |x: T| x.negated())
    }
}

impl<T: Number> Neg for Array<T> {
    type Output = Array<T>;

    #[track_caller]
    fn neg(self) -> Array<T> {
        -&self
    }
}

/// Elements with bits: integers and `bool`.
pub trait Bitwise:
    Element + BitAnd<Output = Self> + BitOr<Output = Self> + BitXor<Output = Self> + Not<Output = Self>
{
}

impl<T> Bitwise for T where
    T: Element + BitAnd<Output = T> + BitOr<Output = T> + BitXor<Output = T> + Not<Output = T>
{
}

operator!(BitAnd, bitand, Bitwise, "and", |a: T, b: T| a & b);
operator!(BitOr, bitor, Bitwise, "or", |a: T, b: T| a | b);
operator!(BitXor, bitxor, Bitwise, "xor", |a: T, b: T| a ^ b);
operator!(Shl, shl, Integer, "left_shift", |a: T, b: T| a.shifted_left(b));
operator!(Shr, shr, Integer, "right_shift", |a: T, b: T| a.shifted_right(b));

impl<T: Bitwise> Not for &Array<T> {
    type Output = Array<T>;

    #[track_caller]
    fn not(self) -> Array<T> {
        unary("not", self, |x: T| !x)
    }
}

impl<T: Bitwise> Not for Array<T> {
    type Output = Array<T>;

    #[track_caller]
    fn not(self) -> Array<T> {
        !&self
    }
}

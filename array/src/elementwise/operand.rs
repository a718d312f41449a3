//! [`Operand`]: a number or an array, as the other side of an operation.

use crate::array::Array;
use crate::element::{Element, for_each_dtype};
use crate::scalar::Scalar;

/// The other side of an operation: a number, which is the same for every element, or an array,
/// which broadcasts.
#[derive(Clone)]
pub enum Operand<T> {
    /// A number.
    Number(T),
    /// An array.
    Array(Array<T>),
}

/// What can stand on the other side of an operation: a number of the same type, an array of it, or
/// a [`Scalar`]; the latter two by reference too.
pub trait IntoOperand<T> {
    /// As an operand.
    fn into_operand(self) -> Operand<T>;
}

macro_rules! numbers {
    ($($variant:ident $element:ty),+) => { $(
        impl IntoOperand<$element> for $element {
            fn into_operand(self) -> Operand<$element> {
                Operand::Number(self)
            }
        }
    )+ };
}
for_each_dtype!(numbers);

impl<T: Element> IntoOperand<T> for Array<T> {
    fn into_operand(self) -> Operand<T> {
        Operand::Array(self)
    }
}

impl<T: Element> IntoOperand<T> for &Array<T> {
    fn into_operand(self) -> Operand<T> {
        Operand::Array(self.clone())
    }
}

impl<T: Element> IntoOperand<T> for Scalar<T> {
    fn into_operand(self) -> Operand<T> {
        Operand::Array(self.0)
    }
}

impl<T: Element> IntoOperand<T> for &Scalar<T> {
    fn into_operand(self) -> Operand<T> {
        Operand::Array(self.0.clone())
    }
}

impl<T: Element> IntoOperand<T> for Operand<T> {
    fn into_operand(self) -> Operand<T> {
        self
    }
}

//! The least and the greatest element.

use super::node::{reduce, reduce_all};
use super::reducer::Reducer;
use super::sums::of_type;
use crate::array::Array;
use crate::axes::Axes;
use crate::element::Real;
use crate::error::ArrayError;
use crate::scalar::Scalar;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// The less of two, or NaN if one of them is.
#[inline]
pub(crate) fn less<T: Real>(a: T, b: T) -> T {
    if a < b || a.is_nan() { a } else { b }
}

/// The greater of two, or NaN if one of them is.
#[inline]
pub(crate) fn greater<T: Real>(a: T, b: T) -> T {
    if a > b || a.is_nan() { a } else { b }
}

macro_rules! extreme {
    ($reducer:ident, $start:ident, $choose:ident, $of_row:path, $name:literal) => {
        impl<T: Real> Reducer for $reducer<T> {
            type In = T;
            type Out = T;
            type Acc = T;
            const NAME: &'static str = $name;

            fn start(&self) -> T {
                T::$start
            }

            fn row(&self, acc: &mut T, elements: &[T], _: u64) {
                *acc = $of_row(elements).map_or(*acc, |extreme| $choose(*acc, extreme));
            }

            fn columns(&self, accs: &mut [T], elements: &[T], _: u64) {
                for (acc, element) in accs.iter_mut().zip(elements) {
                    *acc = $choose(*acc, *element);
                }
            }

            fn join(&self, acc: &mut T, other: &T, _: u64, _: u64) {
                *acc = $choose(*acc, *other);
            }

            fn finish(&self, acc: &T, n: u64) -> Result<T, ArrayError> {
                if n == 0 { Err(ArrayError::Empty { operation: $name }) } else { Ok(*acc) }
            }
        }
    };
}

of_type! {
    /// The least element.
    Min
}
extreme!(Min, GREATEST, less, T::least_of_row, "min");

of_type! {
    /// The greatest element.
    Max
}
extreme!(Max, LEAST, greater, T::greatest_of_row, "max");

impl<T: Real> Array<T> {
    /// The least element; NaN if there is one. It is an error of the task if there are no elements.
    #[track_caller]
    pub fn min(&self) -> Scalar<T> {
        reduce_all(self, Min::new())
    }

    /// The least elements along some axes; see [`Array::min`].
    #[track_caller]
    pub fn min_axis(&self, axes: impl Into<Axes>) -> Array<T> {
        reduce(self, Min::new(), axes)
    }

    /// The greatest element; NaN if there is one. It is an error of the task if there are no
    /// elements.
    #[track_caller]
    pub fn max(&self) -> Scalar<T> {
        reduce_all(self, Max::new())
    }

    /// The greatest elements along some axes; see [`Array::max`].
    #[track_caller]
    pub fn max_axis(&self, axes: impl Into<Axes>) -> Array<T> {
        reduce(self, Max::new(), axes)
    }
}

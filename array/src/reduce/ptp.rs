//! The distance from the least to the greatest element.

use super::extremes::{greater, less};
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

of_type! {
    /// The greatest element less the least.
    PeakToPeak
}

impl<T: Real> Reducer for PeakToPeak<T> {
    type In = T;
    type Out = T;
    type Acc = (T, T);
    const NAME: &'static str = "ptp";

    fn start(&self) -> (T, T) {
        (T::GREATEST, T::LEAST)
    }

    fn row(&self, acc: &mut (T, T), elements: &[T], _: u64) {
        let extremes = (T::least_of_row(elements), T::greatest_of_row(elements));
        if let (Some(least), Some(greatest)) = extremes {
            *acc = (less(acc.0, least), greater(acc.1, greatest));
        }
    }

    fn columns(&self, accs: &mut [(T, T)], elements: &[T], _: u64) {
        for (acc, &element) in accs.iter_mut().zip(elements) {
            *acc = (less(acc.0, element), greater(acc.1, element));
        }
    }

    fn join(&self, acc: &mut (T, T), other: &(T, T), _: u64, _: u64) {
        *acc = (less(acc.0, other.0), greater(acc.1, other.1));
    }

    fn finish(&self, (least, greatest): &(T, T), n: u64) -> Result<T, ArrayError> {
        match n {
            0 => Err(ArrayError::Empty { operation: "ptp" }),
            _ => Ok(greatest.minus(*least)),
        }
    }
}

impl<T: Real> Array<T> {
    /// The distance from the least to the greatest element ("peak to peak"); NaN if there is one. Of
    /// integers it wraps around. It is an error of the task if there are no elements.
    #[track_caller]
    pub fn ptp(&self) -> Scalar<T> {
        reduce_all(self, PeakToPeak::new())
    }

    /// The distances from the least to the greatest elements along some axes; see [`Array::ptp`].
    #[track_caller]
    pub fn ptp_axis(&self, axes: impl Into<Axes>) -> Array<T> {
        reduce(self, PeakToPeak::new(), axes)
    }
}

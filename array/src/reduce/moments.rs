//! Variance and standard deviation.

use super::node::{reduce, reduce_all};
use super::reducer::Reducer;
use crate::array::Array;
use crate::axes::Axes;
use crate::element::Real;
use crate::error::ArrayError;
use crate::scalar::Scalar;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// Mean, and the sum of the squares of what elements differ from it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Moments {
    pub(super) mean: f64,
    pub(super) squares: f64,
}

impl Moments {
    /// Of elements in a row, in two passes.
    pub(super) fn of_row<T: Real>(elements: &[T]) -> Moments
    where
        T::Sum: Real,
    {
        let mean = T::sum_of_row(elements).to_f64() / elements.len() as f64;
        Moments { mean, squares: T::squares_of_row(elements, mean) }
    }

    /// Of one element more, behind `before` others.
    pub(super) fn push(&mut self, element: f64, before: u64) {
        self.push_share(element, 1.0 / (before + 1) as f64);
    }

    /// Of one element more (Welford 1962), which is this part of all.
    #[inline]
    fn push_share(&mut self, element: f64, share: f64) {
        let difference = element - self.mean;
        self.mean += difference * share;
        self.squares += difference * (element - self.mean);
    }

    /// The variance of `n` elements, or its root; NaN if there are not more than `ddof`.
    pub(super) fn variance(&self, n: u64, ddof: f64, root: bool) -> f64 {
        let divisor = n as f64 - ddof;
        let variance = if divisor > 0.0 { self.squares / divisor } else { f64::NAN };
        if root { variance.sqrt() } else { variance }
    }

    /// Of both parts together (Chan, Golub and LeVeque 1979).
    pub(super) fn join(&mut self, other: &Moments, n_own: u64, n_other: u64) {
        if n_other == 0 {
            return;
        }
        if n_own == 0 {
            *self = *other;
            return;
        }
        let (n, m) = (n_own as f64, n_other as f64);
        let difference = other.mean - self.mean;
        self.mean += difference * (m / (n + m));
        self.squares += other.squares + difference * difference * (n * m / (n + m));
    }
}

/// The variance, or its square root.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub(crate) struct Variance<T> {
    /// What is taken off the number of elements before it divides.
    ddof: f64,
    root: bool,
    of: PhantomData<fn() -> T>,
}

impl<T: Real> Reducer for Variance<T>
where
    T::Sum: Real,
{
    type In = T;
    type Out = f64;
    type Acc = Moments;
    const NAME: &'static str = "var";

    fn start(&self) -> Moments {
        Moments::default()
    }

    fn row(&self, acc: &mut Moments, elements: &[T], before: u64) {
        acc.join(&Moments::of_row(elements), before, elements.len() as u64);
    }

    fn columns(&self, accs: &mut [Moments], elements: &[T], before: u64) {
        let share = 1.0 / (before + 1) as f64;
        for (acc, element) in accs.iter_mut().zip(elements) {
            acc.push_share(element.to_f64(), share);
        }
    }

    fn join(&self, acc: &mut Moments, other: &Moments, n_own: u64, n_other: u64) {
        acc.join(other, n_own, n_other);
    }

    fn finish(&self, acc: &Moments, n: u64) -> Result<f64, ArrayError> {
        Ok(acc.variance(n, self.ddof, self.root))
    }
}

impl<T: Real> Array<T>
where
    T::Sum: Real,
{
    /// The variance of all elements: the mean square of what they differ from their mean, or, with
    /// `ddof` of 1, the unbiased estimate from a sample. NaN if `ddof` elements or fewer.
    #[track_caller]
    pub fn var(&self, ddof: f64) -> Scalar<f64> {
        reduce_all(self, Variance { ddof, root: false, of: PhantomData })
    }

    /// The variances along some axes; see [`Array::var`].
    #[track_caller]
    pub fn var_axis(&self, axes: impl Into<Axes>, ddof: f64) -> Array<f64> {
        reduce(self, Variance { ddof, root: false, of: PhantomData }, axes)
    }

    /// The standard deviation of all elements: the root of [`Array::var`].
    #[track_caller]
    pub fn std(&self, ddof: f64) -> Scalar<f64> {
        reduce_all(self, Variance { ddof, root: true, of: PhantomData })
    }

    /// The standard deviations along some axes.
    #[track_caller]
    pub fn std_axis(&self, axes: impl Into<Axes>, ddof: f64) -> Array<f64> {
        reduce(self, Variance { ddof, root: true, of: PhantomData }, axes)
    }
}

//! Central moments, skewness and kurtosis.

use super::node::reduce;
use super::reducer::Reducer;
use crate::array::Array;
use crate::axes::Axes;
use crate::element::Real;
use crate::elementwise::{unary, unary_with};
use crate::error::ArrayError;
use crate::scalar::Scalar;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// The mean, and the sums of the second, third and fourth powers of what elements differ from it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct PowerSums {
    mean: f64,
    second: f64,
    third: f64,
    fourth: f64,
}

/// Elements that are taken together, from buffers that stay in registers and the nearest cache.
const TOGETHER: usize = 256;

impl PowerSums {
    /// Of at most [`TOGETHER`] elements in a row, in two passes.
    fn of_row<T: Real>(elements: &[T]) -> PowerSums
    where
        T::Sum: Real,
    {
        let mean = T::sum_of_row(elements).to_f64() / elements.len() as f64;
        let mut powers = [[0.0; TOGETHER]; 3];
        let [second, third, fourth] = &mut powers;
        for (at, element) in elements.iter().take(TOGETHER).enumerate() {
            let d = element.to_f64() - mean;
            second[at] = d * d;
            third[at] = d * d * d;
            fourth[at] = (d * d) * (d * d);
        }
        // What was not filled is 0.
        let [second, third, fourth] = powers.map(|powers| chunkwise_array_math::sum(&powers));
        PowerSums { mean, second, third, fourth }
    }

    /// Of both parts together (Pébay 2008).
    fn join(&mut self, other: &PowerSums, n_own: u64, n_other: u64) {
        if n_other == 0 {
            return;
        }
        if n_own == 0 {
            *self = *other;
            return;
        }
        let (n, m) = (n_own as f64, n_other as f64);
        let all = n + m;
        let d = other.mean - self.mean;
        let (share, other_share) = (n / all, m / all);
        self.fourth += other.fourth
            + d.powi(4)
                * n
                * other_share
                * (share * share - share * other_share + other_share * other_share)
            + 6.0
                * d
                * d
                * (share * share * other.second + other_share * other_share * self.second)
            + 4.0 * d * (share * other.third - other_share * self.third);
        self.third += other.third
            + d * d * d * n * other_share * (share - other_share)
            + 3.0 * d * (share * other.second - other_share * self.second);
        self.second += other.second + d * d * n * other_share;
        self.mean += d * other_share;
    }
}

/// What is made of the sums.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum Shape {
    /// The moment of an order from 2 to 4.
    Moment(u32),
    Skew,
    Kurtosis,
}

impl Shape {
    fn of(self, sums: &PowerSums, n: u64) -> f64 {
        let n = n as f64;
        let (second, third, fourth) = (sums.second / n, sums.third / n, sums.fourth / n);
        // As far from 0 as rounding alone leads: elements are all the same.
        let is_constant = second <= (f64::EPSILON * sums.mean).powi(2);
        match self {
            Shape::Moment(2) => second,
            Shape::Moment(3) => third,
            Shape::Moment(_) => fourth,
            Shape::Skew | Shape::Kurtosis if is_constant => f64::NAN,
            Shape::Skew => third / second.powf(1.5),
            Shape::Kurtosis => fourth / (second * second) - 3.0,
        }
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Central<T> {
    shape: Shape,
    of: PhantomData<fn() -> T>,
}

impl<T: Real> Reducer for Central<T>
where
    T::Sum: Real,
{
    type In = T;
    type Out = f64;
    type Acc = PowerSums;
    const NAME: &'static str = "moment";

    fn start(&self) -> PowerSums {
        PowerSums::default()
    }

    fn row(&self, acc: &mut PowerSums, elements: &[T], before: u64) {
        let mut before = before;
        for part in elements.chunks(TOGETHER) {
            acc.join(&PowerSums::of_row(part), before, part.len() as u64);
            before += part.len() as u64;
        }
    }

    fn columns(&self, accs: &mut [PowerSums], elements: &[T], before: u64) {
        for (acc, element) in accs.iter_mut().zip(elements) {
            acc.join(&PowerSums { mean: element.to_f64(), ..PowerSums::default() }, before, 1);
        }
    }

    fn join(&self, acc: &mut PowerSums, other: &PowerSums, n_own: u64, n_other: u64) {
        acc.join(other, n_own, n_other);
    }

    fn finish(&self, acc: &PowerSums, n: u64) -> Result<f64, ArrayError> {
        Ok(self.shape.of(acc, n))
    }
}

impl<T: Real> Array<T>
where
    T::Sum: Real,
{
    #[track_caller]
    fn central(&self, shape: Shape, axes: Axes) -> Array<f64> {
        reduce(self, Central { shape, of: PhantomData }, axes)
    }

    /// The central moment of an order: the mean of that power of what elements differ from their
    /// mean. NaN of nothing.
    ///
    /// # Complexity
    /// One pass up to order 4, two passes above.
    #[track_caller]
    pub fn moment(&self, order: u32) -> Scalar<f64> {
        Scalar(self.moment_axis(Axes::all(), order))
    }

    /// The central moments along some axes; see [`Array::moment`].
    #[track_caller]
    pub fn moment_axis(&self, axes: impl Into<Axes>, order: u32) -> Array<f64> {
        let axes = axes.into();
        match order {
            0 | 1 => {
                // NaN of nothing, as the others.
                let exact = if order == 0 { 1.0 } else { 0.0 };
                let f = |exact: &f64, x: f64| if x.is_nan() { x } else { *exact };
                let lacks = self.map_to_zero().mean_axis(axes);
                unary_with("moment", &lacks, exact, f)
            }
            2..=4 => self.central(Shape::Moment(order), axes),
            _ => {
                let mean = self.mean_axis(axes.clone().keep());
                let f = |order: &u32, x: f64| x.powi(*order as i32);
                let x = unary("to_f64", self, |x: T| x.to_f64());
                unary_with("power", &(x - mean), order, f).mean_axis(axes)
            }
        }
    }

    #[track_caller]
    fn map_to_zero(&self) -> Array<f64> {
        unary("to_zero", self, |x: T| if x.is_nan() { f64::NAN } else { 0.0 })
    }

    /// The skewness of all elements: the third central moment over the third power of the standard
    /// deviation (without correction for the size of a sample). NaN of equal elements.
    #[track_caller]
    pub fn skew(&self) -> Scalar<f64> {
        Scalar(self.skew_axis(Axes::all()))
    }

    /// The skewness along some axes; see [`Array::skew`].
    #[track_caller]
    pub fn skew_axis(&self, axes: impl Into<Axes>) -> Array<f64> {
        self.central(Shape::Skew, axes.into())
    }

    /// The excess kurtosis of all elements: the fourth central moment over the square of the
    /// variance, less the 3 of a normal distribution. NaN of equal elements.
    #[track_caller]
    pub fn kurtosis(&self) -> Scalar<f64> {
        Scalar(self.kurtosis_axis(Axes::all()))
    }

    /// The excess kurtosis along some axes; see [`Array::kurtosis`].
    #[track_caller]
    pub fn kurtosis_axis(&self, axes: impl Into<Axes>) -> Array<f64> {
        self.central(Shape::Kurtosis, axes.into())
    }
}

//! Weighted means, and means of complex numbers.

use crate::array::Array;
use crate::axes::Axes;
use crate::element::Real;
use crate::elementwise::{binary, unary};
use crate::scalar::Scalar;
use num_complex::Complex;

impl<T: Real> Array<T> {
    /// The mean of all elements, each counted as often as its weight says; weights broadcast to the
    /// shape of the array. NaN if the weights add up to 0.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![1, 2, 6], 2);
    /// let weights = Array::from_ndarray(&ndarray::array![1.0, 0.0, 3.0], 2);
    /// assert_eq!(x.average(&weights).compute()?, 4.75);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn average(&self, weights: &Array<f64>) -> Scalar<f64> {
        Scalar(self.average_axis(Axes::all(), weights))
    }

    /// The weighted means along some axes; see [`Array::average`].
    #[track_caller]
    pub fn average_axis(&self, axes: impl Into<Axes>, weights: &Array<f64>) -> Array<f64> {
        let axes = axes.into();
        let weighted = binary("weigh", self, weights, |x: T, w: f64| x.to_f64() * w);
        // As large as the array, so that they add up along the same axes.
        let weights = binary("weights_of", self, weights, |_: T, w: f64| w);
        weighted.sum_axis(axes.clone()) / weights.sum_axis(axes)
    }
}

macro_rules! complex_means {
    ($($part:ty),+) => { $(
        impl Array<Complex<$part>> {
            /// The arithmetic mean of all elements; NaN of nothing.
            #[track_caller]
            pub fn mean(&self) -> Scalar<Complex<f64>> {
                Scalar(self.mean_axis(Axes::all()))
            }

            /// The arithmetic means along some axes.
            #[track_caller]
            pub fn mean_axis(&self, axes: impl Into<Axes>) -> Array<Complex<f64>> {
                let axes = axes.into();
                let ones = unary("to_one", self, |_: Complex<$part>| 1u8);
                let n = ones.sum_axis(axes.clone());
                binary("over", &self.sum_axis(axes), &n, |sum: Complex<f64>, n: u64| sum / n as f64)
            }
        }
    )+ };
}
complex_means!(f32, f64);

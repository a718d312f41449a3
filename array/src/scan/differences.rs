//! What elements differ from their neighbours, and areas under curves.

use super::neighbours::{Neighbours, Slices, neighbours};
use crate::array::Array;
use crate::axes::Axes;
use crate::element::{Number, Real};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Differences<T>(PhantomData<fn() -> T>);

impl<T: Number> Neighbours for Differences<T> {
    type In = T;
    type Out = T;
    const NAME: &'static str = "diff";
    const REACH: (usize, usize) = (0, 1);
    const SHORTER: usize = 1;

    fn slice(&self, position: usize, _: usize, input: &Slices<'_, T>, out: &mut [T]) {
        let pairs = input.at(position).iter().zip(input.at(position + 1));
        for (out, (x, next)) in out.iter_mut().zip(pairs) {
            *out = next.minus(*x);
        }
    }
}

/// Central differences, and one-sided ones at the ends.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Gradient<T> {
    spacing: f64,
    of: PhantomData<fn() -> T>,
}

impl<T: Real> Neighbours for Gradient<T> {
    type In = T;
    type Out = f64;
    const NAME: &'static str = "gradient";
    const REACH: (usize, usize) = (1, 1);
    const SHORTER: usize = 0;

    fn slice(&self, position: usize, len: usize, input: &Slices<'_, T>, out: &mut [f64]) {
        let (before, behind) = (position.saturating_sub(1), (position + 1).min(len - 1));
        let distance = (behind - before) as f64 * self.spacing;
        let pairs = input.at(before).iter().zip(input.at(behind));
        for (out, (before, behind)) in out.iter_mut().zip(pairs) {
            *out = (behind.to_f64() - before.to_f64()) / distance;
        }
    }
}

/// The mean of each element and the next.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct PairMeans<T>(PhantomData<fn() -> T>);

impl<T: Real> Neighbours for PairMeans<T> {
    type In = T;
    type Out = f64;
    const NAME: &'static str = "trapezoid";
    const REACH: (usize, usize) = (0, 1);
    const SHORTER: usize = 1;

    fn slice(&self, position: usize, _: usize, input: &Slices<'_, T>, out: &mut [f64]) {
        let pairs = input.at(position).iter().zip(input.at(position + 1));
        for (out, (x, next)) in out.iter_mut().zip(pairs) {
            *out = (x.to_f64() + next.to_f64()) / 2.0;
        }
    }
}

impl<T: Number> Array<T> {
    /// What each element differs from the one before along an axis, `n` times over.
    ///
    /// The axis is shorter by `n`, or empty; its chunks stay, but for the last. Unsigned integers
    /// wrap around. It is an error if the length of the axis is deferred.
    ///
    /// # Complexity
    /// O(n x elements): each chunk is copied together with one slice of the next.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![1, 4, 9, 16], 2);
    /// assert_eq!(x.diff(0, 1).compute()?, ndarray::array![3, 5, 7].into_dyn());
    /// assert_eq!(x.diff(0, 2).compute()?, ndarray::array![2, 2].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn diff(&self, axis: impl Into<Axes>, n: usize) -> Array<T> {
        let axis = axis.into();
        if n == 0 {
            // A wrong axis is an error all the same.
            return Array::build("diff", &[&self.node], |_| {
                axis.one(self.ndim()).map(|_| self.node.clone())
            });
        }
        let mut result = self.clone();
        for _ in 0..n {
            let len =
                axis.one(result.ndim()).ok().and_then(|axis| result.chunks().axes()[axis].len());
            result = neighbours(&result, axis.clone(), Differences(PhantomData), 0);
            if len == Some(0) {
                break;
            }
        }
        result
    }

    /// What each element differs from the one before, in row-major order: along one axis.
    ///
    /// As [`Array::diff`] of [`Array::ravel`].
    #[track_caller]
    pub fn ediff1d(&self) -> Array<T> {
        match self.ndim() {
            1 => self.diff(0, 1),
            _ => self.ravel().diff(0, 1),
        }
    }
}

impl<T: Real> Array<T> {
    /// The slope at each element along an axis whose elements are `spacing` apart: half the
    /// difference between its neighbours, or, at the ends, the difference to its only neighbour.
    ///
    /// Preserves shape and chunks. It is an error if the axis has fewer than two elements, or a
    /// deferred length.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![1, 2, 4, 7], 2);
    /// assert_eq!(x.gradient(0, 1.0).compute()?, ndarray::array![1.0, 1.5, 2.5, 3.0].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn gradient(&self, axis: impl Into<Axes>, spacing: f64) -> Array<f64> {
        neighbours(self, axis.into(), Gradient { spacing, of: PhantomData }, 2)
    }
}

impl<T: Real> Array<T> {
    /// The area under the line through the elements along an axis, which are `spacing` apart
    /// (the trapezoidal rule); 0 of fewer than two elements.
    ///
    /// It is an error if the length of the axis is deferred.
    #[track_caller]
    pub fn trapezoid(&self, axis: impl Into<Axes>, spacing: f64) -> Array<f64> {
        let axis = axis.into();
        let means = neighbours(self, axis.clone(), PairMeans(PhantomData), 0);
        means.sum_axis(axis) * spacing
    }
}

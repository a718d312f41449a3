//! `sort` and `argsort`.

use super::external::SortOptions;
use super::lanes::{LaneKernel, LaneVec, Of, Place, lanes};
use super::order::{order, sort_lane};
use crate::array::Array;
use crate::axes::Axes;
use crate::chunks::PerAxis;
use crate::element::Real;
use crate::error::ArrayError;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Sort<T>(Of<T>);

impl<T: Real> LaneKernel for Sort<T> {
    type In = T;
    type Out = T;
    const NAME: &'static str = "sort";

    fn out_len(&self, n: Option<usize>) -> Option<usize> {
        n
    }

    fn lanes(&self, mut lanes: LaneVec<T>) -> Result<Vec<T>, ArrayError> {
        lanes.elements.chunks_mut(lanes.len.max(1)).for_each(sort_lane);
        Ok(lanes.elements)
    }

    fn scratch(&self, n: usize) -> usize {
        n.saturating_mul(size_of::<T>())
    }
}

/// Where the elements of a sorted lane were.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Argsort<T>(Of<T>);

impl<T: Real> LaneKernel for Argsort<T> {
    type In = T;
    type Out = u64;
    const NAME: &'static str = "argsort";

    fn out_len(&self, n: Option<usize>) -> Option<usize> {
        n
    }

    fn lanes(&self, lanes: LaneVec<T>) -> Result<Vec<u64>, ArrayError> {
        let n = lanes.len;
        // Elements beside their numbers: comparing them does not jump around in memory.
        let mut pairs: Vec<(T, u64)> = Vec::with_capacity(n);
        Ok(lanes.map(n, |lane, out| {
            pairs.clear();
            pairs.extend(lane.iter().copied().zip(0..));
            pairs.sort_by(|a, b| order(&a.0, &b.0));
            for (out, (_, at)) in out.iter_mut().zip(&pairs) {
                *out = *at;
            }
        }))
    }

    fn scratch(&self, n: usize) -> usize {
        n.saturating_mul(2 * size_of::<(T, u64)>())
    }
}

/// The mask of one axis.
pub(super) fn one_axis(axes: Axes) -> impl FnOnce(usize) -> Result<PerAxis<bool>, ArrayError> {
    move |ndim| {
        axes.one(ndim)?;
        axes.mask(ndim)
    }
}

fn every_axis(ndim: usize) -> Result<PerAxis<bool>, ArrayError> {
    Axes::all().mask(ndim)
}

impl<T: Real> Array<T> {
    /// The elements in ascending order along an axis, which becomes one chunk. NaN comes last.
    ///
    /// Preserves the shape, and the chunks along the other axes.
    ///
    /// # Complexity
    /// O(n log n) for each lane of `n` elements. A task takes all chunks along the axis, and holds
    /// their elements twice while they are put together. Where an expression is built under a memory
    /// limit that is too small for it, the chunks along the axis stay instead, and are merged: see
    /// [`Array::sort_with`].
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![[3, 1, 2], [0, 5, 4]], 2);
    /// assert_eq!(x.sort(1).compute()?, ndarray::array![[1, 2, 3], [0, 4, 5]].into_dyn());
    /// assert_eq!(x.argsort(1).compute()?, ndarray::array![[1u64, 2, 0], [0, 2, 1]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn sort(&self, axis: impl Into<Axes>) -> Array<T> {
        self.sort_with(axis, &SortOptions::DEFAULT)
    }

    #[track_caller]
    pub(super) fn sort_in_tasks(&self, axis: Axes) -> Array<T> {
        lanes(self, Sort(PhantomData), Place::Along, one_axis(axis))
    }

    /// All elements in ascending order, in one axis of one chunk. NaN comes last.
    ///
    /// # Complexity
    /// O(n log n), in one task that holds all elements. Under a memory limit that is too small for it
    /// the result keeps several chunks, see [`Array::sort_flat_with`].
    #[track_caller]
    pub fn sort_flat(&self) -> Array<T> {
        self.sort_flat_with(&SortOptions::DEFAULT)
    }

    #[track_caller]
    pub(super) fn sort_flat_in_tasks(&self) -> Array<T> {
        lanes(self, Sort(PhantomData), Place::First, every_axis)
    }

    /// Where the elements of [`Array::sort`] were along the axis, from 0. Of equal elements the
    /// first comes first.
    #[track_caller]
    pub fn argsort(&self, axis: impl Into<Axes>) -> Array<u64> {
        self.argsort_with(axis, &SortOptions::DEFAULT)
    }

    #[track_caller]
    pub(super) fn argsort_in_tasks(&self, axis: Axes) -> Array<u64> {
        lanes(self, Argsort(PhantomData), Place::Along, one_axis(axis))
    }

    /// The row-major numbers of the elements of [`Array::sort_flat`].
    #[track_caller]
    pub fn argsort_flat(&self) -> Array<u64> {
        self.argsort_flat_with(&SortOptions::DEFAULT)
    }

    #[track_caller]
    pub(super) fn argsort_flat_in_tasks(&self) -> Array<u64> {
        lanes(self, Argsort(PhantomData), Place::First, every_axis)
    }
}

//! `partition` and `argpartition`.

use super::lanes::{LaneKernel, LaneVec, Of, Place, lanes};
use super::order::order;
use super::sorted::one_axis;
use crate::array::Array;
use crate::axes::Axes;
use crate::element::Real;
use crate::error::ArrayError;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// The position that a number means in a lane.
fn position(kth: isize, n: usize) -> Result<usize, ArrayError> {
    let found = if kth < 0 { kth + n as isize } else { kth };
    match usize::try_from(found) {
        Ok(found) if found < n => Ok(found),
        _ => Err(ArrayError::Argument { name: "kth", why: format!("{kth} of {n} elements") }),
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Partition<T> {
    kth: i64,
    of: Of<T>,
}

impl<T: Real> LaneKernel for Partition<T> {
    type In = T;
    type Out = T;
    const NAME: &'static str = "partition";

    fn out_len(&self, n: Option<usize>) -> Option<usize> {
        n
    }

    fn lanes(&self, mut lanes: LaneVec<T>) -> Result<Vec<T>, ArrayError> {
        if lanes.n_lanes > 0 {
            let kth = position(self.kth as isize, lanes.len)?;
            for lane in lanes.elements.chunks_mut(lanes.len) {
                lane.select_nth_unstable_by(kth, order);
            }
        }
        Ok(lanes.elements)
    }

    fn scratch(&self, _: usize) -> usize {
        0
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Argpartition<T> {
    kth: i64,
    of: Of<T>,
}

impl<T: Real> LaneKernel for Argpartition<T> {
    type In = T;
    type Out = u64;
    const NAME: &'static str = "argpartition";

    fn out_len(&self, n: Option<usize>) -> Option<usize> {
        n
    }

    fn lanes(&self, lanes: LaneVec<T>) -> Result<Vec<u64>, ArrayError> {
        let n = lanes.len;
        let kth = if lanes.n_lanes > 0 { position(self.kth as isize, n)? } else { 0 };
        let mut pairs: Vec<(T, u64)> = Vec::with_capacity(n);
        Ok(lanes.map(n, |lane, out| {
            pairs.clear();
            pairs.extend(lane.iter().copied().zip(0..));
            pairs.select_nth_unstable_by(kth, |a, b| order(&a.0, &b.0).then(a.1.cmp(&b.1)));
            for (out, (_, at)) in out.iter_mut().zip(&pairs) {
                *out = *at;
            }
        }))
    }

    fn scratch(&self, n: usize) -> usize {
        n.saturating_mul(size_of::<(T, u64)>())
    }
}

impl<T: Real> Array<T> {
    /// The elements along an axis, ordered so far that number `kth` (negative ones count from the
    /// end) is the one that it is in sorted order, those before are not greater, and those behind
    /// not less. NaN counts as the greatest.
    ///
    /// The axis becomes one chunk. It is an error if there is no such number, of the task if the
    /// length of the axis is deferred.
    ///
    /// # Complexity
    /// As [`Array::sort`], but O(n) for each lane.
    #[track_caller]
    pub fn partition(&self, axis: impl Into<Axes>, kth: isize) -> Array<T> {
        let (axes, kernel) = (axis.into(), Partition { kth: kth as i64, of: PhantomData });
        match self.check_kth(&axes, kth) {
            Ok(()) => lanes(self, kernel, Place::Along, one_axis(axes)),
            Err(error) => Array::build("partition", &[&self.node], |_| Err(error)),
        }
    }

    /// Where the elements of [`Array::partition`] were along the axis, from 0. Of equal elements the
    /// first counts as less.
    #[track_caller]
    pub fn argpartition(&self, axis: impl Into<Axes>, kth: isize) -> Array<u64> {
        let (axes, kernel) = (axis.into(), Argpartition { kth: kth as i64, of: PhantomData });
        match self.check_kth(&axes, kth) {
            Ok(()) => lanes(self, kernel, Place::Along, one_axis(axes)),
            Err(error) => Array::build("argpartition", &[&self.node], |_| Err(error)),
        }
    }

    fn check_kth(&self, axes: &Axes, kth: isize) -> Result<(), ArrayError> {
        let axis = axes.one(self.ndim())?;
        match self.chunks().axes()[axis].len() {
            Some(n) => position(kth, n).map(drop),
            None => Ok(()),
        }
    }
}

//! The order of elements: NaN behind all others.

use crate::element::Real;
use std::cmp::Ordering;

/// How two elements lie; NaN is the greatest, and equal to itself.
#[inline]
pub(crate) fn order<T: Real>(a: &T, b: &T) -> Ordering {
    a.partial_cmp(b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// Sorts a lane; equal elements stay in their order.
pub(crate) fn sort_lane<T: Real>(lane: &mut [T]) {
    lane.sort_by(order);
}

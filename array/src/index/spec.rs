//! [`Slices`]: what of an array is wanted, axis by axis, and what that means for one array.

use crate::axes::find_axis;
use crate::chunks::PerAxis;
use crate::error::ArrayError;
use crate::extent::Extent;
use chunkwise_storage::{Region, Span};
use ndarray::{Dimension, SliceInfo, SliceInfoElem};

/// What of an array is wanted: a slice or a position of each axis, and new axes, as `ndarray`'s
/// [`s!`](ndarray::s) writes them. Axes that are not named are taken whole.
///
/// Ranges are cut to the axis, as in NumPy: `s![5..100]` of 8 elements is the last 3. A range with a
/// negative step is gone through from its end, as in `ndarray`: `s![..;-1]` is everything backwards,
/// `s![1..6;-2]` is 5, 3, 1. Single positions must exist; negative ones count from the end.
///
/// ```
/// use chunkwise_array::{Array, Slices};
/// use ndarray::s;
/// let x = Array::<f64>::ones([4, 5, 6], 2);
/// assert_eq!(x.slice(s![1.., ..;2, -1]).dims()?[..], [3, 3]);
/// assert_eq!(x.slice(s![1..]).dims()?[..], [3, 5, 6]);
/// // From the last axis: NumPy's `x[..., 0]`, and one end with the other, `x[0, ..., :2]`.
/// assert_eq!(x.slice(Slices::last(s![0])).dims()?[..], [4, 5]);
/// assert_eq!(x.slice(Slices::from(s![0]).and_last(s![..2])).dims()?[..], [5, 2]);
/// # Ok::<(), chunkwise_array::ArrayError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Slices {
    first: Vec<SliceInfoElem>,
    last: Vec<SliceInfoElem>,
}

impl Slices {
    /// Of the last axes; those before are taken whole, as behind an ellipsis of NumPy.
    pub fn last(slices: impl Into<Slices>) -> Slices {
        Slices::default().and_last(slices)
    }

    /// These of the first axes and `slices` of the last ones; those between are taken whole.
    #[must_use]
    pub fn and_last(mut self, slices: impl Into<Slices>) -> Slices {
        let slices = slices.into();
        self.last.extend(slices.first.into_iter().chain(slices.last));
        self
    }
}

impl<T, Din, Dout> From<SliceInfo<T, Din, Dout>> for Slices
where
    T: AsRef<[SliceInfoElem]>,
    Din: Dimension,
    Dout: Dimension,
{
    fn from(slices: SliceInfo<T, Din, Dout>) -> Slices {
        let slices: &[SliceInfoElem] = slices.as_ref();
        slices.into()
    }
}

impl From<&[SliceInfoElem]> for Slices {
    fn from(slices: &[SliceInfoElem]) -> Slices {
        Slices { first: slices.to_vec(), last: Vec::new() }
    }
}

impl From<Vec<SliceInfoElem>> for Slices {
    fn from(slices: Vec<SliceInfoElem>) -> Slices {
        Slices { first: slices, last: Vec::new() }
    }
}

/// What slices mean for an array: a region, some of whose axes are turned around; then axes of
/// length 1 go and others come.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Resolved {
    pub(crate) region: Region,
    /// For each axis of the array whether it is gone through backwards.
    pub(crate) flipped: PerAxis<bool>,
    /// For each axis of the array whether one position of it was named, so that it goes.
    pub(crate) dropped: PerAxis<bool>,
    /// The axes of the result that are new, in ascending order.
    pub(crate) inserted: PerAxis<usize>,
}

impl Slices {
    /// What they mean for an array of this shape.
    ///
    /// # Errors
    /// [`ArrayError::TooManyIndices`], [`ArrayError::Index`], [`ArrayError::Argument`] for a step of
    /// 0, [`ArrayError::Deferred`] for a part of an axis of deferred length.
    pub(crate) fn resolve(&self, shape: &[Extent]) -> Result<Resolved, ArrayError> {
        let all = || self.first.iter().chain(&self.last);
        let n_named = all().filter(|slice| !matches!(slice, SliceInfoElem::NewAxis)).count();
        let n_whole = shape
            .len()
            .checked_sub(n_named)
            .ok_or(ArrayError::TooManyIndices { given: n_named, ndim: shape.len() })?;
        let whole = SliceInfoElem::Slice { start: 0, end: None, step: 1 };
        let between = std::iter::repeat_n(&whole, n_whole);
        let mut resolving = Resolving::default();
        for slice in self.first.iter().chain(between).chain(&self.last) {
            resolving.take(slice, shape)?;
        }
        let Resolving { spans, flipped, dropped, inserted, .. } = resolving;
        Ok(Resolved { region: spans.into_iter().collect(), flipped, dropped, inserted })
    }
}

#[derive(Default)]
struct Resolving {
    spans: PerAxis<Span>,
    flipped: PerAxis<bool>,
    dropped: PerAxis<bool>,
    inserted: PerAxis<usize>,
    /// Axes of the result so far.
    ndim: usize,
}

impl Resolving {
    fn take(&mut self, slice: &SliceInfoElem, shape: &[Extent]) -> Result<(), ArrayError> {
        let axis = self.spans.len();
        match *slice {
            SliceInfoElem::NewAxis => self.inserted.push(self.ndim),
            SliceInfoElem::Index(index) => {
                let len = known(shape[axis], axis)?;
                self.spans.push(Span::new(position(index, axis, len)?, 1));
                self.flipped.push(false);
                self.dropped.push(true);
                return Ok(());
            }
            SliceInfoElem::Slice { start, end, step } => {
                let is_all = start == 0 && end.is_none() && step.unsigned_abs() == 1;
                let span = match shape[axis] {
                    // Its length does not matter: it is taken whole.
                    Extent::Deferred if is_all => Span::new(0, 0),
                    len => span_of(start, end, step, known(len, axis)?)?,
                };
                self.spans.push(span);
                self.flipped.push(step < 0);
                self.dropped.push(false);
            }
        }
        self.ndim += 1;
        Ok(())
    }
}

fn known(extent: Extent, axis: usize) -> Result<usize, ArrayError> {
    extent.known().ok_or(ArrayError::Deferred { operation: "slice", axis })
}

/// The position along an axis that a number means; negative ones count from the end.
///
/// # Errors
/// [`ArrayError::Index`].
pub(crate) fn position(index: isize, axis: usize, len: usize) -> Result<usize, ArrayError> {
    find_axis(index, len).map_err(|_| ArrayError::Index { index, axis, len })
}

/// The positions of a range, in ascending order.
fn span_of(start: isize, end: Option<isize>, step: isize, len: usize) -> Result<Span, ArrayError> {
    let from_end = |at: isize| match usize::try_from(at) {
        Ok(at) => at.min(len),
        Err(_) => len.saturating_sub(at.unsigned_abs()),
    };
    let (start, end) = (from_end(start), end.map_or(len, from_end));
    let step_len = step.unsigned_abs();
    if step_len == 0 {
        let why = "a slice with a step of 0".to_owned();
        return Err(ArrayError::Argument { name: "step", why });
    }
    let count = end.saturating_sub(start).div_ceil(step_len);
    Ok(match count {
        0 => Span::new(0, 0),
        // Backwards the last position of the range comes first.
        1 => Span::new(if step < 0 { end - 1 } else { start }, 1),
        _ if step < 0 => Span { start: end - 1 - (count - 1) * step_len, count, step: step_len },
        _ => Span { start, count, step: step_len },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_come_and_go() {
        let shape = [3, 4, 5].map(Extent::Known);
        let new = SliceInfoElem::NewAxis;
        let range = SliceInfoElem::Slice { start: 1, end: Some(3), step: 1 };
        let slices = Slices::from(vec![SliceInfoElem::Index(-1), new]);
        let resolved = slices.and_last(vec![new, range]).resolve(&shape).unwrap();
        assert_eq!(resolved.region.counts()[..], [1, 4, 2]);
        assert_eq!(resolved.dropped[..], [true, false, false]);
        assert_eq!(resolved.inserted[..], [0, 2]);
    }
}

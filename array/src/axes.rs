//! [`Axes`]: which axes an operation works along.

use crate::error::ArrayError;
use ndarray::Axis;
use smallvec::SmallVec;

/// Axes of an array, and whether they stay with length 1 when they are reduced.
///
/// Made from an [`Axis`], a number or an array of numbers (negative ones count from the end), or
/// [`Axes::all`].
///
/// ```
/// use chunkwise_array::{Array, Axes};
/// use ndarray::Axis;
/// let x = Array::<f64>::ones([4, 5, 6], 2);
/// assert_eq!(x.sum_axis(Axis(1)).dims()?[..], [4, 6]);
/// assert_eq!(x.sum_axis([0, -1]).dims()?[..], [5]);
/// assert_eq!(x.sum_axis(Axes::from(0).keep()).dims()?[..], [1, 5, 6]);
/// # Ok::<(), chunkwise_array::ArrayError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Axes {
    /// `None`: all of them.
    axes: Option<SmallVec<[isize; 4]>>,
    keep: bool,
}

impl Axes {
    /// All axes.
    pub fn all() -> Axes {
        Axes { axes: None, keep: false }
    }

    /// The same axes, which stay in the result with length 1.
    #[must_use]
    pub fn keep(self) -> Axes {
        Axes { keep: true, ..self }
    }

    /// Whether they stay.
    pub(crate) fn is_kept(&self) -> bool {
        self.keep
    }

    /// How many axes are named; `None` of all.
    pub(crate) fn n_named(&self) -> Option<usize> {
        self.axes.as_ref().map(SmallVec::len)
    }

    /// For each axis of an array whether it is one of these.
    ///
    /// # Errors
    /// [`ArrayError::Axis`], [`ArrayError::RepeatedAxis`].
    pub(crate) fn mask(&self, ndim: usize) -> Result<SmallVec<[bool; 4]>, ArrayError> {
        let Some(axes) = &self.axes else { return Ok(smallvec::smallvec![true; ndim]) };
        let mut mask: SmallVec<[bool; 4]> = smallvec::smallvec![false; ndim];
        for &axis in axes {
            let axis = find_axis(axis, ndim)?;
            if std::mem::replace(&mut mask[axis], true) {
                return Err(ArrayError::RepeatedAxis { axis });
            }
        }
        Ok(mask)
    }

    /// The axis of an array, where an operation works along one.
    ///
    /// # Errors
    /// [`ArrayError::Axis`]; [`ArrayError::Argument`] if there are others, or none.
    pub(crate) fn one(&self, ndim: usize) -> Result<usize, ArrayError> {
        let mask = self.mask(ndim)?;
        let mut axes = (0..ndim).filter(|&axis| mask[axis]);
        match (axes.next(), axes.next()) {
            (Some(axis), None) => Ok(axis),
            _ => {
                let n = mask.iter().filter(|is_one| **is_one).count();
                Err(ArrayError::Argument { name: "axis", why: format!("{n} axes, not one") })
            }
        }
    }
}

/// The axis that a number means; negative ones count from the end.
///
/// # Errors
/// [`ArrayError::Axis`].
pub(crate) fn find_axis(axis: isize, ndim: usize) -> Result<usize, ArrayError> {
    let found = if axis < 0 { axis + ndim as isize } else { axis };
    match usize::try_from(found) {
        Ok(found) if found < ndim => Ok(found),
        _ => Err(ArrayError::Axis { axis, ndim }),
    }
}

impl From<Axis> for Axes {
    fn from(axis: Axis) -> Axes {
        // An axis that is no `isize` is none of any array.
        isize::try_from(axis.0).unwrap_or(isize::MAX).into()
    }
}

impl From<isize> for Axes {
    fn from(axis: isize) -> Axes {
        Axes { axes: Some(SmallVec::from_slice(&[axis])), keep: false }
    }
}

impl<const N: usize> From<[isize; N]> for Axes {
    fn from(axes: [isize; N]) -> Axes {
        Axes { axes: Some(axes.into_iter().collect()), keep: false }
    }
}

impl From<&[isize]> for Axes {
    fn from(axes: &[isize]) -> Axes {
        Axes { axes: Some(axes.iter().copied().collect()), keep: false }
    }
}

impl<const N: usize> From<[Axis; N]> for Axes {
    fn from(axes: [Axis; N]) -> Axes {
        let number = |axis: Axis| isize::try_from(axis.0).unwrap_or(isize::MAX);
        Axes { axes: Some(axes.into_iter().map(number).collect()), keep: false }
    }
}

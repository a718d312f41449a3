//! [`PadWidths`] and [`PadMode`]: how wide a border is, and what it is made of.

use super::pad::{Side, ramp};
use crate::axes::Axes;
use crate::blocks::medians;
use crate::chunks::PerAxis;
use crate::element::{Element, Real};
use crate::elementwise::unary;
use crate::error::ArrayError;
use crate::expr::Node;
use std::sync::Arc;

/// How wide a border is: made from a number, from a pair (before, after) for all axes, or from a
/// pair for each axis.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PadWidths(Widths);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Widths {
    Each(usize, usize),
    PerAxis(Vec<(usize, usize)>),
}

impl PadWidths {
    /// The widths on both sides of each axis.
    ///
    /// # Errors
    /// [`ArrayError::Argument`] if they are given for another number of axes.
    pub(crate) fn of_axes(&self, ndim: usize) -> Result<PerAxis<(usize, usize)>, ArrayError> {
        match &self.0 {
            Widths::Each(before, after) => Ok(smallvec::smallvec![(*before, *after); ndim]),
            Widths::PerAxis(axes) if axes.len() == ndim => Ok(axes.as_slice().into()),
            Widths::PerAxis(axes) => {
                let why = format!("they are given for {} axes of {ndim}", axes.len());
                Err(ArrayError::Argument { name: "widths", why })
            }
        }
    }
}

impl From<usize> for PadWidths {
    fn from(width: usize) -> PadWidths {
        PadWidths(Widths::Each(width, width))
    }
}

impl From<(usize, usize)> for PadWidths {
    fn from((before, after): (usize, usize)) -> PadWidths {
        PadWidths(Widths::Each(before, after))
    }
}

impl<const N: usize> From<[(usize, usize); N]> for PadWidths {
    fn from(axes: [(usize, usize); N]) -> PadWidths {
        PadWidths(Widths::PerAxis(axes.into()))
    }
}

impl From<&[(usize, usize)]> for PadWidths {
    fn from(axes: &[(usize, usize)]) -> PadWidths {
        PadWidths(Widths::PerAxis(axes.into()))
    }
}

/// What a border is made of.
#[derive(Clone, Copy, Debug)]
pub struct PadMode<T>(pub(super) Mode<T>);

/// Makes one side of a border.
type Border = fn(&Side<'_>) -> Result<Arc<Node>, ArrayError>;

#[derive(Clone, Copy, Debug)]
pub(super) enum Mode<T> {
    Constant(T),
    Edge,
    Reflect,
    Symmetric,
    Wrap,
    /// Made of so many elements next to it, or of all.
    Statistic(Border, Option<usize>),
    Ramp(fn(&Side<'_>, f64) -> Result<Arc<Node>, ArrayError>, f64),
}

impl<T: Element> PadMode<T> {
    /// The same element everywhere.
    pub fn constant(element: T) -> PadMode<T> {
        PadMode(Mode::Constant(element))
    }

    /// Anything: zeros.
    pub fn empty() -> PadMode<T> {
        PadMode(Mode::Constant(T::default()))
    }

    /// The element at the edge.
    pub fn edge() -> PadMode<T> {
        PadMode(Mode::Edge)
    }

    /// The array reflected at its edge, which is not repeated: `3 2 | 1 2 3 | 2 1`.
    pub fn reflect() -> PadMode<T> {
        PadMode(Mode::Reflect)
    }

    /// The array reflected behind its edge, which is repeated: `2 1 | 1 2 3 | 3 2`.
    pub fn symmetric() -> PadMode<T> {
        PadMode(Mode::Symmetric)
    }

    /// The array again: `2 3 | 1 2 3 | 1 2`.
    pub fn wrap() -> PadMode<T> {
        PadMode(Mode::Wrap)
    }
}

impl<T: Real> PadMode<T> {
    /// A ramp from the element at the edge to `end`; of integers rounded down.
    pub fn linear_ramp(end: T) -> PadMode<T> {
        PadMode(Mode::Ramp(ramp::<T>, end.to_f64()))
    }

    /// The greatest of the `n` elements at the edge, or of all along the axis.
    pub fn maximum(n: Option<usize>) -> PadMode<T> {
        let of =
            |side: &Side<'_>| side.statistic::<T>(|x, axis| x.max_axis(Axes::from(axis).keep()));
        PadMode(Mode::Statistic(of, n))
    }

    /// The least of the `n` elements at the edge, or of all along the axis.
    pub fn minimum(n: Option<usize>) -> PadMode<T> {
        let of =
            |side: &Side<'_>| side.statistic::<T>(|x, axis| x.min_axis(Axes::from(axis).keep()));
        PadMode(Mode::Statistic(of, n))
    }

    /// The median of the `n` elements at the edge, or of all along the axis; of integers rounded.
    pub fn median(n: Option<usize>) -> PadMode<T> {
        let of = |side: &Side<'_>| {
            side.statistic::<T>(|x, axis| unary("round", &medians(x, axis), T::rounded_from))
        };
        PadMode(Mode::Statistic(of, n))
    }
}

impl<T: Real> PadMode<T>
where
    T::Sum: Real,
{
    /// The mean of the `n` elements at the edge, or of all along the axis; of integers rounded.
    pub fn mean(n: Option<usize>) -> PadMode<T> {
        let of = |side: &Side<'_>| {
            side.statistic::<T>(|x, axis| {
                unary("round", &x.mean_axis(Axes::from(axis).keep()), T::rounded_from)
            })
        };
        PadMode(Mode::Statistic(of, n))
    }
}

//! Shifting elements around the ends of axes.

use crate::array::Array;
use crate::axes::find_axis;
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, select};
use crate::joining::concatenated;
use chunkwise_storage::{Region, Span};
use std::panic::Location;
use std::sync::Arc;

impl<T: Element> Array<T> {
    /// Elements shifted along an axis by `shift` places; what leaves at one end comes in at the
    /// other.
    ///
    /// Preserves the shape; chunks are shifted too, and one of them is cut in two.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 5, 1, 2).roll_axis_by(2, 0);
    /// assert_eq!(x.compute()?, ndarray::arr1(&[3, 4, 0, 1, 2]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn roll_axis_by(&self, shift: isize, axis: isize) -> Array<T> {
        self.roll_axes(&[(shift, axis)])
    }

    /// Elements shifted along several axes, given as pairs of a shift and an axis; shifts along one
    /// axis add up.
    #[track_caller]
    pub fn roll_axes(&self, shifts: &[(isize, isize)]) -> Array<T> {
        Array::build("roll", &[&self.node], |made_at| {
            let mut node = self.node.clone();
            for &(shift, axis) in shifts {
                node = rolled::<T>(node, shift, find_axis(axis, self.ndim())?, made_at)?;
            }
            Ok(node)
        })
    }

    /// Elements shifted in row-major order, as if the array had one axis.
    #[track_caller]
    pub fn roll(&self, shift: isize) -> Array<T> {
        match self.dims() {
            Ok(shape) if shape.len() != 1 => {
                self.ravel().roll_axes(&[(shift, 0)]).reshape(&shape[..])
            }
            _ => self.roll_axes(&[(shift, 0)]),
        }
    }
}

/// The input shifted along an axis.
fn rolled<T: Element>(
    input: Arc<Node>,
    shift: isize,
    axis: usize,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    let len = input.chunks.axes()[axis].len();
    let len = len.ok_or(ArrayError::Deferred { operation: "roll", axis })?;
    let shift = shift.rem_euclid(len.max(1) as isize) as usize;
    if shift == 0 {
        return Ok(input);
    }
    let tail = span_of(&input, axis, Span::new(len - shift, shift), made_at);
    let head = span_of(&input, axis, Span::new(0, len - shift), made_at);
    concatenated::<T>("roll", vec![tail, head], axis, made_at)
}

/// A span of one axis, and all of the others.
pub(crate) fn span_of(
    input: &Arc<Node>,
    axis: usize,
    span: Span,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let axes = input.chunks.axes().iter().enumerate();
    let region: Region = axes
        .map(|(at, own)| if at == axis { span } else { Span::new(0, own.len().unwrap_or(0)) })
        .collect();
    select(Arc::clone(input), region, made_at)
}

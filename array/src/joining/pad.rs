//! Arrays with a border around them.

use super::concatenate::concatenated;
use super::pad_mode::{Mode, PadMode, PadWidths};
use crate::array::{Array, known_shape};
use crate::axis_chunks::AxisChunks;
use crate::chunks::{Chunks, PerAxis};
use crate::create::{Constant, generated};
use crate::element::{Bits, Element, Real};
use crate::elementwise::elementwise;
use crate::error::ArrayError;
use crate::expr::Node;
use crate::layout::{along, broadcast, flip, span_of};
use crate::tile::Map2;
use chunkwise_graph::Tokenizer;
use chunkwise_storage::Span;
use std::panic::Location;
use std::sync::Arc;

impl<T: Element> Array<T> {
    /// With a border around it, as NumPy's `pad` makes it: along one axis after the other, corners
    /// too.
    ///
    /// Preserves the cut of the array; the border lies in chunks of its own.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt, PadMode};
    /// let x = Array::arange(1, 4, 1, 3);
    /// let padded = x.pad((2, 1), PadMode::reflect());
    /// assert_eq!(padded.compute()?, ndarray::arr1(&[3, 2, 1, 2, 3, 2]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn pad(&self, widths: impl Into<PadWidths>, mode: PadMode<T>) -> Array<T> {
        let widths = widths.into();
        Array::build("pad", &[&self.node], |made_at| {
            known_shape(&self.node, "pad")?;
            let widths = widths.of_axes(self.ndim())?;
            let mut node = self.node.clone();
            for (axis, (before, after)) in widths.into_iter().enumerate() {
                node = padded(node, axis, (before, after), &mode.0, made_at)?;
            }
            Ok(node)
        })
    }
}

/// The input with a border along one axis.
fn padded<T: Element>(
    input: Arc<Node>,
    axis: usize,
    (before, after): (usize, usize),
    mode: &Mode<T>,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    let len = input.chunks.axes()[axis].len().unwrap_or(0);
    if len.checked_add(before).and_then(|n| n.checked_add(after)).is_none() {
        return Err(ArrayError::TooLarge { shape: [len, before, after].into() });
    }
    let mut parts = Vec::new();
    for (width, is_before) in [(before, true), (after, false)] {
        let side = Side { input: &input, axis, len, is_before, width, n: None, made_at };
        if is_before {
            parts.extend(side.parts(mode)?);
            parts.push(Arc::clone(&input));
        } else {
            parts.extend(side.parts(mode)?);
        }
    }
    concatenated::<T>("pad", parts, axis, made_at)
}

/// One side of a border along an axis.
pub(super) struct Side<'a> {
    input: &'a Arc<Node>,
    axis: usize,
    /// The length of the axis.
    len: usize,
    is_before: bool,
    width: usize,
    /// How many elements a statistic is made of, if not of all.
    n: Option<usize>,
    made_at: &'static Location<'static>,
}

impl Side<'_> {
    /// The parts of the border, in the order in which they lie.
    fn parts<T: Element>(&self, mode: &Mode<T>) -> Result<Vec<Arc<Node>>, ArrayError> {
        if self.width == 0 {
            return Ok(Vec::new());
        }
        let needs_some = !matches!(mode, Mode::Constant(_));
        if self.len == 0 && needs_some {
            let axis = self.axis;
            let why = format!("axis {axis} has no elements that the border could be made of");
            return Err(ArrayError::Argument { name: "mode", why });
        }
        match *mode {
            Mode::Constant(element) => Ok(vec![self.constant(element)]),
            Mode::Edge => Ok(vec![self.edge::<T>()]),
            Mode::Reflect if self.len == 1 => Ok(vec![self.edge::<T>()]),
            Mode::Reflect => Ok(self.mirrored::<T>(1)),
            Mode::Symmetric => Ok(self.mirrored::<T>(0)),
            Mode::Wrap => Ok(self.wrapped()),
            Mode::Statistic(_, Some(0)) => {
                let why = "a statistic of 0 elements".to_owned();
                Err(ArrayError::Argument { name: "n", why })
            }
            Mode::Statistic(of, n) => Ok(vec![of(&Side { n, ..*self })?]),
            Mode::Ramp(of, end) => Ok(vec![of(self, end)?]),
        }
    }

    /// The cut of this side of the border: as large chunks as the array has.
    fn chunks(&self) -> Chunks {
        let largest = self.input.chunks.axes()[self.axis].largest().unwrap_or(1);
        self.input.chunks.with_axis(self.axis, AxisChunks::regular(self.width, largest))
    }

    fn constant<T: Element>(&self, element: T) -> Arc<Node> {
        let chunks = self.chunks();
        let token = Tokenizer::of("full", &(Bits(element), &chunks));
        generated("full", Constant(element), chunks, token, self.made_at)
    }

    /// The `n` elements at this edge.
    fn nearest(&self, n: usize) -> Arc<Node> {
        let n = n.min(self.len);
        let start = if self.is_before { 0 } else { self.len - n };
        span_of(self.input, self.axis, Span::new(start, n), self.made_at)
    }

    fn edge<T: Element>(&self) -> Arc<Node> {
        broadcast::<T>(self.nearest(1), self.chunks(), self.made_at)
    }

    /// The array, forth and back, without the first `skip` elements of each way.
    fn mirrored<T: Element>(&self, skip: usize) -> Vec<Arc<Node>> {
        let each = self.len - skip;
        let flipped = (0..self.input.chunks.ndim()).map(|axis| axis == self.axis);
        let flipped: PerAxis<bool> = flipped.collect();
        let mut parts = Vec::new();
        let (mut left, mut is_reversed) = (self.width, true);
        while left > 0 {
            let n = left.min(each);
            // Reversed parts start behind the near edge, others behind the far one.
            let start = match self.is_before == is_reversed {
                true => skip,
                false => self.len - skip - n,
            };
            let part = span_of(self.input, self.axis, Span::new(start, n), self.made_at);
            parts.push(match is_reversed {
                true => flip::<T>(part, flipped.clone(), self.made_at),
                false => part,
            });
            left -= n;
            is_reversed = !is_reversed;
        }
        self.in_order(parts)
    }

    /// The array again and again.
    fn wrapped(&self) -> Vec<Arc<Node>> {
        let mut parts = Vec::new();
        let mut left = self.width;
        while left > 0 {
            let n = left.min(self.len);
            let start = if self.is_before { self.len - n } else { 0 };
            parts.push(span_of(self.input, self.axis, Span::new(start, n), self.made_at));
            left -= n;
        }
        self.in_order(parts)
    }

    /// Parts that were found from the array outwards.
    fn in_order(&self, mut parts: Vec<Arc<Node>>) -> Vec<Arc<Node>> {
        if self.is_before {
            parts.reverse();
        }
        parts
    }

    /// What `of` makes of the elements at this edge, everywhere.
    pub(super) fn statistic<T: Element>(
        &self,
        of: impl FnOnce(&Array<T>, isize) -> Array<T>,
    ) -> Result<Arc<Node>, ArrayError> {
        let some = Array::<T>::of_node(self.nearest(self.n.unwrap_or(self.len)));
        let made = of(&some, self.axis as isize);
        made.checked()?;
        Ok(broadcast::<T>(made.node, self.chunks(), self.made_at))
    }
}

/// From `end` to the element at the edge, in as many steps as the border is wide.
pub(super) fn ramp<T: Real>(side: &Side<'_>, end: f64) -> Result<Arc<Node>, ArrayError> {
    let (width, ndim) = (side.width, side.input.chunks.ndim());
    let places = match side.is_before {
        true => Array::arange(0.0, width as f64, 1.0, -1),
        false => Array::arange(width as f64 - 1.0, -1.0, -1.0, -1),
    };
    let places = along::<f64>(places.node, side.axis, ndim, side.made_at);
    let at = |(end, width): &(f64, f64), edge: &[T], places: &[f64], out: &mut [T]| {
        for (out, (edge, place)) in out.iter_mut().zip(edge.iter().zip(places)) {
            let delta = edge.to_f64() - end;
            let step = delta / width;
            let rise = if step == 0.0 { place / width * delta } else { place * step };
            *out = T::rounded_down_from(rise + end);
        }
    };
    let token = Tokenizer::of("linear_ramp", &(end, width));
    let op = Map2::new((end, width as f64), at, String::new);
    let inputs = [side.nearest(1), places];
    elementwise("linear_ramp", op, &inputs, token, side.made_at)
}

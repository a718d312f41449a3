//! `assign`, `assign_where`, `put`: arrays in which some elements are others.

use super::choose::where_;
use super::list::{axis_len, axis_of, positions};
use super::replace::replace;
use super::spec::{Resolved, Slices};
use super::take::take;
use super::target::Target;
use crate::array::{Array, known_shape};
use crate::axes::Axes;
use crate::chunks::PerAxis;
use crate::create::{Generator, generated, ship_generator};
use crate::element::{Bits, Element};
use crate::elementwise::{IntoOperand, Operand, elementwise};
use crate::error::ArrayError;
use crate::expr::Node;
use crate::extent::{Extent, tuple_text};
use crate::layout::{FromAxes, flip, view};
use crate::tile::Map2;
use chunkwise_graph::{Shipment, Tokenizer};
use chunkwise_storage::{Region, Span};
use serde::{Deserialize, Serialize};
use std::panic::Location;
use std::sync::Arc;

impl<T: Element> Array<T> {
    /// The array with what a slice means replaced by a number, or by an array that broadcasts to the
    /// shape of the slice: what NumPy writes `x[slice] = value`.
    ///
    /// Preserves shape and chunks; this array stays as it is. It is an error if the slice is, or if
    /// the value does not broadcast to it.
    ///
    /// # Complexity
    /// O(elements): with a number in one pass with what comes before and after; with an array a task
    /// for each chunk that has something of the slice, which changes the chunk in place if nobody
    /// else needs it. Chunks that are replaced altogether are not computed.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::{array, s};
    /// let x = Array::<i64>::zeros([2, 3], 2).assign(s![.., 1..], 7);
    /// assert_eq!(x.compute()?, array![[0, 7, 7], [0, 7, 7]].into_dyn());
    /// let row = Array::<i64>::arange(1, 4, 1, 2);
    /// assert_eq!(x.assign(s![0, ..;-1], &row).compute()?, array![[3, 2, 1], [0, 7, 7]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn assign(&self, slices: impl Into<Slices>, value: impl IntoOperand<T>) -> Array<T> {
        let slices = slices.into();
        match value.into_operand() {
            Operand::Number(number) => Array::build("assign", &[&self.node], |made_at| {
                known_shape(&self.node, "assign")?;
                let Resolved { region, .. } = slices.resolve(&self.shape())?;
                assign_number(self, region, number, made_at)
            }),
            Operand::Array(value) => {
                Array::build("assign", &[&self.node, &value.node], |made_at| {
                    known_shape(&self.node, "assign")?;
                    known_shape(&value.node, "assign")?;
                    let resolved = slices.resolve(&self.shape())?;
                    let value = fit_value(&value, &resolved, made_at)?;
                    let targets = resolved.region.spans().iter().map(|span| Target::Span(*span));
                    Ok(replace::<T>(self.node.clone(), value, targets.collect(), made_at))
                })
            }
        }
    }

    /// The array with the elements whose flag is set replaced by a number, or by those at the same
    /// places of an array: NumPy's `x[mask] = number`, and its `copyto(x, value, where=mask)`.
    ///
    /// Mask and value broadcast to the shape of the array, which is preserved; it is an error if they
    /// do not. Lengths may be deferred.
    #[track_caller]
    pub fn assign_where(&self, mask: &Array<bool>, value: impl IntoOperand<T>) -> Array<T> {
        let value = value.into_operand();
        let extents = match &value {
            Operand::Number(_) => Default::default(),
            Operand::Array(value) => value.shape(),
        };
        let chosen = where_(mask, value, self);
        Array::build("assign_where", &[&self.node, &mask.node, &chosen.node], |_| {
            if chosen.shape() != self.shape() {
                let all = [self.shape(), mask.shape(), extents];
                let first =
                    |axis: &usize| chosen.shape()[*axis] != own_extent(self, &chosen, *axis);
                let shapes = all.iter().map(|shape| shape[..].into()).collect();
                let axis = (0..chosen.ndim()).find(first).unwrap_or(0);
                return Err(ArrayError::Broadcast { shapes, axis });
            }
            Ok(chosen.node.clone())
        })
    }

    /// The array with what is at listed positions along an axis replaced by a number, or by an array
    /// that broadcasts to the shape of what [`Array::take`] gives: NumPy's `x[:, list] = value`.
    ///
    /// Of a position that is listed several times, the last one counts. Preserves shape and chunks;
    /// errors and complexity are those of [`Array::assign`] and [`Array::take`].
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::{Axis, array};
    /// let x = Array::<i64>::zeros(5, 2);
    /// let value = Array::<i64>::arange(1, 4, 1, 3);
    /// assert_eq!(x.put(Axis(0), &[3, 0, -1], &value).compute()?, array![2, 0, 0, 1, 3].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn put(
        &self,
        axis: impl Into<Axes>,
        list: &[isize],
        value: impl IntoOperand<T>,
    ) -> Array<T> {
        let value = match value.into_operand() {
            Operand::Number(number) => Array::full((), number, "auto"),
            Operand::Array(value) => value,
        };
        Array::build("put", &[&self.node, &value.node], |made_at| {
            let axis = axis_of(axis, self.ndim())?;
            let list = positions(list, axis, axis_len(self, axis, "put")?)?;
            let shape = known_shape(&self.node, "put")?;
            known_shape(&value.node, "put")?;
            let mut region = Region::whole(&shape);
            let spans = region.spans().iter().enumerate();
            region = spans
                .map(|(at, span)| if at == axis { Span::new(0, list.len()) } else { *span })
                .collect();
            let (targets, order) = last_of_each(&list);
            let value = fit_value(&value, &whole_of(region), made_at)?;
            let value = in_order::<T>(value, axis, self.ndim(), order, made_at)?;
            let mut all: PerAxis<Target> =
                shape.iter().map(|&len| Target::Span(Span::new(0, len))).collect();
            all[axis] = Target::List(targets.into());
            Ok(replace::<T>(self.node.clone(), value, all, made_at))
        })
    }
}

/// What an array has along an axis of what it was broadcast to.
fn own_extent<T: Element>(x: &Array<T>, all: &Array<T>, axis: usize) -> Extent {
    let own = (axis + x.ndim()).checked_sub(all.ndim());
    own.map_or(Extent::Known(0), |axis| x.shape()[axis])
}

/// A region of which all is taken as it is.
fn whole_of(region: Region) -> Resolved {
    let flags: PerAxis<bool> = smallvec::smallvec![false; region.ndim()];
    Resolved { region, flipped: flags.clone(), dropped: flags, inserted: PerAxis::new() }
}

/// The positions in ascending order, each once, and which item of the list each one's value is.
fn last_of_each(list: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let mut items: Vec<(usize, usize)> = list.iter().copied().zip(0..).collect();
    items.sort_unstable();
    let last = items.chunk_by(|a, b| a.0 == b.0).filter_map(|same| same.last().copied());
    last.unzip()
}

/// The values in another order along an axis of the array that they are for.
fn in_order<T: Element>(
    value: Arc<Node>,
    axis: usize,
    ndim: usize,
    order: Vec<usize>,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    let Some(own) = (axis + value.chunks.ndim()).checked_sub(ndim) else { return Ok(value) };
    let len = value.chunks.axes()[own].len();
    let is_ordered = order.iter().copied().eq(0..len.unwrap_or(0));
    match len {
        // The same value for all, if there are any.
        Some(1) if !order.is_empty() => Ok(value),
        _ if is_ordered => Ok(value),
        _ => take::<T>(value, own, &order, made_at),
    }
}

/// The value as an array that broadcasts, axis by axis, to the region of resolved slices.
///
/// # Errors
/// [`ArrayError::Shape`] if it does not broadcast to the slice.
fn fit_value<T: Element>(
    value: &Array<T>,
    slices: &Resolved,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    // The axes of the slice: those of the region that stay, and new ones.
    let mut axes: Vec<Option<usize>> =
        (0..slices.region.ndim()).filter(|&axis| !slices.dropped[axis]).map(Some).collect();
    slices.inserted.iter().for_each(|&at| axes.insert(at, None));
    let len = |axis: &Option<usize>| axis.map_or(1, |axis| slices.region.spans()[axis].count);
    let shape = value.shape();
    let mismatch = || {
        let wanted = tuple_text(axes.iter().map(|axis| Extent::Known(len(axis))));
        ArrayError::shape(format!("one that broadcasts to {wanted} belongs"), &shape)
    };
    let extra = shape.len().saturating_sub(axes.len());
    let covered = &axes[axes.len() - (shape.len() - extra)..];
    let fits = |(own, axis): (&Extent, &Option<usize>)| *own == 1 || *own == len(axis);
    let is_extra_unit = shape[..extra].iter().all(|own| *own == 1);
    if !is_extra_unit || !shape[extra..].iter().zip(covered).all(fits) {
        return Err(mismatch());
    }
    // For each axis of the array, from the first one on that the value has, which one of its own.
    let of_array = |axis: usize| {
        let at = covered.iter().position(|covered| *covered == Some(axis));
        at.map(|at| at + extra)
    };
    let first = covered.iter().copied().flatten().next().unwrap_or(slices.region.ndim());
    let from: FromAxes = (first..slices.region.ndim()).map(of_array).collect();
    let value = view::<T>("assign", value.node.clone(), from, made_at);
    Ok(flip::<T>(value, slices.flipped[first..].into(), made_at))
}

/// Whether elements are in a region.
#[derive(Clone, Serialize, Deserialize)]
struct Inside(Region);

fn contains(span: &Span, position: usize) -> bool {
    let offset = position.wrapping_sub(span.start);
    position >= span.start && position < span.end() && offset.is_multiple_of(span.step)
}

impl Generator<bool> for Inside {
    fn row(&self, at: &[usize], step: usize, out: &mut [bool]) {
        let (Some((last, leading)), Some((&first, at))) =
            (self.0.spans().split_last(), at.split_last())
        else {
            return out.fill(true);
        };
        if !leading.iter().zip(at).all(|(span, &at)| contains(span, at)) {
            return out.fill(false);
        }
        for (number, out) in out.iter_mut().enumerate() {
            *out = contains(last, first + number * step);
        }
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        ship_generator::<bool, _>(self, part)
    }
}

fn built_in() -> String {
    "a function of the array crate captures something".to_owned()
}

fn assign_number<T: Element>(
    x: &Array<T>,
    region: Region,
    number: T,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    let mut hash = Tokenizer::new("inside");
    chunkwise_graph::Tokenize::tokenize(x.chunks(), &mut hash);
    for span in region.spans() {
        hash.u64(span.start as u64).u64(span.count as u64).u64(span.step as u64);
    }
    let (chunks, token) = (x.chunks().clone(), hash.finish());
    let inside = generated("inside", Inside(region), chunks, token, made_at);
    let f = |p: &Number<T>, x: &[T], inside: &[bool], out: &mut [T]| {
        for (out, (&x, &inside)) in out.iter_mut().zip(x.iter().zip(inside)) {
            *out = if inside { p.0 } else { x };
        }
    };
    let token = Tokenizer::of("assign a number", &Bits(number));
    let op = Map2::new(Number(number), f, built_in);
    elementwise("assign", op, &[x.node.clone(), inside], token, made_at)
}

/// A number that goes along with a function.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct Number<T: Element>(T);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_value_of_a_position_counts() {
        assert_eq!(last_of_each(&[3, 0, 3, 1]), (vec![0, 1, 3], vec![1, 3, 2]));
        assert_eq!(last_of_each(&[]), (vec![], vec![]));
    }
}

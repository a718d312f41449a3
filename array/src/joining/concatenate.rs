//! Arrays one behind the other along an axis that they have.

use super::blocks::JoinBlocks;
use crate::array::Array;
use crate::axes::find_axis;
use crate::axis_chunks::AxisChunks;
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Nodes, Operation, layer_of, selected_chunks};
use crate::extent::Extent;
use crate::rechunk::rechunk;
use chunkwise_graph::{Layer, Tokenizer};
use chunkwise_storage::{Region, Span};
use std::borrow::Borrow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// Inputs one behind the other.
#[derive(Clone)]
struct Concatenate<T> {
    name: &'static str,
    axis: usize,
    of: PhantomData<fn() -> T>,
}

/// Arrays one behind the other along an axis that they have.
///
/// Their shapes must agree along the other axes, where they are cut alike if they are not: wherever
/// one of them is cut.
///
/// # Complexity
/// Building costs O(arrays + chunks along the axis). A task for each chunk, which hands on a chunk
/// of an input without copying it. A selection touches only the arrays that it has something of.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, concatenate};
/// let (x, y) = (Array::arange(0, 3, 1, 2), Array::arange(5, 7, 1, 2));
/// assert_eq!(concatenate(&[&x, &y], 0).compute()?, ndarray::arr1(&[0, 1, 2, 5, 6]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn concatenate<T: Element, A: Borrow<Array<T>>>(arrays: &[A], axis: isize) -> Array<T> {
    let nodes: Vec<Arc<Node>> = arrays.iter().map(|array| array.borrow().node.clone()).collect();
    let inputs: Vec<&Arc<Node>> = nodes.iter().collect();
    Array::build("concatenate", &inputs, |made_at| {
        let first = nodes.first().ok_or_else(|| nothing("concatenate"))?;
        let axis = find_axis(axis, first.chunks.ndim())?;
        concatenated::<T>("concatenate", nodes.clone(), axis, made_at)
    })
}

/// What putting no arrays together is.
pub(super) fn nothing(operation: &str) -> ArrayError {
    ArrayError::Argument { name: "arrays", why: format!("there is nothing to {operation}") }
}

/// Arrays one behind the other along the second axis; along the first one if they have only one.
#[track_caller]
pub fn hstack<T: Element, A: Borrow<Array<T>>>(arrays: &[A]) -> Array<T> {
    let arrays: Vec<Array<T>> = arrays.iter().map(|array| array.borrow().atleast_1d()).collect();
    let axis = if arrays.first().is_some_and(|array| array.ndim() > 1) { 1 } else { 0 };
    concatenate(&arrays, axis)
}

/// Arrays one below the other, along the first axis; arrays with one axis are rows.
#[track_caller]
pub fn vstack<T: Element, A: Borrow<Array<T>>>(arrays: &[A]) -> Array<T> {
    let arrays: Vec<Array<T>> = arrays.iter().map(|array| array.borrow().atleast_2d()).collect();
    concatenate(&arrays, 0)
}

/// The inputs one behind the other, after cutting them alike.
///
/// # Errors
/// [`ArrayError::Join`] if their shapes do not agree.
pub(crate) fn concatenated<T: Element>(
    name: &'static str,
    inputs: Vec<Arc<Node>>,
    axis: usize,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    let inputs = cut_alike(inputs, Some(axis), made_at)?;
    Ok(joined::<T>(name, inputs, axis, made_at))
}

fn joined<T: Element>(
    name: &'static str,
    mut inputs: Vec<Arc<Node>>,
    axis: usize,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    // Inputs without elements along the axis would only add empty chunks.
    if inputs.iter().any(|input| !input.chunks.axes()[axis].is_empty()) {
        inputs.retain(|input| !input.chunks.axes()[axis].is_empty());
    } else {
        inputs.truncate(1);
    }
    if let [one] = &inputs[..] {
        return Arc::clone(one);
    }
    let mut hash = Tokenizer::new("concatenate");
    hash.u64(axis as u64);
    inputs.iter().for_each(|input| {
        hash.token(input.token);
    });
    let token = hash.finish();
    let cuts = inputs.iter().map(|input| &input.chunks.axes()[axis]);
    let sizes: Option<Vec<Vec<usize>>> = cuts.clone().map(AxisChunks::sizes).collect();
    let cut = match sizes {
        Some(sizes) => AxisChunks::of_sizes(sizes.into_iter().flatten()),
        None => AxisChunks::deferred(cuts.map(AxisChunks::n_chunks).sum(), token),
    };
    let chunks = inputs[0].chunks.with_axis(axis, cut);
    let operation = Concatenate { name, axis, of: PhantomData::<fn() -> T> };
    Node::new(operation, inputs, T::DTYPE, chunks, token, made_at)
}

/// The inputs cut alike along all axes, but for one along which their lengths may differ.
///
/// # Errors
/// [`ArrayError::Join`].
pub(super) fn cut_alike(
    inputs: Vec<Arc<Node>>,
    but: Option<usize>,
    made_at: &'static Location<'static>,
) -> Result<Vec<Arc<Node>>, ArrayError> {
    let Some(first) = inputs.first() else { return Err(nothing("put together")) };
    let misfit = |number: usize, axis| ArrayError::Join {
        first: first.chunks.extents().as_slice().into(),
        other: inputs[number].chunks.extents().as_slice().into(),
        number,
        axis,
    };
    let ndim = first.chunks.ndim();
    if let Some(number) = inputs.iter().position(|input| input.chunks.ndim() != ndim) {
        return Err(misfit(number, None));
    }
    let mut common: PerAxis<AxisChunks> = first.chunks.axes().into();
    for (axis, cut) in common.iter_mut().enumerate().filter(|(axis, _)| Some(*axis) != but) {
        for (number, input) in inputs.iter().enumerate().skip(1) {
            let own = &input.chunks.axes()[axis];
            *cut = meet(cut, own).ok_or_else(|| misfit(number, Some(axis)))?;
        }
    }
    let recut = |input: Arc<Node>| {
        let axes = common.iter().enumerate();
        let wanted: Chunks = axes
            .map(|(axis, cut)| match Some(axis) == but || cut.len().is_none() {
                true => input.chunks.axes()[axis].clone(),
                false => cut.clone(),
            })
            .collect();
        rechunk(input, wanted, made_at)
    };
    Ok(inputs.into_iter().map(recut).collect())
}

/// The cut at which two axes of the same length meet.
fn meet(a: &AxisChunks, b: &AxisChunks) -> Option<AxisChunks> {
    match (a.extent(), b.extent()) {
        _ if a == b => Some(a.clone()),
        (Extent::Known(n), Extent::Known(m)) if n == m => {
            Some(crate::elementwise::refined(n, a, b))
        }
        // Whether the lengths agree is found when the blocks meet.
        (Extent::Deferred, Extent::Deferred) if a.n_chunks() == b.n_chunks() => Some(a.clone()),
        _ => None,
    }
}

impl<T: Element> Operation for Concatenate<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let mut starts = vec![0u32];
        for input in node.inputs() {
            let n = input.chunks.grid()[self.axis];
            starts.push(starts[starts.len() - 1].saturating_add(n));
        }
        let chunks = Arc::clone(&node.chunks);
        let blocks = JoinBlocks {
            name: self.name.into(),
            grid: chunks.grid(),
            chunks,
            axis: self.axis,
            starts,
            of: PhantomData::<fn() -> T>,
        };
        layer_of(node, inputs.iter().cloned(), blocks)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let whole = region.spans()[self.axis];
        let mut start = 0;
        let mut of_input = |input: &Arc<Node>| {
            let len = input.chunks.axes()[self.axis].len()?;
            let mut spans: PerAxis<Span> = region.spans().into();
            spans[self.axis] = inside(&whole, start, len);
            start += len;
            Some(spans.into_iter().collect())
        };
        node.inputs().iter().map(&mut of_input).collect()
    }

    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let part = joined::<T>(self.name, inputs.into_vec(), self.axis, node.made_at);
        // What is whole keeps its empty chunks, which the part of a larger whole does not have.
        rechunk(part, selected_chunks(&node.chunks, region), node.made_at)
    }

    fn is_cheap(&self) -> bool {
        true
    }
}

/// What a span has of the `len` positions from `start` on, counted from there.
fn inside(span: &Span, start: usize, len: usize) -> Span {
    let first = start.saturating_sub(span.start).div_ceil(span.step);
    let behind = (start + len).saturating_sub(span.start).div_ceil(span.step).min(span.count);
    match first < behind {
        true => Span {
            start: span.start + first * span.step - start,
            count: behind - first,
            step: span.step,
        },
        false => Span { start: 0, count: 0, step: span.step },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::parts_check::{arrays, check_part, spans};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn selections_move_through(x in arrays(2), n in 0usize..4, by in spans(), other in 0isize..2) {
            let shape = x.dims().unwrap();
            let y = match other {
                0 => Array::<i64>::full([n, shape[1]], 7, [2, 3]),
                _ => Array::<i64>::full([shape[0], n], 7, [2, 3]),
            };
            let z = concatenate(&[&x, &y, &x.flip([0, 1])], other);
            check_part(&z, &by);
            check_part(&(&z + &z.flip(0)), &by);
        }
    }
}

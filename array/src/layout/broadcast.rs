//! Repeating arrays along axes that they do not have, or that have length 1.

use super::view::view;
use crate::array::{Array, known_shape};
use crate::axis_chunks::AxisChunks;
use crate::chunk_spec::{ChunkAxis, ChunkSpec};
use crate::chunks::Chunks;
use crate::element::Element;
use crate::elementwise::{align, block_map, region_of_input};
use crate::error::ArrayError;
use crate::expr::{Node, Nodes, Operation, layer_of, selected_chunks};
use crate::extent::Extent;
use crate::rechunk::rechunk;
use crate::shape::Shape;
use crate::tile::{Map1, TileProgram};
use chunkwise_graph::{Blockwise, Layer, Tokenizer};
use chunkwise_storage::Region;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// An array that is repeated along some axes.
#[derive(Clone)]
struct Broadcast<T> {
    of: PhantomData<fn() -> T>,
}

/// The input repeated to an array that is cut like this, to whose shape it must broadcast.
///
/// Where the input has more than one element along an axis it is cut like the result. The layer is
/// a tile program: what works on the repeated array element by element takes the elements from the
/// input, and nothing repeated is stored.
pub(crate) fn broadcast<T: Element>(
    input: Arc<Node>,
    chunks: Chunks,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    if *input.chunks == chunks {
        return input;
    }
    let missing = chunks.ndim() - input.chunks.ndim();
    let axes = input.chunks.axes().iter().zip(&chunks.axes()[missing..]);
    let own: Chunks = axes.map(|(own, out)| own_axis(own, out)).collect();
    let input = rechunk(input, own, made_at);
    let token = Tokenizer::of("broadcast_to", &(input.token, &chunks));
    let operation = Broadcast { of: PhantomData::<fn() -> T> };
    Node::new(operation, [input], T::DTYPE, chunks, token, made_at)
}

/// How an axis of the input is cut where the result is cut like `out`.
fn own_axis(own: &AxisChunks, out: &AxisChunks) -> AxisChunks {
    match (own.extent(), out.extent()) {
        (Extent::Known(1), Extent::Known(1)) => out.clone(),
        (Extent::Known(1), _) => AxisChunks::whole(1),
        (Extent::Deferred, _) => own.clone(),
        _ => out.clone(),
    }
}

impl<T: Element> Operation for Broadcast<T> {
    fn name(&self) -> &'static str {
        "broadcast_to"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let copy = |(): &(), x: &[T], out: &mut [T]| out.copy_from_slice(x);
        let op = Arc::new(Map1::new((), copy, String::new));
        let program = TileProgram::one(op, &[T::DTYPE], Arc::clone(&node.chunks));
        let grid = node.chunks.grid();
        let map = block_map(&node.chunks, &grid, &node.inputs()[0].chunks);
        let blocks = Blockwise::new(grid, vec![map], self.name(), program);
        layer_of(node, inputs.iter().cloned(), blocks)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        node.chunks.shape()?;
        Some(vec![region_of_input(&node.chunks, &node.inputs()[0].chunks, region)])
    }

    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let [input] = &inputs[..] else { return node.again() };
        let chunks = selected_chunks(&node.chunks, region);
        broadcast::<T>(Arc::clone(input), chunks, node.made_at)
    }

    fn recut(&self, node: &Node, chunks: &Chunks) -> Option<Arc<Node>> {
        Some(broadcast::<T>(Arc::clone(&node.inputs()[0]), chunks.clone(), node.made_at))
    }

    fn is_cheap(&self) -> bool {
        true
    }
}

/// The shape to which arrays of these shapes broadcast, as NumPy does it: aligned at their last
/// axes, where lengths agree or are 1.
///
/// ```
/// use chunkwise_array::broadcast_shapes;
/// assert_eq!(broadcast_shapes(&[&[5, 1], &[3]])?, [5, 3]);
/// assert!(broadcast_shapes(&[&[5, 2], &[3]]).is_err());
/// # Ok::<(), chunkwise_array::ArrayError>(())
/// ```
///
/// # Errors
/// [`ArrayError::Broadcast`].
pub fn broadcast_shapes(shapes: &[&[usize]]) -> Result<Vec<usize>, ArrayError> {
    let ndim = shapes.iter().map(|shape| shape.len()).max().unwrap_or(0);
    let along = |axis: usize| {
        let lens = shapes.iter().filter_map(|s| Some(s[(axis + s.len()).checked_sub(ndim)?]));
        let mut lens = lens.filter(|len| *len != 1);
        let Some(first) = lens.next() else { return Ok(1) };
        match lens.all(|len| len == first) {
            true => Ok(first),
            false => {
                let known = |s: &&[usize]| s.iter().map(|&len| Extent::Known(len)).collect();
                Err(ArrayError::Broadcast { shapes: shapes.iter().map(known).collect(), axis })
            }
        }
    };
    (0..ndim).map(along).collect()
}

/// Arrays repeated to the shape that they broadcast to, and cut alike.
///
/// If they do not broadcast, each of the results says so.
#[track_caller]
pub fn broadcast_arrays<T: Element>(arrays: &[&Array<T>]) -> Vec<Array<T>> {
    let nodes: Vec<Arc<Node>> = arrays.iter().map(|array| array.node.clone()).collect();
    let inputs: Vec<&Arc<Node>> = nodes.iter().collect();
    let one = |array: &Array<T>| {
        Array::build("broadcast_arrays", &inputs, |made_at| {
            let common = align(&nodes, made_at)?.chunks;
            Ok(broadcast::<T>(array.node.clone(), (*common).clone(), made_at))
        })
    };
    arrays.iter().map(|array| one(array)).collect()
}

impl<T: Element> Array<T> {
    /// Repeated to a shape: along axes that it does not have, which come first, and axes of length 1.
    ///
    /// Preserves the cut of the other axes; repeated axes are cut to about 128 MiB a chunk.
    /// It is an error if the array does not broadcast to the shape.
    ///
    /// # Complexity
    /// Nothing is repeated in memory where the result is worked on element by element or reduced.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 3, 1, 3).broadcast_to([2, 3]);
    /// assert_eq!(x.compute()?, ndarray::array![[0, 1, 2], [0, 1, 2]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn broadcast_to(&self, shape: impl Into<Shape>) -> Array<T> {
        let shape = shape.into();
        Array::build("broadcast_to", &[&self.node], |made_at| {
            let (shape, own) = (shape.checked()?, known_shape(&self.node, "broadcast_to")?);
            if broadcast_shapes(&[shape, &own]).ok().as_deref() != Some(shape) {
                let lens = |lens: &[usize]| lens.iter().map(|&len| Extent::Known(len)).collect();
                let at = (0..shape.len()).rev().zip(own.iter().rev());
                let axis = at.filter(|(at, len)| shape[*at] != **len && **len != 1);
                let axis = axis.map(|(at, _)| at).next().unwrap_or(0);
                return Err(ArrayError::Broadcast { shapes: vec![lens(&own), lens(shape)], axis });
            }
            let missing = shape.len() - own.len();
            let axis = |(at, len): (usize, &usize)| match at.checked_sub(missing) {
                Some(at) if own[at] == *len => {
                    let axis = &self.node.chunks.axes()[at];
                    axis.regular_size().map_or_else(
                        || axis.sizes().map_or(ChunkAxis::Auto, ChunkAxis::Sizes),
                        ChunkAxis::Size,
                    )
                }
                _ => ChunkAxis::Auto,
            };
            let axes: Vec<ChunkAxis> = shape.iter().enumerate().map(axis).collect();
            let chunks = ChunkSpec::from(&axes[..]).resolve(shape, size_of::<T>())?;
            Ok(broadcast::<T>(self.node.clone(), chunks, made_at))
        })
    }
}

/// A vector as an array of `ndim` axes, along one of which it lies.
pub(crate) fn along<T: Element>(
    vector: Arc<Node>,
    axis: usize,
    ndim: usize,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let from = (0..ndim).map(|at| (at == axis).then_some(0)).collect();
    view::<T>("expand_dims", vector, from, made_at)
}

#[cfg(test)]
mod tests {
    use crate::expr::parts_check::{arrays, check_part, spans};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn selections_move_through(x in arrays(1..3), by in spans(), n in 0usize..4) {
            let shape = x.dims().unwrap();
            let mut wider = vec![n];
            wider.extend(&shape);
            check_part(&x.broadcast_to(&wider), &by);
            check_part(&x.expand_dims(1).broadcast_to([&shape[..1], &[n], &shape[1..]].concat()), &by);
        }
    }
}

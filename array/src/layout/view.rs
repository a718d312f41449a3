//! [`View`]: the axes of an array permuted, dropped and added, which moves no element.

use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, take_array};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::expr::{Node, Nodes, Operation, layer_of};
use crate::rechunk::rechunk;
use chunkwise_graph::{
    AxisMap, Block, BlockMap, Blockwise, Bounds, BoxError, Kernel, Layer, Shipment, Tokenizer,
    TypeInfo, Value,
};
use chunkwise_storage::{Region, Span};
use ndarray::{Axis, IxDyn};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// For each axis of the result the axis of the input that it is; `None`: a new one, of length 1.
/// Axes of the input that are not named have length 1, and are dropped.
pub(crate) type FromAxes = PerAxis<Option<usize>>;

/// An array under other axes.
#[derive(Clone)]
struct View<T> {
    name: &'static str,
    from: FromAxes,
    of: PhantomData<fn() -> T>,
}

/// The input under these axes; views of views are one, and one that changes nothing is none.
pub(crate) fn view<T: Element>(
    name: &'static str,
    input: Arc<Node>,
    from: FromAxes,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    if let Some(inner) = input.as_operation::<View<T>>() {
        let from = from.iter().map(|axis| axis.and_then(|axis| inner.from[axis])).collect();
        return view::<T>(name, Arc::clone(&input.inputs()[0]), from, made_at);
    }
    let ndim = input.chunks.ndim();
    if from.len() == ndim && from.iter().enumerate().all(|(at, axis)| *axis == Some(at)) {
        return input;
    }
    let input = {
        let chunks = with_dropped_whole(&input, &from);
        rechunk(input, chunks, made_at)
    };
    let own = |axis: &Option<usize>| match axis {
        Some(axis) => input.chunks.axes()[*axis].clone(),
        None => AxisChunks::whole(1),
    };
    let chunks: Chunks = from.iter().map(own).collect();
    let mut hash = Tokenizer::new("view");
    hash.token(input.token);
    for axis in &from {
        hash.u64(axis.map_or(u64::MAX, |axis| axis as u64));
    }
    let operation = View { name, from, of: PhantomData::<fn() -> T> };
    Node::new(operation, [input], T::DTYPE, chunks, hash.finish(), made_at)
}

/// For each axis of a node the axis of its input, if the node is that input with its axes in
/// another order, and nothing else.
#[cfg(feature = "linalg")]
pub(crate) fn permutation(node: &Node) -> Option<PerAxis<usize>> {
    macro_rules! of_dtype {
        ($($variant:ident $element:ty),+) => {
            match node.dtype {
                $(chunkwise_storage::DType::$variant => {
                    &node.as_operation::<View<$element>>()?.from
                })+
                _ => return None,
            }
        };
    }
    let from: &FromAxes = crate::element::for_each_dtype!(of_dtype);
    let same = from.len() == node.inputs()[0].chunks.ndim();
    same.then(|| from.iter().copied().collect::<Option<_>>()).flatten()
}

/// The cut of the input in which the axes that are dropped have one chunk, not empty ones too.
fn with_dropped_whole(input: &Node, from: &[Option<usize>]) -> Chunks {
    let axes = input.chunks.axes().iter().enumerate();
    axes.map(|(at, axis)| match (from.contains(&Some(at)), axis.len()) {
        (false, Some(len)) => AxisChunks::whole(len),
        _ => axis.clone(),
    })
    .collect()
}

impl<T: Element> Operation for View<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let grid = node.inputs()[0].chunks.grid();
        let axis = |at: usize| {
            let found = self.from.iter().position(|from| *from == Some(at));
            found.map_or(AxisMap::One, |to| AxisMap::Out(to as u8))
        };
        let axes = (0..grid.len()).map(axis).collect();
        let kernel = ViewKernel {
            from: self.from.clone(),
            ndim: grid.len(),
            chunks: Arc::clone(&node.chunks),
            of: PhantomData::<fn() -> T>,
        };
        let maps = vec![BlockMap::Axes { grid, axes }];
        let blocks = Blockwise::new(node.chunks.grid(), maps, self.name, kernel);
        layer_of(node, inputs.iter().cloned(), blocks)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let mut spans: PerAxis<Span> =
            smallvec::smallvec![Span::new(0, 1); node.inputs()[0].chunks.ndim()];
        for (span, from) in region.spans().iter().zip(&self.from) {
            match from {
                Some(axis) => spans[*axis] = *span,
                // Nothing of an axis that the input does not have.
                None if span.count != 1 => return None,
                None => {}
            }
        }
        Some(vec![spans.into_iter().collect()])
    }

    fn part(&self, node: &Node, _: &Region, inputs: Nodes) -> Arc<Node> {
        let [input] = &inputs[..] else { return node.again() };
        view::<T>(self.name, Arc::clone(input), self.from.clone(), node.made_at)
    }

    /// What is costly is the input, which decides by itself.
    fn is_cheap(&self) -> bool {
        true
    }
}

/// The chunk under other axes; its elements stay where they are.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct ViewKernel<T> {
    from: FromAxes,
    ndim: usize,
    chunks: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Kernel for ViewKernel<T> {
    fn call(&self, _: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let [value] = arguments else { return Err("a view is of one chunk".into()) };
        let mut array = take_array::<T>(value)?;
        if array.ndim() != self.ndim {
            let (found, expected) = (array.ndim(), self.ndim);
            return Err(format!("a chunk with {found} axes where {expected} belong").into());
        }
        // Where the axes lie once some are dropped.
        let mut kept: PerAxis<usize> = (0..self.ndim).collect();
        for axis in (0..self.ndim).rev().filter(|axis| !self.from.contains(&Some(*axis))) {
            if array.shape()[axis] != 1 {
                let len = array.shape()[axis];
                return Err(format!("axis {axis} of a chunk has {len} elements, not one").into());
            }
            array = array.index_axis_move(Axis(axis), 0);
            kept.remove(axis);
        }
        let place = |axis: &usize| kept.iter().position(|own| own == axis).unwrap_or(0);
        let order: PerAxis<usize> = self.from.iter().flatten().map(place).collect();
        let mut array = array.permuted_axes(IxDyn(&order));
        for (axis, _) in self.from.iter().enumerate().filter(|(_, from)| from.is_none()) {
            array = array.insert_axis(Axis(axis));
        }
        Ok(Chunk::new(array).into_value())
    }

    fn bytes(&self, block: Block<'_>) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block.number)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

#[cfg(test)]
mod tests {
    use crate::expr::parts_check::{arrays, check_part, spans};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn selections_move_through(x in arrays(0..4), by in spans(), at in 0usize..4) {
            let at = at.min(x.ndim()) as isize;
            check_part(&x.expand_dims(at).transpose(), &by);
            check_part(&x.transpose().expand_dims(-1), &by);
        }
    }
}

//! The node of a reshaped array, and its blocks.

use super::cut::group_cut;
use super::groups::{Group, groups};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes};
use crate::chunk_spec::AUTO_BYTES;
use crate::chunks::{Chunks, PerAxis};
use crate::create::{Constant, generated};
use crate::element::{Bits, Element};
use crate::error::ArrayError;
use crate::expr::{Node, Nodes, Operation, layer_of, selected_chunks};
use crate::rechunk::rechunk;
use chunkwise_graph::{
    AxisMap, Block, BlockMap, Blocks, Blockwise, Bounds, BoxError, Dep, Kernel, Layer, Shipment,
    Tokenizer, TypeInfo, Value,
};
use chunkwise_storage::{Region, Span};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// The input in another shape, chunk by chunk.
#[derive(Clone)]
struct Reshape<T> {
    of: PhantomData<fn() -> T>,
}

/// The input in a shape with as many elements; cut again where that is needed.
pub(crate) fn reshaped<T: Element>(
    input: Arc<Node>,
    to: &[usize],
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let Some(from) = input.chunks.shape() else { return input };
    if from[..] == *to {
        return input;
    }
    if to.contains(&0) {
        let chunks = Chunks::whole(to);
        let token = Tokenizer::of("full", &(Bits(T::default()), &chunks));
        return generated("reshape", Constant(T::default()), chunks, token, made_at);
    }
    if input.as_operation::<Reshape<T>>().is_some() {
        return reshaped::<T>(Arc::clone(&input.inputs()[0]), to, made_at);
    }
    let (own, cut) = cuts::<T>(&input.chunks, &from, to);
    let input = rechunk(input, own, made_at);
    let token = Tokenizer::of("reshape", &(input.token, to, &cut));
    Node::new(Reshape { of: PhantomData::<fn() -> T> }, [input], T::DTYPE, cut, token, made_at)
}

/// How the input is cut, and how the result.
fn cuts<T>(own: &Chunks, from: &[usize], to: &[usize]) -> (Chunks, Chunks) {
    let mut before: PerAxis<AxisChunks> = from.iter().map(|&len| AxisChunks::whole(len)).collect();
    let mut after: PerAxis<AxisChunks> = to.iter().map(|&len| AxisChunks::whole(len)).collect();
    let largest = |axes: &[AxisChunks]| {
        let largest = axes.iter().map(|axis| axis.largest().unwrap_or(1).max(1));
        largest.fold(1usize, usize::saturating_mul)
    };
    for Group { from: i, to: j } in groups(from, to) {
        let axes = &own.axes()[i.clone()];
        if (Group { from: i.clone(), to: j.clone() }).is_same() {
            before[i.start] = axes[0].clone();
            after[j.start] = axes[0].clone();
            continue;
        }
        let others = largest(&own.axes()[..i.start]).saturating_mul(largest(&own.axes()[i.end..]));
        let most = AUTO_BYTES as usize / size_of::<T>().max(1) / others;
        let cut = group_cut(axes, &from[i.clone()], &to[j.clone()], most.max(1));
        before[i].clone_from_slice(&cut.from);
        after[j].clone_from_slice(&cut.to);
    }
    (before.into_iter().collect(), after.into_iter().collect())
}

/// The input along one axis, where its axis `deferred` has a length that only a run tells.
///
/// # Errors
/// [`ArrayError::Deferred`] if the chunks are not rows of elements.
pub(super) fn flat<T: Element>(
    input: Arc<Node>,
    deferred: usize,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    if input.chunks.ndim() == 1 {
        return Ok(input);
    }
    let mut others = input.chunks.axes().iter().enumerate().filter(|(axis, _)| *axis != deferred);
    if deferred != 0 || others.any(|(_, axis)| axis.n_chunks() > 1) {
        return Err(ArrayError::Deferred { operation: "reshape", axis: deferred });
    }
    let token = Tokenizer::of("flat", &input.token);
    let cut = AxisChunks::deferred(input.chunks.axes()[0].n_chunks(), token);
    let chunks: Chunks = [cut].into_iter().collect();
    let operation = Reshape { of: PhantomData::<fn() -> T> };
    Ok(Node::new(operation, [input], T::DTYPE, chunks, token, made_at))
}

/// How the axes of two grids go together, if they do but for axes with one block.
fn axis_maps(input: &[u32], out: &[u32]) -> Option<BlockMap> {
    let mut long = out.iter().enumerate().filter(|(_, n)| **n > 1);
    let axis = |n: &u32| match *n {
        1 => Some(AxisMap::One),
        n => long.next().filter(|(_, out)| **out == n).map(|(at, _)| AxisMap::Out(at as u8)),
    };
    let axes = input.iter().map(axis).collect::<Option<_>>()?;
    long.next().is_none().then(|| BlockMap::Axes { grid: input.to_vec(), axes })
}

impl<T: Element> Operation for Reshape<T> {
    fn name(&self) -> &'static str {
        "reshape"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let (chunks, grid) = (Arc::clone(&node.chunks), node.chunks.grid());
        let of = PhantomData::<fn() -> T>;
        let blocks = ReshapeBlocks { grid: grid.clone(), chunks, of };
        match axis_maps(&node.inputs()[0].chunks.grid(), &grid) {
            Some(map) => {
                let blocks = Blockwise::new(grid, vec![map], self.name(), blocks);
                layer_of(node, inputs.iter().cloned(), blocks)
            }
            None => layer_of(node, inputs.iter().cloned(), blocks),
        }
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let (from, to) = (node.inputs()[0].chunks.shape()?, node.chunks.shape()?);
        let mut spans: PerAxis<Span> = from.iter().map(|&len| Span::new(0, len)).collect();
        if region.is_empty() {
            return None;
        }
        for group in groups(&from, &to) {
            let wanted = &region.spans()[group.to.clone()];
            if group.is_same() {
                spans[group.from.start] = wanted[0];
                continue;
            }
            let rows = |shape: &[usize]| shape[1..].iter().product::<usize>();
            let (out, own) = (&to[group.to.clone()], &from[group.from.clone()]);
            let whole = wanted[1..].iter().zip(&out[1..]);
            if !whole.clone().all(|(span, &len)| *span == Span::new(0, len))
                || !wanted[0].is_contiguous()
            {
                return None;
            }
            let (start, count) = (wanted[0].start * rows(out), wanted[0].count * rows(out));
            if !start.is_multiple_of(rows(own)) || !count.is_multiple_of(rows(own)) {
                return None;
            }
            spans[group.from.start] = Span::new(start / rows(own), count / rows(own));
        }
        Some(vec![spans.into_iter().collect()])
    }

    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let [input] = &inputs[..] else { return node.again() };
        let part = reshaped::<T>(Arc::clone(input), &region.counts(), node.made_at);
        rechunk(part, selected_chunks(&node.chunks, region), node.made_at)
    }
}

/// Each block has the elements of the input's block of the same number.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct ReshapeBlocks<T> {
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> ReshapeBlocks<T> {
    fn reshape(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("one chunk is reshaped at a time".into()) };
        let elements = input.take().take_or_clone::<Chunk<T>>()?.into_row_major();
        let chunk = match self.chunks.chunk_shape(block) {
            Some(shape) => Chunk::from_vec(&shape, elements)?,
            None => Chunk::from_vec(&[elements.len()], elements)?,
        };
        Ok(chunk.into_value())
    }

    fn bounds(&self, block: u32) -> Bounds {
        // Elements that lie in another order of the axes are brought into this one.
        let n = self.chunks.chunk_len(block).map(chunk_bytes::<T>);
        n.map_or(Bounds::UNKNOWN, |bytes| Bounds::output(bytes).with_scratch(bytes))
    }
}

impl<T: Element> Kernel for ReshapeBlocks<T> {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        self.reshape(block.number, arguments)
    }

    fn bytes(&self, block: Block<'_>) -> Bounds {
        self.bounds(block.number)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

impl<T: Element> Blocks for ReshapeBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        self.reshape(block, inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        "reshape".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        self.bounds(block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

#[cfg(test)]
mod tests {
    use crate::expr::parts_check::{arrays, check_part, spans};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn selections_move_through(x in arrays(0..4), by in spans()) {
            check_part(&x.ravel(), &by);
            check_part(&x.ravel().expand_dims(0), &by);
            let shape = x.dims().unwrap();
            if shape.len() == 3 {
                check_part(&x.reshape(vec![shape[0] * shape[1], shape[2]]), &by);
                check_part(&x.reshape(vec![shape[0], shape[1] * shape[2]]), &by);
                check_part(&x.ravel().reshape(&shape[..]), &by);
            }
        }
    }
}

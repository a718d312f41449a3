//! The node of a reduction, and the layers that it becomes.

use super::combine::{Combine, Groups};
use super::direct::Direct;
use super::finish::Finish;
use super::reducer::Reducer;
use super::sink::ReduceSink;
use crate::array::Array;
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::chunks::{Chunks, PerAxis};
use crate::expr::{Node, Operation, layer_of};
use crate::scalar::Scalar;
use crate::tile::TileProgram;
use chunkwise_graph::{AxisMap, BlockMap, Blockwise, Layer, Name, Tokenizer};
use chunkwise_storage::{Region, Span};
use std::sync::Arc;

/// Chunks whose reduction leaves more than this part of them are reduced several at a time.
const WORTH_ALONE: usize = 16;

/// A reduction along some axes.
#[derive(Clone)]
struct Reduce<R> {
    reducer: R,
    /// For each axis of the input whether it is reduced.
    reduced: PerAxis<bool>,
    keep: bool,
}

/// The input reduced along `axes`.
#[track_caller]
pub(crate) fn reduce<R: Reducer>(
    input: &Array<R::In>,
    reducer: R,
    axes: impl Into<Axes>,
) -> Array<R::Out> {
    let axes = axes.into();
    Array::build(R::NAME, &[&input.node], |made_at| {
        let node = &input.node;
        let (reduced, keep) = (axes.mask(node.chunks.ndim())?, axes.is_kept());
        let mut hash = Tokenizer::new("reduce");
        hash.str(R::NAME).str(std::any::type_name::<R>()).token(node.token).u64(u64::from(keep));
        hash.bytes(&postcard::to_stdvec(&reducer).unwrap_or_default());
        hash.bytes(&reduced.iter().map(|reduced| u8::from(*reduced)).collect::<Vec<_>>());
        let chunks = reduced_chunks(&node.chunks, &reduced, keep);
        let operation = Reduce { reducer, reduced, keep };
        let dtype = <R::Out as chunkwise_storage::Element>::DTYPE;
        Ok(Node::new(operation, [node.clone()], dtype, chunks, hash.finish(), made_at))
    })
}

/// The input reduced to one number.
#[track_caller]
pub(crate) fn reduce_all<R: Reducer>(input: &Array<R::In>, reducer: R) -> Scalar<R::Out> {
    Scalar(reduce(input, reducer, Axes::all()))
}

fn reduced_chunks(chunks: &Chunks, reduced: &[bool], keep: bool) -> Chunks {
    let axes = chunks.axes().iter().zip(reduced);
    axes.filter_map(|(axis, reduced)| match (reduced, keep) {
        (false, _) => Some(axis.clone()),
        (true, true) => Some(AxisChunks::whole(1)),
        (true, false) => None,
    })
    .collect()
}

impl<R: Reducer> Reduce<R> {
    /// For each axis of the input the axis of the result that it becomes.
    fn axes_of_result(&self) -> PerAxis<Option<usize>> {
        let mut next = 0;
        let axis = |reduced: &bool| {
            let stays = self.keep || !*reduced;
            next += usize::from(stays);
            (stays && !*reduced).then(|| next - 1)
        };
        self.reduced.iter().map(axis).collect()
    }

    fn finish(&self, node: &Node) -> Finish<R> {
        let (reducer, reduced) = (self.reducer.clone(), self.reduced.clone());
        Finish { reducer, reduced, keep: self.keep, chunks: Arc::clone(&node.chunks) }
    }

    /// Whether one chunk alone leaves little enough.
    fn is_worth_alone(&self, input: &Chunks) -> bool {
        let Some(shape) = input.largest_chunk() else { return true };
        let axes = shape.iter().zip(&self.reduced).filter(|(_, reduced)| **reduced);
        let together = axes.map(|(len, _)| *len).fold(1usize, usize::saturating_mul);
        let acc_in_elements = size_of::<R::Acc>().div_ceil(size_of::<R::In>()).max(1);
        together / acc_in_elements >= WORTH_ALONE
    }

    /// Kept positions of a block, at most.
    fn n_kept(&self, input: &Chunks) -> Option<usize> {
        let shape = input.largest_chunk()?;
        let axes = shape.iter().zip(&self.reduced).filter(|(_, reduced)| !**reduced);
        Some(axes.map(|(len, _)| *len).fold(1usize, usize::saturating_mul))
    }

    /// The layer in which each chunk is reduced alone, fused with what makes it.
    fn alone(&self, node: &Node, input: &Node, layer: Arc<Layer>) -> Arc<Layer> {
        let sink = ReduceSink {
            reducer: self.reducer.clone(),
            reduced: self.reduced.clone(),
            shape: if R::PLACES { input.chunks.shape() } else { None },
        };
        let program = TileProgram::sink(input.dtype, Arc::new(sink), Arc::clone(&input.chunks));
        let grid = input.chunks.grid();
        let blocks = Blockwise::new(grid, vec![BlockMap::Same], R::NAME, program);
        inner_layer(node, 0, layer, blocks)
    }

    /// The layer that makes the result of partial results that need no joining.
    fn only_finish(&self, node: &Node, partials: Arc<Layer>) -> Arc<Layer> {
        let axes = self.axes_of_result().into_iter();
        let axis = |axis: Option<usize>| axis.map_or(AxisMap::One, |axis| AxisMap::Out(axis as u8));
        let (grid, out) = (partials.grid().to_vec(), node.chunks.grid());
        let map = match grid == out {
            true => BlockMap::Same,
            false => BlockMap::Axes { grid, axes: axes.map(axis).collect() },
        };
        let blocks = Blockwise::new(out, vec![map], "finish", self.finish(node));
        layer_of(node, [partials], blocks)
    }

    fn combine(&self, node: &Node, input: &Node, groups: Groups) -> Combine<R> {
        let is_last = groups.is_last(&self.reduced);
        let grid = if is_last { node.chunks.grid() } else { groups.to.clone() };
        let n_kept = self.n_kept(&input.chunks);
        Combine { groups, grid, finish: self.finish(node), is_last, n_kept }
    }
}

/// A layer below the node's own, named after it and its level.
fn inner_layer(
    node: &Node,
    level: u64,
    input: Arc<Layer>,
    blocks: impl chunkwise_graph::Blocks,
) -> Arc<Layer> {
    let token = Tokenizer::of("level", &(node.token, level));
    let name = Name::structural(node.operation().name(), token);
    Layer::shared(name, [input], Arc::new(blocks), node.made_at)
}

impl<R: Reducer> Operation for Reduce<R> {
    fn name(&self) -> &'static str {
        R::NAME
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let (input, mut layer) = (&node.inputs()[0], Arc::clone(&inputs[0]));
        let grid = input.chunks.grid();
        let needs_joining = grid.iter().zip(&self.reduced).any(|(n, reduced)| *reduced && *n > 1);
        if !needs_joining {
            let partials = self.alone(node, input, layer);
            return self.only_finish(node, partials);
        }
        let mut level = 0;
        if self.is_worth_alone(&input.chunks) {
            layer = self.alone(node, input, layer);
        } else {
            let groups = Groups::of_chunks(&grid, &self.reduced);
            let combine = self.combine(node, input, groups);
            let (is_last, from) = (combine.is_last, Arc::clone(&input.chunks));
            let shape = if R::PLACES { from.shape() } else { None };
            let direct = Direct { combine, from, shape };
            if is_last {
                return layer_of(node, [layer], direct);
            }
            layer = inner_layer(node, level, layer, direct);
        }
        loop {
            level += 1;
            let groups = Groups::of_tree(layer.grid(), &self.reduced);
            let combine = self.combine(node, input, groups);
            if combine.is_last {
                return layer_of(node, [layer], combine);
            }
            layer = inner_layer(node, level, layer, combine);
        }
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let shape = node.inputs()[0].chunks.shape()?;
        if self.keep && region.is_empty() {
            return None;
        }
        let axes = self.axes_of_result();
        let span = |(axis, len): (&Option<usize>, &usize)| match axis {
            Some(axis) => region.spans()[*axis],
            None => Span::new(0, *len),
        };
        Some(vec![axes.iter().zip(&shape).map(span).collect()])
    }
}

//! `take`: what is at listed positions along an axis.

use super::copy::copy_along;
use super::groups::Groups;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::chunks::Chunks;
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Nodes, Operation, layer_of, select, selected_chunks};
use crate::layout::flip;
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Name, Shipment, Tokenizer, TypeInfo, Value, grid,
};
use chunkwise_storage::{Region, Span};
use ndarray::{ArrayD, IxDyn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// What is at listed positions along an axis of the input.
struct Take<T> {
    axis: usize,
    list: Arc<[usize]>,
    groups: Arc<Groups>,
    of: PhantomData<fn() -> T>,
}

/// What is at listed positions along an axis of known length, in chunks as large as the input's.
///
/// # Errors
/// [`ArrayError::TooLarge`].
pub(super) fn take<T: Element>(
    input: Arc<Node>,
    axis: usize,
    list: &[usize],
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    if let Some((span, is_backwards)) = progression(list) {
        let spans = input.chunks.axes().iter().enumerate();
        let region = spans
            .map(|(at, cut)| if at == axis { span } else { Span::new(0, cut.len().unwrap_or(0)) })
            .collect();
        let mut flipped = smallvec::smallvec![false; input.chunks.ndim()];
        flipped[axis] = is_backwards;
        return Ok(flip::<T>(select(input, region, made_at), flipped, made_at));
    }
    let size = input.chunks.axes()[axis].largest().unwrap_or(1).max(1);
    let cut = AxisChunks::regular(list.len(), size);
    take_cut::<T>(input, axis, list, cut, made_at)
}

/// As [`take`], in chunks of these sizes.
///
/// # Errors
/// [`ArrayError::TooLarge`].
pub(super) fn take_cut<T: Element>(
    input: Arc<Node>,
    axis: usize,
    list: &[usize],
    cut: AxisChunks,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    let mut hash = Tokenizer::new("take");
    hash.token(input.token).u64(axis as u64).bytes(bytemuck::cast_slice(list));
    chunkwise_graph::Tokenize::tokenize(&cut, &mut hash);
    let groups = groups(&input.chunks.axes()[axis], list, &cut)?;
    let chunks = input.chunks.with_axis(axis, cut);
    let operation = Take::<T> { axis, list: list.into(), groups: groups.into(), of: PhantomData };
    Ok(Node::new(operation, [input], T::DTYPE, chunks, hash.finish(), made_at))
}

fn groups(from: &AxisChunks, list: &[usize], cut: &AxisChunks) -> Result<Groups, ArrayError> {
    Groups::new(cut, |item| from.chunk_of(list[item]).unwrap_or(0) as u32)
}

/// The list as positions that are equally far apart, and whether it goes through them backwards.
fn progression(list: &[usize]) -> Option<(Span, bool)> {
    let (&first, &last) = (list.first()?, list.last()?);
    let Some(&second) = list.get(1) else { return Some((Span::new(first, 1), false)) };
    let (is_backwards, step) = (second < first, second.abs_diff(first));
    let follows =
        |pair: &[usize]| (pair[1] < pair[0]) == is_backwards && pair[1].abs_diff(pair[0]) == step;
    let fits = step > 0 && list.windows(2).all(follows);
    fits.then_some((Span { start: first.min(last), count: list.len(), step }, is_backwards))
}

impl<T: Element> Take<T> {
    /// The least and the greatest position of a part of the list.
    fn reach(&self, span: &Span) -> (usize, usize) {
        let positions = || span.positions().map(|at| self.list[at]);
        (positions().min().unwrap_or(0), positions().max().map_or(0, |last| last + 1))
    }

    fn layers(&self, node: &Node, input: &Arc<Layer>) -> Arc<Layer> {
        let layer = TakeBlocks::<T> {
            grid: node.chunks.grid(),
            axis: self.axis,
            list: Arc::clone(&self.list),
            groups: Arc::clone(&self.groups),
            from: Arc::clone(&node.inputs()[0].chunks),
            chunks: Arc::clone(&node.chunks),
            stage: Stage::Whole,
            of: PhantomData,
        };
        if self.groups.is_direct() {
            return layer_of(node, [Arc::clone(input)], layer);
        }
        let mut pieces = TakeBlocks { stage: Stage::Pieces, ..layer.clone() };
        pieces.grid[self.axis] = self.groups.n_pairs();
        let name = Name::structural("take", Tokenizer::of("pieces", &node.token));
        let pieces = Layer::shared(name, [Arc::clone(input)], Arc::new(pieces), node.made_at);
        layer_of(node, [pieces], TakeBlocks { stage: Stage::Join, ..layer })
    }
}

impl<T: Element> Operation for Take<T> {
    fn name(&self) -> &'static str {
        "take"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        self.layers(node, &inputs[0])
    }

    /// Along the axis, all between the first and the last position that is wanted.
    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        node.chunks.shape()?;
        let mut spans: Vec<Span> = region.spans().to_vec();
        let (first, end) = self.reach(&spans[self.axis]);
        spans[self.axis] = Span::new(first, end - first);
        Some(vec![spans.into_iter().collect()])
    }

    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let chunks = selected_chunks(&node.chunks, region);
        let span = region.spans()[self.axis];
        let (first, _) = self.reach(&span);
        let list: Arc<[usize]> = span.positions().map(|at| self.list[at] - first).collect();
        let (from, cut) = (&inputs[0].chunks.axes()[self.axis], &chunks.axes()[self.axis]);
        // A part has no more pairs than the whole.
        let Ok(groups) = groups(from, &list, cut) else { return node.again() };
        let operation = Take::<T> { axis: self.axis, list, groups: groups.into(), of: PhantomData };
        let token = node.part_token(region);
        node.with(Arc::new(operation), inputs, chunks, token)
    }
}

/// What a block of the layer is.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    /// A chunk of the result, taken from the input.
    Whole,
    /// What a chunk of the result takes from one chunk of the input.
    Pieces,
    /// A chunk of the result, put together from pieces.
    Join,
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct TakeBlocks<T> {
    grid: Vec<u32>,
    axis: usize,
    list: Arc<[usize]>,
    groups: Arc<Groups>,
    from: Arc<Chunks>,
    chunks: Arc<Chunks>,
    stage: Stage,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for TakeBlocks<T> {
    fn clone(&self) -> TakeBlocks<T> {
        TakeBlocks {
            grid: self.grid.clone(),
            axis: self.axis,
            list: Arc::clone(&self.list),
            groups: Arc::clone(&self.groups),
            from: Arc::clone(&self.from),
            chunks: Arc::clone(&self.chunks),
            stage: self.stage,
            of: PhantomData,
        }
    }
}

impl<T: Element> TakeBlocks<T> {
    /// The number of a chunk along the axis, or of a pair, that is at a place of the grid.
    fn along(&self, block: u32) -> u32 {
        grid::unflatten(&self.grid, block)[self.axis]
    }

    /// For each item of a pair where it is in its source, and where in the result's chunk.
    fn items(&self, pair: u32) -> impl Iterator<Item = (usize, usize)> + Clone {
        let block = self.groups.block_of(pair);
        let range_start = |cut: &AxisChunks, at: usize| cut.range(at).map_or(0, |r| r.start);
        let first = range_start(&self.chunks.axes()[self.axis], block);
        let source = self.groups.source(pair) as usize;
        let source_start = range_start(&self.from.axes()[self.axis], source);
        self.groups.items(pair).map(move |at| (self.list[first + at] - source_start, at))
    }

    /// Elements of a block along the axis.
    fn n_along(&self, at: u32) -> usize {
        match self.stage {
            Stage::Pieces => self.groups.n_items(at),
            _ => self.chunks.axes()[self.axis].size(at as usize).unwrap_or(0),
        }
    }

    fn take_from(&self, input: &mut Value, pair: u32, out: &mut ArrayD<T>) -> Result<(), BoxError> {
        let input = input.take();
        let chunk = chunk_of::<T>(&input)?.view();
        let items = self.items(pair);
        match self.stage {
            Stage::Whole => copy_along(&chunk, out, self.axis, items),
            Stage::Pieces => {
                copy_along(
                    &chunk,
                    out,
                    self.axis,
                    items.enumerate().map(|(to, (from, _))| (from, to)),
                );
            }
            Stage::Join => {
                copy_along(
                    &chunk,
                    out,
                    self.axis,
                    items.enumerate().map(|(from, (_, to))| (from, to)),
                );
            }
        }
        Ok(())
    }
}

impl<T: Element> Blocks for TakeBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let mut index = grid::unflatten(&self.grid, block);
        let at = index[self.axis];
        let mut input_grid = self.grid.clone();
        let from = self.from.axes()[self.axis].n_chunks() as u32;
        input_grid[self.axis] =
            if self.stage == Stage::Join { self.groups.n_pairs() } else { from };
        let pairs = match self.stage {
            Stage::Pieces => at..at + 1,
            _ => self.groups.pairs_of(at),
        };
        for pair in pairs {
            let is_piece = self.stage == Stage::Join;
            index[self.axis] = if is_piece { pair } else { self.groups.source(pair) };
            deps.push(Dep::input(0, grid::flatten(&input_grid, &index)));
        }
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let at = self.along(block);
        let first = inputs.first().ok_or("there is nothing to take from")?;
        let mut shape = chunk_of::<T>(first)?.shape().to_vec();
        shape[self.axis] = self.n_along(at);
        let mut out = ArrayD::from_elem(IxDyn(&shape), T::default());
        let pairs = match self.stage {
            Stage::Pieces => at..at + 1,
            _ => self.groups.pairs_of(at),
        };
        for (pair, input) in pairs.zip(inputs) {
            self.take_from(input, pair, &mut out)?;
        }
        Ok(Chunk::new(out).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "take".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let index = grid::unflatten(&self.grid, block);
        let axes = self.chunks.axes().iter().zip(&index).enumerate();
        let n = axes
            .map(|(axis, (cut, &at))| match axis == self.axis {
                true => Some(self.n_along(at)),
                false => cut.size(at as usize),
            })
            .try_fold(1usize, |n, len| Some(n * len?));
        n.map_or(Bounds::UNKNOWN, |n| Bounds::output(chunk_bytes::<T>(n)))
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_are_slices_are_found() {
        let span = |start, count, step| Span { start, count, step };
        assert_eq!(progression(&[3, 5, 7]), Some((span(3, 3, 2), false)));
        assert_eq!(progression(&[6, 3, 0]), Some((span(0, 3, 3), true)));
        assert_eq!(progression(&[4]), Some((span(4, 1, 1), false)));
        for list in [&[][..], &[1, 1], &[0, 1, 3], &[0, 1, 0], &[2, 0, 2]] {
            assert_eq!(progression(list), None, "{list:?}");
        }
    }
}

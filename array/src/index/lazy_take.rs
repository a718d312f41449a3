//! `take` of positions that are computed.

use super::copy::copy_along;
use super::list::{axis_len, axis_of};
use crate::array::Array;
use crate::axes::Axes;
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::chunks::Chunks;
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of};
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Name, Shipment, Tokenizer, TypeInfo, Value, grid,
};
use chunkwise_storage::{Region, Span};
use ndarray::{ArrayD, IxDyn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

/// What is at the positions, which are the second input, along an axis of the first one.
struct LazyTake<T> {
    axis: usize,
    of: PhantomData<fn() -> T>,
}

/// What is at the positions in an array along an axis; the axes of the positions take its place.
#[track_caller]
pub(super) fn take_lazily<T: Element>(
    x: &Array<T>,
    axis: impl Into<Axes>,
    indices: &Array<i64>,
) -> Array<T> {
    Array::build("take", &[&x.node, &indices.node], |made_at| {
        let axis = axis_of(axis, x.ndim())?;
        axis_len(x, axis, "take")?;
        let token = Tokenizer::of("lazy take", &(x.node.token, indices.node.token, axis));
        let own = x.chunks().axes();
        let axes = own[..axis].iter().chain(indices.chunks().axes()).chain(&own[axis + 1..]);
        let chunks: Chunks = axes.cloned().collect();
        let operation = LazyTake::<T> { axis, of: PhantomData };
        let inputs = [x.node.clone(), indices.node.clone()];
        Ok(Node::new(operation, inputs, T::DTYPE, chunks, token, made_at))
    })
}

/// Where positions lie in an axis.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Along {
    pub(super) axis: usize,
    pub(super) len: usize,
}

impl Along {
    /// The position that a number means.
    ///
    /// # Errors
    /// [`ArrayError::Index`].
    #[inline]
    pub(super) fn position(self, index: i64) -> Result<usize, ArrayError> {
        let found = if index < 0 { index + self.len as i64 } else { index };
        match usize::try_from(found) {
            Ok(found) if found < self.len => Ok(found),
            _ => {
                let index = isize::try_from(index).unwrap_or(isize::MAX);
                Err(ArrayError::Index { index, axis: self.axis, len: self.len })
            }
        }
    }
}

impl<T: Element> Operation for LazyTake<T> {
    fn name(&self) -> &'static str {
        "take"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let [x, indices] = node.inputs() else { return Arc::clone(&inputs[0]) };
        let n_from = x.chunks.axes()[self.axis].n_chunks();
        let along = Along { axis: self.axis, len: x.chunks.axes()[self.axis].len().unwrap_or(0) };
        let layer = LazyTakeBlocks::<T> {
            grid: node.chunks.grid(),
            along,
            from: Arc::clone(&x.chunks),
            indices: Arc::clone(&indices.chunks),
            stage: if n_from == 1 { Stage::Whole } else { Stage::Join },
            of: PhantomData,
        };
        if n_from == 1 {
            return layer_of(node, inputs.iter().cloned(), layer);
        }
        let grid = x.chunks.grid().into_iter().chain(indices.chunks.grid()).collect();
        let pieces = LazyTakeBlocks { grid, stage: Stage::Pieces, ..layer.clone() };
        let name = Name::structural("take", Tokenizer::of("pieces", &node.token));
        let pieces = Layer::shared(name, inputs.iter().cloned(), Arc::new(pieces), node.made_at);
        layer_of(node, [pieces, Arc::clone(&inputs[1])], layer)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let [x, indices] = node.inputs() else { return None };
        node.chunks.shape()?;
        let spans = region.spans();
        let behind = self.axis + indices.chunks.ndim();
        let whole = Span::new(0, x.chunks.axes()[self.axis].len()?);
        let of_x = spans[..self.axis].iter().chain([&whole]).chain(&spans[behind..]);
        let of_indices = spans[self.axis..behind].iter();
        Some(vec![of_x.copied().collect(), of_indices.copied().collect()])
    }
}

/// What a block of the layer is.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    /// A chunk of the result, taken from the only chunk along the axis.
    Whole,
    /// What a chunk of positions takes from one chunk: an axis for each of the array, then one for
    /// each of the positions.
    Pieces,
    /// A chunk of the result, put together from pieces.
    Join,
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct LazyTakeBlocks<T> {
    grid: Vec<u32>,
    along: Along,
    from: Arc<Chunks>,
    indices: Arc<Chunks>,
    stage: Stage,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for LazyTakeBlocks<T> {
    fn clone(&self) -> LazyTakeBlocks<T> {
        let (from, indices) = (Arc::clone(&self.from), Arc::clone(&self.indices));
        let (grid, along, stage) = (self.grid.clone(), self.along, self.stage);
        LazyTakeBlocks { grid, along, from, indices, stage, of: PhantomData }
    }
}

impl<T: Element> LazyTakeBlocks<T> {
    /// The block of the array, but for its place along the axis, and the block of the positions.
    fn sources(&self, block: u32) -> (Vec<u32>, Vec<u32>) {
        let index = grid::unflatten(&self.grid, block);
        let (axis, n_indices) = (self.along.axis, self.indices.ndim());
        match self.stage {
            Stage::Pieces => {
                let (x, indices) = index.split_at(self.from.ndim());
                (x.to_vec(), indices.to_vec())
            }
            _ => {
                let (before, rest) = index.split_at(axis);
                let (indices, after) = rest.split_at(n_indices);
                ([before, &[0], after].concat(), indices.to_vec())
            }
        }
    }

    fn range(&self, chunk: usize) -> Range<usize> {
        self.from.axes()[self.along.axis].range(chunk).unwrap_or(0..0)
    }

    /// The positions that lie in a range, and the number of each among all.
    fn inside(
        &self,
        indices: &Chunk<i64>,
        range: &Range<usize>,
        found: &mut Vec<(usize, usize)>,
    ) -> Result<(), ArrayError> {
        found.clear();
        for (number, &index) in indices.view().iter().enumerate() {
            let position = self.along.position(index)?;
            if range.contains(&position) {
                found.push((position - range.start, number));
            }
        }
        Ok(())
    }

    fn piece(&self, block: u32, inputs: &mut [Value]) -> Result<ArrayD<T>, BoxError> {
        let [x, indices] = inputs else { return Err("positions and an array are given".into()) };
        let range = self.range(self.sources(block).0[self.along.axis] as usize);
        let indices = chunk_of::<i64>(indices)?;
        let mut found = Vec::with_capacity(indices.view().len());
        self.inside(indices, &range, &mut found)?;
        let x = chunk_of::<T>(x)?.view();
        let mut shape = x.shape().to_vec();
        shape[self.along.axis] = found.len();
        let mut out = ArrayD::from_elem(IxDyn(&shape), T::default());
        let pairs = found.iter().enumerate().map(|(to, (from, _))| (*from, to));
        copy_along(&x, &mut out, self.along.axis, pairs);
        Ok(out)
    }

    fn join(&self, inputs: &mut [Value]) -> Result<ArrayD<T>, BoxError> {
        let Some((indices, pieces)) = inputs.split_last_mut() else {
            return Err("positions and pieces are given".into());
        };
        let indices = indices.take();
        let indices = chunk_of::<i64>(&indices)?;
        let (axis, n_indices) = (self.along.axis, indices.view().len());
        let mut shape =
            pieces.first().map(chunk_of::<T>).transpose()?.map_or(&[][..], Chunk::shape).to_vec();
        shape[axis] = n_indices;
        let mut out = ArrayD::from_elem(IxDyn(&shape), T::default());
        let mut found = Vec::with_capacity(n_indices);
        for (chunk, piece) in pieces.iter_mut().enumerate() {
            let piece = piece.take();
            self.inside(indices, &self.range(chunk), &mut found)?;
            let places = found.iter().enumerate();
            let is_whole = self.stage == Stage::Whole;
            let pairs = places.map(|(at, (from, to))| (if is_whole { *from } else { at }, *to));
            copy_along(&chunk_of::<T>(&piece)?.view(), &mut out, axis, pairs);
        }
        let shape = [&shape[..axis], indices.shape(), &shape[axis + 1..]].concat();
        Ok(out.into_shape_with_order(IxDyn(&shape))?)
    }
}

impl<T: Element> Blocks for LazyTakeBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let (mut x, indices) = self.sources(block);
        let (mut x_grid, axis) = (self.from.grid(), self.along.axis);
        let indices_block = self.indices.block_at(&indices);
        match self.stage {
            Stage::Join => {
                let n_from = x_grid[axis];
                x_grid.extend(self.indices.grid());
                x.extend(&indices);
                for chunk in 0..n_from {
                    x[axis] = chunk;
                    deps.push(Dep::input(0, grid::flatten(&x_grid, &x)));
                }
            }
            _ => deps.push(Dep::input(0, grid::flatten(&x_grid, &x))),
        }
        deps.push(Dep::input(1, indices_block));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let out = match self.stage {
            Stage::Pieces => self.piece(block, inputs)?,
            _ => self.join(inputs)?,
        };
        Ok(Chunk::new(out).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "take".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let (x, indices) = self.sources(block);
        let axes = self.from.axes().iter().zip(&x).enumerate();
        let others = axes
            .filter(|(axis, _)| *axis != self.along.axis)
            .try_fold(1usize, |n, (_, (cut, &at))| Some(n * cut.size(at as usize)?));
        let n_indices = self.indices.chunk_len(self.indices.block_at(&indices));
        match (others, n_indices) {
            (Some(others), Some(n)) => Bounds::output(chunk_bytes::<T>(others * n))
                .with_scratch((n * size_of::<(usize, usize)>()) as u64),
            _ => Bounds::UNKNOWN,
        }
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

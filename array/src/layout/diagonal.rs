//! Diagonals of matrices.

use crate::array::Array;
use crate::axes::{Axes, find_axis};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of};
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Shipment, Tokenizer, TypeInfo, Value, grid,
};
use ndarray::{ArrayD, Axis, IxDyn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

/// A part of a diagonal that lies in one chunk.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Piece {
    /// The chunk's position along both axes.
    chunk: [u32; 2],
    /// Where the part starts in the chunk.
    start: [usize; 2],
    len: usize,
}

/// The parts of the diagonal that starts at `start`, in order.
fn pieces(axes: [&AxisChunks; 2], start: [usize; 2], len: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut done = 0;
    while done < len {
        let at = [start[0] + done, start[1] + done];
        let find = |axis: usize| {
            let chunk = axes[axis].chunk_of(at[axis])?;
            Some((chunk as u32, axes[axis].range(chunk)?))
        };
        let (Some((a, rows)), Some((b, columns))) = (find(0), find(1)) else { break };
        let n = (rows.end - at[0]).min(columns.end - at[1]).min(len - done);
        let start = [at[0] - rows.start, at[1] - columns.start];
        pieces.push(Piece { chunk: [a, b], start, len: n });
        done += n;
    }
    pieces
}

impl<T: Element> Array<T> {
    /// Diagonal `offset` of the matrices of two axes, counted from the main one: above it if
    /// positive, below it if negative. The two axes are dropped; the diagonal is the last one.
    ///
    /// The diagonal is cut wherever one of the two axes is.
    ///
    /// # Complexity
    /// A task for each chunk of the result; chunks away from the diagonal are not made.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 9, 1, 3).reshape([3, 3]);
    /// assert_eq!(x.diagonal(1, (0, 1)).compute()?, ndarray::arr1(&[1, 5]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn diagonal(&self, offset: isize, axes: (isize, isize)) -> Array<T> {
        Array::build("diagonal", &[&self.node], |made_at| {
            let ndim = self.ndim();
            Axes::from([axes.0, axes.1]).mask(ndim)?;
            let axes = [find_axis(axes.0, ndim)?, find_axis(axes.1, ndim)?];
            let own = axes.map(|axis| &self.chunks().axes()[axis]);
            let len = |at: usize| {
                let axis = axes[at];
                own[at].len().ok_or(ArrayError::Deferred { operation: "diagonal", axis })
            };
            let (rows, columns) = (len(0)?, len(1)?);
            let start = match offset < 0 {
                true => [offset.unsigned_abs(), 0],
                false => [0, offset.unsigned_abs()],
            };
            let len = rows.saturating_sub(start[0]).min(columns.saturating_sub(start[1]));
            let pieces = pieces(own, start, len);
            let cut = AxisChunks::of_sizes(pieces.iter().map(|piece| piece.len));
            let others = (0..ndim).filter(|axis| !axes.contains(axis));
            let others = others.map(|axis| self.chunks().axes()[axis].clone());
            let chunks: Chunks = others.chain([cut]).collect();
            let token = Tokenizer::of("diagonal", &(self.node.token, offset, &axes[..]));
            let operation = Diagonal { axes, pieces, of: PhantomData::<fn() -> T> };
            Ok(Node::new(operation, [self.node.clone()], T::DTYPE, chunks, token, made_at))
        })
    }
}

struct Diagonal<T> {
    axes: [usize; 2],
    pieces: Vec<Piece>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Operation for Diagonal<T> {
    fn name(&self) -> &'static str {
        "diagonal"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let blocks = DiagonalBlocks {
            grid: node.chunks.grid(),
            from: node.inputs()[0].chunks.grid(),
            chunks: Arc::clone(&node.chunks),
            axes: self.axes,
            pieces: self.pieces.clone(),
            of: PhantomData::<fn() -> T>,
        };
        layer_of(node, inputs.iter().cloned(), blocks)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct DiagonalBlocks<T> {
    grid: Vec<u32>,
    from: Vec<u32>,
    chunks: Arc<Chunks>,
    axes: [usize; 2],
    pieces: Vec<Piece>,
    of: PhantomData<fn() -> T>,
}

impl<T> DiagonalBlocks<T> {
    /// What a block has of which chunk; nothing if the diagonal is empty.
    fn piece(&self, block: u32) -> Option<Piece> {
        let last = *grid::unflatten(&self.grid, block).last()?;
        self.pieces.get(last as usize).copied()
    }
}

impl<T: Element> Blocks for DiagonalBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let index = grid::unflatten(&self.grid, block);
        let Some(piece) = self.piece(block) else { return };
        let mut others = index.iter().copied();
        let at: PerAxis<u32> = (0..self.from.len())
            .map(|axis| match self.axes.iter().position(|own| *own == axis) {
                Some(which) => piece.chunk[which],
                None => others.next().unwrap_or(0),
            })
            .collect();
        deps.push(Dep::input(0, grid::flatten(&self.from, &at)));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let ([input], Some(piece)) = (&mut *inputs, self.piece(block)) else {
            let shape = self.chunks.chunk_shape(block).unwrap_or_else(|| PerAxis::from_slice(&[0]));
            let none = ArrayD::from_elem(IxDyn(&shape), T::default());
            return Ok(Chunk::new(none).into_value());
        };
        let input = input.take();
        let mut view = chunk_of::<T>(&input)?.view();
        for (axis, start) in self.axes.iter().zip(piece.start) {
            if view.shape().get(*axis).is_none_or(|len| *len < start + piece.len) {
                return Err("a chunk is smaller than was promised".into());
            }
            view.slice_axis_inplace(Axis(*axis), (start..start + piece.len).into());
        }
        // The two axes last, as one.
        let others = (0..view.ndim()).filter(|axis| !self.axes.contains(axis));
        let order: Vec<usize> = others.chain(self.axes).collect();
        let view = view.permuted_axes(IxDyn(&order));
        let ndim = view.ndim();
        let mut shape = view.shape().to_vec();
        shape.truncate(ndim - 1);
        let mut out = ArrayD::from_elem(IxDyn(&shape), T::default());
        for (at, mut place) in out.axis_iter_mut(Axis(ndim - 2)).enumerate() {
            place.assign(&view.index_axis(Axis(ndim - 1), at).index_axis(Axis(ndim - 2), at));
        }
        Ok(Chunk::new(out).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "diagonal".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

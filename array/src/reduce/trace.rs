//! The sum along a diagonal.

use crate::array::{Array, Built, known_shape};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::chunks::Chunks;
use crate::element::{Element, Number};
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of};
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Layer, Shipment, Tokenizer, TypeInfo, Value};
use ndarray::{ArrayD, Axis, IxDyn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// What the diagonal has of one chunk.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Hit {
    /// The chunk, along the first two axes.
    chunk: (u32, u32),
    /// Where the diagonal enters it.
    start: (usize, usize),
    n: usize,
}

/// The chunks that a diagonal goes through, from its start on.
fn hits(rows: &AxisChunks, columns: &AxisChunks, offset: isize) -> Vec<Hit> {
    let (mut row, mut column) = (offset.min(0).unsigned_abs(), offset.max(0).unsigned_abs());
    let mut hits = Vec::new();
    while let (Some(at_row), Some(at_column)) = (rows.chunk_of(row), columns.chunk_of(column)) {
        let ranges = (rows.range(at_row), columns.range(at_column));
        let (Some(in_rows), Some(in_columns)) = ranges else { break };
        let n = (in_rows.end - row).min(in_columns.end - column);
        let start = (row - in_rows.start, column - in_columns.start);
        hits.push(Hit { chunk: (at_row as u32, at_column as u32), start, n });
        (row, column) = (row + n, column + n);
    }
    hits
}

struct Diagonal<T> {
    offset: isize,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Operation for Diagonal<T> {
    fn name(&self) -> &'static str {
        "diagonal"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let from = Arc::clone(&node.inputs()[0].chunks);
        let hits = hits(&from.axes()[0], &from.axes()[1], self.offset);
        let to = Arc::clone(&node.chunks);
        let blocks = DiagonalBlocks::<T> { grid: to.grid(), hits, from, to, of: PhantomData };
        layer_of(node, inputs.iter().cloned(), blocks)
    }
}

/// The diagonal of the first two axes, as a new last axis: a block of each chunk that it goes
/// through, and one that is empty if there is none.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct DiagonalBlocks<T> {
    grid: Vec<u32>,
    hits: Vec<Hit>,
    from: Arc<Chunks>,
    to: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T> DiagonalBlocks<T> {
    fn hit(&self, block: u32) -> Hit {
        let number = self.to.index_of(block).last().map_or(0, |at| *at as usize);
        let nothing = Hit { chunk: (0, 0), start: (0, 0), n: 0 };
        self.hits.get(number).copied().unwrap_or(nothing)
    }
}

impl<T: Element> Blocks for DiagonalBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let (row, column) = self.hit(block).chunk;
        let mut index = self.to.index_of(block);
        index.pop();
        index.insert_from_slice(0, &[row, column]);
        deps.push(Dep::input(0, self.from.block_at(&index)));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("a diagonal is of one chunk".into()) };
        let input = input.take();
        let (chunk, hit) = (chunk_of::<T>(&input)?, self.hit(block));
        let view = chunk.view();
        let shape: Vec<usize> = view.shape()[2..].iter().copied().chain([hit.n]).collect();
        let mut out = ArrayD::from_elem(IxDyn(&shape), T::default());
        let last = Axis(shape.len() - 1);
        for (at, mut place) in out.axis_iter_mut(last).enumerate() {
            let row = view.index_axis(Axis(0), hit.start.0 + at);
            place.assign(&row.index_axis(Axis(0), hit.start.1 + at));
        }
        Ok(Chunk::new(out).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "diagonal".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let n = self.to.chunk_len(block);
        n.map_or(Bounds::UNKNOWN, |n| Bounds::output(chunk_bytes::<T>(n)))
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

fn diagonal<T: Element>(
    node: &Arc<Node>,
    offset: isize,
    made_at: &'static Location<'static>,
) -> Built {
    known_shape(node, "trace")?;
    let [rows, columns, others @ ..] = node.chunks.axes() else {
        return Err(ArrayError::shape("two axes are needed", &node.chunks.extents()));
    };
    let sizes = hits(rows, columns, offset).into_iter().map(|hit| hit.n);
    let chunks: Chunks = others.iter().cloned().chain([AxisChunks::of_sizes(sizes)]).collect();
    let token = Tokenizer::of("diagonal", &(node.token, offset));
    let operation = Diagonal::<T> { offset, of: PhantomData };
    Ok(Node::new(operation, [node.clone()], T::DTYPE, chunks, token, made_at))
}

impl<T: Number> Array<T> {
    /// The sums along a diagonal of the first two axes, which are taken away: of elements whose
    /// second position is `offset` more than the first. 0 where there is none.
    ///
    /// It is an error if there are fewer than two axes, or if lengths are deferred.
    ///
    /// # Complexity
    /// Only chunks are needed that the diagonal goes through.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![[1, 2], [3, 4]], 1);
    /// assert_eq!(x.trace(0).compute()?[[]], 5i64);
    /// assert_eq!(x.trace(-1).compute()?[[]], 3i64);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn trace(&self, offset: isize) -> Array<T::Sum> {
        let diagonal = Array::<T>::build("trace", &[&self.node], |made_at| {
            diagonal::<T>(&self.node, offset, made_at)
        });
        match diagonal.checked() {
            Ok(diagonal) => diagonal.sum_axis(-1),
            Err(error) => Array::build("trace", &[&self.node], |_| Err(error)),
        }
    }
}

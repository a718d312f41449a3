//! Arrays repeated: each element, or all of them.

use crate::array::{Array, known_shape};
use crate::axes::find_axis;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of};
use crate::layout::view;
use crate::shape::Shape;
use chunkwise_graph::{
    Block, BlockMap, Blocks, Blockwise, Bounds, BoxError, Dep, Kernel, Layer, Shipment, Tokenizer,
    TypeInfo, Value, grid,
};
use ndarray::{ArrayD, Axis, IxDyn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

impl<T: Element> Array<T> {
    /// Each element `n` times, one behind the other, along an axis.
    ///
    /// Preserves the number of chunks, which become `n` times as large.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 3, 1, 2).repeat(2, 0);
    /// assert_eq!(x.compute()?, ndarray::arr1(&[0, 0, 1, 1, 2, 2]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn repeat(&self, n: usize, axis: isize) -> Array<T> {
        Array::build("repeat", &[&self.node], |made_at| {
            let axis = find_axis(axis, self.ndim())?;
            let token = Tokenizer::of("repeat", &(self.node.token, n, axis));
            let cut = repeated(&self.node.chunks.axes()[axis], n, token);
            let chunks = self.node.chunks.with_axis(axis, cut);
            checked_size(&chunks)?;
            let operation = Repeat { n, axis, of: PhantomData::<fn() -> T> };
            Ok(Node::new(operation, [self.node.clone()], T::DTYPE, chunks, token, made_at))
        })
    }

    /// The array `reps[i]` times along axis `i`, one copy behind the other.
    ///
    /// As in NumPy, a missing axis or a missing number counts as 1, at the front.
    ///
    /// # Complexity
    /// A task for each chunk, which hands on a chunk of the input; its copies share memory.
    #[track_caller]
    pub fn tile(&self, reps: impl Into<Shape>) -> Array<T> {
        let reps = reps.into();
        Array::build("tile", &[&self.node], |made_at| {
            let given = reps.lens();
            let ndim = given.len().max(self.ndim());
            known_shape(&self.node, "tile")?;
            let missing = ndim - self.ndim();
            let from = (0..ndim).map(|axis| axis.checked_sub(missing)).collect();
            let input = view::<T>("tile", self.node.clone(), from, made_at);
            let ones = std::iter::repeat_n(1, ndim - given.len());
            let reps: PerAxis<usize> = ones.chain(given.iter().copied()).collect();
            let axes = input.chunks.axes().iter().zip(&reps);
            let chunks: Chunks = axes.map(|(axis, n)| tiled(axis, *n)).collect();
            checked_size(&chunks)?;
            if chunks == *input.chunks {
                return Ok(input);
            }
            let token = Tokenizer::of("tile", &(input.token, &reps[..]));
            let operation = Tile { of: PhantomData::<fn() -> T> };
            Ok(Node::new(operation, [input], T::DTYPE, chunks, token, made_at))
        })
    }
}

/// # Errors
/// [`ArrayError::TooLarge`].
fn checked_size(chunks: &Chunks) -> Result<(), ArrayError> {
    match chunks.shape() {
        Some(shape) => Shape::from(&shape[..]).checked().map(|_| ()),
        None => Ok(()),
    }
}

fn repeated(axis: &AxisChunks, n: usize, token: chunkwise_graph::Token) -> AxisChunks {
    match (axis.regular_size(), axis.len(), axis.sizes()) {
        (Some(size), Some(len), _) if n > 0 => {
            AxisChunks::regular(len.saturating_mul(n), size.saturating_mul(n))
        }
        (_, _, Some(sizes)) => AxisChunks::of_sizes(sizes.into_iter().map(|s| s.saturating_mul(n))),
        _ => AxisChunks::deferred(axis.n_chunks(), token),
    }
}

fn tiled(axis: &AxisChunks, n: usize) -> AxisChunks {
    match (axis.regular_size(), axis.len(), axis.sizes()) {
        _ if n == 0 => AxisChunks::whole(0),
        _ if n == 1 => axis.clone(),
        (Some(size), Some(len), _) if len.is_multiple_of(size) => {
            AxisChunks::regular(len.saturating_mul(n), size)
        }
        (_, _, sizes) => {
            let sizes = sizes.unwrap_or_default();
            AxisChunks::of_sizes(std::iter::repeat_n(sizes, n).flatten())
        }
    }
}

/// Each element several times.
struct Repeat<T> {
    n: usize,
    axis: usize,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Operation for Repeat<T> {
    fn name(&self) -> &'static str {
        "repeat"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let kernel = RepeatKernel {
            n: self.n,
            axis: self.axis,
            chunks: Arc::clone(&node.chunks),
            of: PhantomData::<fn() -> T>,
        };
        let blocks = Blockwise::new(node.chunks.grid(), vec![BlockMap::Same], self.name(), kernel);
        layer_of(node, inputs.iter().cloned(), blocks)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct RepeatKernel<T> {
    n: usize,
    axis: usize,
    chunks: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Kernel for RepeatKernel<T> {
    fn call(&self, _: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let [value] = arguments else { return Err("one chunk is repeated at a time".into()) };
        let value = value.take();
        let chunk = chunk_of::<T>(&value)?;
        let mut shape: PerAxis<usize> = chunk.shape().into();
        let len = shape.get(self.axis).copied().ok_or("a chunk without the repeated axis")?;
        shape[self.axis] = len * self.n;
        let mut out = ArrayD::from_elem(IxDyn(&shape), T::default());
        if self.n > 0 {
            let axis = Axis(self.axis);
            let places = out.axis_chunks_iter_mut(axis, self.n);
            let view = chunk.view();
            for (mut place, own) in places.zip(view.axis_iter(axis)) {
                place.assign(&own.insert_axis(axis));
            }
        }
        Ok(Chunk::new(out).into_value())
    }

    fn bytes(&self, block: Block<'_>) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block.number)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

/// All chunks several times.
struct Tile<T> {
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Operation for Tile<T> {
    fn name(&self) -> &'static str {
        "tile"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let chunks = Arc::clone(&node.chunks);
        let from = node.inputs()[0].chunks.grid();
        let is_empty = chunks.axes().iter().zip(node.inputs()[0].chunks.axes());
        let is_empty = is_empty.map(|(out, own)| out.is_empty() && !own.is_empty()).collect();
        let (grid, of) = (chunks.grid(), PhantomData::<fn() -> T>);
        layer_of(node, inputs.iter().cloned(), TileBlocks { grid, from, chunks, is_empty, of })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct TileBlocks<T> {
    grid: Vec<u32>,
    from: Vec<u32>,
    chunks: Arc<Chunks>,
    /// Along which axes there is no copy at all.
    is_empty: PerAxis<bool>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Blocks for TileBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        if self.is_empty.contains(&true) {
            return;
        }
        let mut index = grid::unflatten(&self.grid, block);
        index.iter_mut().zip(&self.from).for_each(|(at, n)| *at %= n);
        deps.push(Dep::input(0, grid::flatten(&self.from, &index)));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        match inputs {
            [input] => Ok(input.take()),
            _ => {
                let shape = self.chunks.chunk_shape(block).ok_or("tiles have known shapes")?;
                Ok(Chunk::<T>::from_vec(&shape, Vec::new())?.into_value())
            }
        }
    }

    fn op_name(&self) -> Cow<'_, str> {
        "tile".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

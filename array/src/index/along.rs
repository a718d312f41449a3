//! `take_along_axis`: for each element of the result its own position along an axis.

use super::lazy_take::Along;
use super::list::{axis_len, axis_of};
use crate::array::{Array, known_shape};
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::elementwise::{align_cuts, region_of_input};
use crate::error::ArrayError;
use crate::expr::{Node, Nodes, Operation, layer_of};
use crate::rechunk::rechunk;
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Name, Shipment, Tokenizer, TypeInfo, Value,
};
use chunkwise_storage::{Region, Span};
use ndarray::{ArrayD, ArrayViewD, Axis, IxDyn, Zip};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

impl<T: Element> Array<T> {
    /// For each element of `indices` what is at that position along an axis, in the same row or
    /// column: with what `argsort` along the axis gives, the sorted array.
    ///
    /// As many axes as the array; the other axes broadcast. Has the cut of `indices` along the axis.
    /// Negative positions count from the end. It is an error if a position does not exist, when it is
    /// computed.
    ///
    /// # Complexity
    /// O(elements of the result x chunks along the axis); where the axis is cut, a task for each pair
    /// of chunks along it picks what is there, and another one puts the pieces together.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::{Axis, array};
    /// let x = Array::from_ndarray(&array![[10, 20, 30], [40, 50, 60]], 2);
    /// let at = Array::from_ndarray(&array![[2i64], [0]], 1);
    /// assert_eq!(x.take_along_axis(Axis(1), &at).compute()?, array![[30], [40]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn take_along_axis(&self, axis: impl Into<Axes>, indices: &Array<i64>) -> Array<T> {
        const NAME: &str = "take_along_axis";
        Array::build(NAME, &[&self.node, &indices.node], |made_at| {
            let axis = axis_of(axis, self.ndim())?;
            axis_len(self, axis, NAME)?;
            known_shape(&self.node, NAME)?;
            known_shape(&indices.node, NAME)?;
            if indices.ndim() != self.ndim() {
                let expected = format!("one of {} axes belongs", self.ndim());
                return Err(ArrayError::shape(expected, &indices.shape()));
            }
            // Cut alike but for the axis: as if it had one element.
            let nodes = [&self.node, &indices.node];
            let [x, at] = nodes.map(|node| node.chunks.with_axis(axis, AxisChunks::whole(1)));
            let (chunks, cuts) = align_cuts(&[&x, &at])?;
            let recut = |(node, to): (&Arc<Node>, Chunks)| {
                let own = node.chunks.axes()[axis].clone();
                rechunk(Arc::clone(node), to.with_axis(axis, own), made_at)
            };
            let inputs: Nodes = nodes.into_iter().zip(cuts).map(recut).collect();
            let token = Tokenizer::of(NAME, &(inputs[0].token, inputs[1].token, axis));
            let chunks = chunks.with_axis(axis, indices.chunks().axes()[axis].clone());
            let operation = TakeAlong::<T> { axis, of: PhantomData };
            Ok(Node::new(operation, inputs, T::DTYPE, chunks, token, made_at))
        })
    }
}

struct TakeAlong<T> {
    axis: usize,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Operation for TakeAlong<T> {
    fn name(&self) -> &'static str {
        "take_along_axis"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let [x, indices] = node.inputs() else { return Arc::clone(&inputs[0]) };
        let from = x.chunks.axes()[self.axis].clone();
        let layer = TakeAlongBlocks::<T> {
            grid: node.chunks.grid(),
            along: Along { axis: self.axis, len: from.len().unwrap_or(0) },
            is_pieces: false,
            chunks: Arc::clone(&node.chunks),
            from: Arc::clone(&x.chunks),
            indices: Arc::clone(&indices.chunks),
            of: PhantomData,
        };
        if from.n_chunks() == 1 {
            return layer_of(node, inputs.iter().cloned(), layer);
        }
        let mut grid = node.chunks.grid();
        grid.push(from.n_chunks() as u32);
        let pieces = TakeAlongBlocks { grid, is_pieces: true, ..layer.clone() };
        let name = Name::structural(self.name(), Tokenizer::of("pieces", &node.token));
        let pieces = Layer::shared(name, inputs.iter().cloned(), Arc::new(pieces), node.made_at);
        layer_of(node, [pieces, Arc::clone(&inputs[1])], layer)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let [x, indices] = node.inputs() else { return None };
        let of_indices = region_of_input(&node.chunks, &indices.chunks, region);
        let of_x = region_of_input(&node.chunks, &x.chunks, region);
        let mut of_x: PerAxis<Span> = of_x.spans().iter().copied().collect();
        of_x[self.axis] = Span::new(0, x.chunks.axes()[self.axis].len()?);
        let mut of_indices: PerAxis<Span> = of_indices.spans().iter().copied().collect();
        of_indices[self.axis] = region.spans()[self.axis];
        Some(vec![of_x.into_iter().collect(), of_indices.into_iter().collect()])
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct TakeAlongBlocks<T> {
    grid: Vec<u32>,
    along: Along,
    /// Whether the blocks are what a chunk of positions takes from one chunk along the axis, in the
    /// order of the lanes along it; the chunk's number is a last axis of the grid.
    is_pieces: bool,
    chunks: Arc<Chunks>,
    from: Arc<Chunks>,
    indices: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for TakeAlongBlocks<T> {
    fn clone(&self) -> TakeAlongBlocks<T> {
        TakeAlongBlocks {
            grid: self.grid.clone(),
            along: self.along,
            is_pieces: self.is_pieces,
            chunks: Arc::clone(&self.chunks),
            from: Arc::clone(&self.from),
            indices: Arc::clone(&self.indices),
            of: PhantomData,
        }
    }
}

impl<T: Element> TakeAlongBlocks<T> {
    fn n_from(&self) -> u32 {
        self.from.axes()[self.along.axis].n_chunks() as u32
    }

    /// The number of the result's chunk, and of the chunk along the axis that is taken from.
    fn places(&self, block: u32) -> (u32, u32) {
        match self.is_pieces {
            true => (block / self.n_from(), block % self.n_from()),
            false => (block, 0),
        }
    }

    fn range(&self, chunk: u32) -> Range<usize> {
        self.from.axes()[self.along.axis].range(chunk as usize).unwrap_or(0..0)
    }

    fn shape(&self, block: u32) -> Result<PerAxis<usize>, BoxError> {
        Ok(self.chunks.chunk_shape(block).ok_or("lengths are known")?)
    }

    /// The array's chunk, its other axes repeated where the result's are longer.
    fn lanes<'a>(&self, x: &'a Chunk<T>, shape: &[usize]) -> Result<ArrayViewD<'a, T>, BoxError> {
        let mut wanted: PerAxis<usize> = shape.into();
        wanted[self.along.axis] = x.shape()[self.along.axis];
        repeated(x, &wanted)
    }

    fn pick(&self, block: u32, inputs: &[Value]) -> Result<Vec<T>, BoxError> {
        let [x, indices] = inputs else { return Err("an array and positions are given".into()) };
        let (out, chunk) = self.places(block);
        let (shape, range) = (self.shape(out)?, self.range(chunk));
        let indices = repeated(chunk_of::<i64>(indices)?, &shape)?;
        let x = self.lanes(chunk_of::<T>(x)?, &shape)?;
        let axis = Axis(self.along.axis);
        let mut out = Vec::with_capacity(shape.iter().product());
        // Not by `Zip`, which takes lanes in the order of memory: pieces are in that of positions.
        for (indices, x) in indices.lanes(axis).into_iter().zip(x.lanes(axis)) {
            for &index in indices {
                let at = self.along.position(index)?;
                if range.contains(&at) {
                    out.push(x[at - range.start]);
                }
            }
        }
        Ok(out)
    }

    /// Each element from the piece that has it, where pieces hold theirs in the same order.
    fn join(&self, block: u32, inputs: &mut [Value]) -> Result<ArrayD<T>, BoxError> {
        let Some((indices, pieces)) = inputs.split_last_mut() else {
            return Err("positions and pieces are given".into());
        };
        let shape = self.shape(block)?;
        let indices = repeated(chunk_of::<i64>(indices)?, &shape)?;
        let axis = Axis(self.along.axis);
        let mut out = ArrayD::from_elem(IxDyn(&shape), T::default());
        for (chunk, piece) in pieces.iter_mut().enumerate() {
            let piece = piece.take();
            let mut elements = chunk_of::<T>(&piece)?.in_memory_order().iter();
            let range = self.range(chunk as u32);
            for (indices, mut out) in indices.lanes(axis).into_iter().zip(out.lanes_mut(axis)) {
                for (&index, out) in indices.iter().zip(&mut out) {
                    let is_here = self.along.position(index).is_ok_and(|at| range.contains(&at));
                    if let (true, Some(element)) = (is_here, elements.as_slice().first()) {
                        *out = *element;
                        elements.next();
                    }
                }
            }
        }
        Ok(out)
    }

    /// The result's chunk, where there is one chunk along the axis.
    fn whole(&self, block: u32, inputs: &mut [Value]) -> Result<ArrayD<T>, BoxError> {
        let [x, indices] = inputs else { return Err("an array and positions are given".into()) };
        let shape = self.shape(block)?;
        let indices = repeated(chunk_of::<i64>(indices)?, &shape)?;
        let x = self.lanes(chunk_of::<T>(x)?, &shape)?;
        let axis = Axis(self.along.axis);
        let mut out = ArrayD::from_elem(IxDyn(&shape), T::default());
        let mut outcome = Ok(());
        let lanes = Zip::from(indices.lanes(axis)).and(x.lanes(axis)).and(out.lanes_mut(axis));
        lanes.for_each(|indices, x, mut out| {
            for (&index, out) in indices.iter().zip(&mut out) {
                match self.along.position(index) {
                    Ok(at) => *out = x[at],
                    Err(error) => outcome = Err(error),
                }
            }
        });
        outcome?;
        Ok(out)
    }
}

/// A chunk, repeated along axes of length 1 to a shape.
///
/// # Errors
/// [`ArrayError::Chunk`] if it does not broadcast.
pub(super) fn repeated<'a, T: Element>(
    chunk: &'a Chunk<T>,
    shape: &[usize],
) -> Result<ArrayViewD<'a, T>, BoxError> {
    let mismatch = || ArrayError::Chunk { found: chunk.shape().into(), expected: shape.into() };
    Ok(chunk.broadcast(shape).ok_or_else(mismatch)?)
}

impl<T: Element> Blocks for TakeAlongBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let (out, chunk) = self.places(block);
        let index = self.chunks.index_of(out);
        let of_input = |input: &Chunks| -> PerAxis<u32> {
            let axes = input.axes().iter().zip(&index);
            axes.map(|(cut, &at)| if cut.n_chunks() == 1 { 0 } else { at }).collect()
        };
        if self.is_pieces || self.n_from() == 1 {
            let mut x = of_input(&self.from);
            x[self.along.axis] = chunk;
            deps.push(Dep::input(0, self.from.block_at(&x)));
        } else {
            let first = out * self.n_from();
            deps.extend((first..first + self.n_from()).map(|piece| Dep::input(0, piece)));
        }
        deps.push(Dep::input(1, self.indices.block_at(&of_input(&self.indices))));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        Ok(match (self.is_pieces, self.n_from()) {
            (true, _) => {
                let picked = self.pick(block, inputs)?;
                Chunk::from_vec(&[picked.len()], picked)?
            }
            (false, 1) => Chunk::new(self.whole(block, inputs)?),
            (false, _) => Chunk::new(self.join(block, inputs)?),
        }
        .into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "take_along_axis".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, self.places(block).0)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

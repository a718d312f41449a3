//! Matrices that have a vector on a diagonal.

use crate::array::{Array, known_shape};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_of};
use crate::chunks::Chunks;
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of};
use crate::shape::Shape;
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Shipment, Tokenizer, TypeInfo, Value, grid,
};
use ndarray::{ArrayD, IxDyn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

impl<T: Element> Array<T> {
    /// Of a vector, the matrix that has it on diagonal `k` and zeros elsewhere; of a matrix, its
    /// diagonal `k`.
    ///
    /// It is an error if the array has another number of axes.
    #[track_caller]
    pub fn diag(&self, k: isize) -> Array<T> {
        match self.ndim() {
            2 => self.diagonal(k, (0, 1)),
            _ => self.on_diagonal(k),
        }
    }

    #[track_caller]
    fn on_diagonal(&self, k: isize) -> Array<T> {
        Array::build("diag", &[&self.node], |made_at| {
            if self.ndim() != 1 {
                return Err(ArrayError::shape("a vector or a matrix belongs", &self.shape()));
            }
            let len = known_shape(&self.node, "diag")?[0];
            let too_large = || ArrayError::TooLarge { shape: [len, k.unsigned_abs()].into() };
            let n = len.checked_add(k.unsigned_abs()).ok_or_else(too_large)?;
            Shape::from([n, n]).checked()?;
            let own = self.chunks().axes()[0].sizes().unwrap_or_default();
            // The zeros beside the diagonal have chunks of their own.
            let gap = (k != 0).then_some(k.unsigned_abs());
            let behind = AxisChunks::of_sizes(own.iter().copied().chain(gap));
            let before = AxisChunks::of_sizes(gap.into_iter().chain(own.iter().copied()));
            let (rows, columns) = if k > 0 { (behind, before) } else { (before, behind) };
            let token = Tokenizer::of("diag", &(self.node.token, k));
            let chunks: Chunks = [rows, columns].into_iter().collect();
            let operation = OnDiagonal { k, of: PhantomData::<fn() -> T> };
            Ok(Node::new(operation, [self.node.clone()], T::DTYPE, chunks, token, made_at))
        })
    }
}

struct OnDiagonal<T> {
    k: isize,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Operation for OnDiagonal<T> {
    fn name(&self) -> &'static str {
        "diag"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let (k, of, chunks) = (self.k, PhantomData::<fn() -> T>, Arc::clone(&node.chunks));
        layer_of(
            node,
            inputs.iter().cloned(),
            OnDiagonalBlocks { grid: chunks.grid(), chunks, k, of },
        )
    }
}

/// Zeros, but for the blocks in which the vector lies.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct OnDiagonalBlocks<T> {
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
    k: isize,
    of: PhantomData<fn() -> T>,
}

impl<T> OnDiagonalBlocks<T> {
    /// The chunk of the vector that lies in a block.
    fn chunk(&self, block: u32) -> Option<u32> {
        let index = grid::unflatten(&self.grid, block);
        let gaps = [u32::from(self.k < 0), u32::from(self.k > 0)];
        let row = index.first()?.checked_sub(gaps[0])?;
        let column = index.last()?.checked_sub(gaps[1])?;
        let n = self.grid.first()? - u32::from(self.k != 0);
        (row == column && row < n).then_some(row)
    }
}

impl<T: Element> Blocks for OnDiagonalBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.extend(self.chunk(block).map(|chunk| Dep::input(0, chunk)));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let shape = self.chunks.chunk_shape(block).ok_or("a matrix of a known shape")?;
        let mut out = ArrayD::from_elem(IxDyn(&shape), T::default());
        if let [input] = inputs {
            let input = input.take();
            let vector = chunk_of::<T>(&input)?.view().into_dimensionality::<ndarray::Ix1>()?;
            let mut matrix = out.view_mut().into_dimensionality::<ndarray::Ix2>()?;
            if vector.len() != matrix.diag().len() {
                return Err("a chunk of a vector has another length than was promised".into());
            }
            matrix.diag_mut().assign(&vector);
        }
        Ok(Chunk::new(out).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "diag".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

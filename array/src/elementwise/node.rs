//! The node of an operation element by element.

use super::broadcast::{Aligned, align};
use crate::axis_chunks::AxisChunks;
use crate::chunks::Chunks;
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of};
use crate::extent::Extent;
use crate::tile::{TileOp, TileProgram};
use chunkwise_graph::{AxisMap, BlockMap, Blockwise, Layer, Token, Tokenizer};
use chunkwise_storage::{DType, Region, Span};
use std::panic::Location;
use std::sync::Arc;

/// A tile operation on arrays that broadcast together.
#[derive(Clone)]
struct Elementwise {
    name: &'static str,
    op: Arc<dyn TileOp>,
}

/// The array of a tile operation on each element of `inputs`, which are broadcast together.
///
/// `parameters` covers what the operation does and its parameters.
///
/// # Errors
/// [`ArrayError::Broadcast`].
pub(crate) fn elementwise(
    name: &'static str,
    op: impl TileOp,
    inputs: &[Arc<Node>],
    parameters: Token,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    let Aligned { chunks, inputs } = align(inputs, made_at)?;
    let dtype = op.output();
    let mut hash = Tokenizer::new("elementwise");
    hash.str(name).token(parameters).str(dtype.name());
    inputs.iter().for_each(|input| {
        hash.token(input.token);
    });
    let operation = Elementwise { name, op: Arc::new(op) };
    Ok(Node::new(operation, inputs, dtype, chunks, hash.finish(), made_at))
}

impl Operation for Elementwise {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let leaves: Vec<DType> = node.inputs().iter().map(|input| input.dtype).collect();
        let program = TileProgram::one(Arc::clone(&self.op), &leaves, Arc::clone(&node.chunks));
        let grid = node.chunks.grid();
        let maps = node.inputs().iter().map(|input| block_map(&node.chunks, &grid, &input.chunks));
        let blocks = Blockwise::new(grid.clone(), maps.collect(), self.name, program);
        layer_of(node, inputs.iter().cloned(), blocks)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        node.chunks.shape()?;
        let inputs = node.inputs().iter();
        Some(inputs.map(|input| region_of_input(&node.chunks, &input.chunks, region)).collect())
    }
}

/// Which block of an input goes with a block of the result: the one at its place, but for axes
/// that the input repeats.
pub(crate) fn block_map(out: &Chunks, out_grid: &[u32], input: &Chunks) -> BlockMap {
    let grid = input.grid();
    if grid == out_grid {
        return BlockMap::Same;
    }
    let missing = out.ndim() - input.ndim();
    let axis = |(at, own): (usize, &AxisChunks)| {
        let is_repeated = own.extent() == Extent::Known(1)
            && out.axes()[missing + at].extent() != Extent::Known(1);
        if is_repeated { AxisMap::One } else { AxisMap::Out((missing + at) as u8) }
    };
    BlockMap::Axes { grid, axes: input.axes().iter().enumerate().map(axis).collect() }
}

/// The region of an input that a region of the result is made of.
pub(crate) fn region_of_input(out: &Chunks, input: &Chunks, region: &Region) -> Region {
    let missing = region.ndim() - input.ndim();
    let axes = input.axes().iter().zip(&out.axes()[missing..]);
    let span = |((own, out), span): ((&AxisChunks, &AxisChunks), &Span)| match own.len() {
        // What is repeated is so for a part too, even if that is nothing.
        Some(1) if out.len() != Some(1) => Span::new(0, 1),
        _ => *span,
    };
    axes.zip(&region.spans()[missing..]).map(span).collect()
}

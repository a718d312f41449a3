//! [`BlockOp`]: what this crate makes of blocks, with the memory that it takes.

use super::function::{BlockInfo, Maps};
use crate::chunk::{Chunk, chunk_bytes};
use crate::chunks::Chunks;
use crate::element::Element;
use crate::expr::{Node, Operation, layer_of};
use crate::tile::check_shape;
use chunkwise_graph::{
    Block, Blockwise, Bounds, BoxError, Kernel, Layer, Shipment, Tokenizer, TypeInfo, Value,
};
use chunkwise_storage::Element as _;
use ndarray::ArrayD;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::panic::Location;
use std::sync::Arc;

/// What is made of the blocks that go with a block of the result. A struct with its parameters,
/// which travels to other processes and is part of the token.
pub(crate) trait BlockOp:
    Clone + Serialize + DeserializeOwned + Send + Sync + 'static
{
    type Out: Element;
    const NAME: &'static str;

    /// The block, whose shape must be that of its place.
    ///
    /// # Errors
    /// If nothing can be made of what is given.
    fn call(&self, inputs: &mut [Value], at: &BlockInfo) -> Result<ArrayD<Self::Out>, BoxError>;

    /// Temporary bytes for a block of this shape.
    fn scratch(&self, shape: &[usize]) -> usize;
}

/// The array of a [`BlockOp`] on inputs, of which these blocks go with each block of the result.
pub(crate) fn block_op<K: BlockOp>(
    op: K,
    inputs: impl IntoIterator<Item = Arc<Node>>,
    maps: Maps,
    chunks: Chunks,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let inputs: Vec<Arc<Node>> = inputs.into_iter().collect();
    let mut hash = Tokenizer::new(K::NAME);
    hash.str(std::any::type_name::<K>());
    hash.bytes(&postcard::to_stdvec(&op).unwrap_or_default());
    chunkwise_graph::Tokenize::tokenize(&chunks, &mut hash);
    for input in &inputs {
        hash.token(input.token);
    }
    Node::new(BuiltIn { op, maps }, inputs, K::Out::DTYPE, chunks, hash.finish(), made_at)
}

struct BuiltIn<K> {
    op: K,
    maps: Maps,
}

impl<K: BlockOp> Operation for BuiltIn<K> {
    fn name(&self) -> &'static str {
        K::NAME
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let kernel = BlockKernel { op: self.op.clone(), chunks: Arc::clone(&node.chunks) };
        let blocks = Blockwise::new(node.chunks.grid(), self.maps.clone(), K::NAME, kernel);
        layer_of(node, inputs.iter().cloned(), blocks)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct BlockKernel<K: BlockOp> {
    op: K,
    /// The cut of the result.
    chunks: Arc<Chunks>,
}

impl<K: BlockOp> Kernel for BlockKernel<K> {
    fn call(&self, block: Block<'_>, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let at = BlockInfo::of(&self.chunks, block);
        let out = self.op.call(inputs, &at)?;
        if let Some(shape) = &at.shape {
            check_shape(out.shape(), shape)?;
        }
        Ok(Chunk::new(out).into_value())
    }

    fn bytes(&self, block: Block<'_>) -> Bounds {
        let Some(shape) = self.chunks.chunk_shape(block.number) else { return Bounds::UNKNOWN };
        let n = shape.iter().copied().fold(1, usize::saturating_mul);
        let scratch = self.op.scratch(&shape) as u64;
        Bounds::output(chunk_bytes::<K::Out>(n)).with_scratch(scratch)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of(self)?.with_output(TypeInfo::data::<Chunk<K::Out>>()))
    }
}

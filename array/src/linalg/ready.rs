//! [`ready`]: nodes whose blocks are made with them.

use crate::chunks::Chunks;
use crate::expr::{Node, Operation};
use chunkwise_graph::{Blocks, Layer, Name, Token};
use chunkwise_storage::DType;
use std::panic::Location;
use std::sync::Arc;

/// What a node is besides its blocks.
pub(super) struct About {
    pub(super) name: &'static str,
    pub(super) dtype: DType,
    /// The cut of the result; of blocks that are no chunks, as many chunks as there are blocks.
    pub(super) chunks: Chunks,
    pub(super) token: Token,
    pub(super) made_at: &'static Location<'static>,
}

/// A node whose blocks depend on the chunks of its inputs alone, and were made from these.
struct Ready {
    name: &'static str,
    blocks: Arc<dyn Blocks>,
}

/// A node of these blocks.
pub(super) fn ready(
    about: About,
    inputs: impl IntoIterator<Item = Arc<Node>>,
    blocks: impl Blocks,
) -> Arc<Node> {
    let About { name, dtype, chunks, token, made_at } = about;
    Node::new(Ready { name, blocks: Arc::new(blocks) }, inputs, dtype, chunks, token, made_at)
}

impl Operation for Ready {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let name = Name::structural(self.name, node.token);
        Layer::shared(name, inputs.iter().cloned(), Arc::clone(&self.blocks), node.made_at)
    }
}

//! [`stage`]: one of several layers that a node becomes.

use crate::expr::{Node, layer_of};
use chunkwise_graph::{Blocks, Layer, Name, Tokenizer};
use std::sync::Arc;

/// A layer of a node behind which `n_behind` others follow; the last one has the node's name.
pub(super) fn stage(
    node: &Node,
    n_behind: usize,
    inputs: Vec<Arc<Layer>>,
    blocks: impl Blocks,
) -> Arc<Layer> {
    if n_behind == 0 {
        return layer_of(node, inputs, blocks);
    }
    let token = Tokenizer::of("stage", &(node.token, n_behind as u64));
    let name = Name::structural(node.operation().name(), token);
    Layer::shared(name, inputs, Arc::new(blocks), node.made_at)
}

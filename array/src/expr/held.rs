//! [`OfLayer`]: arrays whose chunks are the blocks of a layer that was made elsewhere.

use super::node::{Node, Operation};
use chunkwise_graph::Layer;
use std::sync::Arc;

/// The blocks of a layer: results that are held in memory, or what another collection computes.
pub(crate) struct OfLayer(pub(crate) Arc<Layer>);

impl Operation for OfLayer {
    fn name(&self) -> &'static str {
        "held"
    }

    fn lower(&self, _: &Node, _: &[Arc<Layer>]) -> Arc<Layer> {
        Arc::clone(&self.0)
    }
}

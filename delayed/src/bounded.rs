//! [`Bounded`]: blocks whose bytes the user states.

use chunkwise_graph::{Blocks, Blockwise, Bounds, BoxError, Dep, Fold, Key, Shipment, Value};
use std::borrow::Cow;
use std::panic::Location;
use std::sync::Arc;

/// Blocks that do what others do, within stated bounds.
pub(crate) struct Bounded {
    pub(crate) blocks: Arc<dyn Blocks>,
    pub(crate) bounds: Bounds,
}

#[deny(clippy::missing_trait_methods)]
impl Blocks for Bounded {
    fn grid(&self) -> &[u32] {
        self.blocks.grid()
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        self.blocks.deps(block, deps);
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        self.blocks.run(block, inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        self.blocks.op_name()
    }

    /// What is not stated is what was known before.
    fn bytes(&self, block: u32) -> Bounds {
        let known = self.blocks.bytes(block);
        let Bounds { scratch, output } = self.bounds;
        Bounds { scratch: scratch.or(known.scratch), output: output.or(known.output) }
    }

    fn ship(&self) -> Result<Shipment, String> {
        self.blocks.ship()
    }

    fn ship_block(&self, block: u32) -> Option<Result<Shipment, String>> {
        self.blocks.ship_block(block)
    }

    /// A fold that makes its inputs itself needs more than is stated.
    fn as_fold(&self) -> Option<&dyn Fold> {
        None
    }

    /// Passes would go on with the steps alone.
    fn as_blockwise(&self) -> Option<&Blockwise> {
        None
    }

    fn constant(&self, block: u32) -> Option<&Value> {
        self.blocks.constant(block)
    }

    fn key(&self, block: u32) -> Option<Key> {
        self.blocks.key(block)
    }

    fn block_op_name(&self, block: u32) -> Cow<'_, str> {
        self.blocks.block_op_name(block)
    }

    fn block_made_at(&self, block: u32) -> Option<&'static Location<'static>> {
        self.blocks.block_made_at(block)
    }
}

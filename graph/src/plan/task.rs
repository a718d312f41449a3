//! [`TaskRef`]: one task of a plan, for inspection.

use super::{CHAIN, Node, Plan};
use crate::error::TaskSite;
use crate::graph::LayerNode;
use crate::key::{Key, Name};
use crate::layer::{Blocks, block_key};
use crate::ship::Shipment;
use crate::value::Value;
use std::borrow::Cow;
use std::fmt;
use std::panic::Location;

/// One task of a [`Plan`]: observers, errors and pictures look at tasks through it.
#[derive(Clone, Copy)]
pub struct TaskRef<'a> {
    plan: &'a Plan,
    id: u32,
}

impl Plan {
    /// The blocks that a task runs: one, or those of a fused chain in the order to run.
    pub(super) fn blocks_of(&self, task: u32) -> &[Node] {
        let node = &self.inner.nodes[task as usize];
        if node.layer == CHAIN {
            &self.inner.chains[node.block as usize]
        } else {
            std::slice::from_ref(node)
        }
    }
}

impl<'a> TaskRef<'a> {
    pub(super) fn new(plan: &'a Plan, id: u32) -> TaskRef<'a> {
        TaskRef { plan, id }
    }

    /// The plan that it is a task of.
    pub fn plan(&self) -> &'a Plan {
        self.plan
    }

    /// Its number in the plan, which is its priority.
    pub fn id(&self) -> u32 {
        self.id
    }

    fn last(&self) -> Node {
        let blocks = self.plan.blocks_of(self.id);
        blocks[blocks.len() - 1]
    }

    fn layer_node(&self) -> &'a LayerNode {
        &self.plan.inner.layers[self.last().layer as usize]
    }

    /// Its key; of a fused chain, that of the last task.
    pub fn key(&self) -> Key {
        let layer = self.layer_node();
        block_key(&layer.name, &*layer.blocks, self.last().block)
    }

    /// The name of its layer.
    pub fn layer(&self) -> &'a Name {
        &self.layer_node().name
    }

    /// A dense number of its layer in this plan, below [`Plan::n_layers`].
    pub fn layer_number(&self) -> u32 {
        self.last().layer
    }

    /// Its block number in the layer.
    pub fn block(&self) -> u32 {
        self.last().block
    }

    /// What it does; of a fused chain, all steps: `load+inc`.
    pub fn op_name(&self) -> Cow<'a, str> {
        let name = |node: &Node| {
            let layer = &self.plan.inner.layers[node.layer as usize];
            layer.blocks.block_op_name(node.block)
        };
        match self.plan.blocks_of(self.id) {
            [node] => name(node),
            blocks => blocks.iter().map(name).collect::<Vec<_>>().join("+").into(),
        }
    }

    /// Where the user made it.
    pub fn made_at(&self) -> &'static Location<'static> {
        let layer = self.layer_node();
        layer.blocks.block_made_at(self.last().block).unwrap_or(layer.made_at)
    }

    /// Its value, when that is known without running anything.
    pub fn constant(&self) -> Option<&'a Value> {
        self.layer_node().blocks.constant(self.last().block)
    }

    /// The tasks that it needs, in the order of its arguments.
    pub fn deps(&self) -> impl ExactSizeIterator<Item = TaskRef<'a>> + use<'a> {
        let plan = self.plan;
        plan.dag().deps(self.id).iter().map(move |&dep| plan.task(dep))
    }

    /// The tasks that need it.
    pub fn dependents(&self) -> impl ExactSizeIterator<Item = TaskRef<'a>> + use<'a> {
        let plan = self.plan;
        plan.dag().dependents(self.id).iter().map(move |&dependent| plan.task(dependent))
    }

    /// The blocks that it runs: one; or those of a fused chain, each on the result of the one
    /// before.
    pub fn blocks(&self) -> impl ExactSizeIterator<Item = TaskBlock<'a>> + use<'a> {
        let plan = self.plan;
        plan.blocks_of(self.id).iter().map(move |&node| TaskBlock { plan, node })
    }

    /// What is known of it for an error, without what it was given.
    pub fn site(&self) -> TaskSite {
        TaskSite {
            key: self.key(),
            operation: self.op_name().into_owned(),
            made_at: self.made_at().into(),
            inputs: Vec::new(),
        }
    }
}

/// One block that a task runs, for schedulers that send it elsewhere.
#[derive(Clone, Copy)]
pub struct TaskBlock<'a> {
    plan: &'a Plan,
    node: Node,
}

impl<'a> TaskBlock<'a> {
    fn blocks(&self) -> &'a dyn Blocks {
        &*self.plan.inner.layers[self.node.layer as usize].blocks
    }

    /// A dense number of its layer in this plan, below [`Plan::n_layers`].
    pub fn layer_number(&self) -> u32 {
        self.node.layer
    }

    /// Its number in the layer.
    pub fn number(&self) -> u32 {
        self.node.block
    }

    /// The grid of the layer.
    pub fn grid(&self) -> &'a [u32] {
        self.blocks().grid()
    }

    /// Its value, when that is known without running anything.
    pub fn constant(&self) -> Option<&'a Value> {
        self.blocks().constant(self.node.block)
    }

    /// What is known of it for an error, without what it was given.
    pub fn site(&self) -> TaskSite {
        let layer = &self.plan.inner.layers[self.node.layer as usize];
        let (blocks, block) = (self.blocks(), self.node.block);
        TaskSite {
            key: block_key(&layer.name, blocks, block),
            operation: blocks.block_op_name(block).into_owned(),
            made_at: blocks.block_made_at(block).unwrap_or(layer.made_at).into(),
            inputs: Vec::new(),
        }
    }

    /// The layer in portable form; see [`Blocks::ship`].
    ///
    /// # Errors
    /// Why it has none.
    pub fn ship_layer(&self) -> Result<Shipment, String> {
        self.blocks().ship()
    }

    /// This block in portable form, where it differs from others of the layer; see
    /// [`Blocks::ship_block`].
    pub fn ship_own(&self) -> Option<Result<Shipment, String>> {
        self.blocks().ship_block(self.node.block)
    }
}

impl fmt::Debug for TaskBlock<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block {} of layer {}", self.node.block, self.node.layer)
    }
}

impl fmt::Debug for TaskRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {} {}", self.id, self.key())
    }
}

//! [`TaskRef`]: one task of a plan, for inspection.

use super::{CHAIN, Node, Plan};
use crate::error::Error;
use crate::graph::LayerNode;
use crate::key::{Key, Name};
use crate::layer::block_key;
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

    /// The task in a form that runs in another process.
    ///
    /// # Errors
    /// [`Error::NotShippable`] with the reason and what to write instead.
    pub fn ship(&self) -> Result<Shipment, Error> {
        let result = match self.plan.blocks_of(self.id) {
            [node] => self.layer_node().blocks.ship(node.block),
            _ => Err("a fused chain ships its tasks one by one".to_owned()),
        };
        result.map_err(|why| Error::NotShippable { key: Box::new(self.key()), why })
    }
}

impl fmt::Debug for TaskRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {} {}", self.id, self.key())
    }
}

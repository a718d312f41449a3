//! [`Plan`]: what a scheduler runs. The needed tasks only, numbered in the order in which to start
//! them, with dependencies as arrays.

mod build;
mod chains;
mod memory;
mod ordering;
mod task;

pub use memory::PredictedPeak;
pub use ordering::Ordering;
pub use task::{TaskBlock, TaskRef};

use crate::dag::Dag;
use crate::error::BoxError;
use crate::graph::LayerNode;
use crate::value::Value;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How a plan is made from a graph.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct PlanOptions {
    /// Which order the tasks are numbered in.
    pub order: Ordering,
    /// Whether linear chains of tasks become one task: where handing a task over is dear (other
    /// processes, a cluster), it pays; on threads it would only hide progress.
    pub fuse_chains: bool,
}

impl PlanOptions {
    /// The same, with another order.
    #[must_use]
    pub fn order(mut self, order: Ordering) -> PlanOptions {
        self.order = order;
        self
    }

    /// The same, with linear chains fused.
    #[must_use]
    pub fn fuse_chains(mut self) -> PlanOptions {
        self.fuse_chains = true;
        self
    }
}

/// The needed tasks of a graph, ready to run; cheap to clone.
///
/// Tasks are numbers. A smaller number is to start earlier, and every dependency of a task has a
/// smaller number than the task: running `0..len` one after the other is right, and keeps as
/// little in memory as the order that was chosen can.
///
/// Memory: 16 bytes a task and 8 bytes a dependency.
#[derive(Clone)]
pub struct Plan {
    inner: Arc<Inner>,
}

struct Inner {
    id: u64,
    dag: Dag,
    nodes: Vec<Node>,
    layers: Vec<LayerNode>,
    chains: Vec<Vec<Node>>,
    outputs: Vec<u32>,
}

/// A block of a layer; or, with layer `CHAIN`, a fused chain of blocks.
#[derive(Clone, Copy, Debug)]
struct Node {
    layer: u32,
    block: u32,
}

const CHAIN: u32 = u32::MAX;

impl Plan {
    fn assemble(
        dag: Dag,
        nodes: Vec<Node>,
        layers: Vec<LayerNode>,
        chains: Vec<Vec<Node>>,
        outputs: Vec<u32>,
    ) -> Plan {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Relaxed);
        debug_assert!(dag.is_topological());
        Plan { inner: Arc::new(Inner { id, dag, nodes, layers, chains, outputs }) }
    }

    /// A number that no other plan of this process has.
    pub fn id(&self) -> u64 {
        self.inner.id
    }

    /// Number of tasks.
    #[inline]
    pub fn len(&self) -> usize {
        self.inner.nodes.len()
    }

    /// Whether there is nothing to run.
    pub fn is_empty(&self) -> bool {
        self.inner.nodes.is_empty()
    }

    /// The dependencies, both ways.
    #[inline]
    pub fn dag(&self) -> &Dag {
        &self.inner.dag
    }

    /// The wanted tasks, in the order in which they were asked for; one may come twice.
    #[inline]
    pub fn outputs(&self) -> &[u32] {
        &self.inner.outputs
    }

    /// For each task, how often its result is handed out: once for each mention among dependencies,
    /// once for each among outputs.
    ///
    /// # Complexity
    /// O(tasks + outputs) time, 4 bytes a task.
    pub fn n_uses(&self) -> Vec<u32> {
        let uses = |task| self.dag().dependents(task).len() as u32;
        let mut n_uses: Vec<u32> = self.dag().tasks().map(uses).collect();
        for &output in self.outputs() {
            n_uses[output as usize] += 1;
        }
        n_uses
    }

    /// Number of layers that the tasks come from.
    pub fn n_layers(&self) -> usize {
        self.inner.layers.len()
    }

    /// A task, for inspection.
    ///
    /// # Panics
    /// Its methods do if there is no such task.
    #[inline]
    pub fn task(&self, id: u32) -> TaskRef<'_> {
        TaskRef::new(self, id)
    }

    /// All tasks, in order.
    pub fn tasks(&self) -> impl ExactSizeIterator<Item = TaskRef<'_>> {
        (0..self.len() as u32).map(|id| self.task(id))
    }

    /// Runs the code of one task. Schedulers call [`crate::Run::execute`], which also tells the
    /// observers and catches panics.
    ///
    /// # Errors
    /// What the task reports.
    #[inline]
    pub fn run_task(&self, task: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let Node { layer, block } = self.inner.nodes[task as usize];
        if layer == CHAIN {
            return self.run_chain(block, inputs);
        }
        self.inner.layers[layer as usize].blocks.run(block, inputs)
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (tasks, layers) = (self.len(), self.inner.layers.len());
        write!(f, "Plan({tasks} tasks of {layers} layers, {} outputs)", self.outputs().len())
    }
}

//! [`Nested`]: the scheduler that tasks see around them.

use crate::processes::NAME;
use chunkwise_graph::{Graph, InOrder, Plan, Result, Run, Scheduler, Value};
use std::sync::Arc;

/// Graphs that a task computes run in the task's own thread: their plans cannot leave the process,
/// and the workers have the task's own run to do.
pub(crate) struct Nested;

#[deny(clippy::missing_trait_methods)]
impl Scheduler for Nested {
    fn name(&self) -> &'static str {
        NAME
    }

    fn n_workers(&self) -> usize {
        1
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        InOrder.run_as(plan, run, Arc::new(Nested))
    }

    fn prepare(&self, graph: &Graph) -> Result<Plan> {
        InOrder.prepare(graph)
    }
}

//! [`FaultyScheduler`]: a scheduler whose tasks meet a fault.

use chunkwise_graph::{Graph, Observer, Plan, Result, Run, Scheduler, Value};
use std::sync::Arc;

/// A scheduler that puts a fault, as an observer, before each task of every run.
#[derive(Clone)]
pub struct FaultyScheduler<S> {
    scheduler: S,
    fault: Arc<dyn Observer>,
}

impl<S: Scheduler> FaultyScheduler<S> {
    /// Puts a fault before each task that `scheduler` runs.
    pub fn new(scheduler: S, fault: impl Observer + 'static) -> FaultyScheduler<S> {
        FaultyScheduler { scheduler, fault: Arc::new(fault) }
    }
}

#[deny(clippy::missing_trait_methods)]
impl<S: Scheduler> Scheduler for FaultyScheduler<S> {
    fn name(&self) -> &'static str {
        self.scheduler.name()
    }

    fn n_workers(&self) -> usize {
        self.scheduler.n_workers()
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        self.scheduler.run(plan, &run.clone().observer(self.fault.clone()))
    }

    fn prepare(&self, graph: &Graph) -> Result<Plan> {
        self.scheduler.prepare(graph)
    }
}

impl<S: Scheduler> std::fmt::Debug for FaultyScheduler<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FaultyScheduler({})", self.scheduler.name())
    }
}

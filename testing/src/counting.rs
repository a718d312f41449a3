//! [`Counting`]: a scheduler that counts what it is asked for.

use chunkwise_graph::{Graph, Plan, Result, Run, Scheduler, Value};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// The scheduler inside, and how often it was used; clones share the counts.
#[derive(Clone, Debug)]
pub struct Counting<S> {
    scheduler: S,
    n_runs: Arc<AtomicUsize>,
    n_prepared: Arc<AtomicUsize>,
}

impl<S: Scheduler> Counting<S> {
    /// Counts the uses of a scheduler.
    pub fn new(scheduler: S) -> Counting<S> {
        Counting { scheduler, n_runs: Arc::default(), n_prepared: Arc::default() }
    }

    /// Number of runs that were asked for.
    pub fn n_runs(&self) -> usize {
        self.n_runs.load(SeqCst)
    }

    /// Number of plans that were asked for.
    pub fn n_prepared(&self) -> usize {
        self.n_prepared.load(SeqCst)
    }
}

#[deny(clippy::missing_trait_methods)]
impl<S: Scheduler> Scheduler for Counting<S> {
    fn name(&self) -> &'static str {
        self.scheduler.name()
    }

    fn n_workers(&self) -> usize {
        self.scheduler.n_workers()
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        self.n_runs.fetch_add(1, SeqCst);
        self.scheduler.run(plan, run)
    }

    fn prepare(&self, graph: &Graph) -> Result<Plan> {
        self.n_prepared.fetch_add(1, SeqCst);
        self.scheduler.prepare(graph)
    }
}

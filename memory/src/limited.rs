//! [`Limited`]: a scheduler with a memory limit of its own.

use crate::budget::Budget;
use chunkwise_graph::{Graph, Plan, Result, Run, Scheduler, Value};
use std::sync::Arc;

/// A scheduler whose runs keep to a budget, all of them together; made by
/// [`LimitMemory::memory_limit`].
#[derive(Clone, Debug)]
pub struct Limited<S> {
    scheduler: S,
    budget: Budget,
}

impl<S> Limited<S> {
    /// What its runs share.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }
}

#[deny(clippy::missing_trait_methods)]
impl<S: Scheduler> Scheduler for Limited<S> {
    fn name(&self) -> &'static str {
        self.scheduler.name()
    }

    fn n_workers(&self) -> usize {
        self.scheduler.n_workers()
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        let run = run.clone().memory_budget(Arc::new(self.budget.clone()));
        self.scheduler.run(plan, &run)
    }

    fn prepare(&self, graph: &Graph) -> Result<Plan> {
        self.scheduler.prepare(graph)
    }
}

/// Limiting the memory of a scheduler, for one call or many.
pub trait LimitMemory: Scheduler + Sized {
    /// The same scheduler, whose runs hold at most `bytes` together.
    ///
    /// ```
    /// use chunkwise_graph::{Error, InOrder, SchedulerExt, TaskDict};
    /// use chunkwise_memory::LimitMemory;
    /// let mut graph = TaskDict::new();
    /// graph.value("x", 10i64).task("y", |x: i64| x + 1, ["x"]);
    /// assert_eq!(InOrder.memory_limit(64 << 20).get::<i64>(&graph, "y")?, 11);
    /// # Ok::<(), Error>(())
    /// ```
    fn memory_limit(self, bytes: u64) -> Limited<Self> {
        self.memory_budget(Budget::new(bytes))
    }

    /// The same scheduler, whose runs share a budget of yours.
    fn memory_budget(self, budget: Budget) -> Limited<Self> {
        Limited { scheduler: self, budget }
    }
}

impl<S: Scheduler> LimitMemory for S {}

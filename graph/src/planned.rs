//! [`Planned`]: a scheduler with other planning choices.

use crate::error::Result;
use crate::graph::Graph;
use crate::plan::{Plan, PlanOptions};
use crate::run::Run;
use crate::scheduler::Scheduler;
use crate::value::Value;

/// A scheduler that plans with options of your choice; made by
/// [`SchedulerExt::planned`](crate::SchedulerExt::planned).
#[derive(Clone, Copy, Debug)]
pub struct Planned<S> {
    scheduler: S,
    options: PlanOptions,
}

impl<S> Planned<S> {
    pub(crate) fn new(scheduler: S, options: PlanOptions) -> Planned<S> {
        Planned { scheduler, options }
    }
}

#[deny(clippy::missing_trait_methods)]
impl<S: Scheduler> Scheduler for Planned<S> {
    fn name(&self) -> &'static str {
        self.scheduler.name()
    }

    fn n_workers(&self) -> usize {
        self.scheduler.n_workers()
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        self.scheduler.run(plan, run)
    }

    fn prepare(&self, graph: &Graph) -> Result<Plan> {
        graph.plan_with(&self.options)
    }
}

//! The synchronous scheduler: one task after the other, in the calling thread.
//!
//! It is the reference for every other scheduler: same values, same errors, and a memory peak
//! that is exactly the one a plan predicts. Debuggers and profilers see plain calls; a task's
//! `println!` comes in order.
//!
//! Below it are `chunkwise-graph`, whose [`InOrder`] holds the loop, and `chunkwise-memory`, which
//! keeps runs within a budget; beside it `chunkwise-sched-threaded`. Two types to start from: [`Synchronous`] and
//! [`TaskDict`](chunkwise_graph::TaskDict).
//!
//! ```
//! use chunkwise_graph::{SchedulerExt, TaskDict};
//! use chunkwise_sched_sync::Synchronous;
//!
//! let mut graph = TaskDict::new();
//! graph.value("x", 10i64).task("y", |x: i64| x + 1, ["x"]);
//! let y: i64 = Synchronous.get(&graph, "y")?;
//! assert_eq!(y, 11);
//! # Ok::<(), chunkwise_graph::Error>(())
//! ```
//!
//! Another order of the tasks, to see what it does to the peak:
//!
//! ```
//! # use chunkwise_graph::{Ordering, PlanOptions, SchedulerExt, TaskDict, order::Strategy};
//! # use chunkwise_sched_sync::Synchronous;
//! # let mut graph = TaskDict::new();
//! # graph.value("y", 11i64);
//! let breadth_first = PlanOptions::default().order(Ordering::By(Strategy::FirstInFirstOut));
//! let y: i64 = Synchronous.planned(breadth_first).get(&graph, "y")?;
//! # assert_eq!(y, 11);
//! # Ok::<(), chunkwise_graph::Error>(())
//! ```
//!
//! Not here: threads, and stopping a task that has started. A cancelled run ends when the task
//! that is running returns; long tasks ask [`chunkwise_graph::cancelled`].

#![forbid(unsafe_code)]

use chunkwise_graph::{Graph, InOrder, Plan, Result, Run, Scheduler, Value};
use chunkwise_memory::Admission;
use std::sync::Arc;

/// One task after the other, in plan order, in the calling thread.
///
/// Named in full because `Sync` is the standard library's marker trait.
///
/// # Complexity
/// 50 to 75 ns of CPU a task, of which 30 ns are the call and the allocation of its value (measured
/// by this crate's bench); 8 bytes a task and 24 bytes for each of the results that are alive at the
/// peak.
#[derive(Clone, Copy, Debug, Default)]
pub struct Synchronous;

#[deny(clippy::missing_trait_methods)]
impl Scheduler for Synchronous {
    fn name(&self) -> &'static str {
        "synchronous"
    }

    fn n_workers(&self) -> usize {
        1
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        let inner = run.clone().scheduler(Arc::new(*self));
        match Admission::of(plan, &inner, 1)? {
            Admission::Free => InOrder.run_as(plan, run, Arc::new(*self)),
            Admission::Governed(governed) => {
                run.started(plan);
                governed.work_alone();
                let result = governed.finish();
                run.finished(plan, result.as_ref().err());
                result
            }
        }
    }

    fn prepare(&self, graph: &Graph) -> Result<Plan> {
        InOrder.prepare(graph)
    }
}

//! [`Observer`]: being told what a run does.

use crate::error::Error;
use crate::memory_budget::MemoryUse;
use crate::plan::{Plan, TaskRef};
use crate::value::Value;
use std::fmt;

/// Number of a worker of a scheduler, from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub struct WorkerId(pub u32);

impl fmt::Display for WorkerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Callbacks of a run; progress bars, profiles and caches are observers.
///
/// # Contract
/// - `start` comes first and `finish` last, once each, from the thread that called the run.
/// - Between them, for each task: `pretask`, then `posttask` if it gave a value; both from the
///   worker that runs it, tasks of different workers at the same time.
/// - `released` follows the `posttask` of the last task that needed the value; outputs are never
///   released.
/// - Tasks that run graphs of their own tell the same observers; [`Plan::id`] tells runs apart.
/// - A callback that panics fails the task that it was called for.
/// - Of tasks in other processes one thread of this process tells, a little after the fact, and of
///   several workers in turns: [`heard`](crate::heard) says when and where it happened. The value
///   may stand for one that stayed there: [`Value::nbytes`] and [`Value::describe`] are right, its
///   content is not there. A task that was lost with its worker, or whose result was, or whose result
///   was dropped to save memory, is told of again: `pretask` may come twice without a `posttask` between, and both may come again.
///
/// Without observers a task costs one predictable branch more.
pub trait Observer: Send + Sync {
    /// A run starts.
    fn start(&self, plan: &Plan) {
        let _ = plan;
    }

    /// A task is about to run.
    fn pretask(&self, task: TaskRef<'_>, worker: WorkerId) {
        let _ = (task, worker);
    }

    /// A task has given its value.
    fn posttask(&self, task: TaskRef<'_>, value: &Value, worker: WorkerId) {
        let _ = (task, value, worker);
    }

    /// Nothing needs the value of a task any longer, and the run has dropped it.
    fn released(&self, task: TaskRef<'_>) {
        let _ = task;
    }

    /// What a run under a memory budget held, just before it ends; not told of runs that had none,
    /// or that fit so well that nobody counted.
    fn measured(&self, plan: &Plan, memory: &MemoryUse) {
        let _ = (plan, memory);
    }

    /// A run ends, with the error that it returns if it failed.
    fn finish(&self, plan: &Plan, error: Option<&Error>) {
        let _ = (plan, error);
    }
}

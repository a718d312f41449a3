//! [`BoundsCheck`]: an observer that fails tasks whose results are larger than was promised.

use chunkwise_graph::{Error, MemoryUse, Observer, Plan, TaskRef, Value, WorkerId};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

/// Panics, and so fails the task, when a result has more bytes than its bound allows.
#[derive(Debug, Default)]
pub struct BoundsCheck {
    n_checked: AtomicU64,
}

impl BoundsCheck {
    /// Nothing checked yet.
    pub fn new() -> BoundsCheck {
        BoundsCheck::default()
    }

    /// Number of results that had a bound to compare with.
    pub fn n_checked(&self) -> u64 {
        self.n_checked.load(SeqCst)
    }
}

#[deny(clippy::missing_trait_methods)]
impl Observer for BoundsCheck {
    fn start(&self, _plan: &Plan) {}

    fn pretask(&self, _task: TaskRef<'_>, _worker: WorkerId) {}

    fn posttask(&self, task: TaskRef<'_>, value: &Value, _worker: WorkerId) {
        // Constants are there before the run, so that handing them out needs no memory.
        let bound = task.plan().bytes(task.id()).output;
        if let (Some(bound), None) = (bound, task.constant()) {
            self.n_checked.fetch_add(1, SeqCst);
            let nbytes = value.nbytes() as u64;
            assert!(nbytes <= bound, "{task:?} gave {nbytes} bytes, bounded by {bound}");
        }
    }

    fn released(&self, _task: TaskRef<'_>) {}

    fn measured(&self, _plan: &Plan, _memory: &MemoryUse) {}

    fn finish(&self, _plan: &Plan, _error: Option<&Error>) {}
}

//! [`LiveCounter`]: an observer that counts the results that are held.

use chunkwise_graph::{Error, MemoryUse, Observer, Plan, TaskRef, Value, WorkerId};
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

/// Counts results as a plan's prediction does: from the start of their task until they are
/// released; outputs to the end of the run.
#[derive(Debug, Default)]
pub struct LiveCounter {
    now: AtomicI64,
    peak: AtomicI64,
}

impl LiveCounter {
    /// Nothing is held.
    pub fn new() -> LiveCounter {
        LiveCounter::default()
    }

    /// Results that are held now.
    pub fn now(&self) -> i64 {
        self.now.load(SeqCst)
    }

    /// The most results that were held at a time.
    pub fn peak(&self) -> i64 {
        self.peak.load(SeqCst)
    }
}

#[deny(clippy::missing_trait_methods)]
impl Observer for LiveCounter {
    fn start(&self, _plan: &Plan) {}

    fn pretask(&self, _task: TaskRef<'_>, _worker: WorkerId) {
        let now = self.now.fetch_add(1, SeqCst) + 1;
        self.peak.fetch_max(now, SeqCst);
    }

    fn posttask(&self, _task: TaskRef<'_>, _value: &Value, _worker: WorkerId) {}

    fn released(&self, _task: TaskRef<'_>) {
        self.now.fetch_sub(1, SeqCst);
    }

    fn measured(&self, _plan: &Plan, _memory: &MemoryUse) {}

    fn finish(&self, _plan: &Plan, _error: Option<&Error>) {}
}

//! [`Fault`]: what goes wrong before a task runs.

use chunkwise_graph::{BoxError, Error, MemoryUse, Observer, Plan, TaskRef, Value, WorkerId};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fmt;
use std::time::Duration;

/// What goes wrong before a block runs. The same blocks are hit in every run, whatever the timing,
/// and in whatever process: a fault is a serde value that goes along.
pub trait Fault: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Called before the work of each block, in its worker.
    ///
    /// # Errors
    /// What the task is to fail with.
    fn before(&self, block: u32) -> Result<(), BoxError>;
}

/// The error of a task that was made to fail.
///
/// It comes from other processes as it is when it was [registered](chunkwise_graph::register_error);
/// every [`Subject`](crate::conformance::Subject) does that.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Injected {
    /// The block that failed.
    pub block: u32,
}

impl fmt::Display for Injected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block {} was made to fail", self.block)
    }
}

impl std::error::Error for Injected {}

/// Whether `block` is an `n`-th one; none is for 0.
fn is_nth(block: u32, n: u32) -> bool {
    n != 0 && block % n == n - 1
}

/// Every `n`-th block of a layer returns [`Injected`]: blocks `n - 1`, `2 n - 1`, ...
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FailEvery(pub u32);

impl Fault for FailEvery {
    fn before(&self, block: u32) -> Result<(), BoxError> {
        if is_nth(block, self.0) { Err(Injected { block }.into()) } else { Ok(()) }
    }
}

/// Every `n`-th block of a layer panics.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct PanicEvery(pub u32);

impl Fault for PanicEvery {
    fn before(&self, block: u32) -> Result<(), BoxError> {
        assert!(!is_nth(block, self.0), "block {block} was made to panic");
        Ok(())
    }
}

/// Every `n`-th block of a layer takes longer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SlowEvery(pub u32, pub Duration);

impl Fault for SlowEvery {
    fn before(&self, block: u32) -> Result<(), BoxError> {
        if is_nth(block, self.0) {
            std::thread::sleep(self.1);
        }
        Ok(())
    }
}

macro_rules! observers {
    ($($fault:ty),+) => { $(
        /// Hits the tasks of every layer before they run; an error becomes a panic.
        #[deny(clippy::missing_trait_methods)]
        impl Observer for $fault {
            fn start(&self, _plan: &Plan) {}

            fn pretask(&self, task: TaskRef<'_>, _worker: WorkerId) {
                self.before(task.block()).unwrap_or_else(|error| panic!("{error}"));
            }

            fn posttask(&self, _task: TaskRef<'_>, _value: &Value, _worker: WorkerId) {}

            fn released(&self, _task: TaskRef<'_>) {}

            fn measured(&self, _plan: &Plan, _memory: &MemoryUse) {}

            fn finish(&self, _plan: &Plan, _error: Option<&Error>) {}
        }
    )+ };
}
observers!(FailEvery, PanicEvery, SlowEvery);

//! [`Record`]: what is known of one task.

use super::totals::Totals;
use chunkwise_graph::{Key, Name, Plan, TaskRef, WorkerId};
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// What a [`Profile`](crate::Profile) knows of one task. Times count from when the profile was
/// made.
#[derive(Clone)]
pub struct Record {
    pub(super) plan: Plan,
    pub(super) task: u32,
    pub(super) worker: u32,
    pub(super) thread: u32,
    pub(super) depth: u32,
    /// Told by another thread than the one that ran it.
    pub(super) is_elsewhere: bool,
    pub(super) is_finished: bool,
    pub(super) is_lost: bool,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) inside: u64,
    pub(super) bytes: u64,
    pub(super) released: Option<u64>,
}

impl Record {
    /// The task, to ask for its key, operation, dependencies.
    pub fn task(&self) -> TaskRef<'_> {
        self.plan.task(self.task)
    }

    /// The key of the task.
    pub fn key(&self) -> Key {
        self.task().key()
    }

    /// The name of its layer.
    pub fn layer(&self) -> &Name {
        self.task().layer()
    }

    /// What it does: `load`, `add+mul`; `(value)` of a task that stands for a known value.
    pub fn operation(&self) -> Cow<'_, str> {
        operation_of(self.task())
    }

    /// The worker that ran it, as its run numbers them.
    pub fn worker(&self) -> WorkerId {
        WorkerId(self.worker)
    }

    /// The thread that ran it, from 0; one that started after another had ended may have the
    /// number of that one. Each worker in another process counts as a thread.
    pub fn thread(&self) -> usize {
        self.thread as usize
    }

    /// Inside how many other tasks it ran on its thread.
    pub fn depth(&self) -> usize {
        self.depth as usize
    }

    /// Whether it gave a value. One that did not failed, or had not returned when its run ended
    /// or when the profile was looked at.
    pub fn finished(&self) -> bool {
        self.is_finished
    }

    /// When it started.
    pub fn start(&self) -> Duration {
        Duration::from_nanos(self.start)
    }

    /// Whether its worker process was lost while it ran, so that it was started again: that try
    /// has a record of its own.
    pub fn lost(&self) -> bool {
        self.is_lost
    }

    /// When it ended; of one that is not finished, when its run ended, or, in another process, when
    /// its worker started the next task or it was started again.
    pub fn end(&self) -> Duration {
        Duration::from_nanos(self.end)
    }

    /// How long it took.
    pub fn time(&self) -> Duration {
        Duration::from_nanos(self.nanoseconds())
    }

    /// How long it took without the tasks of other runs that ran inside it on its thread.
    pub fn own_time(&self) -> Duration {
        Duration::from_nanos(self.totals().own)
    }

    /// Bytes of its result in memory.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// When its result was released: `None` for outputs, and after errors. A result that was lost
    /// with its worker process was released, at the latest, when it began to be made again.
    pub fn released(&self) -> Option<Duration> {
        self.released.map(Duration::from_nanos)
    }

    pub(super) fn nanoseconds(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    pub(super) fn totals(&self) -> Totals {
        Totals::one(self.nanoseconds(), self.inside, self.bytes)
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("key", &self.key())
            .field("worker", &self.worker)
            .field("start", &self.start())
            .field("end", &self.end())
            .field("bytes", &self.bytes)
            .field("released", &self.released())
            .field("finished", &self.is_finished)
            .field("lost", &self.is_lost)
            .finish_non_exhaustive()
    }
}

/// What a task does, with one name for all values: each has a description of its own.
pub(super) fn operation_of(task: TaskRef<'_>) -> Cow<'_, str> {
    if task.constant().is_some() { "(value)".into() } else { task.op_name() }
}

//! Tasks that run elsewhere (in another process): their events and failures, told here.

use crate::error::{BoxError, Error, Result};
use crate::observer::WorkerId;
use crate::plan::Plan;
use crate::run::{Run, panic_message};
use crate::value::Value;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// When an event happened that observers are told of later and by another thread, and on which
/// worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// When it happened.
    pub at: Instant,
    /// The worker on which it did.
    pub worker: WorkerId,
}

thread_local! {
    static HEARD: Cell<Option<Heard>> = const { Cell::new(None) };
}

/// When and where the event happened that the calling observer is being told of; `None` if that is
/// here and now.
///
/// A scheduler whose workers are other processes calls observers from one thread of this process,
/// a little after the fact: an observer that measures time, or that keeps what each worker does
/// apart by thread, asks this first.
#[inline]
pub fn heard() -> Option<Heard> {
    HEARD.get()
}

/// For schedulers whose tasks run in other processes, in place of [`Run::execute`].
impl Run {
    /// Tells the observers that a task has started elsewhere.
    ///
    /// # Errors
    /// [`Error::Panic`] if an observer panics.
    pub fn started_elsewhere(&self, plan: &Plan, task: u32, heard: Heard) -> Result<()> {
        self.tell(plan, task, heard, || {
            let task = plan.task(task);
            self.observers().iter().for_each(|observer| observer.pretask(task, heard.worker));
        })
    }

    /// Tells the observers that a task has ended elsewhere, with a value or what stands for one.
    ///
    /// # Errors
    /// [`Error::Panic`] if an observer panics.
    pub fn ended_elsewhere(
        &self,
        plan: &Plan,
        task: u32,
        value: &Value,
        heard: Heard,
    ) -> Result<()> {
        self.tell(plan, task, heard, || {
            let task = plan.task(task);
            let observers = self.observers().iter();
            observers.for_each(|observer| observer.posttask(task, value, heard.worker));
        })
    }

    fn tell(&self, plan: &Plan, task: u32, heard: Heard, tell: impl FnOnce()) -> Result<()> {
        if !self.is_observed() {
            return Ok(());
        }
        let before = HEARD.replace(Some(heard));
        let told = catch_unwind(AssertUnwindSafe(tell));
        HEARD.set(before);
        told.map_err(|panic| {
            let message = panic_message(&*panic);
            self.panicked_elsewhere(plan, task, Vec::new(), message)
        })
    }

    /// The error of a task that failed elsewhere; `inputs` describe what it was given.
    pub fn failed_elsewhere(
        &self,
        plan: &Plan,
        task: u32,
        inputs: Vec<String>,
        source: BoxError,
    ) -> Error {
        if self.is_cancelled() && matches!(source.downcast_ref(), Some(Error::Cancelled { .. })) {
            return Error::Cancelled { running: Vec::new() };
        }
        let mut site = plan.task(task).site();
        site.inputs = inputs;
        Error::Task { site: Box::new(site), source: source.into() }
    }

    /// The error of a task that panicked elsewhere.
    pub fn panicked_elsewhere(
        &self,
        plan: &Plan,
        task: u32,
        inputs: Vec<String>,
        message: String,
    ) -> Error {
        let mut site = plan.task(task).site();
        site.inputs = inputs;
        Error::Panic { site: Box::new(site), message }
    }
}

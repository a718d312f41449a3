//! [`Run`]: what a run is given besides its plan, and how one task is run.

use crate::cancel::CancelToken;
use crate::error::{BoxError, Error, MemoryNeed, Result, TaskSite};
use crate::memory_budget::{MemoryBudget, MemoryUse, default_memory_budget};
use crate::observer::{Observer, WorkerId};
use crate::plan::Plan;
use crate::scheduler::Scheduler;
use crate::value::Value;
use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What a run is given besides its plan: who watches it, who may stop it, what it may hold, and
/// which scheduler the graphs that its tasks compute run on.
///
/// [`Run::current`] collects what [`with_scheduler`](crate::with_scheduler),
/// [`with_observers`](crate::with_observers), [`with_cancel`](crate::with_cancel) and
/// [`with_memory_budget`](crate::with_memory_budget) set around the caller.
#[derive(Clone, Default)]
pub struct Run {
    observers: Vec<Arc<dyn Observer>>,
    cancel: Option<CancelToken>,
    scheduler: Option<Arc<dyn Scheduler>>,
    budget: Option<Arc<dyn MemoryBudget>>,
}

impl Run {
    /// Nobody watches, nobody stops it.
    pub fn new() -> Run {
        Run::default()
    }

    /// Watched by one more observer.
    #[must_use]
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Run {
        self.observers.push(observer);
        self
    }

    /// Stopped by `token`.
    #[must_use]
    pub fn cancel(mut self, token: CancelToken) -> Run {
        self.cancel = Some(token);
        self
    }

    /// Graphs that its tasks compute run on `scheduler`.
    #[must_use]
    pub fn scheduler(mut self, scheduler: Arc<dyn Scheduler>) -> Run {
        self.scheduler = Some(scheduler);
        self
    }

    /// Held to `budget`, instead of the default one of the process.
    #[must_use]
    pub fn memory_budget(mut self, budget: Arc<dyn MemoryBudget>) -> Run {
        self.budget = Some(budget);
        self
    }

    /// What the run may hold; `None` if nobody set a limit.
    pub fn budget(&self) -> Option<Arc<dyn MemoryBudget>> {
        self.budget.clone().or_else(default_memory_budget)
    }

    /// Checks that a plan fits into the budget with all its results in memory: for schedulers that
    /// cannot let them leave it.
    ///
    /// # Errors
    /// [`Error::OverBudget`] if it does not.
    pub fn within_budget(&self, plan: &Plan, n_workers: usize) -> Result<()> {
        let Some(budget) = self.budget() else { return Ok(()) };
        let forecast = budget.forecast(plan, n_workers)?;
        if forecast.evicted == 0 {
            return Ok(());
        }
        let peak = plan.predicted_peak();
        let at_peak = peak.task.and_then(|key| plan.tasks().find(|task| task.key() == key));
        let Some(task) = at_peak else { return Ok(()) };
        let needs = MemoryNeed { kept: peak.bytes, ..MemoryNeed::default() };
        Err(Error::OverBudget { site: Box::new(task.site()), needs, limit: forecast.limit })
    }

    /// The token that stops the run.
    pub fn cancel_token(&self) -> Option<&CancelToken> {
        self.cancel.as_ref()
    }

    /// Whether the run is to stop.
    #[inline]
    pub fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(CancelToken::is_cancelled)
    }

    /// Whether anybody watches.
    #[inline]
    pub fn is_observed(&self) -> bool {
        !self.observers.is_empty()
    }

    pub(crate) fn nested_scheduler(&self) -> Option<&Arc<dyn Scheduler>> {
        self.scheduler.as_ref()
    }

    pub(crate) fn observers(&self) -> &[Arc<dyn Observer>] {
        &self.observers
    }

    pub(crate) fn observers_mut(&mut self) -> &mut Vec<Arc<dyn Observer>> {
        &mut self.observers
    }

    /// Tells the observers that the run starts. Schedulers call it first.
    ///
    /// # Panics
    /// If an observer does.
    pub fn started(&self, plan: &Plan) {
        self.observers.iter().for_each(|observer| observer.start(plan));
    }

    /// Tells the observers that the run ends. Schedulers call it last.
    ///
    /// # Panics
    /// If an observer does.
    pub fn finished(&self, plan: &Plan, error: Option<&Error>) {
        self.observers.iter().for_each(|observer| observer.finish(plan, error));
    }

    /// Tells the observers what the run held. Schedulers that keep to a budget call it before
    /// [`Run::finished`].
    ///
    /// # Panics
    /// If an observer does.
    pub fn measured(&self, plan: &Plan, memory: &MemoryUse) {
        self.observers.iter().for_each(|observer| observer.measured(plan, memory));
    }

    /// Tells the observers that the values of `tasks` were dropped. A panic of theirs is an error
    /// of `by`, the task that ran last.
    ///
    /// # Errors
    /// [`Error::Panic`] if an observer panics.
    pub fn released(&self, plan: &Plan, tasks: &[u32], by: u32) -> Result<()> {
        let tell = || {
            for &task in tasks {
                self.observers.iter().for_each(|observer| observer.released(plan.task(task)));
            }
        };
        catch_unwind(AssertUnwindSafe(tell)).map_err(|panic| panicked(plan, by, &[], &*panic))
    }

    /// Runs one task and tells the observers: what every scheduler does in the end.
    ///
    /// # Errors
    /// - [`Error::Task`] if the task returns an error; an [`Error`] of a graph that the task
    ///   computed itself is kept as the source.
    /// - [`Error::Panic`] if the task, or an observer, panics.
    #[inline]
    pub fn execute(
        &self,
        plan: &Plan,
        task: u32,
        inputs: &mut [Value],
        worker: WorkerId,
    ) -> Result<Value> {
        let result = if self.is_observed() {
            catch_unwind(AssertUnwindSafe(|| self.observed(plan, task, inputs, worker)))
        } else {
            catch_unwind(AssertUnwindSafe(|| {
                let value = plan.run_task(task, inputs)?;
                drop_all(inputs);
                Ok(value)
            }))
        };
        match result {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(self.failed(plan, task, inputs, error)),
            Err(panic) => Err(panicked(plan, task, inputs, &*panic)),
        }
    }

    #[cold]
    fn failed(&self, plan: &Plan, task: u32, inputs: &[Value], error: BoxError) -> Error {
        // A graph that the task computed was stopped because this run was: that is no failure.
        if self.is_cancelled() && matches!(error.downcast_ref(), Some(Error::Cancelled { .. })) {
            return Error::Cancelled { running: Vec::new() };
        }
        Error::Task { site: site(plan, task, inputs), source: error.into() }
    }

    /// The error for a panic that a scheduler caught around [`Run::execute`].
    #[cold]
    pub fn panicked(&self, plan: &Plan, task: u32, panic: Box<dyn Any + Send>) -> Error {
        panicked(plan, task, &[], &*panic)
    }

    fn observed(
        &self,
        plan: &Plan,
        task: u32,
        inputs: &mut [Value],
        worker: WorkerId,
    ) -> Result<Value, BoxError> {
        let at = plan.task(task);
        self.observers.iter().for_each(|observer| observer.pretask(at, worker));
        let value = plan.run_task(task, inputs)?;
        drop_all(inputs);
        self.observers.iter().for_each(|observer| observer.posttask(at, &value, worker));
        Ok(value)
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("observers", &self.observers.len())
            .field("cancel", &self.cancel)
            .field("scheduler", &self.scheduler.as_ref().map(|scheduler| scheduler.name()))
            .field("budget", &self.budget.as_ref().map(|budget| budget.limit()))
            .finish()
    }
}

fn site(plan: &Plan, task: u32, inputs: &[Value]) -> Box<TaskSite> {
    Box::new(TaskSite { inputs: describe_all(inputs), ..plan.task(task).site() })
}

/// Short descriptions of the first few values, and how many there are more: what an error says of
/// a task's inputs.
pub fn describe_all(values: &[Value]) -> Vec<String> {
    const SHOWN: usize = 8;
    let mut described: Vec<String> = values.iter().take(SHOWN).map(Value::describe).collect();
    if values.len() > SHOWN {
        described.push(format!("{} more", values.len() - SHOWN));
    }
    described
}

/// Drops what the task left of its inputs, while a panic of theirs is still caught.
#[inline]
fn drop_all(inputs: &mut [Value]) {
    for input in inputs {
        drop(input.take());
    }
}

#[cold]
fn panicked(plan: &Plan, task: u32, inputs: &[Value], panic: &(dyn Any + Send)) -> Error {
    let message = panic_message(panic);
    Error::Panic { site: site(plan, task, inputs), message }
}

/// What a panic said.
pub fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("(a panic without a message)").to_owned()
}

//! What is set around the caller: scheduler, observers, cancellation, memory budget.
//!
//! Scopes nest, belong to one thread, and pass on to the threads of the runs that start in them.

use crate::cancel::CancelToken;
use crate::memory_budget::MemoryBudget;
use crate::observer::Observer;
use crate::run::Run;
use crate::scheduler::{Scheduler, default_scheduler};
use std::cell::RefCell;
use std::sync::Arc;

thread_local! {
    static CURRENT: RefCell<Run> = RefCell::new(Run::new());
}

/// Restores what was set before, also when the scope panics.
struct Restore(Option<Run>);

impl Drop for Restore {
    fn drop(&mut self) {
        if let Some(run) = self.0.take() {
            CURRENT.replace(run);
        }
    }
}

impl Run {
    /// What is set around the caller.
    pub fn current() -> Run {
        CURRENT.with_borrow(Run::clone)
    }

    /// Runs `f` with this set around it. Schedulers call it on their worker threads, so that the
    /// graphs that tasks compute are scheduled, watched and stopped as the run itself is.
    pub fn enter<R>(&self, f: impl FnOnce() -> R) -> R {
        let _restore = Restore(Some(CURRENT.replace(self.clone())));
        f()
    }
}

/// The scheduler for runs that start here: the innermost [`with_scheduler`], else the default.
pub fn current_scheduler() -> Arc<dyn Scheduler> {
    let scoped = CURRENT.with_borrow(|run| run.nested_scheduler().cloned());
    scoped.unwrap_or_else(default_scheduler)
}

/// Computes everything inside `f` on `scheduler`.
///
/// ```
/// use chunkwise_graph::{current_scheduler, with_scheduler, InOrder};
/// let name = with_scheduler(InOrder, || current_scheduler().name());
/// assert_eq!(name, "in order");
/// ```
pub fn with_scheduler<R>(scheduler: impl Scheduler + 'static, f: impl FnOnce() -> R) -> R {
    Run::current().scheduler(Arc::new(scheduler)).enter(f)
}

/// Tells `observers` about every run inside `f`, besides those that are set already.
pub fn with_observers<R>(
    observers: impl IntoIterator<Item = Arc<dyn Observer>>,
    f: impl FnOnce() -> R,
) -> R {
    let mut run = Run::current();
    run.observers_mut().extend(observers);
    run.enter(f)
}

/// Tells one observer about every run inside `f`; see [`with_observers`].
pub fn with_observer<R>(observer: Arc<dyn Observer>, f: impl FnOnce() -> R) -> R {
    with_observers([observer], f)
}

/// Lets `token` stop every run inside `f`.
///
/// ```
/// use chunkwise_graph::{CancelToken, Error, InOrder, SchedulerExt, TaskDict, with_cancel};
/// let (token, mut graph) = (CancelToken::new(), TaskDict::new());
/// graph.value("a", 1i64);
/// token.cancel();
/// let result = with_cancel(&token, || InOrder.get::<i64>(&graph, "a"));
/// assert!(matches!(result, Err(Error::Cancelled { .. })));
/// ```
pub fn with_cancel<R>(token: &CancelToken, f: impl FnOnce() -> R) -> R {
    Run::current().cancel(token.clone()).enter(f)
}

/// Holds every run inside `f` to `budget`, all of them together.
pub fn with_memory_budget<R>(budget: Arc<dyn MemoryBudget>, f: impl FnOnce() -> R) -> R {
    Run::current().memory_budget(budget).enter(f)
}

/// Whether the run that the caller is a task of is to stop: long tasks ask it now and then.
pub fn cancelled() -> bool {
    CURRENT.with_borrow(Run::is_cancelled)
}

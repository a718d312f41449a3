//! The budget of whoever is running: set by schedulers around tasks, one thread at a time.

use crate::budget::Budget;
use chunkwise_graph::Run;
use std::cell::RefCell;
use std::sync::LazyLock;

thread_local! {
    static CURRENT: RefCell<Option<Budget>> = const { RefCell::new(None) };
}

/// Of the process, where nothing is set: no limit.
static DEFAULT: LazyLock<Budget> = LazyLock::new(|| Budget::new(u64::MAX));

/// Restores what was set before, also when the scope panics.
struct Restore(Option<Budget>);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.replace(self.0.take());
    }
}

/// Runs `f` with a budget set around it, on this thread. Scopes nest.
///
/// ```
/// use chunkwise_memory::{Budget, current_budget, enter};
/// let limit = enter(&Budget::new(1000), || current_budget().map(|budget| budget.limit()));
/// assert_eq!((limit, current_budget().is_none()), (Some(1000), true));
/// ```
pub fn enter<R>(budget: &Budget, f: impl FnOnce() -> R) -> R {
    let _restore = Restore(CURRENT.replace(Some(budget.clone())));
    f()
}

/// The budget that is set around the caller: inside a task of a governed run, that run's.
pub fn current_budget() -> Option<Budget> {
    CURRENT.with_borrow(Option::clone)
}

/// What is set around the caller: by the task that it is part of, else for the run; else the
/// process's own, a budget without limit whose spill files are in the folder for temporary ones.
pub fn current() -> Budget {
    current_budget().or_else(of_run).unwrap_or_else(|| DEFAULT.clone())
}

fn of_run() -> Option<Budget> {
    Budget::of(&*Run::current().budget()?)
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use super::*;

    #[test]
    fn scopes_nest_and_end_with_a_panic_too() {
        enter(&Budget::new(1), || {
            let panicked = std::panic::catch_unwind(|| {
                enter(&Budget::new(2), || std::panic::resume_unwind(Box::new(())))
            });
            assert!(panicked.is_err());
            assert_eq!(current().limit(), 1);
            assert!(current_budget().is_some());
        });
        assert_eq!(current().limit(), u64::MAX);
        assert!(current_budget().is_none());
    }
}

//! The budget and the spill of whoever is running: set by schedulers around tasks, one thread at a
//! time.

use crate::budget::Budget;
use crate::spill::{Spill, SpillOptions};
use chunkwise_graph::Run;
use std::cell::RefCell;
use std::sync::LazyLock;

thread_local! {
    static CURRENT: RefCell<Option<(Budget, Spill)>> = const { RefCell::new(None) };
}

/// Of the process, where nothing is set: no limit, and files in the folder for temporary ones.
static DEFAULT: LazyLock<(Budget, Spill)> =
    LazyLock::new(|| (Budget::new(u64::MAX), Spill::new(SpillOptions::default())));

/// Restores what was set before, also when the scope panics.
struct Restore(Option<(Budget, Spill)>);

impl Drop for Restore {
    fn drop(&mut self) {
        CURRENT.replace(self.0.take());
    }
}

/// Runs `f` with a budget and a spill set around it, on this thread. Scopes nest.
///
/// ```
/// use chunkwise_memory::{Budget, Spill, SpillOptions, current_budget, enter};
/// let (budget, spill) = (Budget::new(1000), Spill::new(SpillOptions::default()));
/// let limit = enter(&budget, &spill, || current_budget().map(|budget| budget.limit()));
/// assert_eq!((limit, current_budget().is_none()), (Some(1000), true));
/// ```
pub fn enter<R>(budget: &Budget, spill: &Spill, f: impl FnOnce() -> R) -> R {
    let _restore = Restore(CURRENT.replace(Some((budget.clone(), spill.clone()))));
    f()
}

/// The budget that is set around the caller.
pub fn current_budget() -> Option<Budget> {
    CURRENT.with_borrow(|current| current.as_ref().map(|(budget, _)| budget.clone()))
}

/// The spill that is set around the caller.
pub fn current_spill() -> Option<Spill> {
    CURRENT.with_borrow(|current| current.as_ref().map(|(_, spill)| spill.clone()))
}

/// What is set around the caller: by the task that it is part of, else for the run; else the
/// process's own, a budget without limit and a spill into the folder for temporary files.
pub fn current() -> (Budget, Spill) {
    let of_task = CURRENT.with_borrow(Option::clone);
    of_task.or_else(of_run).unwrap_or_else(|| DEFAULT.clone())
}

fn of_run() -> Option<(Budget, Spill)> {
    let budget = Budget::of(&*Run::current().budget()?)?;
    let spill = budget.spill().clone();
    Some((budget, spill))
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use super::*;

    #[test]
    fn scopes_nest_and_end_with_a_panic_too() {
        let spill = Spill::new(SpillOptions::default());
        enter(&Budget::new(1), &spill, || {
            let panicked = std::panic::catch_unwind(|| {
                enter(&Budget::new(2), &spill, || std::panic::resume_unwind(Box::new(())))
            });
            assert!(panicked.is_err());
            assert_eq!(current().0.limit(), 1);
            assert!(current_spill().is_some());
        });
        assert_eq!(current().0.limit(), u64::MAX);
        assert!(current_spill().is_none());
    }
}

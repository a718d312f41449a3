//! [`Gate`]: knowing when the last worker of a run has left.

use crate::sync::{AtomicUsize, Condvar, Mutex, Ordering, lock};
use std::time::Duration;

/// Counts the workers inside a run and wakes whoever waits for the last one to leave.
#[derive(Debug)]
pub(crate) struct Gate {
    inside: AtomicUsize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// All that came have left again, at least once.
    pub(crate) empty: bool,
    /// Somebody asks the waiting one to look up.
    pub(crate) called: bool,
}

impl Gate {
    pub(crate) fn new() -> Gate {
        Gate {
            inside: AtomicUsize::new(0),
            state: Mutex::new(State { empty: false, called: false }),
            changed: Condvar::new(),
        }
    }

    /// How many are inside.
    pub(crate) fn inside(&self) -> usize {
        self.inside.load(Ordering::Relaxed)
    }

    pub(crate) fn enter(&self) {
        self.inside.fetch_add(1, Ordering::AcqRel);
    }

    /// Leaves; the last one to do so wakes whoever waits.
    pub(crate) fn leave(&self) {
        if self.inside.fetch_sub(1, Ordering::AcqRel) == 1 {
            lock(&self.state).empty = true;
            self.changed.notify_all();
        }
    }

    /// Leaves if somebody else stays. Whether it did.
    #[must_use]
    pub(crate) fn leave_to_others(&self) -> bool {
        let others_stay = |inside: usize| (inside > 1).then(|| inside - 1);
        self.inside.fetch_update(Ordering::AcqRel, Ordering::Relaxed, others_stay).is_ok()
    }

    /// Wakes whoever waits without anybody having left.
    pub(crate) fn call(&self) {
        lock(&self.state).called = true;
        self.changed.notify_all();
    }

    /// Waits until everybody has left or somebody calls, for some time at most.
    #[cfg(not(loom))]
    pub(crate) fn wait(&self, at_most: Duration) -> State {
        let undecided = |state: &mut State| !state.empty && !state.called;
        let waited = self.changed.wait_timeout_while(lock(&self.state), at_most, undecided);
        *waited.unwrap_or_else(std::sync::PoisonError::into_inner).0
    }

    /// loom has no clocks, and its waits end only when somebody wakes them.
    #[cfg(loom)]
    pub(crate) fn wait(&self, _at_most: Duration) -> State {
        let mut state = lock(&self.state);
        while !state.empty && !state.called {
            state = self.changed.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        *state
    }

    /// Waits until everybody has left, for some time at most. Whether they have.
    #[cfg(not(loom))]
    pub(crate) fn wait_empty(&self, at_most: Duration) -> bool {
        let state = lock(&self.state);
        let waited = self.changed.wait_timeout_while(state, at_most, |state| !state.empty);
        waited.unwrap_or_else(std::sync::PoisonError::into_inner).0.empty
    }

    /// loom has no clocks: as if the time was over at once.
    #[cfg(loom)]
    pub(crate) fn wait_empty(&self, _at_most: Duration) -> bool {
        lock(&self.state).empty
    }
}

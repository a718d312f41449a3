//! [`Current`]: the run that a worker takes part in, which of its tasks may start, and its token.

use super::lock;
use crate::nested::Nested;
use chunkwise_graph::{CancelToken, Run};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

/// The run that goes on. Orders about it may come before it is said to begin, as they come another
/// way.
pub(super) struct Current {
    state: Mutex<State>,
    /// Tasks of this number and above do not start.
    limit: AtomicU32,
}

struct State {
    run: u64,
    token: CancelToken,
    scope: Run,
}

impl State {
    fn of(run: u64) -> State {
        let token = CancelToken::new();
        let scope = Run::new().cancel(token.clone()).scheduler(Arc::new(Nested));
        State { run, token, scope }
    }
}

impl Current {
    pub(super) fn new() -> Current {
        Current { state: Mutex::new(State::of(0)), limit: AtomicU32::new(u32::MAX) }
    }

    pub(super) fn begin(&self, run: u64) {
        self.with(run, |_| ());
    }

    /// Calls `f` if the run goes on or is still to begin; `None` if it is over.
    fn with<R>(&self, run: u64, f: impl FnOnce(&State) -> R) -> Option<R> {
        let mut state = lock(&self.state);
        if run > state.run {
            *state = State::of(run);
            self.limit.store(u32::MAX, Relaxed);
        }
        (run == state.run).then(|| f(&state))
    }

    /// Whether the run goes on or is still to begin.
    pub(super) fn is(&self, run: u64) -> bool {
        self.with(run, |_| ()).is_some()
    }

    pub(super) fn limit(&self, run: u64, task: u32) {
        self.with(run, |_| self.limit.fetch_min(task, Relaxed));
    }

    pub(super) fn cancel(&self, run: u64) {
        let token = self.with(run, |state| {
            self.limit.store(0, Relaxed);
            state.token.clone()
        });
        if let Some(token) = token {
            token.cancel();
        }
    }

    /// Whether a task may still start.
    pub(super) fn may_start(&self, task: u32) -> bool {
        task < self.limit.load(Relaxed)
    }

    /// What is set around the tasks of the run.
    pub(super) fn scope(&self) -> Run {
        lock(&self.state).scope.clone()
    }
}

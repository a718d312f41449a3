//! [`Canceller`]: what a task stops its own run with, in whatever process it runs.

use crate::flag::Flag;
use crate::within::eventually;
use chunkwise_graph::{CancelToken, Plan, Result, Run, Scheduler, Value, cancelled};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Part of a task's state: cancels the token of the run that the task is in.
///
/// In the process of the test that happens at once and on the task's own thread. Elsewhere a flag is
/// raised, which the test looks out for ([`Canceller::run`]), and the task waits until it is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Canceller {
    /// Of the token, among the tokens of the process that made it.
    number: u64,
    /// Of that process.
    process: u32,
    flag: Flag,
    #[serde(skip)]
    _registered: Option<Arc<Registered>>,
}

/// The tokens that tasks of this process may cancel.
static TOKENS: LazyLock<Mutex<HashMap<u64, CancelToken>>> = LazyLock::new(Mutex::default);

fn tokens() -> MutexGuard<'static, HashMap<u64, CancelToken>> {
    TOKENS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
struct Registered(u64);

impl Drop for Registered {
    fn drop(&mut self) {
        tokens().remove(&self.0);
    }
}

impl Canceller {
    /// Of this token.
    pub(crate) fn new(token: &CancelToken) -> Canceller {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, SeqCst);
        tokens().insert(number, token.clone());
        let process = std::process::id();
        Canceller {
            number,
            process,
            flag: Flag::new(),
            _registered: Some(Arc::new(Registered(number))),
        }
    }

    fn token(&self) -> Option<CancelToken> {
        if self.process == std::process::id() { tokens().get(&self.number).cloned() } else { None }
    }

    /// Cancels the run that the caller is a task of; when this returns, it is cancelled.
    ///
    /// # Panics
    /// If the run goes on regardless.
    pub(crate) fn cancel(&self) {
        match self.token() {
            Some(token) => token.cancel(),
            None => {
                self.flag.raise();
                eventually("the task is told that its run is cancelled", cancelled);
            }
        }
    }

    /// Runs a plan, and cancels the token when a task asks for it.
    pub(crate) fn run(
        &self,
        scheduler: &dyn Scheduler,
        plan: &Plan,
        run: Run,
    ) -> Result<Vec<Value>> {
        let token = self.token().expect("runs start in the process that made the token");
        let run = run.cancel(token.clone());
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(SeqCst) {
                    if self.flag.is_raised() {
                        return token.cancel();
                    }
                    thread::sleep(Duration::from_micros(200));
                }
            });
            // Also when the scheduler panics.
            let _over = SetOnDrop(&over);
            scheduler.run(plan, &run)
        })
    }
}

struct SetOnDrop<'a>(&'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

//! [`Threaded`]: the scheduler that users name.

use crate::governed::run_governed;
use crate::pool::Pool;
use crate::run::PlanRun;
use crate::sync::Arc;
use chunkwise_graph::{Error, Plan, Result, Run, Scheduler, Value, WorkerId};
use chunkwise_memory::Admission;
use std::time::Duration;

/// All cores: workers on a rayon pool take tasks in strict order of priority.
///
/// Cheap to clone; clones share the pool. Graphs that tasks compute run on the same pool, with
/// the worker that waits for them taking part.
///
/// # Complexity
/// About 0.1 µs of CPU a task, of which 30 ns are the call and the allocation of its value; 32 bytes
/// a task. `README.md` beside the source has the measurements.
#[derive(Clone, Debug)]
pub struct Threaded {
    pool: Pool,
    patience: Duration,
}

impl Threaded {
    /// On the rayon pool around the caller, else rayon's global one: as many threads as cores,
    /// unless `RAYON_NUM_THREADS` says otherwise.
    pub fn new() -> Threaded {
        Threaded { pool: Pool::Surrounding, patience: Duration::from_secs(1) }
    }

    /// On threads of its own; 0 means as many as cores. They end with the last clone.
    ///
    /// # Errors
    /// [`Error::Scheduler`] if the system gives no threads.
    pub fn with_threads(n_threads: usize) -> Result<Threaded> {
        Ok(Threaded { pool: Pool::with_threads(n_threads)?, ..Threaded::new() })
    }

    /// On a pool of yours.
    pub fn on_pool(pool: std::sync::Arc<rayon::ThreadPool>) -> Threaded {
        Threaded { pool: Pool::Given(pool), ..Threaded::new() }
    }

    /// How long a cancelled run waits for tasks that have started, 1 s unless set. After that it
    /// returns [`Error::Cancelled`] with their keys; they go on, and their results are dropped.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Threaded {
        self.patience = patience;
        self
    }

    /// Number of threads.
    pub fn n_threads(&self) -> usize {
        self.pool.n_threads()
    }

    fn run_all(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        if run.is_cancelled() {
            return Err(Error::Cancelled { running: Vec::new() });
        }
        if plan.is_empty() {
            return Ok(Vec::new());
        }
        let inner = run.clone().scheduler(std::sync::Arc::new(self.clone()));
        let thread = self.pool.thread();
        let shared = Arc::new(PlanRun::new(plan, &inner, self.n_threads(), thread.is_none()));
        let on_cancel = std::sync::Arc::downgrade(&shared);
        let _guard = run.cancel_token().map(|token| {
            token.on_cancel(move || {
                if let Some(run) = on_cancel.upgrade() {
                    run.cancel();
                }
            })
        });
        let n_workers = self.n_threads().min(plan.len());
        let everybody_left = match thread {
            Some(thread) => self.take_part(&shared, n_workers, thread),
            None => self.wait_for(&shared, n_workers),
        };
        if run.is_cancelled() {
            // The token tells its runs one after the other: this one may end before its turn.
            shared.cancel();
        }
        if everybody_left {
            // SAFETY: the gate is empty, and workers have come.
            unsafe { shared.finish() }
        } else {
            Err(Error::Cancelled { running: shared.running() })
        }
    }

    /// The caller is a thread of the pool: it works too, and then helps with whatever the pool
    /// has to do until the other workers have left.
    fn take_part(&self, shared: &Arc<PlanRun>, n_workers: usize, thread: usize) -> bool {
        spawn_workers(&self.pool, shared, n_workers - 1);
        shared.work(WorkerId(thread as u32), &|n| spawn_workers(&self.pool, shared, n));
        let mut cancelled_for = Duration::ZERO;
        while !shared.gate.wait_empty(Duration::ZERO) {
            const PAUSE: Duration = Duration::from_micros(100);
            if self.pool.run_one_job() || shared.gate.wait_empty(PAUSE) {
                continue;
            }
            shared.supervise(&|n| spawn_workers(&self.pool, shared, n));
            if shared.run.is_cancelled() {
                cancelled_for += PAUSE;
                if cancelled_for > self.patience {
                    return shared.gate.wait_empty(Duration::ZERO);
                }
            }
        }
        true
    }

    fn wait_for(&self, shared: &Arc<PlanRun>, n_workers: usize) -> bool {
        /// How long a tiny task may wait for a worker while its owner runs a long one.
        const ROUND: Duration = Duration::from_millis(1);
        spawn_workers(&self.pool, shared, n_workers);
        loop {
            let state = shared.gate.wait(ROUND);
            if state.empty || state.called {
                return state.empty || shared.gate.wait_empty(self.patience);
            }
            shared.supervise(&|n| spawn_workers(&self.pool, shared, n));
        }
    }
}

/// Jobs hold the run weakly: one that starts after the run is over must not keep its values.
fn spawn_workers(pool: &Pool, shared: &Arc<PlanRun>, n: usize) {
    for _ in 0..n {
        let (run, pool_of_job) = (Arc::downgrade(shared), pool.clone());
        pool.spawn(move || {
            if let Some(run) = run.upgrade() {
                let thread = pool_of_job.thread().unwrap_or_default();
                let more = |n: usize| spawn_workers(&pool_of_job, &run, n);
                run.work(WorkerId(thread as u32), &more);
            }
        });
    }
}

impl Default for Threaded {
    fn default() -> Threaded {
        Threaded::new()
    }
}

impl Scheduler for Threaded {
    fn name(&self) -> &'static str {
        "threaded"
    }

    fn n_workers(&self) -> usize {
        self.n_threads()
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        let inner = run.clone().scheduler(std::sync::Arc::new(self.clone()));
        let admission = Admission::of(plan, &inner, self.n_threads())?;
        run.started(plan);
        let result = match admission {
            Admission::Free => self.run_all(plan, run),
            Admission::Governed(governed) => {
                run_governed(governed, run, &self.pool, self.n_threads(), self.patience)
            }
        };
        run.finished(plan, result.as_ref().err());
        result
    }
}

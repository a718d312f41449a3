//! [`Processes`]: the scheduler that users name.

use crate::options::{Options, ProcessesBuilder};
use crate::pool::Pool;
use crate::run::PlanRun;
use chunkwise_graph::{
    CancelToken, Error, Graph, Plan, PlanOptions, Result, Run, Scheduler, Value,
};
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The name in reports, and of the scheduler that tasks see around them.
pub(crate) const NAME: &str = "processes";

/// Worker processes of the same executable: tasks run isolated from each other and from the caller.
///
/// The workers start with [`Processes::new`] and end with the last clone. Runs of one `Processes`
/// take turns. Linear chains of tasks become one task ([`PlanOptions::fuse_chains`]), as handing a
/// task over costs microseconds here.
///
/// # Complexity
/// A trivial task among many takes 1 to 3 µs, one that everything waits for 8 to 20 µs; a large value
/// takes twice as long from one worker to another as copying it. `README.md` beside the source has
/// the measurements. Memory: about 100 bytes a task here besides small results, and what the workers hold.
///
/// ```
/// use chunkwise_graph::{SchedulerExt, TaskDict};
/// use chunkwise_sched_process::Processes;
///
/// let mut graph = TaskDict::new();
/// graph.value("x", 10i64).task("y", |x: i64| x + 1, ["x"]);
/// let y: i64 = Processes::new(2)?.get(&graph, "y")?;
/// assert_eq!(y, 11);
/// # Ok::<(), chunkwise_graph::Error>(())
/// ```
#[derive(Clone)]
pub struct Processes {
    shared: Arc<Shared>,
}

struct Shared {
    /// `None` while a run has it.
    pool: Mutex<Option<Box<Pool>>>,
    returned: Condvar,
    n_workers: usize,
    /// The process ids of the workers, kept by the pool.
    ids: Arc<Mutex<Vec<Option<u32>>>>,
}

impl Processes {
    /// Starts `n` workers, at least 1, of one thread each; [`Processes::builder`] has more choices.
    ///
    /// # Errors
    /// [`Error::Scheduler`], whose source is a [`ProcessError`](crate::ProcessError).
    pub fn new(n: usize) -> Result<Processes> {
        Processes::builder().workers(n).build()
    }

    /// How many workers, and what they may do.
    pub fn builder() -> ProcessesBuilder {
        ProcessesBuilder::new()
    }

    /// Number of worker processes.
    pub fn n_workers(&self) -> usize {
        self.shared.n_workers
    }

    /// The process ids of the workers, also while a run goes on.
    pub fn worker_ids(&self) -> Vec<u32> {
        let ids = self.shared.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter().flatten().copied().collect()
    }

    pub(crate) fn start(options: Options) -> Result<Processes> {
        let n_workers = options.n_workers;
        let pool = Box::new(Pool::start(options)?);
        let (ids, pool, returned) = (pool.ids.clone(), Mutex::new(Some(pool)), Condvar::new());
        Ok(Processes { shared: Arc::new(Shared { pool, returned, n_workers, ids }) })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Box<Pool>>> {
        self.shared.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The workers, once no other run has them; `None` if the run is cancelled before that.
    fn take_pool(&self, cancel: Option<&CancelToken>) -> Option<TakenPool> {
        /// How soon a waiting run sees that it is cancelled.
        const ROUND: Duration = Duration::from_millis(5);
        let mut pool = self.lock();
        loop {
            if cancel.is_some_and(CancelToken::is_cancelled) {
                return None;
            }
            if let Some(pool) = pool.take() {
                return Some(TakenPool { pool: Some(pool), processes: self.clone() });
            }
            let waited = self.shared.returned.wait_timeout(pool, ROUND);
            pool = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn run_all(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        let cancelled = || Error::Cancelled { running: Vec::new() };
        if run.is_cancelled() {
            return Err(cancelled());
        }
        if plan.is_empty() {
            return Ok(Vec::new());
        }
        let mut pool = self.take_pool(run.cancel_token()).ok_or_else(cancelled)?;
        let pool = pool.pool.as_mut().ok_or_else(cancelled)?;
        PlanRun::new(plan, run, pool)?.run()
    }
}

/// Gives the workers back, also when the caller panics.
struct TakenPool {
    pool: Option<Box<Pool>>,
    processes: Processes,
}

impl Drop for TakenPool {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(pool) = &mut self.pool
        {
            // What its workers are doing is not known any more.
            pool.workers.iter_mut().for_each(|worker| *worker = None);
        }
        *self.processes.lock() = self.pool.take();
        self.processes.shared.returned.notify_one();
    }
}

#[deny(clippy::missing_trait_methods)]
impl Scheduler for Processes {
    fn name(&self) -> &'static str {
        NAME
    }

    fn n_workers(&self) -> usize {
        Processes::n_workers(self)
    }

    /// Under a memory budget a plan has to fit with all its results in memory: what workers hold
    /// does not go to disk.
    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        run.within_budget(plan, Processes::n_workers(self))?;
        run.started(plan);
        let result = self.run_all(plan, run);
        run.finished(plan, result.as_ref().err());
        result
    }

    fn prepare(&self, graph: &Graph) -> Result<Plan> {
        graph.plan_with(&PlanOptions::default().fuse_chains())
    }
}

impl fmt::Debug for Processes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Processes({} workers)", self.n_workers())
    }
}

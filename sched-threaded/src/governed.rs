//! Running under a memory budget: which task starts when is decided by [`Governed`]; this brings the
//! threads.

use crate::pool::Pool;
use chunkwise_graph::{Error, Result, Run, Value, WorkerId};
use chunkwise_memory::Governed;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// Runs to the end, on up to `n_threads` threads of the pool; waits for at most `patience` for tasks
/// of a cancelled run.
pub(crate) fn run_governed(
    governed: Arc<Governed>,
    run: &Run,
    pool: &Pool,
    n_threads: usize,
    patience: Duration,
) -> Result<Vec<Value>> {
    let (weak, of_workers) = (Arc::downgrade(&governed), pool.clone());
    governed.on_work(move |n| spawn(&of_workers, &weak, n));
    let on_cancel = Arc::downgrade(&governed);
    let _guard = run.cancel_token().map(|token| {
        token.on_cancel(move || {
            if let Some(governed) = on_cancel.upgrade() {
                governed.cancel();
            }
        })
    });
    spawn(pool, &Arc::downgrade(&governed), n_threads);
    let mut cancelled_for = Duration::ZERO;
    loop {
        let round = help(&governed, pool);
        if governed.wait_over(round) {
            return governed.finish();
        }
        governed.call_workers();
        if run.is_cancelled() {
            governed.cancel();
            cancelled_for += round;
            if cancelled_for > patience {
                return Err(Error::Cancelled { running: governed.running() });
            }
        }
    }
}

/// A caller that is a thread of the pool works too, and helps with whatever else the pool has to do;
/// how long it may wait before it looks again.
fn help(governed: &Governed, pool: &Pool) -> Duration {
    let Some(thread) = pool.thread() else { return Duration::from_millis(2) };
    governed.work(WorkerId(thread as u32));
    while pool.run_one_job() {}
    Duration::from_micros(100)
}

/// Jobs hold the run weakly: one that starts after the run is over must not keep its values.
fn spawn(pool: &Pool, governed: &Weak<Governed>, n: usize) {
    for _ in 0..n {
        let (governed, pool_of_job) = (Weak::clone(governed), pool.clone());
        pool.spawn(move || {
            if let Some(governed) = governed.upgrade() {
                governed.work(WorkerId(pool_of_job.thread().unwrap_or_default() as u32));
            }
        });
    }
}

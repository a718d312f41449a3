//! [`Pool`]: where workers come from.

use chunkwise_graph::{Error, Result};
use std::sync::Arc;

/// The threads that a run's workers are jobs on.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    /// The rayon pool that the caller is in, else rayon's global one.
    Surrounding,
    /// One of our own, or one that the user gave.
    Given(Arc<rayon::ThreadPool>),
}

impl Pool {
    pub(crate) fn with_threads(n_threads: usize) -> Result<Pool> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(n_threads)
            .thread_name(|number| format!("chunkwise-{number}"))
            .build()
            .map_err(|source| Error::Scheduler { name: "threaded", source: Arc::new(source) })?;
        Ok(Pool::Given(Arc::new(pool)))
    }

    pub(crate) fn n_threads(&self) -> usize {
        match self {
            Pool::Surrounding => rayon::current_num_threads(),
            Pool::Given(pool) => pool.current_num_threads(),
        }
    }

    /// The number of the current thread, if it is one of the pool's.
    pub(crate) fn thread(&self) -> Option<usize> {
        match self {
            Pool::Surrounding => rayon::current_thread_index(),
            Pool::Given(pool) => pool.current_thread_index(),
        }
    }

    pub(crate) fn spawn(&self, job: impl FnOnce() + Send + 'static) {
        match self {
            Pool::Surrounding => rayon::spawn(job),
            Pool::Given(pool) => pool.spawn(job),
        }
    }

    /// Runs some waiting job of the pool in the current thread, which must be one of the pool's.
    /// Whether there was one.
    pub(crate) fn run_one_job(&self) -> bool {
        rayon::yield_now() == Some(rayon::Yield::Executed)
    }
}

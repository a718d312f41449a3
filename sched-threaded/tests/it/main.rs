//! The conformance suite on the threaded scheduler with pools of several sizes, and what only this
//! scheduler does.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use chunkwise_memory::{LimitMemory, Limited};
use chunkwise_sched_threaded::Threaded;
use chunkwise_testing::{conformance::Subject, scheduler_conformance};
use std::sync::Arc;
use std::time::Duration;

const MOMENT: Duration = Duration::from_millis(10);

fn threads(n: usize) -> Threaded {
    Threaded::with_threads(n).expect("the system gives threads")
}

fn on_pool() -> Threaded {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build();
    Threaded::on_pool(Arc::new(pool.expect("the system gives threads")))
}

scheduler_conformance!(global: Subject::new(Threaded::new)
    .impatient(|| threads(2).patience(MOMENT)));
scheduler_conformance!(one_thread: Subject::one_worker(|| threads(1))
    .impatient(|| threads(1).patience(MOMENT)));
scheduler_conformance!(two_threads: Subject::new(|| threads(2))
    .impatient(|| threads(2).patience(MOMENT)));
scheduler_conformance!(four_threads: Subject::new(|| threads(4))
    .impatient(|| threads(4).patience(MOMENT)));
scheduler_conformance!(eight_threads: Subject::new(|| threads(8))
    .impatient(|| threads(8).patience(MOMENT)));
scheduler_conformance!(given_pool: Subject::new(on_pool)
    .impatient(|| on_pool().patience(MOMENT)));

/// Under a budget every task of the suite is admitted, as none says what it takes.
fn limited(scheduler: Threaded) -> Limited<Threaded> {
    scheduler.memory_limit(1 << 30)
}
scheduler_conformance!(limited_one_thread: Subject::one_worker(|| limited(threads(1)))
    .impatient(|| limited(threads(1).patience(MOMENT))));
scheduler_conformance!(limited_two_threads: Subject::new(|| limited(threads(2)))
    .impatient(|| limited(threads(2).patience(MOMENT))));
scheduler_conformance!(limited_given_pool: Subject::new(|| limited(on_pool()))
    .impatient(|| limited(on_pool().patience(MOMENT))));

mod pool;

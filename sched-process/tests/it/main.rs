//! The conformance suite on worker processes, and what only this scheduler does.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use chunkwise_sched_process::{Processes, ProcessesBuilder};
use chunkwise_testing::{conformance::Subject, scheduler_conformance};
use std::time::Duration;

const MOMENT: Duration = Duration::from_millis(10);

/// Panics of tasks are printed where they happen: what the suite provokes, nobody wants to read.
fn workers(n: usize) -> ProcessesBuilder {
    Processes::builder().workers(n).silent()
}

fn started(builder: ProcessesBuilder) -> Processes {
    builder.build().expect("workers start")
}

scheduler_conformance!(one_worker: Subject::new(|| started(workers(1)))
    .separate_processes()
    .impatient(|| started(workers(1).patience(MOMENT))));
scheduler_conformance!(two_workers: Subject::new(|| started(workers(2)))
    .separate_processes()
    .impatient(|| started(workers(2).patience(MOMENT))));
scheduler_conformance!(two_workers_of_two_threads:
    Subject::new(|| started(workers(2).threads_per_worker(2)))
        .separate_processes()
        .impatient(|| started(workers(2).threads_per_worker(2).patience(MOMENT))));

mod basics;
mod isolation;
mod nothing_left;
mod workers;

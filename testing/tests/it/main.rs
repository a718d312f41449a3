//! The suite on the scheduler of `chunkwise-graph`: it is the reference, and what keeps the suite
//! itself right.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use chunkwise_graph::InOrder;
use chunkwise_testing::conformance::{CASES, Subject};
use chunkwise_testing::{Crossing, CrossingApart, scheduler_conformance};

scheduler_conformance!(in_order: Subject::one_worker(|| InOrder));
// What holds for many workers holds for one that does not say so.
scheduler_conformance!(in_order_unasked: Subject::new(|| InOrder));
// What crosses here can run in other processes: the work of every case does.
scheduler_conformance!(crossing: Subject::one_worker(|| Crossing));
// The questions to schedulers of such processes; also without the ones to a single worker.
scheduler_conformance!(apart: Subject::one_worker(|| CrossingApart).separate_processes());
scheduler_conformance!(apart_unasked: Subject::new(|| CrossingApart).separate_processes());

#[test]
fn the_list_of_cases_has_no_repeats() {
    let mut names: Vec<&str> = CASES.iter().map(|(name, _)| *name).collect();
    let n = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), n);
}

mod broken;
mod elsewhere;

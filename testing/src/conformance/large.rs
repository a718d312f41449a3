//! A million tasks; of other processes a hundred thousand, which cost messages instead of calls.

use super::Subject;
use crate::task_graph::{TaskGraph, numbers};
use chunkwise_graph::{Dag, Plan, Value, shapes};
use std::sync::LazyLock;

/// Each task counts itself and what is below it.
fn counting(dag: Dag) -> Plan {
    TaskGraph::to_sinks(dag).plan(|_, inputs| {
        let mut n = 1u64;
        for input in inputs.iter() {
            n += input.get::<u64>()?;
        }
        Ok(Value::new(n))
    })
}

/// A million tasks, one after the other.
pub fn a_chain_of_a_million(subject: &Subject) {
    // Made once a process: the plan takes longer than the run.
    static PLAN: LazyLock<Plan> = LazyLock::new(|| counting(shapes::chain(1_000_000)));
    static SHORT: LazyLock<Plan> = LazyLock::new(|| counting(shapes::chain(100_000)));
    let plan = if subject.has_separate_processes() { &*SHORT } else { &*PLAN };
    assert_eq!(numbers(&subject.run(plan).unwrap()), [plan.len() as u64]);
}

/// A map and a reduction of a million tasks.
pub fn a_tree_of_a_million(subject: &Subject) {
    static PLAN: LazyLock<Plan> = LazyLock::new(|| counting(shapes::tree(1_000_000)));
    static SMALL: LazyLock<Plan> = LazyLock::new(|| counting(shapes::tree(100_000)));
    let plan = if subject.has_separate_processes() { &*SMALL } else { &*PLAN };
    assert_eq!(numbers(&subject.run(plan).unwrap()), [plan.len() as u64]);
}

/// A value that a hundred thousand tasks need, and a task that needs as many.
pub fn a_star_of_a_hundred_thousand(subject: &Subject) {
    let n = 100_000u32;
    let mut lists = vec![vec![0]; n as usize + 2];
    lists[0] = vec![];
    lists[n as usize + 1] = (1..=n).collect();
    let plan = counting(Dag::from_lists(lists));
    assert_eq!(numbers(&subject.run(&plan).unwrap()), [u64::from(n) * 2 + 1]);
}

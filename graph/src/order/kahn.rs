//! Orders of ready tasks alone, without looking ahead.

use crate::dag::Dag;
use std::collections::VecDeque;

/// Ready tasks in the order in which they became ready: breadth first. Shorter than the graph if
/// that has a cycle.
pub(super) fn first_in_first_out(dag: &Dag) -> Vec<u32> {
    let mut missing = missing(dag);
    let mut ready: VecDeque<u32> = dag.tasks().filter(|&t| missing[t as usize] == 0).collect();
    let mut sequence = Vec::with_capacity(dag.len());
    while let Some(task) = ready.pop_front() {
        sequence.push(task);
        for &dependent in dag.dependents(task) {
            missing[dependent as usize] -= 1;
            if missing[dependent as usize] == 0 {
                ready.push_back(dependent);
            }
        }
    }
    sequence
}

/// The task made ready last first. Shorter than the graph if that has a cycle.
pub(super) fn last_in_first_out(dag: &Dag) -> Vec<u32> {
    let mut missing = missing(dag);
    let mut ready: Vec<u32> = dag.tasks().rev().filter(|&t| missing[t as usize] == 0).collect();
    let mut sequence = Vec::with_capacity(dag.len());
    while let Some(task) = ready.pop() {
        sequence.push(task);
        for &dependent in dag.dependents(task).iter().rev() {
            missing[dependent as usize] -= 1;
            if missing[dependent as usize] == 0 {
                ready.push(dependent);
            }
        }
    }
    sequence
}

fn missing(dag: &Dag) -> Vec<u32> {
    dag.tasks().map(|task| dag.deps(task).len() as u32).collect()
}

//! `tasks_sync`, `tasks_threaded`, `tasks_process`: what a scheduler costs a task.
//!
//! All get the root of a tree written as a dictionary of tasks: leaves that add one to a number,
//! then sums of up to eight at a time. The tasks do next to nothing, so the time is the
//! scheduler's: planning, ordering, running and releasing. That of worker processes includes
//! starting and ending them, as the peer does both within its call.

use std::time::Instant;

use chunkwise_graph::{Key, Scheduler, SchedulerExt, TaskDict, list, literal};
#[cfg(target_os = "linux")]
use chunkwise_sched_process::Processes;
use chunkwise_sched_sync::Synchronous;
use chunkwise_sched_threaded::Threaded;
use serde_json::json;

#[cfg(target_os = "linux")]
use crate::peak;

use super::{AnswerShape, TOLERANCE, Workload, WorkloadResult};

/// As in the peers' script.
const LEAVES: u32 = 100_000;

/// As in the peers' script, for worker processes.
#[cfg(target_os = "linux")]
const LEAVES_OF_PROCESSES: u32 = 10_000;

/// How many values a task of the tree sums.
const FAN_IN: usize = 8;

pub(super) const SYNC: Workload = Workload {
    name: "tasks_sync",
    about: "sum of 100,000 leaves, 8 at a time, from a dictionary of tasks, in the calling thread",
    size: "114,289 tasks",
    peers: &["dask"],
    data: &[],
    tolerance: TOLERANCE,
    shape: AnswerShape::PerTask,
    run: |_| get_root(&Synchronous, LEAVES),
};

pub(super) const THREADED: Workload = Workload {
    name: "tasks_threaded",
    about: "the same, on all cores",
    run: |_| get_root(&Threaded::new(), LEAVES),
    ..SYNC
};

#[cfg(target_os = "linux")]
pub(super) const PROCESS: Workload = Workload {
    name: "tasks_process",
    about: "sum of 10,000 leaves in as many worker processes as cores, started and ended for it",
    size: "11,431 tasks",
    run: |_| get_root_from_processes(LEAVES_OF_PROCESSES),
    ..SYNC
};

/// Builds the tree and times the `get` of its root.
fn get_root(scheduler: &impl Scheduler, leaves: u32) -> WorkloadResult {
    let Tree { graph, root, tasks } = tree(leaves);
    let start = Instant::now();
    let answer: i64 = scheduler.get(&graph, &root)?;
    let seconds = start.elapsed().as_secs_f64();
    Ok(per_task(answer, seconds, tasks))
}

/// Builds the tree and times the start of the workers, the `get` of its root, and their end.
#[cfg(target_os = "linux")]
fn get_root_from_processes(leaves: u32) -> WorkloadResult {
    let Tree { graph, root, tasks } = tree(leaves);
    let start = Instant::now();
    let processes = Processes::builder().build()?;
    let answer: i64 = processes.get(&graph, &root)?;
    let used = start.elapsed();
    peak::note(&processes.worker_ids());
    let start = Instant::now();
    drop(processes);
    let seconds = (used + start.elapsed()).as_secs_f64();
    Ok(per_task(answer, seconds, tasks))
}

fn per_task(answer: i64, seconds: f64, tasks: usize) -> serde_json::Value {
    json!({"answer": answer, "us_per_task": 1e6 * seconds / tasks as f64})
}

/// A dictionary of tasks whose root sums all leaves.
struct Tree {
    graph: TaskDict,
    root: Key,
    tasks: usize,
}

/// Leaf `i` is `i + 1`, so the root is `leaves * (leaves + 1) / 2`; at least one leaf is made.
fn tree(leaves: u32) -> Tree {
    let mut graph = TaskDict::new();
    let mut keys: Vec<Key> = Vec::new();
    for i in 0..leaves.max(1) {
        let key = Key::from(("l", i));
        graph.task(&key, increment, [literal(i64::from(i))]);
        keys.push(key);
    }
    let mut tasks = keys.len();
    for level in 0_u32.. {
        if keys.len() == 1 {
            break;
        }
        let joins = (0_u32..).zip(keys.chunks(FAN_IN)).map(|(i, joined)| {
            let key = Key::from(("t", level, i));
            graph.task(&key, sum, [list(joined)]);
            key
        });
        keys = joins.collect();
        tasks += keys.len();
    }
    Tree { graph, root: keys.swap_remove(0), tasks }
}

fn increment(i: i64) -> i64 {
    i + 1
}

fn sum(values: Vec<i64>) -> i64 {
    values.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tree_has_the_size_that_is_reported() {
        assert_eq!(tree(LEAVES).tasks, 114_289);
        assert_eq!(tree(10_000).tasks, 11_431);
        assert_eq!([1, 2, 8, 9, 64, 65].map(|n| tree(n).tasks), [1, 3, 9, 12, 73, 77]);
    }

    #[test]
    fn all_schedulers_sum_the_leaves() {
        for leaves in [1_u32, 2, 8, 9, 1000] {
            let expected = i64::from(leaves) * i64::from(leaves + 1) / 2;
            let results = [
                get_root(&Synchronous, leaves),
                get_root(&Threaded::new(), leaves),
                #[cfg(target_os = "linux")]
                get_root_from_processes(leaves),
            ];
            for result in results {
                assert_eq!(result.unwrap()["answer"], expected);
            }
        }
    }
}

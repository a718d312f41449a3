//! Snapshots with times that are known, for tests.

use super::record::Record;
use super::run_profile::{Outcome, RunProfile};
use super::runs::Run;
use super::snapshot::Snapshot;
use super::summary::WorkerSummary;
use chunkwise_graph::{Plan, TaskDict, WorkerId, list};
use std::time::Duration;

/// The plan of a hand-written graph in which task `i` needs `deps[i]`, all of them wanted.
pub(super) fn plan(deps: &[Vec<usize>]) -> Plan {
    let mut graph = TaskDict::new();
    for (i, deps) in deps.iter().enumerate() {
        let deps = deps.iter().map(|&dep| ("task", dep));
        graph.task(("task", i), |inputs: Vec<usize>| inputs.len(), [list(deps)]);
    }
    let keys: Vec<_> = (0..deps.len()).map(|i| ("task", i).into()).collect();
    graph.graph(&keys).unwrap().plan().unwrap()
}

/// A record of a task, by times in nanoseconds.
pub(super) fn record(plan: &Plan, task: u32, start: u64, end: u64) -> Record {
    Record {
        plan: plan.clone(),
        task,
        worker: 0,
        thread: 0,
        depth: 0,
        is_elsewhere: false,
        is_finished: true,
        is_lost: false,
        start,
        end,
        inside: 0,
        bytes: 0,
        released: None,
    }
}

/// A run with these records, from the start of the profile to `end`.
pub(super) fn run(plan: &Plan, records: Vec<Record>, end: u64) -> RunProfile {
    let outcome = Outcome::Finished;
    let run = Run { plan: plan.clone(), start: 0, end: Some(end), outcome };
    RunProfile { run, end, records, n_counted: 0, is_missing_releases: false }
}

/// Two loads, a sum of both and a last step, on two workers, in a second and a half.
pub(super) fn load_and_sum() -> Snapshot {
    fn load() -> Vec<f64> {
        Vec::new()
    }
    fn sum(x: Vec<f64>, y: Vec<f64>) -> f64 {
        x.iter().chain(&y).sum()
    }
    let mut graph = TaskDict::new();
    graph.task("x", load, ()).task("y", load, ()).task("sum", sum, ["x", "y"]);
    graph.task("last", |sum: f64| sum, ["sum"]);
    let plan = graph.graph(&["last".into()]).unwrap().plan().unwrap();
    const MS: u64 = 1_000_000;
    let rows =
        [("x", 0, 0, 1000), ("y", 1, 0, 800), ("sum", 0, 1000, 1450), ("last", 0, 1450, 1451)];
    let records = rows.map(|(key, worker, start, end)| {
        let task = plan.tasks().find(|task| task.key() == key.into()).unwrap().id();
        let released = match key {
            "last" => None,
            "sum" => Some(1451 * MS),
            _ => Some(1450 * MS),
        };
        let bytes = if matches!(key, "x" | "y") { 8_000_000 } else { 8 };
        let record = record(&plan, task, start * MS, end * MS);
        Record { worker, thread: worker, bytes, released, ..record }
    });
    let worker = |number: u32, name: &str, busy| WorkerSummary {
        worker: WorkerId(number),
        thread: number as usize,
        thread_name: Some(name.to_owned()),
        busy: Duration::from_millis(busy),
        share: busy as f64 / 1500.0,
    };
    Snapshot {
        runs: vec![run(&plan, records.to_vec(), 1500 * MS)],
        n_unlisted_runs: 0,
        workers: vec![worker(0, "main", 1451), worker(1, "pool", 800)],
        counted: Vec::new(),
        wall: 1500 * MS,
    }
}

//! The whole threaded run under randomised schedules, by shuttle: `cargo xtask shuttle`.
//!
//! A failing schedule is printed; `shuttle::replay` runs it again.

use crate::run::PlanRun;
use crate::sync::{Arc, Mutex, lock};
use chunkwise_graph::{
    CancelToken, Dag, Error, InOrder, Plan, Result, Run, Scheduler, TaskDict, Value, WorkerId,
    list, shapes,
};
use chunkwise_testing::trivial_plan;
use shuttle::thread::{self, JoinHandle};

type Handles = Arc<Mutex<Vec<JoinHandle<()>>>>;

fn spawn(run: &Arc<PlanRun>, handles: &Handles, n_workers: usize, n: usize) {
    for _ in 0..n {
        let (run, of_job) = (run.clone(), handles.clone());
        let mut list = lock(handles);
        // As rayon does, a worker's number belongs to one thread at a time: late ones find no
        // number left, which is how a pool of busy threads looks.
        let id = list.len();
        if id >= n_workers {
            return;
        }
        list.push(thread::spawn(move || {
            let more = |n: usize| spawn(&run, &of_job, n_workers, n);
            run.work(WorkerId(id as u32), &more);
        }));
    }
}

/// What `Threaded::run` does, on shuttle's threads.
fn run_on(plan: &Plan, run: &Run, n_first: usize, n_workers: usize) -> Result<Vec<Value>> {
    let shared = Arc::new(PlanRun::new(plan, run, n_workers, false));
    let stop = Arc::downgrade(&shared);
    let _guard = run.cancel_token().map(|token| {
        token.on_cancel(move || {
            if let Some(run) = stop.upgrade() {
                run.cancel();
            }
        })
    });
    let handles: Handles = Arc::default();
    spawn(&shared, &handles, n_workers, n_first);
    loop {
        let next = lock(&handles).pop();
        match next {
            Some(worker) => worker.join().unwrap(),
            None => break,
        }
    }
    assert_eq!(shared.gate.inside(), 0);
    // SAFETY: all workers were joined.
    unsafe { shared.finish() }
}

fn numbers(values: Result<Vec<Value>>) -> Vec<i64> {
    values.unwrap().iter().map(|value| *value.get::<i64>().unwrap()).collect()
}

fn same_as_in_order(dag: Dag, workers: (usize, usize)) {
    let plan = trivial_plan(dag).unwrap();
    let expected = numbers(InOrder.run(&plan, &Run::new()));
    shuttle::check_pct(
        move || {
            let result = run_on(&plan, &Run::new(), workers.0, workers.1);
            assert_eq!(numbers(result), expected);
        },
        2_000,
        3,
    );
}

#[test]
fn trees_chains_and_lattices() {
    same_as_in_order(shapes::tree(40), (2, 2));
    same_as_in_order(shapes::chain(10), (3, 3));
    same_as_in_order(shapes::lattice(40), (2, 3));
}

#[test]
fn wide_graphs_wake_workers() {
    // One task makes all others ready: they are spared, and workers are asked for.
    same_as_in_order(shapes::fan_out(12), (1, 3));
    same_as_in_order(shapes::fan_in(12), (1, 3));
}

#[test]
fn random_graphs() {
    for seed in 0..4 {
        same_as_in_order(shapes::random(30, 8, seed), (2, 3));
    }
}

#[test]
fn the_first_failure_in_plan_order_wins() {
    let mut graph = TaskDict::new();
    for i in 0..8u32 {
        let fallible = move || if i % 3 == 2 { Err(format!("task {i}")) } else { Ok(i) };
        graph.try_task(("t", i), fallible, ());
    }
    graph.task("sum", |all: Vec<u32>| all.iter().sum::<u32>(), [list((0..8).map(|i| ("t", i)))]);
    let plan = graph.graph(&["sum".into()]).unwrap().plan().unwrap();
    let expected = InOrder.run(&plan, &Run::new()).unwrap_err().to_string();
    shuttle::check_pct(
        move || {
            let error = run_on(&plan, &Run::new(), 3, 3).unwrap_err();
            assert_eq!(error.to_string(), expected);
        },
        3_000,
        3,
    );
}

#[test]
fn a_cancelled_run_ends_with_its_values_or_with_the_error() {
    let plan = trivial_plan(shapes::lattice(24)).unwrap();
    let expected = numbers(InOrder.run(&plan, &Run::new()));
    shuttle::check_pct(
        move || {
            let token = CancelToken::new();
            let canceller = token.clone();
            let canceller = thread::spawn(move || canceller.cancel());
            match run_on(&plan, &Run::new().cancel(token), 2, 2) {
                Ok(values) => assert_eq!(numbers(Ok(values)), expected),
                Err(error) => assert!(matches!(error, Error::Cancelled { .. }), "{error}"),
            }
            canceller.join().unwrap();
        },
        3_000,
        3,
    );
}

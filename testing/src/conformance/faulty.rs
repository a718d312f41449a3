//! Runs that go wrong: right values or a clear error, and nothing left behind.

use super::Subject;
use super::errors::{first_failing, site};
use crate::cancelling::Canceller;
use crate::faults::{
    FailEvery, Fault, Faulty, FaultyScheduler, Injected, PanicEvery, SlowEvery, with_fault,
};
use crate::generate::{layered_graphs, task_graphs};
use crate::task_graph::TaskGraph;
use crate::{Alive, Tracked, eventually};
use chunkwise_graph::{
    CancelToken, Error, Graph, Observer, Plan, Result, Run, Scheduler, TaskRef, Value, WorkerId,
};
use proptest::prelude::*;
use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

fn plan_with_fault(graph: &TaskGraph, fault: impl Fault) -> (Plan, Alive) {
    let alive = Alive::new(graph.dag.len());
    let blocks =
        graph.blocks_with_state(alive.clone(), |alive, task, inputs| alive.work(task, inputs));
    let plan = graph.graph_of(Arc::new(Faulty::new(blocks, fault))).plan().unwrap();
    (plan, alive)
}

/// The values are right.
fn check_values(graph: &TaskGraph, values: &[Value]) {
    let numbers: Vec<u64> = values.iter().map(|v| v.get::<Tracked>().unwrap().number()).collect();
    assert_eq!(numbers, graph.expected());
}

fn check_nth(subject: &Subject, fault: impl Fn(u32) -> (Plan, Alive), graph: &TaskGraph, n: u32) {
    let (plan, alive) = fault(n);
    let outcome = subject.run(&plan);
    match first_failing(&plan, |block| block % n == n - 1) {
        Some(first) => {
            let error = outcome.expect_err("a needed task fails");
            assert_eq!(site(&error).key, first.key());
            let injected = error.source().and_then(|source| source.downcast_ref::<Injected>());
            match &error {
                Error::Task { .. } => assert_eq!(injected.unwrap().block, first.block()),
                _ => assert!(error.to_string().contains("was made to panic"), "{error}"),
            }
        }
        None => check_values(graph, &outcome.unwrap()),
    }
    subject.is_over("everything is dropped", || alive.n_alive() == 0);
}

/// Every n-th task returns an error.
pub fn every_nth_task_fails(subject: &Subject) {
    subject.for_all(60, (task_graphs(60), 1u32..40), |(graph, n)| {
        check_nth(subject, |n| plan_with_fault(&graph, FailEvery(n)), &graph, n);
    });
}

/// Every n-th task panics.
pub fn every_nth_task_panics(subject: &Subject) {
    subject.for_all(40, (task_graphs(60), 1u32..40), |(graph, n)| {
        check_nth(subject, |n| plan_with_fault(&graph, PanicEvery(n)), &graph, n);
    });
}

/// Every n-th task takes longer than the others.
pub fn every_nth_task_is_slow(subject: &Subject) {
    subject.for_all(30, (task_graphs(60), 2u32..10), |(graph, n)| {
        let (plan, alive) = plan_with_fault(&graph, SlowEvery(n, Duration::from_micros(300)));
        check_values(&graph, &subject.run(&plan).unwrap());
        subject.is_over("everything is dropped", || alive.n_alive() == 0);
    });
}

/// The same by observers, for graphs that nobody wraps.
pub fn observers_as_faults(subject: &Subject) {
    let scheduler = subject.scheduler();
    subject.for_all(30, (task_graphs(40), 1u32..20), |(graph, n)| {
        let plan = graph.mixing();
        let panicking = FaultyScheduler::new(scheduler.clone(), PanicEvery(n));
        let outcome = panicking.run(&plan, &Run::new());
        match first_failing(&plan, |block| block % n == n - 1) {
            Some(first) => {
                let error = outcome.expect_err("a needed task fails");
                assert_eq!(site(&error).key, first.key());
            }
            None => assert!(outcome.is_ok()),
        }
        let slow = SlowEvery(n + 3, Duration::from_micros(100));
        let values = FaultyScheduler::new(scheduler.clone(), slow).run(&plan, &Run::new());
        assert_eq!(crate::task_graph::numbers(&values.unwrap()), graph.expected());
    });
}

/// Layers whose blocks fail, under the passes that a collection goes through.
pub fn layers_with_faults(subject: &Subject) {
    subject.for_all(30, (layered_graphs(6), 1u32..12), |(made, n)| {
        let mut graph = Graph::new(&with_fault(&made.roots(), FailEvery(n)));
        graph.cull();
        graph.inline();
        graph.fuse_blockwise();
        let plan = graph.plan().unwrap();
        let outcome = subject.run(&plan);
        match first_failing(&plan, |block| block % n == n - 1) {
            Some(first) => {
                assert_eq!(site(&outcome.expect_err("a block fails")).key, first.key());
            }
            None => {
                let values = outcome.unwrap();
                let values: Vec<&Vec<u64>> = values.iter().map(|v| v.get().unwrap()).collect();
                assert_eq!(values, made.expected().iter().collect::<Vec<_>>());
            }
        }
    });
}

/// Right values, or cancelled; and nothing is left in either case.
fn check_cancelled(
    subject: &Subject,
    graph: &TaskGraph,
    outcome: Result<Vec<Value>>,
    alive: &Alive,
) {
    match outcome {
        Ok(values) => check_values(graph, &values),
        Err(Error::Cancelled { running }) if running.is_empty() => {
            subject.is_over("everything is dropped", || alive.n_alive() == 0);
        }
        // Tasks that were left behind end by themselves.
        Err(Error::Cancelled { .. }) => {}
        Err(other) => panic!("expected to be cancelled: {other:?}"),
    }
    eventually("everything is dropped", || alive.n_alive() == 0);
}

/// One of the tasks cancels the run.
pub fn cancelled_by_a_task(subject: &Subject) {
    let scheduler = subject.scheduler();
    subject.for_all(60, (task_graphs(60), any::<u32>()), |(graph, by)| {
        let (token, alive) = (CancelToken::new(), Alive::new(graph.dag.len()));
        let by = by.checked_rem(graph.dag.len() as u32);
        let canceller = Canceller::new(&token);
        let state = (alive.clone(), canceller.clone(), by);
        let plan = graph.plan_with_state(state, |(alive, canceller, by), task, inputs| {
            if Some(task) == *by {
                canceller.cancel();
            }
            alive.work(task, inputs)
        });
        let outcome = canceller.run(&*scheduler, &plan, Run::new());
        check_cancelled(subject, &graph, outcome, &alive);
    });
}

/// Another thread cancels the run at a random time.
pub fn cancelled_by_another_thread(subject: &Subject) {
    let scheduler = subject.scheduler();
    subject.for_all(60, (task_graphs(80), 0u64..400), |(graph, micros)| {
        let token = CancelToken::new();
        let (plan, alive) = plan_with_fault(&graph, SlowEvery(5, Duration::from_micros(50)));
        let run = Run::new().cancel(token.clone());
        let outcome = thread::scope(|scope| {
            scope.spawn(move || {
                thread::sleep(Duration::from_micros(micros));
                token.cancel();
            });
            scheduler.run(&plan, &run)
        });
        check_cancelled(subject, &graph, outcome, &alive);
    });
}

/// Cancels the run in some callback of some task.
struct CancelIn {
    token: CancelToken,
    left: AtomicU32,
}

impl CancelIn {
    fn called(&self) {
        if self.left.fetch_sub(1, SeqCst) == 1 {
            self.token.cancel();
        }
    }
}

impl Observer for CancelIn {
    fn pretask(&self, _task: TaskRef<'_>, _worker: WorkerId) {
        self.called();
    }

    fn posttask(&self, _task: TaskRef<'_>, _value: &Value, _worker: WorkerId) {
        self.called();
    }

    fn released(&self, _task: TaskRef<'_>) {
        self.called();
    }
}

/// An observer cancels the run, in any of its callbacks.
pub fn cancelled_by_an_observer(subject: &Subject) {
    let scheduler = subject.scheduler();
    subject.for_all(60, (task_graphs(60), 1u32..200), |(graph, after)| {
        let token = CancelToken::new();
        let (plan, alive) = plan_with_fault(&graph, FailEvery(0));
        let observer = CancelIn { token: token.clone(), left: AtomicU32::new(after) };
        let run = Run::new().cancel(token).observer(Arc::new(observer));
        check_cancelled(subject, &graph, scheduler.run(&plan, &run), &alive);
    });
}

//! Tasks that compute graphs of their own.

use super::Subject;
use crate::cancelling::Canceller;
use crate::faults::Injected;
use crate::task_graph::{TaskGraph, numbers};
use crate::{Counting, Event, Events};
use chunkwise_graph::{
    BoxError, CancelToken, Error, InOrder, Plan, Run, Scheduler, Value, cancelled,
    current_scheduler, shapes, with_scheduler,
};
use std::sync::Arc;

/// Runs a plan on the scheduler that is set around the caller, as collections do.
fn compute(plan: &Plan) -> chunkwise_graph::Result<Vec<Value>> {
    current_scheduler().run(plan, &Run::current())
}

/// A graph of `width` tasks and their sum; each counts as one, or computes the same again one
/// level down.
fn sum(width: u32, levels: u32) -> Plan {
    let graph = TaskGraph::to_sinks(shapes::fan_in(width as usize + 1));
    graph.plan_with_state((width, levels), |&(width, levels), _, inputs| {
        if !inputs.is_empty() {
            let inputs: Result<Vec<u64>, _> = inputs.iter().map(|v| v.get().copied()).collect();
            return Ok(Value::new(inputs?.iter().sum::<u64>()));
        }
        match levels {
            1 => Ok(Value::new(1u64)),
            _ => Ok(compute(&sum(width, levels - 1))?.remove(0)),
        }
    })
}

fn check_sum(subject: &Subject, width: u32, levels: u32) {
    let values = subject.run(&sum(width, levels)).unwrap();
    assert_eq!(numbers(&values), [u64::from(width).pow(levels)]);
}

/// A graph inside a task.
pub fn a_task_computes_a_graph(subject: &Subject) {
    fn inner() -> TaskGraph {
        TaskGraph::to_sinks(shapes::tree(200))
    }
    let outer = TaskGraph::to_sinks(shapes::chain(3));
    let plan = outer.plan(|_, _| Ok(Value::new(numbers(&compute(&inner().mixing())?))));
    let values = subject.run(&plan).unwrap();
    assert_eq!(values[0].get::<Vec<u64>>().unwrap(), &inner().expected());
}

/// The scheduler around a task is the one that runs it, at every level; in other processes, the
/// same one at every level.
pub fn the_scheduler_is_inherited(subject: &Subject) {
    fn name() -> String {
        current_scheduler().name().to_owned()
    }
    let names = TaskGraph::to_sinks(shapes::chain(2)).plan(|_, _| {
        let inner = TaskGraph::to_sinks(shapes::chain(1)).plan(|_, _| Ok(Value::new(name())));
        let below = compute(&inner)?[0].get::<String>()?.clone();
        Ok(Value::new((name(), below)))
    });
    let scheduler = subject.scheduler();
    // Another scheduler around the caller changes nothing: the task runs on this one.
    let around = Counting::new(InOrder);
    let values = with_scheduler(around.clone(), || scheduler.run(&names, &Run::current()));
    let values = values.unwrap();
    let (own, below) = values[0].get::<(String, String)>().unwrap();
    assert_eq!(own, below);
    if !subject.has_separate_processes() {
        assert_eq!(own, scheduler.name());
    }
    assert_eq!(around.n_runs(), 0);
}

/// Graphs in graphs in graphs.
pub fn three_levels(subject: &Subject) {
    check_sum(subject, 8, 3);
}

/// Far deeper than anybody nests.
pub fn fifty_levels(subject: &Subject) {
    check_sum(subject, 1, 50);
}

/// A hundred tasks that compute a hundred each.
pub fn a_hundred_times_a_hundred(subject: &Subject) {
    check_sum(subject, 100, 2);
}

/// Observers see the runs of tasks too, told apart by their plans; not those in other processes.
pub fn observers_are_inherited(subject: &Subject) {
    let events = Arc::new(Events::new());
    let run = Run::new().observer(events.clone());
    subject.scheduler().run(&sum(5, 2), &run).unwrap();
    let n_runs = if subject.has_separate_processes() { 1 } else { 6 };
    assert_eq!(events.count(|event| *event == Event::Start), n_runs);
    assert_eq!(events.count(|event| *event == Event::Finish(false)), n_runs);
    assert_eq!(events.count(|event| matches!(event, Event::Pre(..))), 6 * n_runs);
    assert_eq!(events.count(|event| matches!(event, Event::Post(..))), 6 * n_runs);
    assert_eq!(events.count(|event| matches!(event, Event::Released(_))), 5 * n_runs);
}

/// Whether the run was cancelled, here or in the run of one of its tasks.
fn is_cancelled(error: &Error) -> bool {
    let mut source = Some(error as &(dyn std::error::Error + 'static));
    while let Some(error) = source {
        if matches!(error.downcast_ref::<Error>(), Some(Error::Cancelled { .. })) {
            return true;
        }
        source = error.source();
    }
    false
}

/// Cancelled inside a nested run: it ends, and the outer one with it.
pub fn the_token_is_inherited(subject: &Subject) {
    let token = CancelToken::new();
    let canceller = Canceller::new(&token);
    let graph = TaskGraph::to_sinks(shapes::chain(3));
    let plan = graph.plan_with_state(canceller.clone(), |canceller, _, _| {
        assert!(!cancelled(), "a task started after the run was cancelled");
        let inner = TaskGraph::to_sinks(shapes::chain(5));
        let inner = inner.plan_with_state(canceller.clone(), |canceller, block, _| {
            assert!(block < 3, "a nested task started after the run was cancelled");
            if block == 2 {
                canceller.cancel();
                assert!(cancelled());
            }
            Ok(Value::unit())
        });
        compute(&inner)?;
        Ok(Value::unit())
    });
    let outcome = canceller.run(&*subject.scheduler(), &plan, Run::new());
    let error = outcome.expect_err("the run was cancelled");
    assert!(is_cancelled(&error), "{error:?}");
}

/// A plan whose task, `levels` runs down, does `work`.
fn inside<W>(levels: u32, work: W) -> Plan
where
    W: Fn() -> Result<Value, BoxError> + Copy + Send + Sync + 'static,
{
    let graph = TaskGraph::to_sinks(shapes::chain(1));
    graph.plan_with_state(levels, move |&levels, _, _| match levels {
        0 => work(),
        _ => Ok(compute(&inside(levels - 1, work))?.remove(0)),
    })
}

fn innermost(error: &Error, levels: u32) -> &(dyn std::error::Error + 'static) {
    let mut source: &(dyn std::error::Error + 'static) = error;
    for _ in 0..levels {
        assert!(matches!(source.downcast_ref::<Error>(), Some(Error::Task { .. })));
        source = source.source().expect("a failed task has a source");
    }
    source
}

/// An error three runs down is at the end of three sources.
pub fn errors_keep_their_sources(subject: &Subject) {
    let plan = inside(3, || Err(Injected { block: 9 }.into()));
    let error = subject.run(&plan).expect_err("a task fails");
    let injected = innermost(&error, 4).downcast_ref::<Injected>();
    assert_eq!(injected, Some(&Injected { block: 9 }));
}

/// So is a panic.
pub fn panics_keep_their_sources(subject: &Subject) {
    let error = subject.run(&inside(2, || panic!("deep"))).expect_err("a task panics");
    match innermost(&error, 2).downcast_ref::<Error>() {
        Some(Error::Panic { message, .. }) => assert_eq!(message, "deep"),
        other => panic!("expected a panic: {other:?}"),
    }
}

/// A task may choose another scheduler for what it computes; afterwards its own is back.
pub fn another_scheduler_inside(subject: &Subject) {
    let plan = TaskGraph::to_sinks(shapes::fan_in(9)).plan(|_, _| {
        let before = current_scheduler().name();
        let values = with_scheduler(InOrder, || {
            assert_eq!(current_scheduler().name(), "in order");
            compute(&sum(4, 2))
        })?;
        assert_eq!(numbers(&values), [16]);
        assert_eq!(current_scheduler().name(), before);
        Ok(Value::unit())
    });
    subject.run(&plan).unwrap();
}

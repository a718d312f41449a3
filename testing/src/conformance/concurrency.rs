//! Several runs on one scheduler at once.

use super::Subject;
use super::errors::site;
use crate::generate::{Shape, task_graph};
use crate::task_graph::{TaskGraph, numbers};
use chunkwise_graph::{Run, Scheduler, Value, shapes};
use std::thread;

/// Different plans, from several threads.
pub fn many_plans_at_once(subject: &Subject) {
    let scheduler = subject.scheduler();
    thread::scope(|scope| {
        for caller in 0..6u64 {
            let scheduler = &scheduler;
            scope.spawn(move || {
                for (round, shape) in Shape::ALL.into_iter().enumerate() {
                    let graph = task_graph(shape, 60, caller * 100 + round as u64);
                    let values = scheduler.run(&graph.mixing(), &Run::new()).unwrap();
                    assert_eq!(numbers(&values), graph.expected());
                }
            });
        }
    });
}

/// One plan, from several threads.
pub fn one_plan_many_times(subject: &Subject) {
    let (scheduler, graph) = (subject.scheduler(), TaskGraph::to_sinks(shapes::lattice(300)));
    let (plan, expected) = (graph.mixing(), graph.expected());
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let values = scheduler.run(&plan, &Run::new()).unwrap();
                    assert_eq!(numbers(&values), expected);
                }
            });
        }
    });
}

/// A run that fails does not touch those beside it.
pub fn failures_stay_apart(subject: &Subject) {
    let (scheduler, graph) = (subject.scheduler(), TaskGraph::to_sinks(shapes::tree(200)));
    let failing = graph.plan(|block, _| match block {
        150 => panic!("on purpose"),
        _ => Ok(Value::unit()),
    });
    let first = failing.tasks().find(|task| task.block() == 150).unwrap().key();
    let (plan, expected) = (graph.mixing(), graph.expected());
    thread::scope(|scope| {
        for caller in 0..6 {
            let (scheduler, failing, plan) = (&scheduler, &failing, &plan);
            let (expected, first) = (&expected, &first);
            scope.spawn(move || {
                for _ in 0..10 {
                    if caller % 2 == 0 {
                        let error = scheduler.run(failing, &Run::new()).expect_err("it fails");
                        assert_eq!(&site(&error).key, first);
                    } else {
                        let values = scheduler.run(plan, &Run::new()).unwrap();
                        assert_eq!(&numbers(&values), expected);
                    }
                }
            });
        }
    });
}

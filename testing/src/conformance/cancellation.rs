//! Tokens before and during a run, and tasks that do not look.

use super::Subject;
use crate::task_graph::TaskGraph;
use crate::{Alive, LIMIT, eventually};
use chunkwise_graph::{
    CancelToken, Error, Run, Scheduler, SchedulerExt, TaskDict, Value, cancelled, shapes,
    with_cancel,
};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A run with a cancelled token starts no task.
pub fn a_token_cancelled_before(subject: &Subject) {
    let token = CancelToken::new();
    token.cancel();
    let plan = TaskGraph::to_sinks(shapes::tree(50)).plan(|_, _| panic!("a task started"));
    let outcome = subject.scheduler().run(&plan, &Run::new().cancel(token));
    match outcome.expect_err("the token was cancelled") {
        Error::Cancelled { running } => assert!(running.is_empty()),
        other => panic!("expected to be cancelled: {other:?}"),
    }
}

/// A token alone changes nothing.
pub fn a_token_that_is_never_cancelled(subject: &Subject) {
    let (token, graph) = (CancelToken::new(), TaskGraph::to_sinks(shapes::tree(500)));
    for _ in 0..10 {
        let run = Run::new().cancel(token.clone());
        let values = subject.scheduler().run(&graph.mixing(), &run).unwrap();
        assert_eq!(crate::task_graph::numbers(&values), graph.expected());
    }
}

/// In a chain nothing runs after the task that cancels.
pub fn nothing_starts_afterwards(subject: &Subject) {
    let (token, last) = (CancelToken::new(), Arc::new(AtomicU32::new(0)));
    let (cancel, of_work) = (token.clone(), last.clone());
    let plan = TaskGraph::to_sinks(shapes::chain(100)).plan(move |block, _| {
        of_work.fetch_max(block, SeqCst);
        if block == 40 {
            cancel.cancel();
        }
        Ok(Value::unit())
    });
    let outcome = subject.scheduler().run(&plan, &Run::new().cancel(token));
    assert!(matches!(outcome, Err(Error::Cancelled { .. })), "{outcome:?}");
    assert_eq!(last.load(SeqCst), 40);
}

/// Cancelled when there is nothing left to stop: the values, or cancelled.
pub fn the_last_task_cancels(subject: &Subject) {
    let graph = TaskGraph::to_sinks(shapes::chain(10));
    for _ in 0..20 {
        let token = CancelToken::new();
        let cancel = token.clone();
        let plan = graph.plan(move |task, inputs| {
            if task == 9 {
                cancel.cancel();
            }
            crate::mix_of_values(task, inputs)
        });
        match subject.scheduler().run(&plan, &Run::new().cancel(token)) {
            Ok(values) => assert_eq!(crate::task_graph::numbers(&values), graph.expected()),
            Err(Error::Cancelled { .. }) => {}
            Err(other) => panic!("expected to be cancelled: {other:?}"),
        }
    }
}

/// A long task sees that its run is cancelled, and returns.
pub fn tasks_can_ask(subject: &Subject) {
    let (token, (started, wait)) = (CancelToken::new(), channel());
    let started = Mutex::new(started);
    let plan = TaskGraph::to_sinks(shapes::chain(2)).plan(move |_, _| {
        assert!(!cancelled(), "cancelled too early");
        let _ = started.lock().unwrap().send(());
        eventually("the task is told", cancelled);
        Ok(Value::unit())
    });
    let run = Run::new().cancel(token.clone());
    let scheduler = subject.scheduler();
    let outcome = thread::scope(|scope| {
        scope.spawn(move || {
            wait.recv_timeout(LIMIT).expect("the task starts");
            token.cancel();
        });
        scheduler.run(&plan, &run)
    });
    assert!(matches!(outcome, Err(Error::Cancelled { .. })), "{outcome:?}");
    assert!(!cancelled(), "the caller is no task of that run");
}

/// Runs that share a token end together.
pub fn one_token_stops_several_runs(subject: &Subject) {
    let (token, n_started) = (CancelToken::new(), Arc::new(AtomicU32::new(0)));
    thread::scope(|scope| {
        for _ in 0..3 {
            let (run, of_work) = (Run::new().cancel(token.clone()), n_started.clone());
            let plan = TaskGraph::to_sinks(shapes::chain(2)).plan(move |_, _| {
                of_work.fetch_add(1, SeqCst);
                eventually("the task is told", cancelled);
                Ok(Value::unit())
            });
            // Schedulers of their own: a shared pool of one thread has room for one run only.
            let scheduler = subject.scheduler();
            scope.spawn(move || {
                let outcome = scheduler.run(&plan, &run);
                assert!(matches!(outcome, Err(Error::Cancelled { .. })), "{outcome:?}");
            });
        }
        // Schedulers may share a pool all the same: then one run after the other starts.
        eventually("a task starts", || n_started.load(SeqCst) > 0);
        token.cancel();
    });
}

/// A token that is set around the caller.
pub fn a_cancelled_scope(subject: &Subject) {
    let (token, mut graph) = (CancelToken::new(), TaskDict::new());
    graph.value("a", 1i64).task("b", |a: i64| a + 1, ["a"]);
    let scheduler = subject.scheduler();
    with_cancel(&token, || {
        assert_eq!(scheduler.get::<i64>(&graph, "b").unwrap(), 2);
        token.cancel();
        let outcome = scheduler.get::<i64>(&graph, "b");
        assert!(matches!(outcome, Err(Error::Cancelled { .. })), "{outcome:?}");
    });
    assert_eq!(scheduler.get::<i64>(&graph, "b").unwrap(), 2);
}

/// A task that does not look is left behind, by name; when it ends, everything is dropped.
pub fn a_stuck_task_is_left_behind(subject: &Subject) {
    let Some(scheduler) = subject.impatient_scheduler() else { return };
    let graph = TaskGraph::to_sinks(shapes::chain(4));
    let (token, alive) = (CancelToken::new(), Alive::new(4));
    let ((started, wait_for_start), (release, wait)) = (channel(), channel::<()>());
    let (of_work, started, wait) = (alive.clone(), Mutex::new(started), Mutex::new(wait));
    let plan = graph.plan(move |block, inputs| {
        if block == 2 {
            let _ = started.lock().unwrap().send(());
            let _ = wait.lock().unwrap().recv_timeout(LIMIT);
        }
        of_work.work(block, inputs)
    });
    let run = Run::new().cancel(token.clone());
    let outcome = thread::scope(|scope| {
        scope.spawn(move || {
            wait_for_start.recv_timeout(LIMIT).expect("the task starts");
            thread::sleep(Duration::from_millis(5));
            token.cancel();
        });
        scheduler.run(&plan, &run)
    });
    match outcome.expect_err("the token was cancelled") {
        Error::Cancelled { running } => assert_eq!(running, [plan.task(2).key()]),
        other => panic!("expected to be cancelled: {other:?}"),
    }
    assert!(alive.n_alive() > 0, "the task still holds its input");
    release.send(()).expect("the task still waits");
    eventually("everything is dropped", || alive.n_alive() == 0);
    let values = scheduler.run(&graph.mixing(), &Run::new()).unwrap();
    assert_eq!(crate::task_graph::numbers(&values), graph.expected());
}

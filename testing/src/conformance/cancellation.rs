//! Tokens before and during a run, and tasks that do not look.

use super::Subject;
use crate::cancelling::Canceller;
use crate::task_graph::TaskGraph;
use crate::{Alive, Flag, LIMIT, Log, eventually};
use chunkwise_graph::{
    CancelToken, Error, Run, Scheduler, SchedulerExt, TaskDict, Value, cancelled, shapes,
    with_cancel,
};
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
    let (token, started) = (CancelToken::new(), Log::new());
    let canceller = Canceller::new(&token);
    let state = (canceller.clone(), started.clone());
    let plan = TaskGraph::to_sinks(shapes::chain(100)).plan_with_state(
        state,
        |(canceller, started), block, _| {
            started.add(u64::from(block));
            if block == 40 {
                canceller.cancel();
            }
            Ok(Value::unit())
        },
    );
    let outcome = canceller.run(&*subject.scheduler(), &plan, Run::new());
    assert!(matches!(outcome, Err(Error::Cancelled { .. })), "{outcome:?}");
    assert_eq!(started.all(), (0..=40).collect::<Vec<u64>>());
}

/// Cancelled when there is nothing left to stop: the values, or cancelled.
pub fn the_last_task_cancels(subject: &Subject) {
    let graph = TaskGraph::to_sinks(shapes::chain(10));
    for _ in 0..20 {
        let token = CancelToken::new();
        let canceller = Canceller::new(&token);
        let plan = graph.plan_with_state(canceller.clone(), |canceller, task, inputs| {
            if task == 9 {
                canceller.cancel();
            }
            crate::mix_of_values(task, inputs)
        });
        match canceller.run(&*subject.scheduler(), &plan, Run::new()) {
            Ok(values) => assert_eq!(crate::task_graph::numbers(&values), graph.expected()),
            Err(Error::Cancelled { .. }) => {}
            Err(other) => panic!("expected to be cancelled: {other:?}"),
        }
    }
}

/// A long task sees that its run is cancelled, and returns.
pub fn tasks_can_ask(subject: &Subject) {
    let (token, started) = (CancelToken::new(), Flag::new());
    let plan =
        TaskGraph::to_sinks(shapes::chain(2)).plan_with_state(started.clone(), |started, _, _| {
            assert!(!cancelled(), "cancelled too early");
            started.raise();
            eventually("the task is told", cancelled);
            Ok(Value::unit())
        });
    let run = Run::new().cancel(token.clone());
    let scheduler = subject.scheduler();
    let outcome = thread::scope(|scope| {
        scope.spawn(move || {
            started.wait();
            token.cancel();
        });
        scheduler.run(&plan, &run)
    });
    assert!(matches!(outcome, Err(Error::Cancelled { .. })), "{outcome:?}");
    assert!(!cancelled(), "the caller is no task of that run");
}

/// Runs that share a token end together.
pub fn one_token_stops_several_runs(subject: &Subject) {
    let (token, started) = (CancelToken::new(), Flag::new());
    thread::scope(|scope| {
        for _ in 0..3 {
            let run = Run::new().cancel(token.clone());
            let plan = TaskGraph::to_sinks(shapes::chain(2)).plan_with_state(
                started.clone(),
                |started, _, _| {
                    started.raise();
                    eventually("the task is told", cancelled);
                    Ok(Value::unit())
                },
            );
            // Schedulers of their own: a shared pool of one thread has room for one run only.
            let scheduler = subject.scheduler();
            scope.spawn(move || {
                let outcome = scheduler.run(&plan, &run);
                assert!(matches!(outcome, Err(Error::Cancelled { .. })), "{outcome:?}");
            });
        }
        // Schedulers may share a pool all the same: then one run after the other starts.
        started.wait();
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

/// A task that does not look is left behind, by name; when it ends, everything is dropped. In
/// another process it is ended. Either way the scheduler goes on as before.
pub fn a_stuck_task_is_left_behind(subject: &Subject) {
    let Some(scheduler) = subject.impatient_scheduler() else { return };
    let graph = TaskGraph::to_sinks(shapes::chain(4));
    let (token, alive) = (CancelToken::new(), Alive::new(4));
    let (started, release) = (Flag::new(), Flag::new());
    let state = (alive.clone(), started.clone(), release.clone());
    let plan = graph.plan_with_state(state, |(alive, started, release), block, inputs| {
        if block == 2 {
            // Whoever ends this process, the lock goes with it.
            let _held = started.try_lock().expect("the task runs once");
            started.raise();
            release.is_raised_within(LIMIT);
        }
        alive.work(block, inputs)
    });
    let run = Run::new().cancel(token.clone());
    let outcome = thread::scope(|scope| {
        let started = started.clone();
        scope.spawn(move || {
            started.wait();
            thread::sleep(Duration::from_millis(5));
            token.cancel();
        });
        scheduler.run(&plan, &run)
    });
    let running = match outcome.expect_err("the token was cancelled") {
        Error::Cancelled { running } => running,
        other => panic!("expected to be cancelled: {other:?}"),
    };
    if subject.has_separate_processes() {
        // It may be named: it had not returned when the caller stopped waiting. What it held is not
        // counted as dropped, for its process did not get to that.
        assert!(running.is_empty() || running == [plan.task(2).key()], "{running:?}");
        eventually("the task is ended", || started.try_lock().is_some());
    } else {
        assert_eq!(running, [plan.task(2).key()]);
        assert!(alive.n_alive() > 0, "the task still holds its input");
        assert!(started.try_lock().is_none(), "the task still waits");
        release.raise();
        eventually("everything is dropped", || alive.n_alive() == 0);
    }
    let values = scheduler.run(&graph.mixing(), &Run::new()).unwrap();
    assert_eq!(crate::task_graph::numbers(&values), graph.expected());
}

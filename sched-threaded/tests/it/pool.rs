//! Callers that are threads of a pool themselves, and work inside tasks that uses one.

use chunkwise_graph::{Error, InOrder, Run, Scheduler, Value, shapes};
use chunkwise_sched_threaded::Threaded;
use chunkwise_testing::{LIMIT, TaskGraph, mix_of_values, within};
use rayon::prelude::*;
use std::sync::Arc;
use std::thread;

fn pool(n_threads: usize) -> Arc<rayon::ThreadPool> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build();
    Arc::new(pool.expect("the system gives threads"))
}

fn check(scheduler: &Threaded) {
    let graph = TaskGraph::to_sinks(shapes::tree(500));
    let values = scheduler.run(&graph.mixing(), &Run::new()).expect("no task fails");
    let values: Vec<u64> = values.iter().map(|value| *value.get().expect("a number")).collect();
    assert_eq!(values, graph.expected());
}

#[test]
fn the_caller_is_a_thread_of_the_pool() {
    within(LIMIT, || {
        for n_threads in [1, 2, 4] {
            let pool = pool(n_threads);
            let scheduler = Threaded::on_pool(pool.clone());
            for _ in 0..50 {
                pool.install(|| check(&scheduler));
                pool.install(|| check(&Threaded::new()));
            }
        }
    });
}

#[test]
fn the_caller_is_a_thread_of_another_pool() {
    within(LIMIT, || {
        let (outer, scheduler) = (pool(2), Threaded::with_threads(2).expect("threads"));
        for _ in 0..50 {
            outer.install(|| check(&scheduler));
        }
    });
}

#[test]
fn many_callers_are_threads_of_the_pool() {
    within(LIMIT, || {
        for n_threads in [1, 2, 4] {
            let pool = pool(n_threads);
            let scheduler = Threaded::on_pool(pool.clone());
            pool.install(|| (0..100).into_par_iter().for_each(|_| check(&scheduler)));
        }
    });
}

#[test]
fn callers_inside_and_outside_at_once() {
    within(LIMIT, || {
        let pool = pool(2);
        let scheduler = Threaded::on_pool(pool.clone());
        thread::scope(|scope| {
            for caller in 0..4 {
                let (pool, scheduler) = (&pool, &scheduler);
                scope.spawn(move || {
                    for _ in 0..50 {
                        match caller % 2 {
                            0 => check(scheduler),
                            _ => pool.install(|| check(scheduler)),
                        }
                    }
                });
            }
        });
    });
}

#[test]
fn tasks_use_rayon() {
    within(LIMIT, || {
        let graph = TaskGraph::to_sinks(shapes::tree(200));
        let plan = graph.plan(|task, inputs| {
            let sum: u64 = (0..2000u64).into_par_iter().sum();
            assert_eq!(sum, 1_999_000);
            mix_of_values(task, inputs)
        });
        for n_threads in [1, 2, 4] {
            let scheduler = Threaded::with_threads(n_threads).expect("threads");
            let values = scheduler.run(&plan, &Run::new()).expect("no task fails");
            assert_eq!(values[0].get::<u64>().expect("a number"), &graph.expected()[0]);
        }
    });
}

#[test]
fn workers_run_on_threads_of_the_pool_only() {
    let pool = pool(2);
    let inside = pool.clone();
    let plan = TaskGraph::to_sinks(shapes::tree(200)).plan(move |_, _| {
        if inside.current_thread_index().is_none() {
            return Err("not a thread of the pool".into());
        }
        Ok(Value::unit())
    });
    Threaded::on_pool(pool).run(&plan, &Run::new()).expect("no task fails");
}

#[test]
fn clones_share_the_pool_and_no_threads_is_all_cores() {
    let scheduler = Threaded::with_threads(3).expect("threads");
    assert_eq!((scheduler.n_threads(), scheduler.clone().n_threads()), (3, 3));
    let all = Threaded::with_threads(0).expect("threads");
    assert!(all.n_threads() >= 1);
    assert_eq!(Threaded::default().n_threads(), Threaded::new().n_threads());
}

#[test]
fn more_threads_than_the_system_has_is_an_error_or_works() {
    // rayon caps the number; whatever it does, it must not be a panic.
    match Threaded::with_threads(500) {
        Ok(scheduler) => check(&scheduler),
        Err(error) => assert!(matches!(error, Error::Scheduler { name: "threaded", .. })),
    }
}

#[test]
fn a_task_may_use_another_scheduler_of_other_threads() {
    within(LIMIT, || {
        let inner = Threaded::with_threads(2).expect("threads");
        let graph = TaskGraph::to_sinks(shapes::fan_in(20));
        let plan = graph.plan(move |task, inputs| {
            check(&inner);
            InOrder.run(&TaskGraph::to_sinks(shapes::chain(3)).mixing(), &Run::current())?;
            mix_of_values(task, inputs)
        });
        Threaded::with_threads(2).expect("threads").run(&plan, &Run::new()).expect("it works");
    });
}

use chunkwise::prelude::*;
use std::sync::Arc;

fn inc(x: i64) -> i64 {
    x + 1
}

fn add(x: i64, y: i64) -> i64 {
    x + y
}

#[test]
fn the_same_answer_from_each_way_of_writing_it_on_each_scheduler() {
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).task("b", inc, ["a"]).value("x", 10i64).task("y", inc, ["x"]).task(
        "z",
        add,
        ["b", "y"],
    );
    let z = delayed(add).call((delayed(inc).call((1,)), delayed(inc).call((10,))));
    for scheduler in [&Synchronous as &dyn Scheduler, &Threaded::new()] {
        assert_eq!(scheduler.get::<i64>(&graph, "z").unwrap(), 13);
        assert_eq!(z.compute_with(scheduler).unwrap(), 13);
    }
}

#[test]
fn observers_see_what_runs() {
    let profile = Arc::new(Profile::new());
    let z = delayed(add).call((delayed(inc).call((1,)), delayed(inc).call((10,))));
    with_observer(profile.clone(), || z.compute()).unwrap();
    assert_eq!(profile.records().len(), z.plan().unwrap().len());
}

#[test]
fn a_task_may_compute_what_it_was_given() {
    let inner = delayed(inc).call((41,));
    let outer = delayed(move || inner.compute().unwrap()).call(());
    assert_eq!(outer.compute().unwrap(), 42);
}

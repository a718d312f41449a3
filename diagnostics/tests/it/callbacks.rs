use crate::driver::{Threads, parts, plan_of, watched};
use chunkwise_diagnostics::Callbacks;
use chunkwise_graph::{Error, InOrder, SchedulerExt, TaskDict, with_observer};
use std::sync::{Arc, Mutex};

#[test]
fn every_event_reaches_its_closure_in_order() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let tell = |what: &'static str| {
        let seen = seen.clone();
        move |text: String| seen.lock().unwrap().push(format!("{what} {text}"))
    };
    let (start, pre, post) = (tell("start"), tell("pre"), tell("post"));
    let (released, finish) = (tell("released"), tell("finish"));
    let observer = Callbacks::new()
        .on_start(move |plan| start(plan.len().to_string()))
        .on_pretask(move |task, worker| pre(format!("{} {worker}", task.key())))
        .on_posttask(move |task, value, _| post(format!("{} {}", task.key(), value.describe())))
        .on_released(move |task| released(task.key().to_string()))
        .on_finish(move |_, error| finish(error.is_some().to_string()));
    assert!(format!("{observer:?}").contains("released"));
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).task("b", |x: i64| x + 1, ["a"]);
    with_observer(Arc::new(observer), || InOrder.get::<i64>(&graph, "b")).unwrap();
    let expected =
        ["start 2", "pre a 0", "post a 1", "pre b 0", "post b 2", "released a", "finish false"];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[test]
fn a_closure_that_panics_fails_its_task() {
    let observer = Callbacks::new().on_posttask(|task, _, _| {
        assert!(task.key() != ("count", 1).into(), "not that one");
    });
    let result = watched(&Threads(2), &plan_of(&parts(3), "total"), Arc::new(observer));
    let Err(Error::Panic { site, message }) = result else { panic!("{result:?}") };
    assert_eq!((site.key, message.as_str()), (("count", 1).into(), "not that one"));
}

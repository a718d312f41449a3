use crate::driver::{Threads, add, inc, parts, plan_of, watched};
use chunkwise_diagnostics::LiveResults;
use chunkwise_graph::order::Strategy;
use chunkwise_graph::{InOrder, Ordering, PlanOptions, SchedulerExt, TaskDict, with_observer};
use std::sync::Arc;

#[test]
fn the_peak_in_plan_order_is_the_predicted_one() {
    for n in [1, 2, 7, 30] {
        let plan = plan_of(&parts(n), "total");
        let live = Arc::new(LiveResults::new());
        watched(&InOrder, &plan, live.clone()).unwrap();
        assert_eq!((live.live(), live.live_bytes()), (0, 0));
        assert_eq!(live.peak(), plan.predicted_peak().live, "{n} parts");
    }
}

#[test]
fn the_order_shows_in_the_peak() {
    let graph = parts(20).graph(&["total".into()]).unwrap();
    let peak = |ordering| {
        let plan = graph.plan_with(&PlanOptions::default().order(ordering)).unwrap();
        let live = Arc::new(LiveResults::new());
        watched(&InOrder, &plan, live.clone()).unwrap();
        (live.peak(), live.peak_bytes())
    };
    let (best, broad) = (peak(Ordering::default()), peak(Ordering::By(Strategy::FirstInFirstOut)));
    assert!(best.0 <= broad.0 && 10 * best.1 < broad.1, "{best:?} {broad:?}");
}

#[test]
fn threads_errors_and_nested_runs_leave_nothing_behind() {
    let live = Arc::new(LiveResults::new());
    watched(&Threads(3), &plan_of(&parts(30), "total"), live.clone()).unwrap();
    assert_eq!((live.live(), live.live_bytes()), (0, 0));
    assert!(live.peak() >= 31);
    live.clear();
    assert_eq!(live.to_string(), "0 live results (0 B), at most 0 (0 B)");

    let mut graph = TaskDict::new();
    graph.value("a", 1i64).value("b", 2i64).task("c", add, ["a", "b"]);
    graph.try_task("d", |_: i64| Err::<i64, _>("no"), ["c"]);
    watched(&InOrder, &plan_of(&graph, "d"), live.clone()).unwrap_err();
    assert_eq!((live.live(), live.peak()), (0, 3));

    let inner = |x: i64| {
        let mut graph = TaskDict::new();
        graph.value("x", x).task("y", inc, ["x"]).task("z", add, ["x", "y"]);
        InOrder.get::<i64>(&graph, "z").unwrap()
    };
    let mut outer = TaskDict::new();
    outer.value("a", 1i64).task("b", inner, ["a"]);
    live.clear();
    let b: i64 = with_observer(live.clone(), || InOrder.get(&outer, "b")).unwrap();
    assert_eq!((b, live.live(), live.peak()), (3, 0, 4));
}

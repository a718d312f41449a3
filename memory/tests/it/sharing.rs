use crate::limits::schedulers;
use crate::sized::{Sized, Watch, limit_for, vectors};
use chunkwise_graph::{
    CancelToken, Error, InOrder, MemoryBudget, Plan, Run, Scheduler, SchedulerExt, TaskDict, list,
};
use chunkwise_memory::{Budget, LimitMemory, current, current_budget, with_memory_limit};
use chunkwise_sched_sync::Synchronous;
use chunkwise_sched_threaded::Threaded;
use chunkwise_testing::{LIMIT, TaskGraph, within};
use std::time::Duration;

const BYTES: u64 = 24 + 80_000;

/// A chain that holds two results at a time, and a sum of sources that are needed twice.
fn plan(n: u32) -> Plan {
    let mut lists: Vec<Vec<u32>> = vec![Vec::new(); n as usize];
    lists.push((0..n).collect());
    lists.extend((0..n).map(|i| vec![i, n + i]));
    let last = 2 * n;
    let graph = TaskGraph::of(lists, &[last]);
    let lens = (0..=last).map(|task| if task == n { 10 } else { 10_000 });
    Sized { slow_down: Duration::from_micros(100), ..Sized::new(graph, lens) }.plan()
}

#[test]
fn runs_at_the_same_time_share_a_budget() {
    within(LIMIT, || {
        let plan = plan(6);
        let expected = vectors(&InOrder.run(&plan, &Run::new()).unwrap());
        for (_, scheduler) in schedulers() {
            let usable = 14 * BYTES;
            let budget = Budget::new(limit_for(usable));
            let limited = scheduler.memory_budget(budget.clone());
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        for _ in 0..10 {
                            let values = limited.run(&plan, &Run::new()).unwrap();
                            assert_eq!(vectors(&values), expected);
                        }
                    });
                }
            });
            assert!(budget.peak() <= budget.limit());
            assert_eq!(budget.used(), 0);
        }
    });
}

#[test]
fn what_is_kept_leaves_less_for_runs() {
    let plan = plan(4);
    let budget = Budget::new(limit_for(12 * BYTES));
    let run = |budget: &Budget| Synchronous.memory_budget(budget.clone()).run(&plan, &Run::new());
    assert!(run(&budget).is_ok());
    let kept = budget.hold(11 * BYTES);
    assert_eq!(budget.kept(), 11 * BYTES);
    assert!(matches!(run(&budget), Err(Error::OverBudget { .. })));
    drop(kept);
    assert!(run(&budget).is_ok());
    assert_eq!((budget.kept(), budget.used()), (0, 0));
}

#[test]
fn tasks_that_compute_graphs_do_not_wait_for_themselves() {
    fn inner(seed: u64) -> Result<u64, Error> {
        let mut graph = TaskDict::new();
        for i in 0..20u64 {
            graph.task(("part", i), move || vec![seed + i; 5_000], ());
        }
        let sum = |parts: Vec<Vec<u64>>| parts.iter().flatten().sum::<u64>();
        graph.task("sum", sum, [list((0..20u64).map(|i| ("part", i)))]);
        chunkwise_graph::current_scheduler().get(&graph, "sum")
    }
    within(LIMIT, || {
        for (_, scheduler) in schedulers() {
            let mut graph = TaskDict::new();
            for i in 0..8u64 {
                graph.task(("inner", i), move || inner(i).unwrap(), ());
            }
            let all = |sums: Vec<u64>| sums.iter().sum::<u64>();
            graph.task("all", all, [list((0..8u64).map(|i| ("inner", i)))]);
            let sum: u64 = scheduler.memory_limit(limit_for(1 << 20)).get(&graph, "all").unwrap();
            let expected: u64 =
                (0..8).flat_map(|seed| (0..20).map(move |i| (seed + i) * 5_000)).sum();
            assert_eq!(sum, expected);
        }
    });
}

#[test]
fn tasks_see_the_budget_that_they_run_under() {
    let mut graph = TaskDict::new();
    graph.task("limit", || current_budget().map(|budget| budget.limit()).unwrap_or(0), ());
    let threaded = Threaded::with_threads(2).unwrap();
    let limit: u64 = threaded.memory_limit(limit_for(1000)).get(&graph, "limit").unwrap();
    assert!((1000..=1002).contains(&limit), "{limit}");
    assert_eq!(current().limit(), u64::MAX);
    with_memory_limit(5000, || assert_eq!(current().limit(), 5000));
}

#[test]
fn a_cancelled_run_gives_everything_back() {
    within(LIMIT, || {
        for (_, scheduler) in schedulers() {
            let token = CancelToken::new();
            // Long before the last of 17 tasks, whatever the timing.
            let watch = Watch::cancelling(token.clone(), 5);
            let budget = Budget::new(limit_for(12 * BYTES));
            let run = Run::new().cancel(token.clone()).observer(watch.clone());
            let limited = scheduler.memory_budget(budget.clone());
            let result = limited.run(&plan(8), &run);
            assert!(matches!(result, Err(Error::Cancelled { .. })), "{result:?}");
            assert_eq!(budget.used(), 0);
        }
    });
}

use crate::limits::schedulers;
use crate::sized::{Sized, Watch, limit_for, vectors};
use chunkwise_graph::{Error, InOrder, Plan, Run, Scheduler};
use chunkwise_memory::{Budget, LimitMemory, Spill, SpillOptions};
use chunkwise_sched_sync::Synchronous;
use chunkwise_testing::TaskGraph;
use std::time::Duration;

const LEN: u32 = 25_000;
const BYTES: u64 = 24 + 8 * LEN as u64;

/// Sources, each of which goes through one task more, whose results are all needed twice.
fn twice(n: u32, slow_down: Duration) -> Plan {
    let mut lists: Vec<Vec<u32>> = vec![Vec::new(); n as usize];
    lists.extend((0..n).map(|source| vec![source]));
    let second = |i: u32| n + i;
    let mut sums = Vec::new();
    for pass in 0..2 {
        let mut last: Option<u32> = None;
        for i in 0..n {
            let mut deps = vec![second(if pass == 0 { i } else { n - 1 - i })];
            deps.extend(last);
            last = Some(lists.len() as u32);
            lists.push(deps);
        }
        sums.extend(last);
    }
    let graph = TaskGraph::of(lists, &sums);
    let lens = (0..4 * n).map(|task| if task < 2 * n { LEN } else { 10 });
    Sized { slow_down, ..Sized::new(graph, lens) }.plan()
}

#[test]
fn results_that_need_others_go_to_disk() {
    let plan = twice(30, Duration::ZERO);
    let expected = vectors(&InOrder.run(&plan, &Run::new()).unwrap());
    for (n_workers, scheduler) in schedulers() {
        let watch = Watch::new();
        let scheduler = scheduler.memory_limit(limit_for(12 * BYTES));
        let values = scheduler.run(&plan, &Run::new().observer(watch.clone())).unwrap();
        assert_eq!(vectors(&values), expected);
        let memory = watch.memory().unwrap();
        assert!(memory.n_spilled >= 10, "{n_workers}: {memory}");
        assert!(memory.spilled >= memory.n_spilled * BYTES, "{memory}");
    }
}

/// Sources that two sums need: a task that needs nothing is run again where that is quicker.
#[test]
fn cheap_sources_are_computed_again() {
    let mut lists: Vec<Vec<u32>> = vec![Vec::new(); 30];
    for pass in 0..2u32 {
        let first = lists.len() as u32;
        for i in 0..30 {
            let mut deps = vec![if pass == 0 { i } else { 29 - i }];
            deps.extend((i > 0).then(|| first + i - 1));
            lists.push(deps);
        }
    }
    let lens = |task: usize| if task < 30 { LEN } else { 10 };
    let graph = TaskGraph::of(lists, &[59, 89]);
    let plan = Sized::new(graph, (0..90).map(lens)).plan();
    let expected = vectors(&InOrder.run(&plan, &Run::new()).unwrap());
    let watch = Watch::new();
    let run = Run::new().observer(watch.clone());
    let values = Synchronous.memory_limit(limit_for(8 * BYTES)).run(&plan, &run).unwrap();
    assert_eq!(vectors(&values), expected);
    let memory = watch.memory().unwrap();
    // Which of the two is quicker depends on the machine; one of them it is.
    assert!(memory.n_recomputed + memory.n_spilled >= 15, "{memory}");
    assert_eq!(watch.n_started(), plan.len() as u64 + memory.n_recomputed);
}

#[test]
fn a_quota_that_is_used_up_is_an_error_that_names_the_task() {
    let plan = twice(30, Duration::from_micros(200));
    for (_, scheduler) in schedulers() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::new(SpillOptions::default().folder(folder.path()).quota(3 * BYTES));
        let budget = Budget::new(limit_for(12 * BYTES)).with_spill(spill.clone());
        let error = scheduler.memory_budget(budget.clone()).run(&plan, &Run::new()).unwrap_err();
        assert!(matches!(error, Error::Spill { .. }), "{error:?}");
        let text = format!("{error:?}");
        assert!(text.contains("the result of sized-") && text.contains("quota"), "{text}");
        assert_eq!((budget.used(), spill.statistics().on_disk), (0, 0));
    }
}

#[test]
fn what_nobody_stated_is_measured_and_told() {
    let graph = TaskGraph::of((0..40u32).map(|i| if i == 0 { vec![] } else { vec![i - 1] }), &[39]);
    let unknown = Sized { states: false, ..Sized::new(graph, vec![LEN; 40]) };
    let plan = unknown.plan();
    let expected = vectors(&InOrder.run(&plan, &Run::new()).unwrap());
    for (_, scheduler) in schedulers() {
        let watch = Watch::new();
        let scheduler = scheduler.memory_limit(limit_for(4 * BYTES));
        let values = scheduler.run(&plan, &Run::new().observer(watch.clone())).unwrap();
        assert_eq!(vectors(&values), expected);
        let memory = watch.memory().unwrap();
        assert_eq!(memory.predicted, None);
        assert!(memory.accounted >= 2 * BYTES, "{memory}");
    }
}

/// A limit that somebody chose does not go unchecked; one that is a precaution does where all that
/// is known fits.
#[test]
fn a_precaution_leaves_tasks_alone_that_say_nothing() {
    let graph = TaskGraph::of(vec![vec![], vec![0]], &[1]);
    let plan = Sized { states: false, ..Sized::new(graph, [10, 10]) }.plan();
    for (budget, is_measured) in
        [(Budget::new(1 << 30), true), (Budget::new(1 << 30).as_precaution(), false)]
    {
        let watch = Watch::new();
        let run = Run::new().observer(watch.clone());
        Synchronous.memory_budget(budget).run(&plan, &run).unwrap();
        assert_eq!(watch.memory().is_some(), is_measured);
    }
}

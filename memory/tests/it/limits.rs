use crate::sized::{Sized, Watch, limit_for, vectors};
use chunkwise_graph::{Error, InOrder, MemoryBudget, Plan, Run, Scheduler};
use chunkwise_memory::{Budget, LimitMemory, Spill, SpillOptions};
use chunkwise_sched_sync::Synchronous;
use chunkwise_sched_threaded::Threaded;
use chunkwise_testing::{TaskGraph, generate::task_graphs};
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

/// One worker, and several.
pub(crate) fn schedulers() -> [(usize, Arc<dyn Scheduler>); 3] {
    static POOLS: LazyLock<[Threaded; 2]> =
        LazyLock::new(|| [2, 5].map(|n| Threaded::with_threads(n).unwrap()));
    let [two, five] = POOLS.clone();
    [(1, Arc::new(Synchronous)), (2, Arc::new(two)), (5, Arc::new(five))]
}

/// Runs within the limit with the right answer, or is refused before anything starts; leaves
/// nothing behind. Whether it ran.
fn check(plan: &Plan, expected: &[Vec<u64>], usable: u64) -> bool {
    let mut ran = Vec::new();
    for (n_workers, scheduler) in schedulers() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::new(SpillOptions::default().folder(folder.path()));
        let budget = Budget::new(limit_for(usable)).with_spill(spill.clone());
        let watch = Watch::new();
        let forecast = budget.forecast(plan, n_workers);
        let run = Run::new().observer(watch.clone());
        match scheduler.memory_budget(budget.clone()).run(plan, &run) {
            Ok(values) => {
                assert_eq!(vectors(&values), expected, "{n_workers} workers");
                let forecast = forecast.expect("it was not refused");
                let memory = watch.memory().unwrap_or_default();
                assert!(budget.peak() <= usable + 2, "{} of {usable}", budget.peak());
                assert!(memory.accounted <= forecast.peak, "{memory} {forecast}");
                assert_eq!((memory.exceeded, budget.used()), (0, 0));
                ran.push(true);
            }
            Err(error) => {
                assert!(matches!(error, Error::OverBudget { .. }), "{error:?}");
                assert_eq!(watch.n_started(), 0, "refused after it had started: {error:?}");
                assert!(forecast.is_err());
                ran.push(false);
            }
        }
        assert_eq!(spill.statistics().on_disk, 0);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
    assert!(ran.iter().all(|&one| one == ran[0]), "some ran and some were refused");
    ran[0]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_keeps_to_any_limit_or_is_refused(
        graph in task_graphs(60),
        lens in prop::collection::vec(0u32..8_000, 60),
        tenths in 0u64..12,
    ) {
        let plan = sized(&graph, &lens);
        let expected = vectors(&InOrder.run(&plan, &Run::new()).unwrap());
        let peak = plan.predicted_peak().bytes;
        check(&plan, &expected, peak * tenths / 10);
    }
}

fn sized(graph: &TaskGraph, lens: &[u32]) -> Plan {
    Sized::new(graph.clone(), lens.iter().copied().cycle()).plan()
}

/// Of graphs whose results do not fit together, those with limits that a single task needs run.
#[test]
fn the_smallest_limit_that_a_task_allows_is_enough() {
    // 40 sources that two reductions read in opposite orders: all are needed twice.
    let mut lists: Vec<Vec<u32>> = vec![Vec::new(); 40];
    for pass in 0..2u32 {
        let order: Vec<u32> = if pass == 0 { (0..40).collect() } else { (0..40).rev().collect() };
        let mut last = None;
        for source in order {
            let mut deps = vec![source];
            deps.extend(last);
            last = Some(lists.len() as u32);
            lists.push(deps);
        }
    }
    let last = lists.len() as u32 - 1;
    let graph = TaskGraph::of(lists, &[79, last]);
    let lens = |task: usize| if task < 40 { 20_000 } else { 1_000 };
    let plan = Sized::new(graph, (0..120).map(lens)).plan();
    let expected = vectors(&InOrder.run(&plan, &Run::new()).unwrap());
    let one = 24 + 160_000;
    assert!(plan.predicted_peak().bytes > 30 * one);
    // A source being read back, as it is on disk and as it was; the sum before, and the next.
    assert!(check(&plan, &expected, 2 * one + 2 * 8_024));
    assert!(!check(&plan, &expected, one));
}

#[test]
fn outputs_that_do_not_fit_together_are_refused() {
    let graph = TaskGraph::of(vec![Vec::new(); 10], &(0..10).collect::<Vec<u32>>());
    let plan = Sized::new(graph, vec![10_000; 10]).plan();
    let expected = vectors(&InOrder.run(&plan, &Run::new()).unwrap());
    assert!(check(&plan, &expected, 10 * 80_024));
    assert!(!check(&plan, &expected, 9 * 80_024));
    let refused = Synchronous.memory_limit(limit_for(500_000)).run(&plan, &Run::new());
    let text = format!("{:?}", refused.unwrap_err());
    assert!(text.contains("needs 800.2 kB of memory, and can have 500.0 kB"), "{text}");
    assert!(text.contains("use smaller chunks, or allow more memory"), "{text}");
}

#[test]
fn a_scheduler_that_cannot_spill_runs_what_fits_and_nothing_else() {
    let graph = TaskGraph::of(vec![vec![], vec![], vec![0, 1], vec![0, 1, 2]], &[3]);
    let plan = Sized::new(graph, [10_000; 4]).plan();
    let limited = |bytes| InOrder.memory_limit(limit_for(bytes)).run(&plan, &Run::new());
    assert!(limited(4 * 80_024).is_ok());
    assert!(matches!(limited(3 * 80_024), Err(Error::OverBudget { .. })));
}

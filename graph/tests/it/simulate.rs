//! Runs predicted in virtual time, against sequential runs and the bounds of list scheduling.

use crate::order::graphs;
use chunkwise_graph::order::order;
use chunkwise_graph::shapes;
use chunkwise_graph::simulate::{Memory, NotAnOrder, Policy, Workers, peak, pressure, workers};
use proptest::prelude::*;
use std::num::NonZeroUsize;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_worker_is_a_sequential_run(
        dag in graphs(40, true),
        sizes in prop::collection::vec(0..1000u64, 40),
        durations in prop::collection::vec(0..50u64, 40),
        output in any::<prop::sample::Index>(),
    ) {
        let n = dag.len();
        let sequence = order(&dag, None).unwrap();
        let outputs = [output.index(n) as u32];
        let memory =
            Memory { outputs: &outputs, sizes: Some(&sizes[..n]), scratch: Some(&durations[..n]) };
        for policy in [Policy::Priority, Policy::TokenCursor] {
            let one = Workers { count: NonZeroUsize::MIN, policy };
            let run = workers(&dag, &sequence, &durations[..n], one, &memory).unwrap();
            prop_assert_eq!(run.peak_memory, peak(&dag, &sequence, &memory).unwrap().live);
            let counted = Memory { outputs: &outputs, ..Memory::default() };
            prop_assert_eq!(run.peak_live, peak(&dag, &sequence, &counted).unwrap().live);
            let total: u64 = durations[..n].iter().sum();
            prop_assert_eq!((run.makespan, run.busy), (total, total));
        }
    }

    #[test]
    fn workers_run_everything_within_the_bounds_of_list_scheduling(
        dag in graphs(60, true),
        durations in prop::collection::vec(1..50u64, 60),
        count in 1..6usize,
    ) {
        let (n, sequence) = (dag.len(), order(&dag, None).unwrap());
        let mut finish = vec![0u64; n];
        for &task in &sequence {
            let inputs = dag.deps(task).iter().map(|&dep| finish[dep as usize]);
            finish[task as usize] = inputs.max().unwrap_or(0) + durations[task as usize];
        }
        let longest = finish.iter().copied().max().unwrap_or(0);
        let total: u64 = durations[..n].iter().sum();
        for policy in Policy::ALL {
            let workers_of = Workers { count: NonZeroUsize::new(count).unwrap(), policy };
            let memory = Memory::default();
            let run = workers(&dag, &sequence, &durations[..n], workers_of, &memory).unwrap();
            prop_assert_eq!(run.busy, total);
            prop_assert!(run.makespan >= longest.max(total.div_ceil(count as u64)));
            // Graham 1966: no worker idles while a task is ready.
            prop_assert!(run.makespan <= total / count as u64 + longest, "{:?}", policy);
            prop_assert!(run.peak_live <= n as u64 && run.utilisation <= 1.0);
        }
    }
}

#[test]
fn the_cursor_holds_about_as_much_as_a_priority_queue() {
    let dag = shapes::random(20_000, 1000, 1);
    let sequence = order(&dag, None).unwrap();
    let durations: Vec<u64> = dag.tasks().map(|t| 500 + u64::from(t) * 7919 % 1000).collect();
    let run = |policy, count| {
        let some = Workers { count: NonZeroUsize::new(count).unwrap(), policy };
        workers(&dag, &sequence, &durations, some, &Memory::default()).unwrap().peak_live
    };
    let found = Policy::ALL.map(|policy| (run(policy, 2), run(policy, 8)));
    // One after the other: 321. Stealing and breadth first lose the order.
    assert_eq!(found, [(323, 336), (323, 335), (446, 5093), (5163, 5176)]);
}

#[test]
fn a_run_needs_one_duration_for_each_task() {
    let dag = shapes::chain(3);
    let one = Workers { count: NonZeroUsize::MIN, policy: Policy::Fifo };
    let run = workers(&dag, &[0, 1, 2], &[1, 1], one, &Memory::default());
    assert_eq!(run, Err(NotAnOrder::Durations { tasks: 3, length: 2 }));
    assert!(pressure(&dag, &[2, 1, 0], &Memory::default()).is_err());
}

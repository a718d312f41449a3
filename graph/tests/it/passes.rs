//! Passes change how a graph is computed and never what it gives.

use chunkwise_graph::{
    Graph, InOrder, Run, Scheduler, SchedulerExt, TaskDict, Value, args, literal,
};
use chunkwise_testing::generate::{GeneratedDict, Seeded, layered_graphs, task_dict, task_dicts};
use chunkwise_testing::in_another_process;
use proptest::prelude::*;

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// All values of some of the keys are what they must be.
fn check(dict: &TaskDict, made: &GeneratedDict, wanted: &[usize]) -> Result<(), TestCaseError> {
    let (keys, expected) = made.expected(wanted);
    let values = InOrder.get_all::<i64>(dict, keys);
    let values = values.map_err(|error| TestCaseError::fail(format!("{error:?}\n{dict}")))?;
    prop_assert_eq!(values, expected, "{}", dict);
    Ok(())
}

fn all(made: &GeneratedDict) -> Vec<usize> {
    (0..made.keys.len()).collect()
}

/// Some keys of a graph, by number.
fn some(made: &GeneratedDict, seed: u64) -> Vec<usize> {
    let mut random = Seeded::new(seed);
    all(made).into_iter().filter(|_| random.chance(30)).collect()
}

/// One of the passes, and which keys are there afterwards.
fn pass(dict: &TaskDict, made: &GeneratedDict, kept: &[usize], seed: u64) -> TaskDict {
    let keys = |wanted: &[usize]| made.expected(wanted).0;
    match Seeded::new(seed).below(4) {
        0 => dict.culled(keys(kept)).unwrap(),
        1 => dict.with_constants_inlined(),
        2 => {
            let there: Vec<usize> = some(made, seed ^ 1);
            let there = keys(&there).into_iter().filter(|key| dict.contains(key));
            dict.inlined(there).unwrap()
        }
        _ => dict.fused(keys(kept)).unwrap(),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_culled_dict_is_what_is_needed(made in task_dicts(30), seed in any::<u64>()) {
        let wanted = some(&made, seed);
        let culled = made.dict.culled(made.expected(&wanted).0).unwrap();
        check(&culled, &made, &wanted)?;
        let graph = made.dict.graph(&made.expected(&wanted).0).unwrap();
        prop_assert_eq!(culled.len(), graph.plan().unwrap().len());
    }

    #[test]
    fn constants_are_inlined(made in task_dicts(30)) {
        let inlined = made.dict.with_constants_inlined();
        check(&inlined, &made, &all(&made))?;
        for key in &made.keys {
            for dep in inlined.dependencies(key).unwrap() {
                prop_assert!(inlined.get_value(&dep).is_none(), "{key} still needs {dep}");
            }
        }
    }

    #[test]
    fn tasks_are_inlined(made in task_dicts(30), seed in any::<u64>()) {
        let chosen = made.expected(&some(&made, seed)).0;
        let inlined = made.dict.inlined(chosen.clone()).unwrap();
        check(&inlined, &made, &all(&made))?;
        for key in &made.keys {
            for dep in inlined.dependencies(key).unwrap() {
                let stays = !chosen.contains(&dep) || made.dict.get_value(&dep).is_some();
                prop_assert!(stays, "{key} still needs {dep}");
            }
        }
    }

    #[test]
    fn chains_are_fused(made in task_dicts(30), seed in any::<u64>()) {
        let kept = some(&made, seed);
        let fused = made.dict.fused(made.expected(&kept).0).unwrap();
        check(&fused, &made, &kept)?;
        prop_assert!(fused.len() <= made.dict.len());
        // Whatever is still there has its value.
        let there: Vec<usize> =
            all(&made).into_iter().filter(|&at| fused.contains(&made.keys[at])).collect();
        check(&fused, &made, &there)?;
    }

    #[test]
    fn passes_follow_each_other(made in task_dicts(25), seeds in prop::collection::vec(any::<u64>(), 2..5)) {
        let kept = some(&made, seeds[0]);
        let mut dict = made.dict.clone();
        for seed in seeds {
            dict = pass(&dict, &made, &kept, seed);
            check(&dict, &made, &kept)?;
        }
    }

    #[test]
    fn layers_give_the_same_through_every_pass(made in layered_graphs(12)) {
        let run = |graph: &Graph| -> Vec<Vec<u64>> {
            let values = InOrder.run(&graph.plan().unwrap(), &Run::new()).unwrap();
            values.into_iter().map(|value: Value| value.take_or_clone().unwrap()).collect()
        };
        let expected = made.expected();
        let mut graph = made.graph();
        prop_assert_eq!(&run(&graph), &expected);
        for pass in [Graph::cull, Graph::inline, Graph::fuse_blockwise] {
            let before = graph.n_layers();
            let n_gone = pass(&mut graph);
            prop_assert_eq!(before - graph.n_layers(), n_gone);
            prop_assert_eq!(&run(&graph), &expected);
        }
        // A second time there is nothing left to cull or to inline.
        prop_assert_eq!((graph.cull(), graph.inline()), (0, 0));
        prop_assert_eq!(graph.fuse_blockwise(), 0);
    }

    #[test]
    fn fusing_runs_no_more_tasks(made in layered_graphs(12)) {
        let mut graph = made.graph();
        let before = graph.plan().unwrap();
        graph.fuse_blockwise();
        let after = graph.plan().unwrap();
        prop_assert!(after.len() <= before.len());
    }
}

/// Written by hand what `passes_follow_each_other` finds by chance.
#[test]
fn constants_are_inlined_into_fused_tasks() {
    let mut graph = TaskDict::new();
    graph.value("a", 10i64).value("b", 3i64);
    graph.task("sum", |x: i64, y: i64| x + y, ["a", "b"]);
    graph.task("end", |x: i64, y: i64| x - y, args!["sum", literal(1i64)]);
    let fused = graph.fused(["end"]).unwrap();
    assert_eq!(InOrder.get::<i64>(&fused, "end").unwrap(), 12);
    let inlined = fused.with_constants_inlined();
    assert_eq!(InOrder.get::<i64>(&inlined, "end").unwrap(), 12);
}

#[test]
fn a_long_chain_is_fused_run_and_dropped() {
    fn f(x: i64) -> i64 {
        x + 1
    }
    in_another_process("passes::a_long_chain_is_fused_run_and_dropped", || {
        // Not longer: if a pass takes memory by the square of this, it must not take all there is.
        const N: u32 = 8_000;
        let mut graph = TaskDict::new();
        graph.value(("x", 0), 0i64);
        for i in 1..N {
            graph.task(("x", i), f, [("x", i - 1)]);
        }
        let fused = graph.fused([("x", N - 1)]).unwrap();
        assert_eq!(fused.len(), 2);
        assert_eq!(InOrder.get::<i64>(&fused, ("x", N - 1)).unwrap(), i64::from(N) - 1);
        drop((graph, fused));
    });
}

#[test]
fn a_long_chain_in_a_plan_is_fused_run_and_dropped() {
    use chunkwise_graph::PlanOptions;
    let mut graph = TaskDict::new();
    graph.value(("x", 0), 0i64);
    for i in 1..100_000u32 {
        graph.task(("x", i), |x: i64| x + 1, [("x", i - 1)]);
    }
    let scheduler = InOrder.planned(PlanOptions::default().fuse_chains());
    assert_eq!(scheduler.get::<i64>(&graph, ("x", 99_999)).unwrap(), 99_999);
}

#[test]
fn passes_over_many_keys() {
    let made = task_dict(3000, 5);
    let keys = made.keys.clone();
    let passes: [&dyn Fn() -> TaskDict; 4] = [
        &|| made.dict.culled(keys.clone()).unwrap(),
        &|| made.dict.with_constants_inlined(),
        &|| made.dict.fused(keys.clone()).unwrap(),
        &|| made.dict.inlined(keys[..30].to_vec()).unwrap(),
    ];
    for pass in passes {
        assert_eq!(pass().len(), made.dict.len());
    }
}

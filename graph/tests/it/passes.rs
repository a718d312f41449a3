//! Passes change how a graph is computed and never what it gives.

use chunkwise_graph::{
    Error, Graph, InOrder, Key, Run, Scheduler, SchedulerExt, TaskDict, Value, args, list, literal,
};
use chunkwise_testing::generate::{GeneratedDict, Seeded, layered_graphs, task_dict, task_dicts};
use chunkwise_testing::in_another_process;
use proptest::prelude::*;
use std::error::Error as _;

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
        const N: u32 = 100_000;
        let mut graph = TaskDict::new();
        graph.value(("x", 0), 0i64);
        for i in 1..N {
            graph.task(("x", i), f, [("x", i - 1)]);
        }
        let fused = graph.fused([("x", N - 1)]).unwrap();
        assert_eq!(fused.len(), 2);
        assert_eq!(InOrder.get::<i64>(&fused, ("x", N - 1)).unwrap(), i64::from(N) - 1);
        let name = fused.get_task(("x", N - 1)).unwrap().0;
        assert_eq!(name, "f+f+…(99996 more)+f");
        drop((graph, fused));
    });
}

/// Every task of the chain stays, with all those before it inside.
#[test]
fn a_long_chain_is_inlined_run_and_dropped() {
    fn f(x: i64) -> i64 {
        x + 1
    }
    in_another_process("passes::a_long_chain_is_inlined_run_and_dropped", || {
        const N: u32 = 100_000;
        let mut graph = TaskDict::new();
        graph.value(("x", 0), 0i64);
        for i in 1..N {
            graph.task(("x", i), f, [("x", i - 1)]);
        }
        let last = [("x", N - 1)];
        let inlined = graph.inlined((1..N - 1).map(|i| ("x", i))).unwrap();
        assert_eq!(inlined.len(), N as usize);
        let inlined = inlined.with_constants_inlined().fused(last).unwrap().culled(last).unwrap();
        assert_eq!(inlined.to_string(), format!("x[{}] = f+f+…(99996 more)+f(0)", N - 1));
        assert_eq!(InOrder.get::<i64>(&inlined, last[0]).unwrap(), i64::from(N) - 1);
        drop((graph, inlined));
    });
}

#[test]
fn long_names_of_fused_tasks_are_shortened() {
    fn load() -> i64 {
        1
    }
    fn inc(x: i64) -> i64 {
        x + 1
    }
    fn neg(x: i64) -> i64 {
        -x
    }
    let name = |n_incs: u32, n_passes: u32| {
        let mut graph = TaskDict::new();
        graph.task(("x", 0), load, ());
        for i in 1..=n_incs {
            graph.task(("x", i), inc, [("x", i - 1)]);
        }
        graph.task("end", neg, [("x", n_incs)]);
        // Several passes give a name like that of one.
        for pass in 1..n_passes {
            let later = (pass..n_passes).map(|pass| Key::from(("x", n_incs * pass / n_passes)));
            graph = graph.fused(later.chain(["end".into()])).unwrap();
        }
        let fused = graph.fused(["end"]).unwrap();
        assert_eq!(fused.len(), 1);
        assert_eq!(InOrder.get::<i64>(&fused, "end").unwrap(), -1 - i64::from(n_incs));
        fused.get_task("end").unwrap().0.to_owned()
    };
    for n_passes in 1..4 {
        assert_eq!(name(0, n_passes), "load+neg");
        assert_eq!(name(2, n_passes), "load+inc+inc+neg");
        assert_eq!(name(3, n_passes), "load+inc+…(2 more)+neg");
        assert_eq!(name(98, n_passes), "load+inc+…(97 more)+neg");
    }
}

/// Each task of a ladder uses both tasks of the step below: calls double, memory must not.
#[test]
fn what_is_used_twice_is_inlined_twice() {
    const N: u32 = 12;
    let mut graph = TaskDict::new();
    graph.value(("left", 0), 1i64).value(("right", 0), 2i64);
    for i in 1..=N {
        let below = [("left", i - 1), ("right", i - 1)];
        graph.task(("left", i), |x: i64, y: i64| x + y, below);
        graph.task(("right", i), |x: i64, y: i64| x - y, below);
    }
    let top = ("left", N);
    let expected = InOrder.get::<i64>(&graph, top).unwrap();
    let keys: Vec<Key> = graph.keys().cloned().collect();
    let inlined = graph.inlined(keys).unwrap();
    assert_eq!(InOrder.get::<i64>(&inlined, top).unwrap(), expected);
    // The arguments are taken once, however often they are used.
    let (name, arguments) = inlined.get_task(top).unwrap();
    assert_eq!(arguments.len(), 2);
    assert!(name.ends_with("more)+closure in what_is_used_twice_is_inlined_twice"), "{name}");
    assert_eq!(inlined.culled([top]).unwrap().len(), 3);
}

#[test]
fn lists_keep_their_shape_through_every_pass() {
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).value("b", 2i64);
    graph.task("c", |x: i64| 10 * x, ["a"]);
    let rows = list([list(["a", "c"]), list(["c", "b"]), list([])]);
    let text = |rows: Vec<Vec<i64>>, by: i64| format!("{rows:?} {by}");
    graph.task("text", text, args![rows, "c"]).alias("end", "text");
    let mut passed = graph.inlined(["c"]).unwrap();
    for _ in 0..3 {
        passed = passed.fused(["end"]).unwrap().with_constants_inlined();
        passed = passed.inlined(["c", "end"]).unwrap().culled(["end", "c"]).unwrap();
        let values = InOrder.get::<String>(&passed, "end").unwrap();
        assert_eq!(values, "[[1, 10], [10, 2], []] 10");
    }
    assert!(passed.dependencies("end").unwrap().is_empty());
}

/// What a fused task hands from one step to the next is not copied.
#[test]
fn values_are_changed_in_place_inside_fused_tasks() {
    fn push(mut items: Vec<usize>) -> Vec<usize> {
        items.push(items.as_ptr() as usize);
        items
    }
    let mut graph = TaskDict::new();
    graph.task("a", || Vec::<usize>::with_capacity(10), ());
    graph.task("b", push, ["a"]).task("c", push, ["b"]).task("d", push, ["c"]);
    for passed in [graph.fused(["d"]).unwrap(), graph.inlined(["a", "b", "c"]).unwrap()] {
        let places = InOrder.get::<Vec<usize>>(&passed, "d").unwrap();
        assert_eq!(places, [places[0]; 3]);
    }
}

#[test]
fn the_first_step_that_fails_fails_the_fused_task() {
    let mut graph = TaskDict::new();
    graph.value("text", String::from("zwölf"));
    graph.try_task("n", |text: String| text.parse::<i64>(), ["text"]);
    graph.task("end", |_: i64| -> i64 { panic!("ran after an error") }, ["n"]);
    for passed in [graph.fused(["end"]).unwrap(), graph.inlined(["n"]).unwrap()] {
        let error = InOrder.get::<i64>(&passed, "end").expect_err("no number");
        let source = error.source().and_then(|source| source.downcast_ref());
        assert!(matches!(source, Some(std::num::ParseIntError { .. })), "{error:?}");
        assert_eq!(error.key(), Some(&"end".into()));
    }
}

/// The type of a fused task's result is known before anything runs.
#[test]
fn what_a_fused_task_gives_is_checked() {
    let mut graph = TaskDict::new();
    graph.value("n", 1i64).task("text", |n: i64| n.to_string(), ["n"]);
    graph.alias("alias", "text").alias("again", "alias");
    for mut passed in [graph.fused(["again"]).unwrap(), graph.inlined(["text", "alias"]).unwrap()] {
        passed.task("bad", |n: i64| n, ["again"]);
        let outcome = InOrder.get::<i64>(&passed, "bad");
        assert!(matches!(outcome, Err(Error::Argument { .. })), "{outcome:?}");
        passed.task("good", |text: String| text.len(), ["again"]);
        assert_eq!(InOrder.get::<usize>(&passed, "good").unwrap(), 1);
    }
    graph.alias("number", "n").task("bad", |text: String| text, ["number"]);
    let outcome = InOrder.get::<String>(&graph.with_constants_inlined(), "bad");
    assert!(matches!(outcome, Err(Error::Argument { .. })), "{outcome:?}");
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

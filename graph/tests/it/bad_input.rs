//! Hand-written graphs that are wrong: each gives a clear error before anything runs.

use chunkwise_graph::{
    Error, InOrder, Key, Result, SchedulerExt, TaskDict, args, by_ref, list, literal,
};
use std::error::Error as _;
use std::panic::catch_unwind;

fn inc(x: i64) -> i64 {
    x + 1
}

fn add(x: i64, y: i64) -> i64 {
    x + y
}

fn keys(texts: &[&str]) -> Vec<Key> {
    texts.iter().map(|&text| Key::from(text)).collect()
}

#[test]
fn a_cycle_names_its_keys_and_only_them() {
    let mut graph = TaskDict::new();
    graph.task("a", inc, ["c"]).task("b", inc, ["a"]).task("c", inc, ["b"]).task("d", inc, ["c"]);
    match InOrder.get::<i64>(&graph, "d").expect_err("a cycle") {
        Error::Cycle { keys: cycle } => {
            assert_eq!(cycle.len(), 3);
            for (at, key) in cycle.iter().enumerate() {
                let needs = graph.dependencies(key).unwrap();
                assert_eq!(needs, [cycle[(at + 1) % 3].clone()]);
            }
        }
        other => panic!("expected a cycle: {other:?}"),
    }
    assert_eq!(graph.find_cycle().map(|cycle| cycle.len()), Some(3));
    assert!(matches!(graph.toposort(), Err(Error::Cycle { .. })));
}

#[test]
fn a_task_that_needs_itself() {
    let mut graph = TaskDict::new();
    graph.value("x", 1i64).task("a", add, ["x", "a"]);
    let error = InOrder.get::<i64>(&graph, "a").expect_err("a cycle");
    assert_eq!(error.to_string(), "tasks need each other: a -> a");
    // What the cycle does not touch can be had.
    assert_eq!(InOrder.get::<i64>(&graph, "x").unwrap(), 1);
}

#[test]
fn an_alias_of_itself_and_aliases_in_a_ring() {
    let mut graph = TaskDict::new();
    graph.alias("a", "a").alias("b", "c").alias("c", "b").task("d", inc, ["b"]);
    for key in ["a", "b", "d"] {
        let outcome = InOrder.get::<i64>(&graph, key);
        assert!(matches!(outcome, Err(Error::Cycle { .. })), "{key}: {outcome:?}");
    }
}

#[test]
fn a_long_cycle_is_found_and_shortened_in_the_message() {
    let mut graph = TaskDict::new();
    for i in 0..50_000u32 {
        graph.task(("x", i), inc, [("x", (i + 1) % 50_000)]);
    }
    let error = InOrder.get::<i64>(&graph, ("x", 7)).expect_err("a cycle");
    assert!(matches!(&error, Error::Cycle { keys } if keys.len() == 50_000));
    assert!(error.to_string().len() < 500, "{error}");
}

#[test]
fn a_missing_key_is_named_with_who_needs_it_and_what_was_meant() {
    let mut graph = TaskDict::new();
    graph.value("total", 1i64);
    let line = line!() + 1;
    graph.task("mean", inc, ["totl"]);
    match InOrder.get::<i64>(&graph, "mean").expect_err("nothing is named so") {
        Error::MissingKey { key, needed_by, made_at, similar } => {
            assert_eq!(*key, "totl".into());
            assert_eq!(needed_by.as_deref(), Some(&"mean".into()));
            assert_eq!(similar.as_deref(), Some(&"total".into()));
            assert_eq!(made_at.map(|at| (at.file(), at.line())), Some((file!(), line)));
        }
        other => panic!("expected a missing key: {other:?}"),
    }
    let error = InOrder.get::<i64>(&graph, "meen").expect_err("nothing is named so");
    assert_eq!(error.to_string(), "no task or value is named meen");
    assert!(error.report().to_string().contains("did you mean: mean"), "{error:?}");
    let error = InOrder.get::<i64>(&graph, "something else").expect_err("nothing is named so");
    assert!(matches!(error, Error::MissingKey { similar: None, needed_by: None, .. }));
}

#[test]
fn a_missing_key_that_nobody_asks_for_is_no_error() {
    let mut graph = TaskDict::new();
    graph.task("broken", inc, ["nothing"]).value("fine", 1i64);
    assert_eq!(InOrder.get::<i64>(&graph, "fine").unwrap(), 1);
    assert!(matches!(graph.toposort(), Err(Error::MissingKey { .. })));
}

#[test]
fn a_position_that_the_grid_has_not() {
    let mut graph = TaskDict::new();
    for i in 0..3u32 {
        for j in 0..2u32 {
            graph.value(("x", i, j), i64::from(i * 10 + j));
        }
    }
    assert_eq!(InOrder.get::<i64>(&graph, ("x", 2, 1)).unwrap(), 21);
    for outside in [Key::from(("x", 3, 1)), Key::from(("x", 0)), Key::from("x")] {
        match InOrder.get::<i64>(&graph, &outside).expect_err("not there") {
            Error::MissingKey { key, .. } => assert_eq!(*key, outside),
            other => panic!("expected a missing key: {other:?}"),
        }
    }
    let error = InOrder.get::<i64>(&graph, ("x", 3, 1)).expect_err("not there");
    assert!(error.report().to_string().contains("did you mean: x["), "{error:?}");
}

#[test]
fn numbers_that_are_no_position_are_refused_where_they_are_written() {
    for make in [|| Key::from(("x", -1)), || Key::from(("x", 1u64 << 32))] {
        let panic = catch_unwind(make).expect_err("no key");
        let text = panic.downcast_ref::<String>().expect("a text");
        assert!(text.contains("cannot be part of a key"), "{text}");
    }
}

#[test]
fn another_type_than_the_value_has() {
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).task("b", inc, ["a"]);
    for key in ["a", "b"] {
        let error = InOrder.get::<String>(&graph, key).expect_err("an i64");
        assert_eq!(error.to_string(), format!("value of {key}: expected String, found i64"));
    }
    let error = InOrder.get_all::<i32>(&graph, ["a", "b"]).expect_err("an i64");
    assert_eq!(error.key(), Some(&"a".into()));
}

#[test]
fn arguments_of_other_types_are_found_before_anything_runs() {
    fn never(_: i64) -> i64 {
        panic!("a task ran")
    }
    let mut graph = TaskDict::new();
    graph.value("n", 1i64).value("text", String::from("a")).task("ran", never, ["n"]);
    let line = line!() + 1;
    graph.task("sum", add, ["ran", "text"]);
    match InOrder.get::<i64>(&graph, "sum").expect_err("text is no number") {
        Error::Argument { key, argument, expected, found, made_at } => {
            assert_eq!((key.to_string().as_str(), argument), ("sum", 1));
            assert_eq!((&*expected, &*found), ("i64", "String (text)"));
            assert_eq!((made_at.file(), made_at.line()), (file!(), line));
        }
        other => panic!("expected an argument error: {other:?}"),
    }
}

#[test]
fn every_way_to_give_an_argument_is_checked() {
    let wrong: [fn(&mut TaskDict); 7] = [
        |graph| _ = graph.task("bad", inc, ["text"]),
        |graph| _ = graph.task("bad", inc, ["alias"]),
        |graph| _ = graph.task("bad", inc, ["of task"]),
        |graph| _ = graph.task("bad", inc, [literal("text")]),
        |graph| _ = graph.task("bad", by_ref(|x: &i64| *x), ["text"]),
        |graph| _ = graph.task("bad", |x: Vec<i64>| x.len(), [list(["n", "text"])]),
        |graph| {
            let nested = args![list([list(["n"]), list(["alias"])]), literal(1i64)];
            graph.task("bad", |x: Vec<Vec<i64>>, n: i64| x.len() as i64 + n, nested);
        },
    ];
    for (at, build) in wrong.into_iter().enumerate() {
        let mut graph = TaskDict::new();
        graph.value("n", 1i64).value("text", String::new()).alias("alias", "text");
        graph.task("of task", |n: i64| n.to_string(), ["n"]);
        build(&mut graph);
        let outcome = InOrder.get_values(&graph, &keys(&["bad"]));
        assert!(matches!(outcome, Err(Error::Argument { .. })), "{at}: {outcome:?}");
    }
}

#[test]
fn what_a_fallible_task_gives_is_checked_too() {
    let mut graph = TaskDict::new();
    graph.value("text", String::from("12"));
    graph.try_task("n", |text: String| text.parse::<i64>(), ["text"]);
    graph.task("fine", inc, ["n"]).task("bad", |n: u8| n, ["n"]);
    assert_eq!(InOrder.get::<i64>(&graph, "fine").unwrap(), 13);
    assert!(matches!(InOrder.get::<u8>(&graph, "bad"), Err(Error::Argument { .. })));
    graph.replace("text").value(String::from("zwölf"));
    let error = InOrder.get::<i64>(&graph, "fine").expect_err("no number");
    let source = error.source().and_then(|source| source.downcast_ref());
    assert!(matches!(source, Some(std::num::ParseIntError { .. })), "{error:?}");
    assert_eq!(error.key(), Some(&"n".into()));
}

#[test]
fn a_key_that_is_given_twice() {
    let mut graph = TaskDict::new();
    let first = line!() + 1;
    graph.value("a", 1i64);
    let second = line!() + 1;
    graph.task("a", || 2i64, ());
    graph.value("b", 3i64);
    // Whatever is asked for: nobody can tell which one was meant.
    for key in ["a", "b", "nothing"] {
        match InOrder.get::<i64>(&graph, key).expect_err("given twice") {
            Error::DuplicateKey { key, first: one, second: two } => {
                assert_eq!((*key, one.line(), two.line()), ("a".into(), first, second));
            }
            other => panic!("expected a duplicate: {other:?}"),
        }
    }
    assert!(graph.culled(["b"]).is_err() && graph.inlined(["b"]).is_err());
    assert!(graph.fused(["b"]).is_err());
    assert_eq!(graph.len(), 2);
}

/// A pass must not lose sight of the mistake: the graph that it gives is no better.
#[test]
fn a_key_that_is_given_twice_is_an_error_after_every_pass() {
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).value("a", 2i64);
    let outcome = InOrder.get::<i64>(&graph.with_constants_inlined(), "a");
    assert!(matches!(outcome, Err(Error::DuplicateKey { .. })), "{outcome:?}");
}

#[test]
fn given_anew_on_purpose_is_no_duplicate() {
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).task("b", inc, ["a"]);
    graph.replace("a").value(5i64).replace("c").task(inc, ["b"]);
    assert_eq!(InOrder.get_all::<i64>(&graph, ["a", "b", "c"]).unwrap(), [5, 6, 7]);
}

#[test]
fn an_empty_graph() {
    let graph = TaskDict::new();
    assert!(graph.is_empty() && graph.to_string().is_empty());
    assert!(InOrder.get_values(&graph, &[]).unwrap().is_empty());
    let outcome = InOrder.get::<i64>(&graph, "a");
    assert!(matches!(outcome, Err(Error::MissingKey { similar: None, .. })), "{outcome:?}");
    assert!(graph.toposort().unwrap().is_empty() && graph.find_cycle().is_none());
    assert!(graph.with_constants_inlined().is_empty());
    assert!(graph.fused(keys(&[])).unwrap().is_empty());
    assert!(graph.culled(keys(&[])).unwrap().is_empty());
}

#[test]
fn asking_for_nothing_runs_nothing() -> Result<()> {
    let mut graph = TaskDict::new();
    graph.task("a", || -> i64 { panic!("a task ran") }, ());
    assert!(InOrder.get_values(&graph, &[])?.is_empty());
    assert!(InOrder.get_all::<i64>(&graph, keys(&[]))?.is_empty());
    Ok(())
}

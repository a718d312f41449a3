//! Hand-written graphs that are unusual and right.

use chunkwise_graph::dict::Nested;
use chunkwise_graph::{InOrder, Key, Name, SchedulerExt, TaskDict, Value, args, list, literal};
use chunkwise_testing::generate::task_dicts;
use chunkwise_testing::in_another_process;
use proptest::prelude::*;

fn inc(x: i64) -> i64 {
    x + 1
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_keys_give_their_values(made in task_dicts(30), picks in prop::collection::vec(any::<prop::sample::Index>(), 0..5)) {
        let wanted: Vec<usize> = match made.keys.len() {
            0 => Vec::new(),
            n => picks.iter().map(|pick| pick.index(n)).collect(),
        };
        let (keys, expected) = made.expected(&wanted);
        prop_assert_eq!(InOrder.get_all::<i64>(&made.dict, keys).unwrap(), expected);
    }

    #[test]
    fn inspection_agrees_with_itself(made in task_dicts(30)) {
        let order = made.dict.toposort().unwrap();
        prop_assert_eq!(order.len(), made.keys.len());
        let place = |key: &Key| order.iter().position(|other| other == key).unwrap();
        for key in &made.keys {
            for dep in made.dict.dependencies(key).unwrap() {
                prop_assert!(place(&dep) < place(key));
                prop_assert!(made.dict.dependents(&dep).unwrap().contains(key));
            }
            prop_assert_ne!(made.dict.get_value(key).is_some(), made.dict.get_task(key).is_some());
        }
        prop_assert!(made.dict.find_cycle().is_none());
    }
}

#[test]
fn a_chain_of_a_million_is_built_run_and_dropped() {
    in_another_process("dict::a_chain_of_a_million_is_built_run_and_dropped", || {
        let name = Name::given("x");
        let key = |i: u32| Key { name: name.clone(), index: Key::from(("x", i)).index };
        let mut graph = TaskDict::new();
        graph.value(key(0), 0i64);
        for i in 1..1_000_000 {
            graph.task(key(i), inc, [key(i - 1)]);
        }
        assert_eq!(InOrder.get::<i64>(&graph, key(999_999)).unwrap(), 999_999);
        let copy = graph.clone();
        drop(graph);
        assert_eq!(copy.len(), 1_000_000);
        assert_eq!(copy.toposort().unwrap().len(), 1_000_000);
    });
}

#[test]
fn a_task_of_many_arguments() {
    let mut graph = TaskDict::new();
    for i in 0..100_000u32 {
        graph.value(("x", i), i64::from(i));
    }
    let all = list((0..100_000u32).map(|i| ("x", i)));
    graph.task("sum", |all: Vec<i64>| all.iter().sum::<i64>(), [all]);
    assert_eq!(InOrder.get::<i64>(&graph, "sum").unwrap(), 4_999_950_000);
    assert!(graph.to_string().len() < 5000);
    assert_eq!(graph.dependencies("sum").unwrap().len(), 100_000);
}

#[test]
fn deeply_nested_lists() {
    type Deep = Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<i64>>>>>>>>;
    fn total(deep: Deep) -> i64 {
        deep.into_iter().flatten().flatten().flatten().flatten().flatten().flatten().flatten().sum()
    }
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).value("b", 2i64);
    let innermost = || list([list([list([list(["a", "b"])])]), list([])]);
    let deep = list([list([list([list([innermost(), innermost()])])])]);
    graph.task("total", total, [deep]);
    assert_eq!(InOrder.get::<i64>(&graph, "total").unwrap(), 6);
    assert_eq!(graph.dependencies("total").unwrap(), ["a".into(), "b".into()]);
}

#[test]
fn results_are_nested_as_their_keys_were() {
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).value("b", 2i64);
    let mut keys = Nested::One(Key::from("a"));
    let mut shape = 0;
    for _ in 0..1000 {
        keys = Nested::List(vec![keys, Nested::List(vec![]), Nested::One("b".into())]);
        shape += 1;
    }
    let values = InOrder.get_nested(&graph, keys).unwrap();
    let (mut inner, mut depth) = (&values, 0);
    while let Nested::List(items) = inner {
        assert!(matches!(&items[1], Nested::List(empty) if empty.is_empty()));
        assert!(matches!(&items[2], Nested::One(value) if *value.get::<i64>().unwrap() == 2));
        (inner, depth) = (&items[0], depth + 1);
    }
    assert_eq!(depth, shape);
    assert!(matches!(inner, Nested::One(value) if *value.get::<i64>().unwrap() == 1));
}

#[test]
fn keys_of_any_text() {
    let texts = ["", " ", "größe", "∑ᵢ xᵢ", "🦀", "a\nb", "a\0b", "x[0]", "e\u{301}", "é"];
    let mut graph = TaskDict::new();
    for (at, text) in texts.into_iter().enumerate() {
        graph.value(text, at as i64).task((text, 0), inc, [text]);
    }
    for (at, text) in texts.into_iter().enumerate() {
        assert_eq!(InOrder.get::<i64>(&graph, text).unwrap(), at as i64);
        assert_eq!(InOrder.get::<i64>(&graph, (text, 0)).unwrap(), at as i64 + 1);
    }
    // Text that looks like a position is text.
    assert_ne!(Key::from("x[0]"), Key::from(("x", 0)));
}

#[test]
fn text_is_a_key_and_a_literal_is_text() {
    let mut graph = TaskDict::new();
    graph.value("a", String::from("value"));
    let join = |a: String, b: &'static str| format!("{a} {b}");
    graph.task("both", join, args!["a", literal("a")]);
    assert_eq!(InOrder.get::<String>(&graph, "both").unwrap(), "value a");
}

#[test]
fn values_of_any_type_and_none() {
    let mut graph = TaskDict::new();
    graph.value("unit", ()).value("nan", f64::NAN).value("function", inc as fn(i64) -> i64);
    graph.task("applied", |f: fn(i64) -> i64| f(1), ["function"]);
    graph.task("is nan", |x: f64| x.is_nan(), ["nan"]).task("after", |()| 5i64, ["unit"]);
    assert_eq!(InOrder.get::<i64>(&graph, "applied").unwrap(), 2);
    assert!(InOrder.get::<bool>(&graph, "is nan").unwrap());
    assert_eq!(InOrder.get::<i64>(&graph, "after").unwrap(), 5);
    let unit: Vec<Value> = InOrder.get_values(&graph, &["unit".into()]).unwrap();
    assert!(unit[0].is::<()>());
}

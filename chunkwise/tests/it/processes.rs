use chunkwise::graph::Error;
use chunkwise::prelude::*;
use std::fmt;
use std::sync::Arc;

/// A type that nobody but its program knows.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
struct Row {
    id: u32,
    name: String,
}

#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Negative {
    found: i64,
}

impl fmt::Display for Negative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is negative", self.found)
    }
}

impl std::error::Error for Negative {}

fn inc(x: i64) -> i64 {
    x + 1
}

fn add(x: i64, y: i64) -> i64 {
    x + y
}

fn tenth(x: i64) -> f64 {
    x as f64 / 10.0
}

fn rows(n: u32) -> Vec<Row> {
    (0..n).map(|id| Row { id, name: format!("row {id}") }).collect()
}

fn root(x: i64) -> Result<f64, Negative> {
    if x < 0 { Err(Negative { found: x }) } else { Ok((x as f64).sqrt()) }
}

#[delayed]
fn describe(rows: Vec<Row>, factor: f64) -> Vec<(String, f64)> {
    rows.iter().map(|row| (row.name.clone(), f64::from(row.id) * factor)).collect()
}

/// The same answer, to the bit, from each scheduler.
fn same_everywhere<T: PartialEq + fmt::Debug>(compute: impl Fn(&dyn Scheduler) -> T) -> T {
    let processes = Processes::new(2).unwrap();
    let [one, many, apart] =
        [&Synchronous as &dyn Scheduler, &Threaded::new(), &processes].map(compute);
    assert_eq!(one, many);
    assert_eq!(one, apart);
    apart
}

#[test]
fn graphs_by_hand_give_the_same_on_each_scheduler() {
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).task("b", inc, ["a"]).value("x", 10i64).task("y", inc, ["x"]);
    graph.task("z", add, ["b", "y"]).task("tenth", tenth, ["z"]);
    graph.task("all", |numbers: Vec<i64>| numbers, [list(["a", "b", "z"])]);
    let computed = same_everywhere(|scheduler| {
        let all = scheduler.get::<Vec<i64>>(&graph, "all").unwrap();
        (all, scheduler.get::<f64>(&graph, "tenth").unwrap().to_bits())
    });
    assert_eq!(computed, (vec![1, 2, 13], 1.3f64.to_bits()));
}

#[test]
fn delayed_calls_give_the_same_on_each_scheduler() {
    register_serde::<Vec<Row>>();
    let table = delayed(rows).call((3,));
    let third = delayed(inc).call((2,)).map(|&x| tenth(x));
    let named = describe(&table, third);
    let n = table.map(Vec::len);
    let computed = same_everywhere(|scheduler| (&named, &n).compute_with(scheduler).unwrap());
    let expected =
        [("row 0".to_owned(), 0.0), ("row 1".to_owned(), 0.3), ("row 2".to_owned(), 0.6)];
    assert_eq!(computed, (expected.to_vec(), 3));
}

#[test]
fn tables_of_ones_own_type_are_outputs_too() {
    register_serde::<Vec<Row>>();
    let table = delayed(rows).call((1000,));
    assert_eq!(same_everywhere(|scheduler| table.compute_with(scheduler).unwrap()), rows(1000));
}

#[test]
fn the_same_task_fails_in_the_same_way() {
    register_error::<Negative>();
    let roots = collect((-2i64..2).map(|x| delayed(root).try_call((x,))));
    let (text, found) = same_everywhere(|scheduler| {
        let error = roots.compute_with(scheduler).unwrap_err();
        let Error::Task { source, .. } = &error else { panic!("{error:?}") };
        (error.to_string(), source.downcast_ref::<Negative>().unwrap().found)
    });
    assert_eq!(found, -2);
    assert!(text.starts_with("task root-"), "{text}");
}

#[test]
fn a_closure_that_captures_is_refused_before_anything_runs() {
    let step = std::hint::black_box(3);
    let next = delayed(move |x: i64| x + step).call((delayed(inc).call((1,)),));
    assert_eq!(next.compute_with(&Threaded::new()).unwrap(), 5);
    let text = next.compute_with(&Processes::new(1).unwrap()).unwrap_err().report().to_string();
    assert!(text.contains("captures"), "{text}");
}

#[test]
fn observers_see_what_runs_elsewhere() {
    let profile = Arc::new(Profile::new());
    let z = delayed(add).call((delayed(inc).call((1,)), delayed(inc).call((10,))));
    let processes = Processes::new(2).unwrap();
    let answer =
        with_scheduler(processes.clone(), || with_observer(profile.clone(), || z.compute()));
    assert_eq!(answer.unwrap(), 13);
    assert!(!profile.records().is_empty());
    assert_eq!(processes.n_workers(), 2);
}

//! Graphs on worker processes.

use chunkwise_graph::{Error, Run, Scheduler, SchedulerExt, TaskDict, by_ref, list, literal};
use chunkwise_sched_process::Processes;

fn inc(x: i64) -> i64 {
    x + 1
}

fn add(x: i64, y: i64) -> i64 {
    x + y
}

#[test]
fn the_first_graph() {
    let mut graph = TaskDict::new();
    graph
        .value("a", 1i64)
        .task("b", inc, ["a"])
        .value("x", 10i64)
        .task("y", inc, ["x"])
        .task("z", add, ["b", "y"])
        .task("total", |all: Vec<i64>| all.iter().sum::<i64>(), [list(["b", "y", "z"])])
        .task("where", |_: i64| std::process::id(), ["z"]);
    let processes = Processes::new(2).unwrap();
    let total: i64 = processes.get(&graph, "total").unwrap();
    assert_eq!(total, 26);
    let id: u32 = processes.get(&graph, "where").unwrap();
    assert!(processes.worker_ids().contains(&id));
    assert_ne!(id, std::process::id());
}

#[test]
fn large_values_go_from_worker_to_worker() {
    let mut graph = TaskDict::new();
    for i in 0..6u32 {
        graph.task(("x", i), |i: u32| vec![f64::from(i); 300_000], [literal(i)]);
        graph.task(
            ("y", i),
            by_ref(|x: &Vec<f64>| x.iter().map(|x| x + 1.0).collect::<Vec<f64>>()),
            [("x", i)],
        );
    }
    for i in 0..6u32 {
        let pair = [("y", i), ("y", (i + 1) % 6)];
        graph.task(
            ("z", i),
            by_ref(|x: &Vec<f64>, y: &Vec<f64>| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>()),
            pair,
        );
    }
    let processes = Processes::new(2).unwrap();
    let sums: Vec<f64> = processes.get_all(&graph, (0..6u32).map(|i| ("z", i))).unwrap();
    let expected: Vec<f64> = (0..6).map(|i| 3e5 * f64::from((i + 1) * ((i + 1) % 6 + 1))).collect();
    assert_eq!(sums, expected);
    let whole: Vec<f64> = processes.get(&graph, ("y", 2u32)).unwrap();
    assert_eq!(whole, vec![3.0; 300_000]);
}

#[test]
fn captures_are_refused_before_anything_runs() {
    let step = std::hint::black_box(3i64);
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).task("b", move |x: i64| x + step, ["a"]);
    let error = Processes::new(1).unwrap().get::<i64>(&graph, "b").unwrap_err();
    match &error {
        Error::NotShippable { site, why } => {
            assert_eq!(site.key.to_string(), "b");
            assert!(why.contains("captures 8 bytes"), "{why}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn many_tasks() {
    let plan = chunkwise_testing::trivial_plan(chunkwise_graph::shapes::tree(5000));
    let plan = plan.unwrap();
    let processes = Processes::new(2).unwrap();
    if let Err(Error::NotShippable { .. }) = processes.run(&plan, &Run::new()) {
        return;
    }
    let value = processes.run(&plan, &Run::new()).unwrap();
    assert_eq!(value[0].get::<i64>().unwrap(), &(plan.len() as i64));
}

//! The right values, for every shape of graph.

use super::Subject;
use crate::generate::{layered_graphs, task_dicts, task_graphs};
use crate::task_graph::TaskGraph;
use chunkwise_graph::{CollectionExt, Graph, InOrder, Run, Scheduler, SchedulerExt, Value, shapes};
use proptest::prelude::*;

/// A plan without layers.
pub fn no_tasks(subject: &Subject) {
    let plan = Graph::new([]).plan().unwrap();
    assert!(plan.is_empty());
    assert!(subject.run(&plan).unwrap().is_empty());
}

/// Tasks of which none is asked for: none runs.
pub fn no_outputs(subject: &Subject) {
    let graph = TaskGraph { dag: shapes::chain(5), outputs: vec![] };
    let plan = graph.plan(|_, _| panic!("nobody asked"));
    assert!(plan.is_empty());
    assert!(subject.run(&plan).unwrap().is_empty());
}

/// A single task.
pub fn one_task(subject: &Subject) {
    subject.check(&TaskGraph::to_sinks(shapes::chain(1)));
}

/// One output several times, between others: the same value each time, not a copy.
pub fn outputs_asked_twice(subject: &Subject) {
    let graph = TaskGraph::of([vec![], vec![0], vec![0, 1]], &[2, 0, 2, 1, 2]);
    subject.check(&graph);
    let values = subject.run(&graph.mixing()).unwrap();
    let at = |value: &Value| std::ptr::from_ref(value.get::<u64>().unwrap());
    if !subject.has_separate_processes() {
        assert_eq!(at(&values[0]), at(&values[4]), "computed or copied twice");
    }
}

/// Every task of a chain wanted, the last first.
pub fn inner_tasks_as_outputs(subject: &Subject) {
    let outputs = (0..50).rev().collect();
    subject.check(&TaskGraph { dag: shapes::chain(50), outputs });
}

/// One input mentioned twice and more: `add(x, x)`.
pub fn repeated_arguments(subject: &Subject) {
    subject.check(&TaskGraph::of([vec![], vec![0, 0]], &[1]));
    subject.check(&TaskGraph::of([vec![], vec![], vec![0, 1, 0, 1, 1], vec![2, 2, 0]], &[3, 2]));
    subject.check(&TaskGraph::of([vec![], vec![0; 1000], vec![1; 3]], &[2]));
}

/// Two ways from one task to another.
pub fn a_diamond(subject: &Subject) {
    subject.check(&TaskGraph::of([vec![], vec![0], vec![0], vec![2, 1]], &[3]));
}

/// Each task needs the one before.
pub fn a_chain(subject: &Subject) {
    subject.check(&TaskGraph::to_sinks(shapes::chain(1000)));
}

/// A map and a reduction.
pub fn a_tree(subject: &Subject) {
    subject.check(&TaskGraph::to_sinks(shapes::tree(3000)));
}

/// A periodic stencil.
pub fn a_lattice(subject: &Subject) {
    subject.check(&TaskGraph::to_sinks(shapes::lattice(3000)));
}

/// Tasks without dependencies, and one that needs them all or that they all need.
pub fn a_wide_graph(subject: &Subject) {
    subject.check(&TaskGraph::of(vec![vec![]; 2000], &(0..2000).collect::<Vec<u32>>()));
    subject.check(&TaskGraph::to_sinks(shapes::fan_in(2000)));
    subject.check(&TaskGraph::to_sinks(shapes::fan_out(2000)));
}

/// Layers of which each needs the whole one before.
pub fn dense_layers(subject: &Subject) {
    subject.check(&TaskGraph::to_sinks(shapes::dense(30, 6)));
}

/// Random graphs of tasks.
pub fn random_graphs(subject: &Subject) {
    subject.for_all(150, task_graphs(80), |graph| subject.check(&graph));
}

/// Random hand-written graphs, asked for one key, several, and all.
pub fn random_dicts(subject: &Subject) {
    let scheduler = subject.scheduler();
    subject.for_all(60, (task_dicts(25), any::<prop::sample::Index>()), |(made, pick)| {
        let all: Vec<usize> = (0..made.keys.len()).chain(0..made.keys.len().min(2)).collect();
        let (keys, expected) = made.expected(&all);
        assert_eq!(scheduler.get_all::<i64>(&made.dict, keys).unwrap(), expected);
        if !made.keys.is_empty() {
            let at = pick.index(made.keys.len());
            let one: i64 = scheduler.get(&made.dict, &made.keys[at]).unwrap();
            assert_eq!(one, made.values[at]);
        }
    });
}

/// Random layered graphs, with every combination of passes and with those of a collection.
pub fn random_layers(subject: &Subject) {
    let scheduler = subject.scheduler();
    subject.for_all(80, layered_graphs(10), |made| {
        let expected = made.expected();
        for passes in 0..8 {
            let mut graph = made.graph();
            if passes & 1 != 0 {
                graph.cull();
            }
            if passes & 2 != 0 {
                graph.inline();
            }
            if passes & 4 != 0 {
                graph.fuse_blockwise();
            }
            let plan = scheduler.prepare(&graph).unwrap();
            let values = scheduler.run(&plan, &Run::new()).unwrap();
            let values: Vec<&Vec<u64>> = values.iter().map(|v| v.get().unwrap()).collect();
            assert_eq!(values, expected.iter().collect::<Vec<_>>(), "with passes {passes:03b}");
        }
        assert_eq!(made.compute_with(&*scheduler).unwrap(), expected);
    });
}

/// Sums of floats in a tree: the same bits as one task after the other, every time.
pub fn float_sums_have_the_same_bits(subject: &Subject) {
    let graph = TaskGraph::to_sinks(shapes::tree(2000));
    let plan = graph.plan(|task, inputs| {
        let own = (f64::from(task) * 0.7).sin() * 10f64.powi((task % 30) as i32 - 15);
        let inputs: Result<Vec<f64>, _> = inputs.iter().map(|v| v.get::<f64>().copied()).collect();
        Ok(Value::new(inputs?.iter().fold(own, |sum, x| sum + x)))
    });
    let bits = |values: Vec<Value>| values[0].get::<f64>().unwrap().to_bits();
    let reference = bits(InOrder.run(&plan, &Run::new()).unwrap());
    for _ in 0..20 {
        assert_eq!(bits(subject.run(&plan).unwrap()), reference);
    }
}

//! Random graphs of tasks.

use super::seeded::Seeded;
use crate::task_graph::TaskGraph;
use chunkwise_graph::{Dag, shapes};
use proptest::prelude::*;

/// What a random graph looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Up to three dependencies a task, among all earlier ones; a tenth of the mentions repeated.
    Sparse,
    /// Up to a third of all earlier tasks.
    Dense,
    /// Up to three of the eight tasks before.
    Narrow,
    /// Two in three tasks have no dependencies.
    Wide,
    /// Several chains, now and then tied together.
    Chains,
    /// A map and a reduction.
    Tree,
    /// A periodic stencil.
    Lattice,
    /// Layers of which each needs the whole one before.
    Layered,
    /// One task that all others need, and one that needs them all.
    Star,
    /// No dependencies at all.
    Loose,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Shape; 10] = [
        Shape::Sparse,
        Shape::Dense,
        Shape::Narrow,
        Shape::Wide,
        Shape::Chains,
        Shape::Tree,
        Shape::Lattice,
        Shape::Layered,
        Shape::Star,
        Shape::Loose,
    ];

    fn dag(self, n: usize, random: &mut Seeded) -> Dag {
        match self {
            Shape::Tree => shapes::tree(n),
            Shape::Lattice => shapes::lattice(n),
            Shape::Layered => shapes::dense(4, n.div_ceil(4)),
            _ => Dag::from_lists((0..n).map(|task| self.deps(task, n, random))),
        }
    }

    fn deps(self, task: usize, n: usize, random: &mut Seeded) -> Vec<u32> {
        let (n_deps, first) = match self {
            _ if task == 0 => (0, 0),
            Shape::Sparse => (random.below(4), 0),
            Shape::Dense => (random.below(task / 3 + 2), 0),
            Shape::Narrow => (random.below(4), task.saturating_sub(8)),
            Shape::Wide => (if random.chance(66) { 0 } else { 1 + random.below(4) }, 0),
            Shape::Chains => (1 + usize::from(random.chance(10)), task.saturating_sub(3)),
            Shape::Star if task + 1 == n => return (0..task as u32).collect(),
            Shape::Star => return vec![0],
            Shape::Loose | Shape::Tree | Shape::Lattice | Shape::Layered => (0, 0),
        };
        let mut deps: Vec<u32> =
            (0..n_deps).map(|_| (first + random.below(task - first)) as u32).collect();
        if random.chance(10) {
            deps.extend(deps.first().copied());
        }
        deps
    }
}

/// A random graph of about `n` tasks of this shape, its tasks numbered in a random order. Mostly
/// all tasks that nobody needs are wanted; else some tasks, some of them twice.
pub fn task_graph(shape: Shape, n: usize, seed: u64) -> TaskGraph {
    let mut random = Seeded::new(seed);
    let dag = shape.dag(n, &mut random);
    let dag = dag.renumbered(&random.permutation(dag.len()));
    if dag.is_empty() || random.chance(60) {
        return TaskGraph::to_sinks(dag);
    }
    let n_outputs = random.below(6);
    let outputs = (0..n_outputs).map(|_| random.below(dag.len()) as u32).collect();
    TaskGraph { dag, outputs }
}

/// Random graphs of every shape, of up to about `max` tasks.
pub fn task_graphs(max: usize) -> impl Strategy<Value = TaskGraph> {
    (prop::sample::select(&Shape::ALL[..]), 0..=max, any::<u64>())
        .prop_map(|(shape, n, seed)| task_graph(shape, n, seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphs_have_no_cycles_and_their_seed_fixes_them() {
        for shape in Shape::ALL {
            for n in [0, 1, 2, 5, 40] {
                let graph = task_graph(shape, n, 3);
                assert_eq!(graph.dag.find_cycle(), None);
                assert_eq!(graph, task_graph(shape, n, 3));
            }
        }
    }

    #[test]
    fn repeats_empty_outputs_and_repeated_outputs_come_up() {
        let all: Vec<TaskGraph> =
            (0..200).map(|seed| task_graph(Shape::Sparse, 20, seed)).collect();
        let repeats = |list: &[u32]| (1..list.len()).any(|i| list[..i].contains(&list[i]));
        assert!(all.iter().any(|g| g.dag.tasks().any(|task| repeats(g.dag.deps(task)))));
        assert!(all.iter().any(|g| g.outputs.is_empty()));
        assert!(all.iter().any(|g| repeats(&g.outputs)));
        assert!(all.iter().any(|g| !g.dag.is_topological()));
    }
}

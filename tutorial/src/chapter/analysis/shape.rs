//! A layer of one's own: a task for each node of a given graph of dependencies.

use std::borrow::Cow;
use std::sync::Arc;

use chunkwise::graph::{Blocks, Bounds, BoxError, Dag, Dep, Error, Graph, Layer, Name};
use chunkwise::prelude::*;

/// Each task counts the paths that lead to it (modulo 2^64).
struct Paths {
    dag: Dag,
    grid: [u32; 1],
}

impl Blocks for Paths {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.extend(self.dag.deps(block).iter().map(|&dep| Dep::own(dep)));
    }

    fn run(&self, _block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let mut paths = u64::from(inputs.is_empty());
        for input in inputs {
            paths = paths.wrapping_add(*input.get::<u64>()?);
        }
        Ok(Value::new(paths))
    }

    fn op_name(&self) -> Cow<'_, str> {
        "paths".into()
    }

    fn bytes(&self, _block: u32) -> Bounds {
        Bounds::output(size_of::<u64>() as u64)
    }
}

/// The graph of one layer with these dependencies; wanted is what no other task needs.
pub(super) fn graph_of(dag: Dag) -> Result<Graph, Error> {
    let name = Name::unique("paths");
    let ends = dag.tasks().filter(|&task| dag.dependents(task).is_empty());
    let wanted: Vec<Key> = ends
        .map(|task| Key { name: name.clone(), index: std::iter::once(task).collect() })
        .collect();
    let n_tasks = dag.len() as u32;
    let layer: Arc<Layer> = Layer::new(name, [], Paths { dag, grid: [n_tasks] });
    let mut graph = Graph::new([&layer]);
    graph.want(&wanted)?;
    Ok(graph)
}

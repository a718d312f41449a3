//! Fusing linear chains of tasks: a task whose only dependency has no other dependent joins it.

use super::{CHAIN, Node, Plan};
use crate::dag::Dag;
use crate::error::BoxError;
use crate::value::Value;

impl Plan {
    /// The same work with linear chains of tasks as one task each, named after their last.
    ///
    /// # Complexity
    /// O(tasks + dependencies).
    #[must_use]
    pub fn with_fused_chains(&self) -> Plan {
        let links = Links::new(self);
        let dag = self.dag();
        let mut new_number = vec![u32::MAX; self.len()];
        let ends: Vec<u32> = dag.tasks().filter(|&task| links.is_end[task as usize]).collect();
        for (number, &end) in ends.iter().enumerate() {
            new_number[end as usize] = number as u32;
        }
        let (mut offsets, mut deps) = (vec![0u32], Vec::with_capacity(dag.n_edges()));
        let (mut nodes, mut chains) = (Vec::with_capacity(ends.len()), self.inner.chains.clone());
        for &end in &ends {
            let (first, chain) = links.chain_of(self, end);
            deps.extend(dag.deps(first).iter().map(|&dep| new_number[dep as usize]));
            offsets.push(deps.len() as u32);
            nodes.push(match chain[..] {
                [node] => node,
                _ => {
                    chains.push(chain);
                    Node { layer: CHAIN, block: chains.len() as u32 - 1 }
                }
            });
        }
        let outputs = self.outputs().iter().map(|&output| new_number[output as usize]).collect();
        let layers = self.inner.layers.clone();
        Plan::assemble(Dag::from_deps(offsets, deps), nodes, layers, chains, outputs)
    }

    pub(super) fn run_chain(&self, chain: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let mut links = self.inner.chains[chain as usize].iter();
        let run = |node: &Node, inputs: &mut [Value]| {
            self.inner.layers[node.layer as usize].blocks.run(node.block, inputs)
        };
        let Some(first) = links.next() else { return Ok(Value::unit()) };
        let mut value = run(first, inputs)?;
        for node in links {
            value = run(node, std::slice::from_mut(&mut value))?;
        }
        Ok(value)
    }
}

/// Which tasks follow their only dependency directly.
struct Links {
    previous: Vec<Option<u32>>,
    is_end: Vec<bool>,
}

impl Links {
    fn new(plan: &Plan) -> Links {
        let dag = plan.dag();
        let mut is_output = vec![false; plan.len()];
        for &output in plan.outputs() {
            is_output[output as usize] = true;
        }
        let previous: Vec<Option<u32>> = dag
            .tasks()
            .map(|task| match *dag.deps(task) {
                [dep] if dag.dependents(dep).len() == 1 && !is_output[dep as usize] => Some(dep),
                _ => None,
            })
            .collect();
        let mut is_end = vec![true; plan.len()];
        for dep in previous.iter().flatten() {
            is_end[*dep as usize] = false;
        }
        Links { previous, is_end }
    }

    /// The first task of the chain that ends at `end`, and all its blocks in the order to run.
    fn chain_of(&self, plan: &Plan, end: u32) -> (u32, Vec<Node>) {
        let mut tasks = vec![end];
        while let Some(previous) = self.previous[tasks[tasks.len() - 1] as usize] {
            tasks.push(previous);
        }
        let first = tasks[tasks.len() - 1];
        let blocks = tasks.iter().rev().flat_map(|&task| plan.blocks_of(task).iter().copied());
        (first, blocks.collect())
    }
}

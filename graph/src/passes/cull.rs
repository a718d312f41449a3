//! Dropping layers that nothing wanted needs.

use crate::graph::{Graph, LayerId};
use petgraph::Direction::Incoming;

impl Graph {
    /// Drops layers that nothing wanted needs; gives their number.
    ///
    /// # Complexity
    /// O(layers + links).
    pub fn cull(&mut self) -> usize {
        let mut needed = vec![false; self.node_bound()];
        let mut stack: Vec<LayerId> = self.wanted.iter().map(|wanted| wanted.layer()).collect();
        while let Some(id) = stack.pop() {
            if !std::mem::replace(&mut needed[id.index()], true) {
                stack.extend(self.layers.neighbors_directed(id, Incoming));
            }
        }
        let before = self.n_layers();
        self.layers.retain_nodes(|_, id| needed[id.index()]);
        self.by_name.retain(|_, id| needed[id.index()]);
        before - self.n_layers()
    }

    pub(crate) fn node_bound(&self) -> usize {
        self.layers.node_indices().next_back().map_or(0, |last| last.index() + 1)
    }
}

//! Replacing the programs of blockwise layers: what a collection does with its own kernels.

use crate::blockwise::Blockwise;
use crate::graph::Graph;
use std::sync::Arc;

impl Graph {
    /// Replaces the programs of blockwise layers for which `rewrite` gives another one over the
    /// same inputs; gives the number of layers that were changed.
    ///
    /// # Complexity
    /// O(layers) calls of `rewrite`.
    ///
    /// # Panics
    /// If a new program has another grid or another number of inputs.
    pub fn rewrite_blockwise(
        &mut self,
        mut rewrite: impl FnMut(&Blockwise) -> Option<Blockwise>,
    ) -> usize {
        let mut n_changed = 0;
        for id in self.layer_ids() {
            let Some(old) = self.layers[id].blocks.as_blockwise() else { continue };
            if let Some(new) = rewrite(old) {
                let same = new.grid == old.grid && new.maps == old.maps;
                assert!(same, "a rewritten program keeps grid and inputs");
                self.layers[id].blocks = Arc::new(new);
                n_changed += 1;
            }
        }
        n_changed
    }
}

//! Inlining: layers marked as cheap are computed again in each consumer instead of being held.

use super::merge::MAX_STEPS;
use crate::block_map::{AxisMap, BlockMap};
use crate::graph::{Graph, LayerId};
use petgraph::Direction::Outgoing;

impl Graph {
    /// Recomputes blockwise layers that are marked [`inlinable`](crate::Blockwise::inlinable) in
    /// each of their blockwise consumers; gives the number of layers that disappeared.
    ///
    /// A layer stays where it is wanted itself, where a consumer is not blockwise, or where a
    /// consumer needs several of its blocks at once.
    ///
    /// # Complexity
    /// O(layers x steps of a fused program), whatever the number of blocks.
    pub fn inline(&mut self) -> usize {
        let mut n_inlined = 0;
        for producer in self.layer_ids() {
            let marked = self.layers[producer].blocks.as_blockwise().is_some_and(|b| b.inlinable);
            let mut consumers: Vec<LayerId> =
                self.layers.neighbors_directed(producer, Outgoing).collect();
            consumers.sort_unstable();
            consumers.dedup();
            if !marked
                || consumers.is_empty()
                || self.is_wanted(producer)
                || !consumers.iter().all(|&consumer| self.can_inline(producer, consumer))
            {
                continue;
            }
            if consumers.iter().all(|&consumer| self.merge(producer, consumer).is_some()) {
                self.remove(producer);
                n_inlined += 1;
            }
        }
        n_inlined
    }

    fn can_inline(&self, producer: LayerId, consumer: LayerId) -> bool {
        let layers = &self.layers;
        let (Some(inner), Some(outer)) =
            (layers[producer].blocks.as_blockwise(), layers[consumer].blocks.as_blockwise())
        else {
            return false;
        };
        let contracts = |map: &BlockMap| match map {
            BlockMap::Same => false,
            BlockMap::Axes { axes, .. } => axes.contains(&AxisMap::All),
        };
        let inputs = self.inputs(consumer);
        let mut maps = outer.maps.iter().zip(&inputs).filter(|(_, input)| **input == producer);
        inner.n_steps() + outer.n_steps() <= MAX_STEPS
            && maps.all(|(map, _)| !contracts(map) && map.input_grid(&outer.grid) == inner.grid)
    }
}

//! Blockwise fusion: aligned producers run inside their only consumer.

use super::merge::MAX_STEPS;
use crate::graph::{Graph, LayerId};
use petgraph::Direction::Outgoing;

impl Graph {
    /// Joins blockwise layers whose blocks are needed by one block of one other blockwise layer
    /// each; gives the number of layers that disappeared.
    ///
    /// Chains of elementwise work become one task a block with no intermediate held, also through
    /// transpositions, and where two branches of one expression meet again (`(x + 1) * (x + 1)`).
    /// Nothing is computed twice, and no task waits for more than it did.
    ///
    /// # Complexity
    /// O(layers x steps of a fused program), whatever the number of blocks.
    pub fn fuse_blockwise(&mut self) -> usize {
        let mut wanted = vec![false; self.node_bound()];
        for want in &self.wanted {
            wanted[want.layer().index()] = true;
        }
        let mut n_fused = 0;
        for consumer in self.layer_ids() {
            while let Some(producer) = self.fusible_input(consumer, &wanted) {
                if self.merge(producer, consumer).is_none() {
                    break;
                }
                self.remove(producer);
                n_fused += 1;
            }
        }
        n_fused
    }

    fn fusible_input(&self, consumer: LayerId, wanted: &[bool]) -> Option<LayerId> {
        let outer = self.layers[consumer].blocks.as_blockwise()?;
        let inputs = self.inputs(consumer);
        inputs.iter().copied().find(|&producer| {
            let Some(inner) = self.layers[producer].blocks.as_blockwise() else { return false };
            let mut maps = outer.maps.iter().zip(&inputs).filter(|(_, input)| **input == producer);
            let Some((map, _)) = maps.next() else { return false };
            !wanted[producer.index()]
                && self.layers.neighbors_directed(producer, Outgoing).all(|other| other == consumer)
                && maps.all(|(other, _)| other == map)
                && map.is_one_to_one(&outer.grid)
                && map.input_grid(&outer.grid) == inner.grid
                && inner.n_steps() + outer.n_steps() <= MAX_STEPS
        })
    }
}

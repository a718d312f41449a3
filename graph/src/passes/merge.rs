//! Putting a blockwise producer into its blockwise consumer: what fusing and inlining share.

use crate::block_map::BlockMap;
use crate::blockwise::{Blockwise, Operand, Step};
use crate::graph::{Graph, LayerId};
use crate::layer::Blocks;
use petgraph::Direction::Incoming;
use petgraph::visit::EdgeRef;
use std::sync::Arc;

/// Longer programs are not built: each merge copies the steps, and past a few hundred kernels a
/// block there is nothing left to gain.
pub(super) const MAX_STEPS: usize = 512;

impl Graph {
    /// Runs `producer` inside `consumer`; both are blockwise, and the maps between them hold no
    /// contraction. The producer keeps its other consumers.
    pub(super) fn merge(&mut self, producer: LayerId, consumer: LayerId) -> Option<()> {
        let producer_inputs = self.inputs(producer);
        let consumer_inputs = self.inputs(consumer);
        let inner = self.layers[producer].blocks.as_blockwise()?;
        let outer = self.layers[consumer].blocks.as_blockwise()?;
        let mut merged = Merged::default();
        // What each input of the consumer becomes: an input of the merged program, or a step.
        let mut operands = Vec::with_capacity(consumer_inputs.len());
        let mut placed: Vec<(&BlockMap, Operand)> = Vec::new();
        for (map, &input) in outer.maps.iter().zip(&consumer_inputs) {
            operands.push(if input != producer {
                merged.input(input, map.clone())
            } else if let Some((_, operand)) = placed.iter().find(|(other, _)| *other == map) {
                *operand
            } else {
                let operand = merged.program(inner, &producer_inputs, map);
                placed.push((map, operand));
                operand
            });
        }
        let offset = merged.steps.len() as u16;
        merged.steps.extend(outer.steps.iter().map(|step| {
            let operand = |operand: &Operand| match *operand {
                Operand::Input(input) => operands[input as usize],
                Operand::Step(step) => Operand::Step(step + offset),
            };
            Step { operands: step.operands.iter().map(operand).collect(), ..step.clone() }
        }));
        let mut blocks = Blockwise::program(outer.grid.clone(), merged.maps, merged.steps);
        blocks.inlinable = outer.inlinable && inner.inlinable;
        self.replace(consumer, Arc::new(blocks), &merged.inputs);
        Some(())
    }

    /// Gives a layer other blocks and inputs.
    pub(super) fn replace(&mut self, id: LayerId, blocks: Arc<dyn Blocks>, inputs: &[LayerId]) {
        let old: Vec<_> = self.layers.edges_directed(id, Incoming).map(|edge| edge.id()).collect();
        for edge in old {
            self.layers.remove_edge(edge);
        }
        for (number, &input) in inputs.iter().enumerate() {
            self.layers.add_edge(input, id, number as u32);
        }
        self.layers[id].blocks = blocks;
    }

    pub(super) fn remove(&mut self, id: LayerId) {
        if let Some(layer) = self.layers.remove_node(id) {
            self.by_name.remove(&layer.name);
        }
    }
}

#[derive(Default)]
struct Merged {
    inputs: Vec<LayerId>,
    maps: Vec<BlockMap>,
    steps: Vec<Step>,
}

impl Merged {
    /// The input for these blocks of a layer; asked twice, it is the same one.
    fn input(&mut self, layer: LayerId, map: BlockMap) -> Operand {
        let known = |at: &usize| self.inputs[*at] == layer && self.maps[*at] == map;
        let at = (0..self.inputs.len()).find(known).unwrap_or_else(|| {
            self.inputs.push(layer);
            self.maps.push(map);
            self.inputs.len() - 1
        });
        Operand::Input(at as u16)
    }

    /// Appends a program as seen through `map`; gives its result.
    fn program(&mut self, inner: &Blockwise, inputs: &[LayerId], map: &BlockMap) -> Operand {
        let maps = inner.maps.iter().zip(inputs);
        let inputs: Vec<Operand> =
            maps.map(|(inner, &layer)| self.input(layer, map.then(inner))).collect();
        let offset = self.steps.len() as u16;
        self.steps.extend(inner.steps.iter().map(|step| {
            let operand = |operand: &Operand| match *operand {
                Operand::Input(input) => inputs[input as usize],
                Operand::Step(step) => Operand::Step(step + offset),
            };
            Step {
                operands: step.operands.iter().map(operand).collect(),
                at: map.then(&step.at),
                ..step.clone()
            }
        }));
        Operand::Step(self.steps.len() as u16 - 1)
    }
}

//! Making a plan: culling to the needed tasks by index arithmetic, ordering, renumbering.

use super::{Node, Plan, PlanOptions};
use crate::dag::{Dag, ranks};
use crate::error::{Error, Result};
use crate::graph::{Graph, LayerId, LayerNode, Wanted};
use crate::grid::n_blocks;
use crate::key::Key;
use crate::layer::{Dep, block_key};
use smallvec::SmallVec;
use std::collections::HashMap;

/// Above this the counters of the schedulers have no room.
const MAX_TASKS: u64 = 1 << 30;
const MAX_DEPENDENCIES: u64 = u32::MAX as u64;

impl Plan {
    pub(crate) fn new(graph: &Graph, options: &PlanOptions) -> Result<Plan> {
        if let Some(duplicate) = &graph.duplicate {
            return Err(duplicate.clone());
        }
        let needed = Needed::collect(graph)?;
        let sizes = output_sizes(&needed);
        let dag = Dag::from_deps(needed.offsets, needed.deps);
        let sequence = options.order.sequence(&dag, sizes.as_deref()).ok_or_else(|| {
            let cycle = dag.find_cycle().unwrap_or_default();
            Error::Cycle { keys: keys_of(&cycle, &needed.nodes, &needed.layers) }
        })?;
        let rank = ranks(&sequence);
        let plan = Plan::assemble(
            dag.renumbered(&sequence),
            sequence.iter().map(|&task| needed.nodes[task as usize]).collect(),
            needed.layers,
            Vec::new(),
            needed.outputs.iter().map(|&task| rank[task as usize]).collect(),
        );
        Ok(if options.fuse_chains { plan.with_fused_chains() } else { plan })
    }
}

/// The sizes of all results in bytes, where they are known and differ from layer to layer: else
/// counting results is as good, and cheaper.
fn output_sizes(needed: &Needed) -> Option<Vec<u64>> {
    let size = |node: &Node| needed.layers[node.layer as usize].blocks.bytes(node.block).output;
    let mut seen = vec![false; needed.layers.len()];
    let first_of_layers =
        needed.nodes.iter().filter(|node| !std::mem::replace(&mut seen[node.layer as usize], true));
    let sizes = first_of_layers.map(size).collect::<Option<Vec<u64>>>()?;
    if sizes.windows(2).all(|pair| pair[0] == pair[1]) {
        return None;
    }
    needed.nodes.iter().map(size).collect()
}

fn keys_of(tasks: &[u32], nodes: &[Node], layers: &[LayerNode]) -> Vec<Key> {
    let key = |&task: &u32| {
        let Node { layer, block } = nodes[task as usize];
        let layer = &layers[layer as usize];
        block_key(&layer.name, &*layer.blocks, block)
    };
    tasks.iter().map(key).collect()
}

/// The needed tasks, numbered as they are found from the outputs, and what they depend on.
struct Needed {
    layers: Vec<LayerNode>,
    /// For each layer, the numbers of its inputs among the layers.
    inputs: Vec<SmallVec<[u32; 4]>>,
    numbers: Numbers,
    nodes: Vec<Node>,
    offsets: Vec<u32>,
    deps: Vec<u32>,
    outputs: Vec<u32>,
}

impl Needed {
    fn collect(graph: &Graph) -> Result<Needed> {
        let mut needed = Needed::start(graph)?;
        let mut block_deps: Vec<Dep> = Vec::new();
        let mut task = 0;
        while task < needed.nodes.len() {
            block_deps.clear();
            needed.add_deps_of(needed.nodes[task], &mut block_deps)?;
            needed.offsets.push(needed.deps.len() as u32);
            task += 1;
        }
        Ok(needed)
    }

    /// The layers, dense, and the outputs.
    fn start(graph: &Graph) -> Result<Needed> {
        let mut dense = vec![u32::MAX; graph.node_bound()];
        let ids: Vec<LayerId> = graph.layers.node_indices().collect();
        for (number, id) in ids.iter().enumerate() {
            dense[id.index()] = number as u32;
        }
        let layers: Vec<LayerNode> = ids.iter().map(|&id| graph.layers[id].clone()).collect();
        let inputs = ids
            .iter()
            .map(|&id| graph.inputs(id).iter().map(|input| dense[input.index()]).collect())
            .collect();
        let numbers = Numbers::new(&layers)?;
        let mut needed = Needed {
            layers,
            inputs,
            numbers,
            nodes: Vec::new(),
            offsets: vec![0],
            deps: Vec::new(),
            outputs: Vec::new(),
        };
        needed.check_maps()?;
        for &wanted in &graph.wanted {
            let layer = dense[wanted.layer().index()];
            let blocks = match wanted {
                Wanted::Block(_, block) => block..block + 1,
                Wanted::Layer(_) => 0..needed.numbers.n_blocks[layer as usize],
            };
            for block in blocks {
                let task = needed.number(layer, block)?;
                needed.outputs.push(task);
            }
        }
        Ok(needed)
    }

    fn check_maps(&self) -> Result<()> {
        for (layer, inputs) in self.layers.iter().zip(&self.inputs) {
            if let Some(blockwise) = layer.blocks.as_blockwise() {
                let grids: SmallVec<[&[u32]; 4]> =
                    inputs.iter().map(|&input| self.layers[input as usize].blocks.grid()).collect();
                blockwise.check(&grids).map_err(|why| invalid(layer, why))?;
            }
        }
        Ok(())
    }

    #[inline]
    fn number(&mut self, layer: u32, block: u32) -> Result<u32> {
        let number = self.numbers.of(layer, block);
        if *number == 0 {
            self.nodes.push(Node { layer, block });
            if self.nodes.len() as u64 > MAX_TASKS {
                return Err(Error::TooLarge { what: "tasks", limit: MAX_TASKS });
            }
            *number = self.nodes.len() as u32;
        }
        Ok(*number - 1)
    }

    fn add_deps_of(&mut self, node: Node, block_deps: &mut Vec<Dep>) -> Result<()> {
        let at = node.layer as usize;
        self.layers[at].blocks.deps(node.block, block_deps);
        if self.deps.len() as u64 + block_deps.len() as u64 > MAX_DEPENDENCIES {
            return Err(Error::TooLarge { what: "dependencies", limit: MAX_DEPENDENCIES });
        }
        for &Dep { input, block } in block_deps.iter() {
            let layer = if input == Dep::OWN {
                Some(node.layer)
            } else {
                self.inputs[at].get(input as usize).copied()
            };
            match layer {
                Some(layer) if block < self.numbers.n_blocks[layer as usize] => {
                    let task = self.number(layer, block)?;
                    self.deps.push(task);
                }
                _ => {
                    let why = format!(
                        "block {} needs block {block} of input {input}, which does not exist",
                        node.block
                    );
                    return Err(invalid(&self.layers[at], why));
                }
            }
        }
        Ok(())
    }
}

#[cold]
fn invalid(layer: &LayerNode, why: String) -> Error {
    Error::InvalidLayer { layer: layer.name.to_string(), why, made_at: layer.made_at }
}

/// For each block of each layer its task's number + 1, or 0.
struct Numbers {
    n_blocks: Vec<u32>,
    /// Where the layer's blocks start in `dense`; `SPARSE` for layers that are looked up.
    starts: Vec<usize>,
    /// Zeroed pages cost nothing until a block on them is needed.
    dense: Vec<u32>,
    sparse: HashMap<(u32, u32), u32>,
}

const SPARSE: usize = usize::MAX;

/// Layers of more blocks (256 MB of numbers) are looked up in a table: few of them are needed.
const MAX_DENSE: u32 = 1 << 26;

impl Numbers {
    fn new(layers: &[LayerNode]) -> Result<Numbers> {
        let (mut starts, mut n_dense) = (Vec::with_capacity(layers.len()), 0);
        let mut all_blocks = Vec::with_capacity(layers.len());
        for layer in layers {
            let too_large = Error::TooLarge { what: "blocks in one layer", limit: 1 << 32 };
            let n = n_blocks(layer.blocks.grid()).ok_or(too_large)?;
            all_blocks.push(n);
            starts.push(if n > MAX_DENSE { SPARSE } else { n_dense });
            n_dense += if n > MAX_DENSE { 0 } else { n as usize };
        }
        let dense = vec![0; n_dense];
        Ok(Numbers { n_blocks: all_blocks, starts, dense, sparse: HashMap::new() })
    }

    #[inline]
    fn of(&mut self, layer: u32, block: u32) -> &mut u32 {
        match self.starts[layer as usize] {
            SPARSE => self.sparse.entry((layer, block)).or_insert(0),
            start => &mut self.dense[start + block as usize],
        }
    }
}

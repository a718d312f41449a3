//! Random graphs of layers, most of them blockwise, and their values found the slow way.

use super::seeded::Seeded;
use chunkwise_graph::grid::{flatten, n_blocks, unflatten};
use chunkwise_graph::{
    AxisMap, Block, BlockMap, Blocks, Blockwise, Bounds, BoxError, Collection, Dep, Graph, Kernel,
    Layer, Name, Result, Shipment, TypeInfo, Value,
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Layers, those whose blocks are wanted, and what is needed to evaluate them slowly.
#[derive(Clone)]
pub struct Layered {
    specs: Vec<Spec>,
    layers: Vec<Arc<Layer>>,
    roots: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Spec {
    grid: Vec<u32>,
    inputs: Vec<(usize, BlockMap)>,
    inlinable: bool,
    blockwise: bool,
}

impl Layered {
    /// The layers whose blocks are wanted, in order; one may come twice.
    pub fn roots(&self) -> Vec<Arc<Layer>> {
        self.roots.iter().map(|&root| self.layers[root].clone()).collect()
    }

    /// The graph as it was written.
    pub fn graph(&self) -> Graph {
        Graph::new(&self.roots())
    }

    /// What each wanted block must be, by evaluating layer by layer, block by block.
    pub fn expected(&self) -> Vec<Vec<u64>> {
        let mut known: HashMap<(usize, u32), Vec<u64>> = HashMap::new();
        for (layer, spec) in self.specs.iter().enumerate() {
            for block in 0..n_blocks(&spec.grid).expect("grids are small") {
                let index = unflatten(&spec.grid, block);
                let mut inputs: Vec<&[u64]> = Vec::new();
                for (input, map) in &spec.inputs {
                    let grid = &self.specs[*input].grid;
                    let needed = (0..n_blocks(grid).expect("grids are small"))
                        .filter(|&other| is_paired(map, &index, &unflatten(grid, other)));
                    inputs.extend(needed.map(|other| &known[&(*input, other)][..]));
                }
                let value = mixed(layer as u32, flatten(&spec.grid, &index), &spec.grid, &inputs);
                known.insert((layer, block), value);
            }
        }
        let blocks = |&root: &usize| {
            let n = n_blocks(&self.specs[root].grid).expect("grids are small");
            (0..n).map(move |block| (root, block))
        };
        self.roots.iter().flat_map(blocks).map(|at| known[&at].clone()).collect()
    }
}

/// Whether the output block at `out` needs the input block at `input`.
fn is_paired(map: &BlockMap, out: &[u32], input: &[u32]) -> bool {
    match map {
        BlockMap::Same => out == input,
        BlockMap::Axes { axes, .. } => axes.iter().zip(input).all(|(axis, &at)| match *axis {
            AxisMap::Out(axis) => out[axis as usize] == at,
            AxisMap::One | AxisMap::All => true,
        }),
    }
}

fn length(block: u32) -> usize {
    1 + block as usize % 5
}

fn mixed(layer: u32, block: u32, grid: &[u32], inputs: &[&[u64]]) -> Vec<u64> {
    let grid = grid.iter().map(|&extent| u64::from(extent));
    let all = inputs.iter().flat_map(|input| input.iter().copied());
    let seed = crate::mix(layer, grid.chain([u64::from(block)]).chain(all));
    (0..length(block)).map(|i| seed.wrapping_add(i as u64)).collect()
}

/// The kernel of layer number `layer`: works in place where it may.
#[derive(Serialize, Deserialize)]
struct Mixing {
    layer: u32,
}

impl Kernel for Mixing {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let inputs: Result<Vec<&[u64]>> =
            arguments.iter().map(|v| Ok(&v.get::<Vec<u64>>()?[..])).collect();
        let result = mixed(self.layer, block.number, block.grid, &inputs?);
        if let Some(first) = arguments.first_mut()
            && let Some(buffer) = first.get_mut::<Vec<u64>>()
        {
            buffer.clear();
            buffer.extend(result);
            return Ok(first.take());
        }
        Ok(Value::new(result))
    }

    fn bytes(&self, block: Block<'_>) -> Bounds {
        Bounds::output((size_of::<Vec<u64>>() + 8 * length(block.number)) as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of(self)?.with_output(TypeInfo::opaque::<Vec<u64>>()))
    }
}

/// A layer that no pass can look into.
struct Opaque(Blockwise);

impl Blocks for Opaque {
    fn grid(&self) -> &[u32] {
        self.0.grid()
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        self.0.deps(block, deps);
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        self.0.run(block, inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        self.0.op_name()
    }

    fn bytes(&self, block: u32) -> Bounds {
        self.0.bytes(block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        self.0.ship()
    }
}

/// A random graph of `n` layers: grids of up to three axes, up to three inputs a layer, blocks
/// paired one to one, permuted, broadcast and contracted; some layers inlinable, some opaque.
pub fn layered(n: usize, seed: u64) -> Layered {
    let mut random = Seeded::new(seed);
    let mut made = Layered { specs: Vec::new(), layers: Vec::new(), roots: Vec::new() };
    for number in 0..n {
        let spec = spec(&made.specs, &mut random);
        made.layers.push(layer(number, &spec, &made.layers));
        made.specs.push(spec);
    }
    if n > 0 {
        made.roots.push(n - 1);
        for _ in 0..random.below(3) {
            made.roots.push(random.below(n));
        }
    }
    made
}

fn spec(earlier: &[Spec], random: &mut Seeded) -> Spec {
    let n_inputs = if earlier.is_empty() { 0 } else { [0, 1, 1, 1, 2, 2, 3][random.below(7)] };
    let inputs: Vec<usize> = (0..n_inputs)
        .map(|_| {
            let from = if random.chance(60) { earlier.len().saturating_sub(2) } else { 0 };
            from + random.below(earlier.len() - from)
        })
        .collect();
    let grid = match inputs.first() {
        Some(&first) if random.chance(80) => {
            let mut grid = earlier[first].grid.clone();
            if random.chance(30) {
                let permuted = random.permutation(grid.len());
                grid = permuted.iter().map(|&axis| earlier[first].grid[axis as usize]).collect();
            }
            if random.chance(20) {
                grid.pop();
            }
            grid
        }
        _ => (0..random.below(4)).map(|_| 1 + random.below(3) as u32).collect(),
    };
    let inputs = inputs
        .into_iter()
        .map(|input| (input, block_map(&grid, &earlier[input].grid, random)))
        .collect();
    Spec { grid, inputs, inlinable: random.chance(25), blockwise: random.chance(90) }
}

fn block_map(out: &[u32], input: &[u32], random: &mut Seeded) -> BlockMap {
    if out == input && random.chance(70) {
        return BlockMap::Same;
    }
    let mut axis = |&extent: &u32| {
        let fits: Vec<u8> =
            (0..out.len() as u8).filter(|&axis| out[axis as usize] == extent).collect();
        if !fits.is_empty() && random.chance(85) {
            AxisMap::Out(fits[random.below(fits.len())])
        } else if extent == 1 && random.chance(80) {
            AxisMap::One
        } else {
            AxisMap::All
        }
    };
    BlockMap::Axes { grid: input.to_vec(), axes: input.iter().map(&mut axis).collect() }
}

fn layer(number: usize, spec: &Spec, layers: &[Arc<Layer>]) -> Arc<Layer> {
    let maps = spec.inputs.iter().map(|(_, map)| map.clone()).collect();
    let kernel = Mixing { layer: number as u32 };
    let mut blocks = Blockwise::new(spec.grid.clone(), maps, "mix", kernel);
    if spec.inlinable {
        blocks = blocks.inlinable();
    }
    let inputs: Vec<Arc<Layer>> =
        spec.inputs.iter().map(|(input, _)| layers[*input].clone()).collect();
    let name = Name::unique("mix");
    if spec.blockwise {
        Layer::new(name, inputs, blocks)
    } else {
        Layer::new(name, inputs, Opaque(blocks))
    }
}

/// Random graphs of up to `max` layers.
pub fn layered_graphs(max: usize) -> impl Strategy<Value = Layered> {
    (1..=max, any::<u64>()).prop_map(|(n, seed)| layered(n, seed))
}

impl Collection for Layered {
    type Output = Vec<Vec<u64>>;

    fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
        layers.extend(self.roots());
    }

    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<Vec<Vec<u64>>> {
        let n_blocks: usize = self.roots.iter().map(|&root| self.layers[root].len() as usize).sum();
        parts.take(n_blocks).map(Value::take_or_clone).collect()
    }
}

impl fmt::Debug for Layered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, spec) in self.specs.iter().enumerate() {
            writeln!(f, "{number}: {spec:?}")?;
        }
        write!(f, "wanted: {:?}", self.roots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_map_and_both_passes_come_up() {
        let (mut text, mut n_inlined, mut n_fused) = (String::new(), 0, 0);
        for seed in 0..300 {
            let made = layered(8, seed);
            text += &format!("{made:?}");
            let mut graph = made.graph();
            graph.cull();
            n_inlined += graph.inline();
            n_fused += graph.fuse_blockwise();
        }
        for kind in ["Same", "Out(1)", "One", "All"] {
            assert!(text.contains(kind), "no {kind}");
        }
        assert!(n_inlined > 100 && n_fused > 100, "{n_inlined} inlined, {n_fused} fused");
    }
}

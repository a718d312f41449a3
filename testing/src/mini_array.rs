//! [`MiniArray`]: the least that deserves to be called a chunked array, made of layers alone.
//!
//! It shows how a collection is built on `chunkwise-graph`, and gives benches an expression over
//! as many blocks as they like.

use chunkwise_graph::{
    Block, BlockMap, Blocks, Blockwise, Bounds, BoxError, Collection, Data, Dep, Kernel, Layer,
    Name, Result, Value,
};
use std::borrow::Cow;
use std::sync::Arc;

/// A block of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk(pub Vec<f64>);

impl Data for Chunk {
    fn nbytes(&self) -> usize {
        size_of::<Chunk>() + size_of_val(&self.0[..])
    }

    fn describe(&self) -> String {
        format!("chunk ({},) f8", self.0.len())
    }
}

/// A grid of blocks of equally many numbers.
#[derive(Clone, Debug)]
pub struct MiniArray {
    layer: Arc<Layer>,
    chunk_len: usize,
}

/// What a kernel does to its blocks.
#[derive(Clone, Copy)]
enum Operation {
    Fill(fn(u32) -> f64),
    Map(fn(f64) -> f64),
    Zip(fn(f64, f64) -> f64),
    SumOfBlock,
}

struct ChunkKernel {
    operation: Operation,
    chunk_len: usize,
}

impl Kernel for ChunkKernel {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        match (self.operation, arguments) {
            (Operation::Fill(f), []) => {
                Ok(Value::data(Chunk(vec![f(block.number); self.chunk_len])))
            }
            (Operation::Map(f), [x]) => in_place(x, |x| x.iter_mut().for_each(|x| *x = f(*x))),
            (Operation::Zip(f), [x, y]) => {
                let y = y.take();
                let y = &y.get::<Chunk>()?.0;
                in_place(x, |x| x.iter_mut().zip(y).for_each(|(x, y)| *x = f(*x, *y)))
            }
            (Operation::SumOfBlock, [x]) => {
                Ok(Value::data(Chunk(vec![x.get::<Chunk>()?.0.iter().sum()])))
            }
            (_, arguments) => Err(format!("{} arguments", arguments.len()).into()),
        }
    }

    fn bytes(&self, _block: Block<'_>) -> Bounds {
        let whole = (size_of::<Chunk>() + self.chunk_len * size_of::<f64>()) as u64;
        match self.operation {
            Operation::SumOfBlock => Bounds::output((size_of::<Chunk>() + 8) as u64),
            _ => Bounds::output(whole),
        }
    }
}

/// Changes a chunk in place when nobody else holds it, else a copy of it.
fn in_place(x: &mut Value, change: impl FnOnce(&mut [f64])) -> Result<Value, BoxError> {
    if let Some(chunk) = x.get_mut::<Chunk>() {
        change(&mut chunk.0);
        return Ok(x.take());
    }
    let mut chunk = x.get::<Chunk>()?.clone();
    change(&mut chunk.0);
    Ok(Value::data(chunk))
}

/// Every 8 blocks of the level before become one.
struct JoinSums {
    grid: [u32; 1],
    n_before: u32,
}

impl JoinSums {
    const JOINED: u32 = 8;
}

impl Blocks for JoinSums {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let first = block * JoinSums::JOINED;
        let end = (first + JoinSums::JOINED).min(self.n_before);
        deps.extend((first..end).map(|block| Dep::input(0, block)));
    }

    fn run(&self, _block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let mut sum = 0.0;
        for input in inputs.iter() {
            sum += input.get::<Chunk>()?.0.iter().sum::<f64>();
        }
        Ok(Value::data(Chunk(vec![sum])))
    }

    fn op_name(&self) -> Cow<'_, str> {
        "join-sums".into()
    }

    fn bytes(&self, _block: u32) -> Bounds {
        Bounds::output((size_of::<Chunk>() + size_of::<f64>()) as u64)
    }
}

impl MiniArray {
    /// Blocks filled with `f` of their number.
    #[track_caller]
    pub fn fill(grid: &[u32], chunk_len: usize, f: fn(u32) -> f64) -> MiniArray {
        let kernel = ChunkKernel { operation: Operation::Fill(f), chunk_len };
        let blocks = Blockwise::new(grid.to_vec(), Vec::new(), "fill", kernel);
        MiniArray { layer: Layer::new(Name::unique("fill"), [], blocks), chunk_len }
    }

    #[track_caller]
    fn blockwise(
        &self,
        name: &'static str,
        operation: Operation,
        others: &[&MiniArray],
    ) -> MiniArray {
        let kernel = ChunkKernel { operation, chunk_len: self.chunk_len };
        let inputs: Vec<Arc<Layer>> =
            std::iter::once(&self).chain(others).map(|array| array.layer.clone()).collect();
        let maps = vec![BlockMap::Same; inputs.len()];
        let blocks = Blockwise::new(self.layer.grid().to_vec(), maps, name, kernel);
        MiniArray { layer: Layer::new(Name::unique(name), inputs, blocks), ..self.clone() }
    }

    /// `f` of each number.
    #[track_caller]
    pub fn map(&self, name: &'static str, f: fn(f64) -> f64) -> MiniArray {
        self.blockwise(name, Operation::Map(f), &[])
    }

    /// `f` of the numbers at the same place; the grids must be equal.
    #[track_caller]
    pub fn zip(&self, other: &MiniArray, name: &'static str, f: fn(f64, f64) -> f64) -> MiniArray {
        self.blockwise(name, Operation::Zip(f), &[other])
    }

    /// The sum of all numbers, by a tree that joins 8 blocks at a time: one block of one number.
    #[track_caller]
    pub fn sum(&self) -> MiniArray {
        let mut sum = self.blockwise("sum", Operation::SumOfBlock, &[]);
        sum.chunk_len = 1;
        let mut n = sum.layer.len();
        while n > 1 {
            let blocks = JoinSums { grid: [n.div_ceil(JoinSums::JOINED)], n_before: n };
            n = blocks.grid[0];
            sum.layer = Layer::new(Name::unique("join-sums"), [sum.layer], blocks);
        }
        sum
    }
}

impl Collection for MiniArray {
    type Output = Vec<f64>;

    fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
        layers.push(self.layer.clone());
    }

    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<Vec<f64>> {
        let mut all = Vec::new();
        for part in parts.take(self.layer.len() as usize) {
            all.extend_from_slice(&part.get::<Chunk>()?.0);
        }
        Ok(all)
    }
}

/// `((x + 1) * 2 + y).sum()` over `grid`, with blocks of one number.
#[track_caller]
pub fn small_blocks_expression(grid: &[u32]) -> MiniArray {
    let x = MiniArray::fill(grid, 1, f64::from);
    let y = MiniArray::fill(grid, 1, |block| f64::from(block % 7));
    x.map("add-1", |x| x + 1.0).map("mul-2", |x| x * 2.0).zip(&y, "add", |x, y| x + y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chunkwise_graph::CollectionExt;

    #[test]
    fn the_expression_fuses_to_one_layer_and_a_tree() {
        let sum = small_blocks_expression(&[10, 100]);
        let expected: f64 = (0..1000).map(|b| f64::from((b + 1) * 2 + b % 7)).sum();
        assert_eq!(sum.compute().unwrap(), [expected]);
        // 1000 -> 125 -> 16 -> 2 -> 1
        assert_eq!(sum.graph().n_layers(), 5);
        assert_eq!(sum.graph().n_tasks(), 1000 + 125 + 16 + 2 + 1);
    }
}

//! [`permutation`]: where the rows of a factored matrix come from.

use super::ORDER;
use super::panels::{Panels, start};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_bytes, chunk_of};
use crate::chunks::Chunks;
use crate::expr::Node;
use crate::linalg::parts::Parts;
use crate::linalg::ready::{About, ready};
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, Tokenizer, TypeInfo, Value};
use chunkwise_storage::{DType, Element as _};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::panic::Location;
use std::sync::Arc;

/// The order in which each panel was brought, one block a panel, without its columns: so that these
/// are not held for the sake of the order.
pub(super) fn orders(panels: &Panels, made_at: &'static Location<'static>) -> Arc<Node> {
    let n = panels.n_panels();
    let sizes = (0..n).map(|panel| panels.n - start(&panels.axis, panel));
    let chunks: Chunks = [AxisChunks::of_sizes(sizes)].into_iter().collect();
    let token = Tokenizer::of("lu orders", &panels.node.token);
    let blocks = OrderBlocks { grid: vec![n], chunks: Arc::new(chunks.clone()) };
    let about = About { name: "lu", dtype: DType::I64, chunks, token, made_at };
    ready(about, [Arc::clone(&panels.node)], blocks)
}

#[derive(Serialize, Deserialize)]
struct OrderBlocks {
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
}

impl Blocks for OrderBlocks {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block * self.grid[0] + block));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("an order is of one panel".into()) };
        let input = input.take();
        Ok(input.get::<Parts>()?.get::<i64>(ORDER)?.clone().into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "order".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<i64>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<i64>>()))
    }
}

/// For each row of the product of the factors, the row of the matrix that it is.
pub(super) fn permutation(
    orders: &Arc<Node>,
    panels: &Panels,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let token = Tokenizer::of("lu permutation", &orders.token);
    let (n, n_panels) = (panels.n, panels.n_panels());
    let blocks = PermutationBlocks { n, n_panels };
    let chunks = Chunks::whole(&[n]);
    let about = About { name: "lu", dtype: i64::DTYPE, chunks, token, made_at };
    ready(about, [Arc::clone(orders)], blocks)
}

/// All orders, one after the other.
#[derive(Serialize, Deserialize)]
struct PermutationBlocks {
    n: usize,
    n_panels: u32,
}

impl Blocks for PermutationBlocks {
    fn grid(&self) -> &[u32] {
        &[1]
    }

    fn deps(&self, _: u32, deps: &mut Vec<Dep>) {
        deps.extend((0..self.n_panels).map(|panel| Dep::input(0, panel)));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let mut rows: Vec<i64> = (0..self.n as i64).collect();
        for input in inputs {
            let input = input.take();
            reorder(&mut rows, chunk_of::<i64>(&input)?.in_memory_order());
        }
        Ok(Chunk::from_vec(&[self.n], rows)?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "permutation".into()
    }

    fn bytes(&self, _: u32) -> Bounds {
        Bounds::output(chunk_bytes::<i64>(self.n)).with_scratch(8 * self.n as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<i64>>()))
    }
}

/// Brings the last of some items in an order, which says where each was among them.
pub(super) fn reorder<T: Copy>(items: &mut [T], order: &[i64]) {
    let last = items.len() - order.len();
    let items = &mut items[last..];
    let moved: Vec<T> = order.iter().map(|&old| items[old as usize]).collect();
    items.copy_from_slice(&moved);
}

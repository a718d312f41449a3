//! [`joined`]: the chunks of a matrix, and beside them those of another one.

use super::field::Field;
use super::ready::{About, ready};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds};
use crate::chunks::Chunks;
use crate::expr::Node;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, Tokenizer, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// A matrix with another one of as many rows on its right, both of one chunk of rows.
pub(super) fn joined<T: Field>(
    left: &Arc<Node>,
    right: &Arc<Node>,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let sizes = |node: &Node| node.chunks.axes()[1].sizes().unwrap_or_default();
    let n_left = sizes(left).len() as u32;
    let cols = AxisChunks::of_sizes(sizes(left).into_iter().chain(sizes(right)));
    let chunks: Chunks = [left.chunks.axes()[0].clone(), cols].into_iter().collect();
    let token = Tokenizer::of("joined", &(left.token, right.token));
    let of = PhantomData::<fn() -> T>;
    let blocks = JoinedBlocks { grid: chunks.grid(), chunks: Arc::new(chunks.clone()), n_left, of };
    let about = About { name: "qr_r", dtype: T::DTYPE, chunks, token, made_at };
    ready(about, [Arc::clone(left), Arc::clone(right)], blocks)
}

/// Each block is one of one of the inputs.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct JoinedBlocks<T> {
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
    n_left: u32,
    of: PhantomData<fn() -> T>,
}

impl<T: Field> Blocks for JoinedBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(match block.checked_sub(self.n_left) {
            Some(block) => Dep::input(1, block),
            None => Dep::input(0, block),
        });
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        inputs.first_mut().map(Value::take).ok_or_else(|| "a block is of one block".into())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "join".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

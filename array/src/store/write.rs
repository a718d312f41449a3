//! [`Write`]: the kernel that writes a chunk.

use super::target::Target;
use crate::chunk::chunk_of;
use crate::chunks::Chunks;
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of};
use chunkwise_graph::{
    Block, BlockMap, Blockwise, Bounds, BoxError, Kernel, Layer, Shipment, Value,
};
use chunkwise_storage::{Region, Span};
use std::sync::Arc;

/// Writes the chunks of its input.
pub(super) struct Store<T: Element> {
    pub(super) target: Target<T>,
    pub(super) region: Region,
}

impl<T: Element> Operation for Store<T> {
    fn name(&self) -> &'static str {
        "store"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let kernel = Write {
            target: self.target.clone(),
            region: self.region.clone(),
            chunks: Arc::clone(&node.chunks),
        };
        let blocks = Blockwise::new(node.chunks.grid(), vec![BlockMap::Same], "store", kernel);
        layer_of(node, inputs.iter().cloned(), blocks)
    }
}

/// What formats note about what was written, and pieces that a file is written in.
const METADATA_BYTES: u64 = 64 << 10;

/// Writes one chunk, and gives nothing.
struct Write<T: Element> {
    target: Target<T>,
    /// Where the array goes.
    region: Region,
    chunks: Arc<Chunks>,
}

impl<T: Element> Write<T> {
    /// Where a chunk goes.
    fn region_of(&self, block: u32) -> Option<Region> {
        let inside = self.chunks.region_of(block)?;
        let spans = self.region.spans().iter().zip(inside.spans());
        Some(
            spans
                .map(|(all, own)| Span {
                    start: all.start + own.start * all.step,
                    count: own.count,
                    step: all.step,
                })
                .collect(),
        )
    }
}

impl<T: Element> Kernel for Write<T> {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let [argument] = arguments else { return Err("one chunk is written at a time".into()) };
        let region = self.region_of(block.number).ok_or("stored arrays have known chunks")?;
        let chunk = chunk_of::<T>(argument)?;
        let writer = &self.target;
        let written = writer.write(&region, &chunk.row_major());
        let place = || format!("{} {region}", writer.describe());
        written.map_err(|source| ArrayError::storage(place(), source))?;
        Ok(Value::unit())
    }

    fn bytes(&self, block: Block<'_>) -> Bounds {
        // A chunk that does not lie row by row is copied; boxes that are written as a whole are put
        // together and encoded, one after the other.
        let n = self.chunks.chunk_len(block.number);
        n.map_or(Bounds::UNKNOWN, |n| {
            let granularity = self.target.granularity().unwrap_or(&[]);
            let boxed = granularity.iter().copied().fold(1, usize::saturating_mul);
            let n_encoded = if granularity.is_empty() { 0 } else { boxed.max(n) };
            let elements = n_encoded.saturating_mul(3).saturating_add(n);
            let bytes = elements.saturating_mul(size_of::<T>()) as u64;
            Bounds::output(0).with_scratch(bytes.saturating_add(METADATA_BYTES))
        })
    }

    fn ship(&self) -> Result<Shipment, String> {
        Err(format!("{} is written in this process only", self.target.describe()))
    }
}

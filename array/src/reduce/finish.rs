//! [`Finish`]: from accumulators to elements.

use super::partial::{Partial, take_partial};
use super::reducer::Reducer;
use crate::chunk::{Chunk, chunk_bounds};
use crate::chunks::{Chunks, PerAxis};
use chunkwise_graph::{Block, Bounds, BoxError, Kernel, Shipment, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Makes the chunks of the result.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct Finish<R: Reducer> {
    pub(super) reducer: R,
    pub(super) reduced: PerAxis<bool>,
    /// Whether reduced axes stay, with length 1.
    pub(super) keep: bool,
    pub(super) chunks: Arc<Chunks>,
}

impl<R: Reducer> Finish<R> {
    pub(super) fn finish(&self, partial: &Partial<R::Acc>) -> Result<Value, BoxError> {
        // Collecting results does not know how many there are, and would keep room for more.
        let mut elements: Vec<R::Out> = Vec::with_capacity(partial.accs.len());
        for acc in &partial.accs {
            elements.push(self.reducer.finish(acc, partial.n)?);
        }
        let axes = partial.shape.iter().zip(&self.reduced);
        let shape: PerAxis<usize> =
            axes.filter(|(_, reduced)| self.keep || !**reduced).map(|(len, _)| *len).collect();
        Ok(Chunk::from_vec(&shape, elements)?.into_value())
    }

    pub(super) fn output_bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<R::Out>(&self.chunks, block)
    }
}

impl<R: Reducer> Kernel for Finish<R> {
    fn call(&self, _: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let [partial] = arguments else { return Err("a result is of one partial result".into()) };
        self.finish(&take_partial::<R::Acc>(partial)?)
    }

    fn bytes(&self, block: Block<'_>) -> Bounds {
        match std::mem::needs_drop::<R::Acc>() {
            true => Bounds::UNKNOWN,
            false => self.output_bytes(block.number),
        }
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of(self)?.with_output(TypeInfo::data::<Chunk<R::Out>>()))
    }
}

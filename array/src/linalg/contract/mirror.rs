//! [`MirrorBlocks`]: a symmetric matrix of which one half is computed.

use crate::chunk::{Chunk, chunk_bounds, take_array};
use crate::chunks::Chunks;
use crate::element::Element;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

/// Blocks on and below the diagonal are those of the input; those above it are transposed.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct MirrorBlocks<T> {
    pub(super) grid: Vec<u32>,
    pub(super) out: Arc<Chunks>,
    pub(super) of: PhantomData<fn() -> T>,
}

impl<T: Element> MirrorBlocks<T> {
    fn is_mirrored(&self, block: u32) -> bool {
        block / self.grid[1] < block % self.grid[1]
    }
}

impl<T: Element> Blocks for MirrorBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let n = self.grid[1];
        deps.push(Dep::input(
            0,
            match self.is_mirrored(block) {
                true => block % n * n + block / n,
                false => block,
            },
        ));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("a mirrored block is of one block".into()) };
        match self.is_mirrored(block) {
            true => Ok(Chunk::new(take_array::<T>(input)?.reversed_axes()).into_value()),
            false => Ok(input.take()),
        }
    }

    fn op_name(&self) -> Cow<'_, str> {
        "mirror".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.out, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

//! [`OrthogonalBlocks`]: the blocks of Q.

use super::Q;
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::chunks::Chunks;
use crate::linalg::dense::{Dense, Side, bytes_of, matrix};
use crate::linalg::field::Field;
use crate::linalg::parts::Parts;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

/// The Q of each block of rows, times what came down to it.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct OrthogonalBlocks<T> {
    pub(super) grid: Vec<u32>,
    pub(super) chunks: Arc<Chunks>,
    pub(super) side: Side,
    pub(super) of: PhantomData<fn() -> T>,
}

impl<T: Field> Blocks for OrthogonalBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block));
        deps.push(Dep::input(1, block));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [own, above] = inputs else { return Err("Q is made from two blocks".into()) };
        let (own, above) = (own.take(), above.take());
        let own = matrix(own.get::<Parts>()?.get::<T>(Q)?);
        let above = matrix(chunk_of::<T>(&above)?);
        let q = Dense::product(own.in_faer(), above.in_faer());
        let q = if self.side == Side::Adjoint { q.adjoint() } else { q };
        Ok(q.into_chunk()?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "multiply".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        // A Q that is not conjugated yet.
        let n = self.chunks.chunk_len(block);
        n.map_or(Bounds::UNKNOWN, |n| {
            Bounds::output(chunk_bytes::<T>(n)).with_scratch(bytes_of::<T>(n))
        })
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

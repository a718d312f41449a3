//! [`SpreadBlocks`]: the rows of a merged Q that belong to each of the blocks below.

use super::{Q, STARTS};
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::linalg::dense::{Dense, matrix};
use crate::linalg::field::Field;
use crate::linalg::parts::Parts;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;

/// For each block of the level below: its rows of the merged Q, times what that is multiplied by.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct SpreadBlocks<T> {
    pub(super) grid: Vec<u32>,
    pub(super) fan: u32,
    /// Whether the merged Q is multiplied by something.
    pub(super) is_multiplied: bool,
    /// Rows and columns of a result at most.
    pub(super) most: (usize, usize),
    pub(super) of: PhantomData<fn() -> T>,
}

impl<T: Field> Blocks for SpreadBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block / self.fan));
        if self.is_multiplied {
            deps.push(Dep::input(1, block / self.fan));
        }
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [merged, above @ ..] = inputs else { return Err("Q is spread from a block".into()) };
        let merged = merged.take();
        let parts = merged.get::<Parts>()?;
        let starts = parts.get::<i64>(STARTS)?;
        let child = (block % self.fan) as usize;
        let Some(&[start, end]) = starts.in_memory_order().get(child..child + 2) else {
            return Err("a block that was not merged".into());
        };
        let merged = matrix(parts.get::<T>(Q)?).in_faer();
        let rows = merged.subrows(start as usize, (end - start) as usize);
        let spread = match above {
            [above] => {
                let above = above.take();
                Dense::product(rows, matrix(chunk_of::<T>(&above)?).in_faer())
            }
            _ => Dense::of_view(rows),
        };
        Ok(spread.into_chunk()?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "multiply".into()
    }

    fn bytes(&self, _: u32) -> Bounds {
        let (rows, cols) = self.most;
        Bounds::output(chunk_bytes::<T>(rows * cols))
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

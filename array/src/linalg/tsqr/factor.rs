//! [`FactorBlocks`]: the decomposition of each block of rows.

use crate::chunk::{Chunk, chunk_bytes, take_array};
use crate::chunks::Chunks;
use crate::error::ArrayError;
use crate::linalg::dense::{Dense, Side, bytes_of};
use crate::linalg::field::Field;
use crate::linalg::parts::{Parts, parts_bytes};
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

/// Q and R of each block of rows of an array, or of its adjoint.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct FactorBlocks<T> {
    pub(super) grid: Vec<u32>,
    pub(super) from: Arc<Chunks>,
    pub(super) side: Side,
    /// Rows that the R of the only block has.
    pub(super) expected: Option<usize>,
    pub(super) of: PhantomData<fn() -> T>,
}

/// As many rows of R as were promised.
pub(super) fn check_rows(found: usize, expected: Option<usize>) -> Result<(), BoxError> {
    match expected {
        Some(expected) if expected != found => Err(ArrayError::Argument {
            name: "a",
            why: format!(
                "an array of deferred length has {found} rows, fewer than {expected} columns"
            ),
        }
        .into()),
        _ => Ok(()),
    }
}

impl<T: Field> Blocks for FactorBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("a block of rows is one chunk".into()) };
        let dense = match self.side {
            Side::AsIs => Dense::from_chunk(Chunk::new(take_array::<T>(input)?)),
            Side::Adjoint => {
                let input = input.take();
                Dense::of_chunk(crate::chunk::chunk_of::<T>(&input)?, Side::Adjoint)
            }
        };
        let (q, r) = dense.qr();
        check_rows(r.rows(), self.expected)?;
        Ok(Parts::default().with(q.into_chunk()?).with(r.into_chunk()?).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "qr".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let Some(shape) = self.from.chunk_shape(block) else { return Bounds::UNKNOWN };
        let (m, n) = match self.side {
            Side::AsIs => (shape[0], shape[1]),
            Side::Adjoint => (shape[1], shape[0]),
        };
        let k = m.min(n);
        let parts = [chunk_bytes::<T>(m * k), chunk_bytes::<T>(k * n)];
        // The array is overwritten, with the coefficients of some columns aside.
        let scratch = bytes_of::<T>(2 * m * n + 256 * n);
        Bounds::output(parts_bytes(parts)).with_scratch(scratch)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Parts>()))
    }
}

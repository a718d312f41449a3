//! [`MergeBlocks`]: the decomposition of several Rs, one below the other.

use super::R;
use super::factor::check_rows;
use crate::chunk::{Chunk, chunk_bytes};
use crate::linalg::dense::{Dense, Side, bytes_of};
use crate::linalg::field::Field;
use crate::linalg::parts::{Parts, parts_bytes};
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;

/// Q and R of the Rs of several blocks, and where the rows of each of them start in Q.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct MergeBlocks<T> {
    pub(super) grid: Vec<u32>,
    /// Blocks of the level below, and how many of them are merged.
    pub(super) children: u32,
    pub(super) fan: u32,
    /// Columns.
    pub(super) n: usize,
    /// Rows that the R of the last level has.
    pub(super) expected: Option<usize>,
    pub(super) of: PhantomData<fn() -> T>,
}

impl<T: Field> Blocks for MergeBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let children = block * self.fan..((block + 1) * self.fan).min(self.children);
        deps.extend(children.map(|child| Dep::input(0, child)));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let mut rs: Vec<Dense<T>> = Vec::with_capacity(inputs.len());
        let mut starts = vec![0i64];
        for input in inputs {
            let input = input.take();
            let r = Dense::of_chunk(input.get::<Parts>()?.get::<T>(R)?, Side::AsIs);
            starts.push(starts[starts.len() - 1] + r.rows() as i64);
            rs.push(r);
        }
        let stacked = Dense::stacked(&rs);
        drop(rs);
        let (q, r) = stacked.qr();
        check_rows(r.rows(), self.expected)?;
        let parts = Parts::default().with(q.into_chunk()?).with(r.into_chunk()?);
        Ok(parts.with(Chunk::from_vec(&[starts.len()], starts)?).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "qr".into()
    }

    fn bytes(&self, _: u32) -> Bounds {
        // Each R has as many rows as columns at most.
        let (n, most) = (self.n, self.n * self.fan.min(self.children) as usize);
        let starts = chunk_bytes::<i64>(self.fan as usize + 1);
        let parts = [chunk_bytes::<T>(most * n), chunk_bytes::<T>(n * n), starts];
        let scratch = bytes_of::<T>(2 * most * n + 256 * n);
        Bounds::output(parts_bytes(parts)).with_scratch(scratch)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Parts>()))
    }
}

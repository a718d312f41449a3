//! [`AddBlocks`]: the sums of chains, added up.

use crate::chunk::{Chunk, chunk_bounds, chunk_of, take_array};
use crate::chunks::Chunks;
use crate::element::Number;
use crate::error::ArrayError;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

/// Sums that a task adds up.
pub(super) const FAN: u32 = 8;

/// Adds up blocks that differ in the last index of their grid only: of each [`FAN`] of the sums
/// that are left there, one.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct AddBlocks<T> {
    pub(super) grid: Vec<u32>,
    pub(super) out: Arc<Chunks>,
    /// Blocks along the last axis of the input's grid, and how many of them a sum passes through.
    pub(super) steps: u32,
    pub(super) chain: u32,
    pub(super) of: PhantomData<fn() -> T>,
}

impl<T> AddBlocks<T> {
    /// Sums in the input for a block of the result.
    fn sums(&self) -> u32 {
        self.steps.div_ceil(self.chain)
    }
}

impl<T: Number> Blocks for AddBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let groups = self.sums().div_ceil(FAN);
        let (of_result, group) = (block / groups, block % groups);
        for sum in group * FAN..((group + 1) * FAN).min(self.sums()) {
            let step = ((sum + 1) * self.chain).min(self.steps) - 1;
            deps.push(Dep::input(0, of_result * self.steps + step));
        }
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [first, others @ ..] = inputs else { return Err("a sum has terms".into()) };
        if others.is_empty() {
            return Ok(first.take());
        }
        let mut sum = take_array::<T>(first)?;
        for other in others {
            let other = other.take();
            let chunk = chunk_of::<T>(&other)?;
            if chunk.shape() != sum.shape() {
                let (found, expected) = (chunk.shape().into(), sum.shape().into());
                return Err(ArrayError::Chunk { found, expected }.into());
            }
            sum.zip_mut_with(&chunk.view(), |sum, &term| *sum = sum.plus(term));
        }
        Ok(Chunk::new(sum).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "add".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.out, block / self.sums().div_ceil(FAN))
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

//! [`Direct`]: several chunks reduced by one task, where each one alone would leave almost as much
//! as it takes.

use super::accumulate::{Accumulators, run_len};
use super::combine::Combine;
use super::partial::{Partial, partial_bytes};
use super::reducer::Reducer;
use super::sink::number_in_array;
use crate::chunk::chunk_of;
use crate::chunks::{Chunks, PerAxis};
use crate::tile::{BlockAt, tiles};
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Fold, Inputs, Shipment, TypeInfo, Value, taken,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// Reduces neighbouring chunks along the reduced axes: a stack of days, summed over the days.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct Direct<R: Reducer> {
    pub(super) combine: Combine<R>,
    /// The cut of what is reduced.
    pub(super) from: Arc<Chunks>,
    /// Its shape, where elements are known by their numbers in it.
    pub(super) shape: Option<PerAxis<usize>>,
}

impl<R: Reducer> Direct<R> {
    /// Takes a chunk into accumulators of its own.
    fn reduce(&self, number: u32, value: &Value) -> Result<Partial<R::Acc>, BoxError> {
        let finish = &self.combine.finish;
        let (reducer, reduced) = (&finish.reducer, &finish.reduced);
        let chunk = chunk_of::<R::In>(value)?;
        let mut accumulators = Accumulators::new(reducer, chunk.shape(), reduced);
        self.take(&mut accumulators, number, value)?;
        Ok(accumulators.into_partial())
    }

    fn take(
        &self,
        accumulators: &mut Accumulators<'_, R>,
        number: u32,
        value: &Value,
    ) -> Result<(), BoxError> {
        let reduced = &self.combine.finish.reduced;
        let chunk = chunk_of::<R::In>(value)?;
        let elements = chunk.row_major();
        for (start, len) in tiles(elements.len(), run_len(chunk.shape(), reduced)) {
            accumulators.take(start, &elements[start..start + len]);
        }
        accumulators.end_block(chunk.shape(), reduced);
        if let (true, Some(shape)) = (R::PLACES, &self.shape) {
            let starts = self
                .from
                .region_of(number)
                .map(|region| region.spans().iter().map(|span| span.start).collect());
            let at = BlockAt { starts, shape: chunk.shape().into() };
            accumulators.place(&|number| number_in_array(number, &at, reduced, shape));
        }
        Ok(())
    }
}

impl<R: Reducer> Blocks for Direct<R> {
    fn grid(&self) -> &[u32] {
        self.combine.grid()
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        self.combine.deps(block, deps);
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        self.fold(block, &mut taken(inputs))
    }

    fn as_fold(&self) -> Option<&dyn Fold> {
        Some(self)
    }
    fn op_name(&self) -> Cow<'_, str> {
        R::NAME.into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let copy = self
            .from
            .largest_chunk()
            .map(|shape| shape.iter().product::<usize>().saturating_mul(size_of::<R::In>()) as u64);
        let (bounds, n) = (self.combine.bytes(block), self.combine.n_kept);
        match (bounds.scratch, copy, n) {
            (Some(scratch), Some(copy), Some(n)) => {
                // Accumulators of one chunk, where these are not the ones that come out.
                let own = if R::PLACES { partial_bytes::<R::Acc>(n) } else { 0 };
                bounds.with_scratch(scratch + copy + own)
            }
            _ => Bounds::UNKNOWN,
        }
    }

    fn ship(&self) -> Result<Shipment, String> {
        let output = match self.combine.is_last {
            true => TypeInfo::data::<crate::chunk::Chunk<R::Out>>(),
            false => TypeInfo::data::<Partial<R::Acc>>(),
        };
        Ok(Shipment::of_blocks(self)?.with_output(output))
    }
}

impl<R: Reducer> Fold for Direct<R> {
    fn fold(&self, block: u32, inputs: &mut Inputs<'_>) -> Result<Value, BoxError> {
        let finish = &self.combine.finish;
        let members = self.combine.groups.members(block);
        let mut all: Option<Accumulators<'_, R>> = None;
        for (&number, input) in members.iter().zip(inputs) {
            let input = input?;
            let shape = chunk_of::<R::In>(&input)?.shape();
            match &mut all {
                None => {
                    let mut first = Accumulators::new(&finish.reducer, shape, &finish.reduced);
                    self.take(&mut first, number, &input)?;
                    all = Some(first);
                }
                // Numbers of elements count from the start of their chunk.
                Some(all) if R::PLACES => {
                    all.join(&self.reduce(number, &input)?)?;
                }
                Some(all) => {
                    all.next_block(shape, &finish.reduced)?;
                    self.take(all, number, &input)?;
                }
            }
        }
        let all = all.ok_or("there is nothing to reduce")?.into_partial();
        if self.combine.is_last { finish.finish(&all) } else { Ok(Value::data(all)) }
    }
}

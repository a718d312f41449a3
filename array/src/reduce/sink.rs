//! [`ReduceSink`]: reducing a chunk while it is being made.

use super::accumulate::{Accumulators, run_len};
use super::partial::{Partial, known_partial_bytes};
use super::reducer::Reducer;
use crate::chunks::PerAxis;
use crate::tile::{BlockAt, SinkRun, TileRef, TileSink, shipped_sink};
use chunkwise_graph::{BoxError, ShipFn, Shipment, TypeInfo, Value};
use std::marker::PhantomData;

/// Takes tiles into accumulators.
pub(super) struct ReduceSink<R> {
    pub(super) reducer: R,
    /// For each axis whether it is reduced.
    pub(super) reduced: PerAxis<bool>,
    /// The shape of the array, where elements are known by their numbers in it.
    pub(super) shape: Option<PerAxis<usize>>,
}

/// The number in the array, among those that are reduced together, of an element that has `number`
/// in the block.
pub(super) fn number_in_array(number: u64, at: &BlockAt, reduced: &[bool], shape: &[usize]) -> u64 {
    let Some(starts) = &at.starts else { return number };
    let (mut rest, mut in_array, mut stride) = (number, 0, 1);
    for axis in (0..reduced.len()).rev().filter(|&axis| reduced[axis]) {
        let len = at.shape[axis].max(1) as u64;
        in_array += (rest % len + starts[axis] as u64) * stride;
        rest /= len;
        stride *= shape[axis] as u64;
    }
    in_array
}

impl<R: Reducer> TileSink for ReduceSink<R> {
    fn run_len(&self, shape: &[usize]) -> usize {
        run_len(shape, &self.reduced)
    }

    fn start<'a>(&'a self, at: &'a BlockAt) -> Box<dyn SinkRun + 'a> {
        let accumulators = Accumulators::new(&self.reducer, &at.shape, &self.reduced);
        Box::new(Reducing { sink: self, at, accumulators })
    }

    fn ship(&self) -> Result<Shipment, String> {
        struct Load<R>(PhantomData<R>);
        impl<R: Reducer> Load<R> {
            const LOAD: &'static ShipFn = &ShipFn::new::<Load<R>>(|parcel| {
                let (reducer, reduced, shape): (R, _, _) = parcel.read()?;
                Ok(shipped_sink(ReduceSink { reducer, reduced, shape }))
            });
        }
        Shipment::new(Load::<R>::LOAD).with_serde(&(&self.reducer, &self.reduced, &self.shape))
    }

    fn output(&self) -> &'static TypeInfo {
        TypeInfo::data::<Partial<R::Acc>>()
    }

    fn bytes(&self, shape: &[usize]) -> Option<u64> {
        let kept = shape.iter().zip(&self.reduced).filter(|(_, reduced)| !**reduced);
        known_partial_bytes::<R::Acc>(kept.map(|(len, _)| *len).product())
    }
}

struct Reducing<'a, R: Reducer> {
    sink: &'a ReduceSink<R>,
    at: &'a BlockAt,
    accumulators: Accumulators<'a, R>,
}

impl<R: Reducer> SinkRun for Reducing<'_, R> {
    fn take(&mut self, start: usize, tile: TileRef<'_>) -> Result<(), BoxError> {
        self.accumulators.take(start, tile.get::<R::In>()?);
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<Value, BoxError> {
        let (at, reduced) = (self.at, &self.sink.reduced);
        self.accumulators.end_block(&at.shape, reduced);
        if let Some(shape) = &self.sink.shape {
            self.accumulators.place(&|number| number_in_array(number, at, reduced, shape));
        }
        Ok(self.accumulators.into_value())
    }
}

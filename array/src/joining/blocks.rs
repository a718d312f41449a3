//! [`JoinBlocks`]: the chunks of arrays that are put together, each of which is a chunk of one of
//! them.

use crate::chunk::{Chunk, chunk_bounds, take_array};
use crate::chunks::Chunks;
use crate::element::Element;
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Fold, Inputs, Shipment, TypeInfo, Value, grid, taken,
};
use ndarray::Axis;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

/// Chunks of the inputs under other numbers; nothing is copied.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub(super) struct JoinBlocks<T> {
    pub(super) name: Cow<'static, str>,
    pub(super) grid: Vec<u32>,
    pub(super) chunks: Arc<Chunks>,
    pub(super) axis: usize,
    /// Where the chunks of each input start along the axis, and where the last ones end. Nothing
    /// for inputs that have no such axis, which lie there one behind the other.
    pub(super) starts: Vec<u32>,
    pub(super) of: PhantomData<fn() -> T>,
}

impl<T> JoinBlocks<T> {
    fn is_stack(&self) -> bool {
        self.starts.is_empty()
    }
}

impl<T: Element> Blocks for JoinBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let mut index = grid::unflatten(&self.grid, block);
        let mut own = self.grid.clone();
        let at = index[self.axis];
        let input = match self.is_stack() {
            true => {
                index.remove(self.axis);
                own.remove(self.axis);
                at
            }
            false => {
                let input = self.starts.partition_point(|start| *start <= at) - 1;
                index[self.axis] -= self.starts[input];
                own[self.axis] = self.starts[input + 1] - self.starts[input];
                input as u32
            }
        };
        deps.push(Dep::input(input, grid::flatten(&own, &index)));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        self.fold(block, &mut taken(inputs))
    }

    fn as_fold(&self) -> Option<&dyn Fold> {
        Some(self)
    }

    fn op_name(&self) -> Cow<'_, str> {
        self.name.clone()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

impl<T: Element> Fold for JoinBlocks<T> {
    fn fold(&self, _: u32, inputs: &mut Inputs<'_>) -> Result<Value, BoxError> {
        let mut input = inputs.next().ok_or("each chunk is a chunk of one input")??;
        if !self.is_stack() {
            return Ok(input);
        }
        let array = take_array::<T>(&mut input)?;
        if array.ndim() < self.axis {
            return Err(
                format!("a chunk with {} axes has no axis {}", array.ndim(), self.axis).into()
            );
        }
        Ok(Chunk::new(array.insert_axis(Axis(self.axis))).into_value())
    }
}

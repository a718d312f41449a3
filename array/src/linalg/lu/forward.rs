//! [`ForwardBlocks`]: right sides of equations, as the panels that factoring a matrix updates.

use super::panels::{Panels, start, update};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_bytes, take_array};
use crate::chunks::Chunks;
use crate::expr::Node;
use crate::linalg::dense::{Dense, bytes_of};
use crate::linalg::field::Field;
use crate::linalg::parts::Parts;
use crate::linalg::ready::{About, ready};
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, Tokenizer, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// The solution of the lower triangular factor for the right sides `b`, whose rows are one chunk.
pub(super) fn forward<T: Field>(
    panels: &Panels,
    b: &Arc<Node>,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let cols = b.chunks.axes().get(1).map_or(1, AxisChunks::n_chunks);
    let steps = panels.n_panels();
    let token = Tokenizer::of("lu forward", &(panels.node.token, b.token));
    let blocks = ForwardBlocks::<T> {
        // The last step is that of the result: so its blocks come first.
        grid: vec![steps, cols as u32],
        axis: panels.axis.clone(),
        chunks: Arc::clone(&b.chunks),
        of: PhantomData,
    };
    let chunks = [AxisChunks::regular(steps as usize, 1), AxisChunks::regular(cols, 1)];
    let about = About {
        name: "solve",
        dtype: T::DTYPE,
        chunks: chunks.into_iter().collect(),
        token,
        made_at,
    };
    let all = ready(about, [Arc::clone(&panels.node), Arc::clone(b)], blocks);
    let chunks = Chunks::clone(&b.chunks);
    let token = Tokenizer::of("lu forward last", &all.token);
    let blocks = LastBlocks::<T> {
        grid: chunks.grid(),
        chunks: Arc::clone(&b.chunks),
        first: (steps - 1) * cols as u32,
        of: PhantomData,
    };
    ready(About { name: "solve", dtype: T::DTYPE, chunks, token, made_at }, [all], blocks)
}

/// Block (step, panel): the panel after that step.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct ForwardBlocks<T> {
    grid: Vec<u32>,
    axis: AxisChunks,
    chunks: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T: Field> Blocks for ForwardBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let (step, panel) = (block / self.grid[1], block % self.grid[1]);
        deps.push(match step {
            0 => Dep::input(1, panel),
            _ => Dep::own(block - self.grid[1]),
        });
        deps.push(Dep::input(0, step * self.grid[0] + step));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [own, factor] = inputs else { return Err("a panel is updated by one".into()) };
        let own = Chunk::new(take_array::<T>(own)?);
        let shape = own.shape().to_vec();
        let mut panel = Dense::from_chunk(own);
        let first = start(&self.axis, block / self.grid[1]);
        update(&mut panel, factor.take().get::<Parts>()?, first)?;
        Ok(panel.into_shape(&shape)?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "solve".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let Some(n) = self.chunks.chunk_len(block % self.grid[1]) else { return Bounds::UNKNOWN };
        let rows = self.axis.len().unwrap_or(0);
        // The first panels may lie row by row, and are copied then; others lie column by column.
        let copied = if block < self.grid[1] { n } else { 0 };
        let scratch = bytes_of::<T>(copied) + bytes_of::<usize>(3 * rows);
        Bounds::output(chunk_bytes::<T>(n)).with_scratch(scratch)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

/// The blocks of the last step.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct LastBlocks<T> {
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
    first: u32,
    of: PhantomData<fn() -> T>,
}

impl<T: Field> Blocks for LastBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, self.first + block));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        inputs.first_mut().map(Value::take).ok_or_else(|| "a block is of one block".into())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "solve".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

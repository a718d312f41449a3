//! [`TileOp`]: one operation of a tile program; [`TileSink`]: what its last tile goes into.

use super::data::{TileBuf, TileRef};
use crate::chunks::PerAxis;
use chunkwise_graph::{Block, BoxError, Kernel, Shipment, TypeInfo, Value};
use chunkwise_storage::DType;
use std::any::Any;
use std::sync::Arc;

/// The block that a program works on.
#[derive(Clone, Debug)]
pub(crate) struct BlockAt {
    /// Where it starts in the array; `None` after axes of deferred length.
    pub(crate) starts: Option<PerAxis<usize>>,
    /// The length of each axis of the block.
    pub(crate) shape: PerAxis<usize>,
}

/// The tile that is being made: `len` elements of the block from `start` on, in row-major order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tile<'a> {
    pub(crate) at: &'a BlockAt,
    pub(crate) start: usize,
    pub(crate) len: usize,
}

/// What an operation keeps from one tile of a block to the next: nothing at the block's first tile.
pub(crate) type State = Option<Box<dyn Any>>;

/// One operation of a tile program.
pub(crate) trait TileOp: Send + Sync + 'static {
    /// The type of what it makes.
    fn output(&self) -> DType;

    /// Makes a tile: fills the first `tile.len` elements of `out` from operands of that length.
    ///
    /// # Errors
    /// Whatever reading or the user's code reports.
    fn run(
        &self,
        tile: Tile<'_>,
        operands: &[TileRef<'_>],
        out: &mut TileBuf,
        state: &mut State,
    ) -> Result<(), BoxError>;

    /// Makes sure that the tile lies whole in the state, where [`TileOp::view`] finds it, if it can;
    /// else the tile is made by [`TileOp::run`].
    ///
    /// # Errors
    /// As [`TileOp::run`].
    fn load(&self, tile: Tile<'_>, state: &mut State) -> Result<bool, BoxError> {
        let _ = (tile, state);
        Ok(false)
    }

    /// The tile that was loaded, where it lies: it need not be copied.
    fn view<'s>(&self, tile: Tile<'_>, state: &'s State) -> Option<TileRef<'s>> {
        let _ = (tile, state);
        None
    }

    /// In a form that runs in another process; what loads it gives [`shipped_op`].
    ///
    /// # Errors
    /// Why it has none.
    fn ship(&self) -> Result<Shipment, String>;

    /// Upper bound on the bytes that its state holds for a block of so many elements.
    fn state_bytes(&self, n_elements: usize) -> Option<u64> {
        let _ = n_elements;
        Some(0)
    }
}

/// What takes the last tiles of a program, instead of a chunk that stores them.
pub(crate) trait TileSink: Send + Sync + 'static {
    /// Elements that belong together: tiles are whole numbers of such runs, or parts of one.
    fn run_len(&self, shape: &[usize]) -> usize;

    /// Starts on a block.
    fn start<'a>(&'a self, at: &'a BlockAt) -> Box<dyn SinkRun + 'a>;

    /// In a form that runs in another process; what loads it gives [`shipped_sink`].
    ///
    /// # Errors
    /// Why it has none.
    fn ship(&self) -> Result<Shipment, String>;

    /// What it gives.
    fn output(&self) -> &'static TypeInfo;

    /// Upper bound on the bytes of what it gives for a block of this shape.
    fn bytes(&self, shape: &[usize]) -> Option<u64>;
}

/// A sink at work on one block.
pub(crate) trait SinkRun {
    /// Takes the elements of the next tile, the first of which is number `start` of the block.
    ///
    /// # Errors
    /// If they are of another type.
    fn take(&mut self, start: usize, tile: TileRef<'_>) -> Result<(), BoxError>;

    /// What has become of them.
    ///
    /// # Errors
    /// If it has no value.
    fn finish(self: Box<Self>) -> Result<Value, BoxError>;
}

/// A part of a program on its way to another process, where programs are put together again.
pub(crate) enum Shipped {
    Op(Arc<dyn TileOp>),
    Sink(Arc<dyn TileSink>),
}

/// An operation that was shipped, as the kernel that loading gives.
pub(crate) fn shipped_op(op: impl TileOp) -> Arc<dyn Kernel> {
    Arc::new(Shipped::Op(Arc::new(op)))
}

/// A sink that was shipped, as the kernel that loading gives.
pub(crate) fn shipped_sink(sink: impl TileSink) -> Arc<dyn Kernel> {
    Arc::new(Shipped::Sink(Arc::new(sink)))
}

impl Kernel for Shipped {
    fn call(&self, _: Block<'_>, _: &mut [Value]) -> Result<Value, BoxError> {
        Err("a part of a tile program runs in its program only".into())
    }
}

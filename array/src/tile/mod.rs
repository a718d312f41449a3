//! Elementwise work, tile by tile: chains of operations pass over a chunk once.
//!
//! A chunk is worked on in runs of [`TILE`] elements in row-major order. Each operation ([`TileOp`])
//! reads tiles of its operands and writes a tile into a buffer that stays in the cache; the last
//! one goes to the result, or into the accumulators of a reduction ([`TileSink`]) without being
//! stored at all. [`TileProgram`] is the kernel that does so; [`join`] puts the programs of a fused
//! layer into one.
//!
//! What an element becomes does not depend on the tile that it is in.

mod data;
mod join;
mod leaf;
mod map;
mod op;
mod program;
mod walk;

pub use data::{TileBuf, TileRef};
pub(crate) use join::join;
pub use map::Parameter;
pub(crate) use map::{Held, Map1, Map2, Map3};
pub(crate) use op::{BlockAt, SinkRun, State, Tile, TileOp, TileSink, shipped_op, shipped_sink};
pub(crate) use program::{TileProgram, check_shape};
pub(crate) use walk::tiles;

/// Elements of a tile. A tile of `f64` has 16 KiB: what one operation reads and writes lies in the
/// second-level cache at most. Measured on an elementwise chain and a sum: 512 is slower by a sixth,
/// 1024 to 4096 alike.
pub(crate) const TILE: usize = 2048;

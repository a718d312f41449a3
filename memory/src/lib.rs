//! The memory contract: one budget in bytes for everything that runs, predicted before it does,
//! enforced while it does, measured afterwards.
//!
//! Below it is `chunkwise-graph`, whose plans it predicts; above it are the schedulers, which admit
//! tasks by it, and the collections, whose kernels reserve what they hold. Start from [`Budget`].
//!
//! - `budget`: the number of bytes and its reservations; `sync`: the primitives, which shuttle
//!   replaces to check schedules;
//! - `spill`: files for what does not fit.
//!
//! Not here: threads that run tasks, codecs of values.
#![forbid(unsafe_code)]

mod budget;
mod spill;
mod sync;

pub use budget::{Budget, OutOfBudget, Reclaim, Reservation};
pub use spill::{
    Compression, Extent, Spill, SpillError, SpillOptions, SpillStatistics, SpilledValue,
};

//! The memory contract: one budget in bytes for everything that runs, predicted before it does,
//! enforced while it does, measured afterwards.
//!
//! Below it is `chunkwise-graph`, whose plans it predicts; above it are the schedulers, which admit
//! tasks by it, and the collections, whose kernels reserve what they hold. Start from [`Budget`].
//!
//! - `budget`: the number of bytes and its reservations; `sync`: the primitives, which shuttle
//!   replaces to check schedules;
//! - `spill`: files for what does not fit; `blob`: bytes that are there or in memory; `current`:
//!   the budget and the spill of whoever is running;
//! - `exchange`: pieces of several inputs brought together by partition, for group-by, join, sort;
//! - `limit`: limits as people write them, and what the machine has.
//!
//! Not here: threads that run tasks, codecs of values.
#![forbid(unsafe_code)]

mod blob;
mod budget;
mod current;
mod exchange;
mod limit;
mod spill;
mod sync;

pub use blob::Blob;
pub use budget::{Budget, OutOfBudget, Reclaim, Reservation};
pub use current::{current, current_budget, current_spill, enter};
pub use exchange::{
    Barrier, Exchanged, Gather, Gathering, Partition, Partitioned, PartitionedBuilder, Pieces,
    Scatter, Scattering, barrier,
};
pub use limit::{MemoryLimit, ParseLimitError, default_limit, machine_memory};
pub use spill::{
    Compression, Extent, Spill, SpillError, SpillOptions, SpillStatistics, SpilledValue,
};

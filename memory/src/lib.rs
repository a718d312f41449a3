//! The memory contract: one budget in bytes for everything that runs, predicted before it does,
//! enforced while it does, measured afterwards.
//!
//! Below it is `chunkwise-graph`, whose plans it predicts; above it are the schedulers, which admit
//! tasks by it, and the collections, whose kernels reserve what they hold. Start from [`Budget`].
//!
//! ```
//! use chunkwise_memory::with_memory_limit;
//! let answer = with_memory_limit(256 << 20, || 42);
//! # assert_eq!(answer, 42);
//! ```
//!
//! - `budget`: the number of bytes and its reservations; `scope`, `limited`: setting it around runs,
//!   or for a scheduler; `limit`: limits as people write them, and what the machine has;
//! - `allowance`: what allocators hold beyond what is counted;
//! - `need`, `forecast`: what tasks take, and what a plan will need under a budget;
//! - `governed`: a run that keeps to a budget; `current`: the budget of whoever is running;
//! - `spill`: files for what does not fit; `blob`: bytes that are there or in memory;
//! - `exchange`: pieces of several inputs brought together by partition, for group-by, join, sort;
//! - `sync`: the primitives, which shuttle replaces to check schedules.
//!
//! How a run keeps to its budget, and why it always ends, is in `README.md` beside this file.
//!
//! Not here: threads that run tasks, codecs of values.
#![forbid(unsafe_code)]

mod allowance;
mod blob;
mod budget;
mod current;
mod exchange;
mod forecast;
mod governed;
mod limit;
mod limited;
mod need;
mod scope;
mod spill;
mod sync;

#[cfg(all(test, shuttle))]
mod shuttle_schedules;

pub use blob::Blob;
pub use budget::{Budget, OutOfBudget, Reclaim, Reservation};
pub use current::{current, current_budget, enter};
pub use exchange::{
    Barrier, Exchanged, Gather, Gathering, Partition, Partitioned, PartitionedBuilder, Pieces,
    Scatter, Scattering, barrier,
};
pub use governed::{Admission, Governed};
pub use limit::{MemoryLimit, ParseLimitError, default_limit, machine_memory};
pub use limited::{LimitMemory, Limited};
pub use scope::with_memory_limit;
pub use spill::{
    Compression, Extent, Spill, SpillError, SpillOptions, SpillStatistics, SpilledValue,
};

//! Larger-than-memory computation in parallel, on one machine: everything under one name.
//!
//! This crate re-exports the others; each of them is also pleasant alone. Above it is nothing but
//! your program. Four places to start from:
//!
//! - [`prelude`]: what most programs need, in one `use`;
//! - [`array`](mod@array): chunked n-dimensional arrays, larger than memory, with NumPy's operations;
//! - [`delayed`]: custom functions, called lazily;
//! - [`TaskDict`](graph::TaskDict): graphs written by hand, as named keys.
//!
//! The only code of its own is the choice of defaults, and [`interruptible`], which lets Ctrl-C stop a
//! run. Computing something without choosing a scheduler runs on all cores ([`CollectionExt`]), in
//! 60 % of the memory that the machine or its control group has, or what the environment variable
//! `CHUNKWISE_MEMORY_LIMIT` says (`256MB`, `1.5 GiB`, `40%`, `none`). [`memory::with_memory_limit`]
//! sets a limit around some work, [`memory::LimitMemory`] for one call.
//! A crate of the workspace that is used alone computes in the calling thread until a scheduler is
//! set.
//!
//! Worker processes (`sched_process`, `Processes` in the prelude) come with the feature `processes`,
//! on Linux.
#![doc = concat!("\n\n", include_str!("../../README.md"))]
#![forbid(unsafe_code)]

mod collection;
#[cfg(feature = "ctrl-c")]
mod ctrl_c;
mod defaults;
pub mod prelude;

#[cfg(feature = "array")]
pub use chunkwise_array as array;
pub use chunkwise_delayed as delayed;
pub use chunkwise_diagnostics as diagnostics;
pub use chunkwise_graph as graph;
pub use chunkwise_graph::{Error, Result};
pub use chunkwise_memory as memory;
#[cfg(all(feature = "processes", target_os = "linux"))]
pub use chunkwise_sched_process as sched_process;
pub use chunkwise_sched_sync as sched_sync;
pub use chunkwise_sched_threaded as sched_threaded;
#[cfg(feature = "array")]
pub use chunkwise_storage as storage;
pub use collection::CollectionExt;
#[cfg(feature = "ctrl-c")]
pub use ctrl_c::{InterruptError, interruptible};
pub use defaults::MEMORY_LIMIT_VARIABLE;

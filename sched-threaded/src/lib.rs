//! The threaded scheduler: all cores, on a rayon pool, in strict order of priority without a queue.
//!
//! Below it are `chunkwise-graph`, whose plans it runs, and `chunkwise-memory`; beside it `chunkwise-sched-sync`, whose
//! values, errors and order of priority it keeps. Start from [`Threaded`].
//!
//! ```
//! use chunkwise_graph::{SchedulerExt, TaskDict, list};
//! use chunkwise_sched_threaded::Threaded;
//!
//! let mut graph = TaskDict::new();
//! for i in 0..100u32 {
//!     graph.task(("square", i), move || u64::from(i * i), ());
//! }
//! graph.task("sum", |all: Vec<u64>| all.iter().sum::<u64>(), [list((0..100).map(|i| ("square", i)))]);
//! let sum: u64 = Threaded::new().get(&graph, "sum")?;
//! assert_eq!(sum, 328_350);
//! # Ok::<(), chunkwise_graph::Error>(())
//! ```
//!
//! How it works, from the inside out:
//!
//! - `turn`: a count of what a task waits for, its dependencies and a token that a shared cursor
//!   takes as it passes the tasks in order; whoever brings it to zero runs the task;
//! - `slot`: a result with the number of tasks that still need it; the last one gets it unshared;
//! - `cursor`: dealing out the tasks in order, a few at a time when they are tiny (`pace`);
//! - `spare`: what becomes ready beyond the task that its finisher goes on with;
//! - `gate`: knowing when the last worker has left;
//! - `governed`: a run that keeps to a memory budget, which `chunkwise-memory` decides about;
//! - `run`: these put together; `pool`: where workers come from; `sync`: the primitives, which
//!   loom and shuttle replace to check every interleaving.
//!
//! `README.md` beside this file tells why it is built so and what each part costs.
//!
//! Not here: other processes, async runtimes.

#![cfg_attr(loom, allow(dead_code, reason = "loom looks at the primitives without their users"))]

mod cursor;
mod gate;
mod slot;
mod spare;
mod sync;
mod turn;

// loom looks at the primitives above alone.
#[cfg(not(loom))]
mod governed;
#[cfg(not(loom))]
mod pace;
#[cfg(not(loom))]
mod pool;
#[cfg(not(loom))]
mod run;
#[cfg(not(loom))]
mod threaded;

#[cfg(all(test, loom))]
mod loom_models;
#[cfg(all(test, shuttle))]
mod shuttle_schedules;

#[cfg(not(loom))]
pub use threaded::Threaded;

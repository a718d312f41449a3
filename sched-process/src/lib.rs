//! The process scheduler: worker processes of the same executable.
//!
//! Tasks run isolated: one that crashes, takes too much memory or too long costs itself and nothing
//! else, and code that is not thread-safe has a process to itself. Below this crate is
//! `chunkwise-graph`, whose plans it runs; beside it `chunkwise-sched-threaded`, which is faster
//! wherever isolation is not needed. Start from [`Processes`].
//!
//! ```
//! use chunkwise_graph::{SchedulerExt, TaskDict};
//! use chunkwise_sched_process::Processes;
//!
//! fn in_which_process(_: i64) -> u32 { std::process::id() }
//!
//! let mut graph = TaskDict::new();
//! graph.value("x", 1i64).task("there", in_which_process, ["x"]);
//! let there: u32 = Processes::new(2)?.get(&graph, "there")?;
//! assert_ne!(there, std::process::id());
//! # Ok::<(), chunkwise_graph::Error>(())
//! ```
//!
//! What can run in another process:
//!
//! - `fn` items and closures that capture nothing, with literal values as arguments. A closure that
//!   captures is refused before anything runs; what it captures becomes an argument.
//! - Kernels of collections and structs of yours that have a portable form:
//!   [`Kernel::ship`](chunkwise_graph::Kernel::ship).
//! - Results of the standard library's common types, of types that implement
//!   [`Data`](chunkwise_graph::Data) with a codec, and of serde types after
//!   [`register_serde`](chunkwise_graph::register_serde).
//! - Errors arrive as their texts; `std::io` errors keep their kind, and types that are registered
//!   with [`register_error`](chunkwise_graph::register_error) arrive as they were.
//!
//! Workers start before `main` of the executable, so that programs, examples, tests and doctests
//! need no line for them. Without the feature `entry`, `main` calls [`init`] first.
//!
//! How it works, from the inside out:
//!
//! - `image`: references to statics of the executable; `entry`: where a worker begins;
//! - `arena`: shared memory; `own_region` and `published`: putting large values there, and reading
//!   them as they come; `frames`: small values, as bytes beside a message;
//! - `wire` and `message`: what parent and workers say; `failure`: errors on their way;
//! - `worker`: what a worker does; `spawn`, `console` and `pool`: starting and keeping workers;
//! - `run`: one run of a plan, with its recovery.
//!
//! `README.md` beside this file tells the protocol and what each part costs.
//!
//! Not here: other machines, memory limits of a run, resuming a run after the parent has died.

#[cfg(not(target_os = "linux"))]
compile_error!("worker processes need Linux: leave this crate out on other platforms");

mod arena;
mod clock;
mod console;
mod descriptors;
mod entry;
mod error;
mod failure;
mod frames;
mod image;
mod message;
mod nested;
mod options;
mod own_region;
mod pool;
mod processes;
mod published;
mod run;
mod spawn;
mod wire;
mod worker;

pub use console::{Line, Stream};
pub use entry::init;
pub use error::{End, ProcessError};
pub use options::{NotPortable, ProcessesBuilder};
pub use processes::Processes;

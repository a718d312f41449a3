//! Observers that show what a run does: a progress bar, a task profile, a count of live results.
//!
//! This crate stands on `chunkwise-graph` alone: whatever runs plans and tells its
//! [`Observer`](chunkwise_graph::Observer)s can be watched, and one observer can watch any number
//! of runs, one after the other, at the same time, or one inside a task of another.
//!
//! Four types to start from:
//!
//! - [`ProgressBar`]: tasks done, time and what runs now, on the terminal;
//! - [`Profile`]: when and where each task ran and what it gave; prints as a table, and
//!   [`Profile::write_chrome_trace`] writes a timeline that browsers show;
//! - [`LiveResults`]: how many intermediate results are held, now and at most;
//! - [`Callbacks`]: closures of your own.
//!
//! ```
//! use chunkwise_diagnostics::{LiveResults, Profile, ProgressBar};
//! use chunkwise_graph::{InOrder, Observer, SchedulerExt, TaskDict, list, with_observers};
//! use std::sync::Arc;
//!
//! fn load(part: u32) -> Vec<f64> { (0..1000).map(|i| f64::from(part * i)).collect() }
//! fn mean(all: Vec<f64>) -> f64 { all.iter().sum::<f64>() / all.len() as f64 }
//! fn largest(all: Vec<f64>) -> f64 { all.into_iter().fold(f64::MIN, f64::max) }
//!
//! let mut graph = TaskDict::new();
//! for i in 0..8u32 {
//!     graph.value(("part", i), i).task(("load", i), load, [("part", i)]);
//!     graph.task(("mean", i), mean, [("load", i)]);
//! }
//! graph.task("largest", largest, [list((0..8).map(|i| ("mean", i)))]);
//!
//! let (profile, live) = (Arc::new(Profile::new()), Arc::new(LiveResults::new()));
//! let observers: [Arc<dyn Observer>; 3] =
//!     [Arc::new(ProgressBar::new()), profile.clone(), live.clone()];
//! let answer: f64 = with_observers(observers, || InOrder.get(&graph, "largest"))?;
//!
//! assert_eq!(answer, 3496.5);
//! assert_eq!(profile.records().len(), 25);
//! assert_eq!(live.live(), 0);
//! println!("{profile}");              // operations, workers, critical path, peak
//! println!("{live}");                 // how many results were held at most
//! # Ok::<(), chunkwise_graph::Error>(())
//! ```
//!
//! Tasks in other processes (`chunkwise-sched-process`) are seen too, by what the scheduler tells of
//! them ([`heard`](chunkwise_graph::heard)): times are those at which they started and ended there,
//! and each worker has a row of its own in tables and traces. The limits:
//!
//! - Runs that tasks compute inside a worker process are not seen: they are part of their task.
//! - The calling process hears of events a little later than they happen, so that the progress bar
//!   and [`LiveResults`] are behind by that much; profiles are not, but for releases.
//! - A value may stand for one that stayed with its worker: its size and description are right, its
//!   content is not there.
//! - A task that was lost with its worker is told of again: it counts once, when it ends, and
//!   profiles show the [lost tries](Record::lost).
//!
//! Not here, on purpose: anything that changes what runs; pictures of graphs (`draw` in
//! `chunkwise-graph`).

#![forbid(unsafe_code)]

mod callbacks;
mod error;
mod live;
mod profile;
mod progress;
mod units;

pub use callbacks::Callbacks;
pub use error::DiagnosticsError;
pub use live::LiveResults;
pub use profile::{
    CriticalPath, GroupSummary, Outcome, Peak, Profile, Record, RunProfile, Summary, WorkerSummary,
};
pub use progress::{ProgressBar, TermLike};
pub use units::format_duration;

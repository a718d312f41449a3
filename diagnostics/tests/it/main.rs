//! Observers on real runs: what they saw, and what they wrote.

#![allow(clippy::unwrap_used, reason = "functions that the tests share are tests too")]

/// Closures as observers.
mod callbacks;
/// Graphs, and a driver that runs a plan on several threads at once.
mod driver;
/// What one thread tells of workers elsewhere.
mod elsewhere;
/// Counts of live results.
mod live;
/// Runs on worker processes.
#[cfg(target_os = "linux")]
mod processes;
/// Records, runs and summaries.
mod profile;
/// Lines on a terminal in memory.
mod progress;
/// Files in the trace-event format.
mod trace;

//! Predicting a run before it starts: how much memory an order needs, and how long it takes on a
//! number of workers.
//!
//! - [`peak()`] and [`pressure`]: one task after the other, as the synchronous scheduler does.
//! - [`diagnose()`]: the same run seen from each task.
//! - [`workers()`]: several workers in virtual time, under one of four scheduling policies.
//!
//! The rules are those of the schedulers: a result exists from the moment its task runs, while the
//! inputs are still held; it is dropped after its last dependent; a task without dependents that
//! is no output is dropped at once; outputs are held to the end.

mod diagnose;
mod peak;
mod ready;
mod workers;

pub use diagnose::{TaskDiagnosis, diagnose};
pub use peak::{Memory, NotAnOrder, Peak, peak, pressure};
pub use workers::{Policy, Prediction, Workers, workers};

//! Conformance suites, generators and fault-injecting wrappers for the crates of Chunkwise.
//!
//! Below it is `chunkwise-graph`, whose traits it tests; above it are the tests of every crate
//! that implements one of them. It is not published.
//!
//! Six things to start from:
//!
//! - [`scheduler_conformance!`]: the tests that every [`Scheduler`](chunkwise_graph::Scheduler)
//!   must pass, one `#[test]` for each case; [`conformance`] lists what they cover.
//! - [`generate`]: random task graphs, hand-written graphs, layered graphs and chunkings, each with
//!   a slow and obvious evaluation to compare with.
//! - [`faults`]: wrappers that make tasks fail, panic or take long; [`Tracked`] values and
//!   [`LiveCounter`] say what is still held, [`Events`] what observers were told; a [`Flag`] and a
//!   [`Log`] carry signals between tests and tasks, in whatever process these run;
//! - [`assert_crosses`] and [`Crossing`]: whether an operation can run in other processes, and
//!   [`MiniArray`], which shows how a collection is written so that it can;
//! - [`AllocationCheck`]: whether tasks allocate what their bounds say;
//! - [`trivial_plan`] and [`CpuTime`]: what the schedulers' benches measure, and how.
//!
//! ```
//! use chunkwise_graph::InOrder;
//! use chunkwise_testing::conformance::{Subject, release};
//! release::nothing_is_alive_after_a_run(&Subject::one_worker(|| InOrder));
//! ```
//!
//! Not here: benches, which live in the crates they measure.

#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a crate of tests: its functions fail by panicking, that is what they are for"
)]

pub mod conformance;
pub mod faults;
pub mod generate;

mod allocations;
mod bounds_check;
mod cancelling;
mod counting;
mod cpu_time;
mod crossing;
mod events;
mod flag;
mod live;
mod log;
mod mini_array;
mod mix;
mod process;
mod task_graph;
mod tracked;
mod trivial;
mod within;

pub use allocations::{
    Allocated, AllocationCheck, Counted, Counts, Measure, SLACK, SLACK_AN_INPUT,
};
pub use bounds_check::BoundsCheck;
pub use counting::Counting;
pub use cpu_time::{CpuTime, process_cpu_time};
pub use crossing::{Crossing, CrossingApart, assert_crosses};
pub use events::{Event, Events};
pub use flag::Flag;
pub use live::LiveCounter;
pub use log::Log;
pub use mini_array::{Chunk, MiniArray, small_blocks_expression};
pub use mix::{mix, mix_of_values};
pub use process::in_another_process;
pub use task_graph::TaskGraph;
pub use tracked::{Alive, Tracked};
pub use trivial::{trivial_plan, trivial_plan_with};
pub use within::{LIMIT, eventually, within};

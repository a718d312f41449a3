//! Tests of runs under a budget, on the schedulers that keep to one.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]
#![cfg(not(shuttle))]

/// Graphs of tasks that hold as much as they say.
mod sized;

/// Random graphs and limits: the right answer within the limit, or a refusal in advance.
mod limits;

/// What leaves memory, and how; failures of the disk.
mod leaving;

/// Budgets that several runs, kept results and nested graphs share.
mod sharing;

//! Tests of what several modules of the crate do together.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

/// What orders achieve on graphs of Dask and on synthetic ones.
mod order;

/// Predictions of runs.
mod simulate;

/// Hand-written graphs that are wrong: each a clear error.
mod bad_input;

/// Hand-written graphs that are unusual and right.
mod dict;

/// Passes over layers and hand-written graphs: the same values.
mod passes;

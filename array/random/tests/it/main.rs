//! Tests of the numbers: that they belong to positions, are pinned, and follow their laws.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod every;
mod extremes;
mod functions;
mod golden;
mod integers;
mod laws;
mod parameters;
mod permutations;
mod positions;
mod shipping;
mod words;

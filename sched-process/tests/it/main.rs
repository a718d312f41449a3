//! What only this scheduler does, and the conformance suite.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod basics;
mod isolation;
mod nothing_left;
mod workers;

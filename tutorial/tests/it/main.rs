//! Runs the built program as a user does.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chapter;
mod prep;
mod program;

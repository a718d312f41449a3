//! All integration tests, in one binary.

#![allow(clippy::unwrap_used, reason = "a fixture that cannot be read fails the test")]

mod accuracy;
mod properties;
mod special;

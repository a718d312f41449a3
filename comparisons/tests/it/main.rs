//! Runs the program as a user does.

#![allow(clippy::unwrap_used, reason = "functions that the tests share are tests too")]

/// What each command prints and how it ends, where no Python environment is needed.
mod commands;

//! The command runner of the workspace: `cargo xtask COMMAND`.
//!
//! `cargo xtask check` is what CI runs; [`commands::COMMANDS`] lists the others. [`tidy`] holds
//! the rules about the repository itself, each a function from a [`tree::Tree`] to findings, so
//! that every rule can be shown a bad repository in a test.
#![forbid(unsafe_code)]

mod cargo;
mod commands;
mod error;
mod markdown;
mod metadata;
mod rust_text;
mod tidy;
mod tree;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match commands::dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                eprintln!("  caused by: {cause}");
                source = cause.source();
            }
            ExitCode::FAILURE
        }
    }
}

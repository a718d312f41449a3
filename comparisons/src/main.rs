//! Measures Chunkwise against the systems that a user would pick instead.
//!
//! Each workload is implemented here once for Chunkwise (`workload`) and, for the peers, in the
//! Python scripts of the peers' folder; both print the same JSON row ([`row::Row`]). `pair` runs
//! the two in turn, each in a process of its own, and compares time, memory and answers. `order`
//! compares the memory-minimising order of tasks with `dask.order`.

#![forbid(unsafe_code)]

mod answer;
mod cli;
mod environment;
mod error;
mod list;
mod machine;
mod memory;
mod order;
mod ours;
mod pair;
mod peak;
mod peer;
mod places;
mod process;
mod report;
mod row;
mod statistics;
mod table;
mod workload;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use error::{CompareError, Outcome};

/// The allocator of every binary of this project.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Bad) => ExitCode::from(1),
        Err(error) => {
            eprintln!("compare: {}", error::chain(&error));
            ExitCode::from(2)
        }
    }
}

fn dispatch(command: Command) -> Result<Outcome, CompareError> {
    match command {
        Command::List => list::list(),
        Command::Ours(args) => ours::ours(&args),
        Command::Pair(args) => pair::pair(&args),
        Command::Setup(args) => environment::setup(&args),
        Command::Order(args) => order::order(&args),
        Command::Memory(args) => memory::memory(&args),
    }
}

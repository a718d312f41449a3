//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Chunkwise and the systems that a user would pick instead, on the same workloads.
#[derive(Debug, Parser)]
#[command(name = "compare", version, after_help = EXIT_STATUS)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_STATUS: &str = "Exit status: 0 when all is well, 1 when answers disagree (pair) or an \
    order of ours needs more memory than Dask's (order), 2 when something could not be run.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the workloads, the systems that have them, and the data that they read
    List,
    /// Run one workload in Chunkwise and print one JSON row
    Ours(OursArgs),
    /// Run a workload in Chunkwise and in a peer in turn, and compare
    Pair(PairArgs),
    /// Make the Python environment of the peers (a download of some 400 MB)
    Setup(SetupArgs),
    /// Compare the order of tasks, and the memory that it needs, with `dask.order`
    Order(OrderArgs),
    /// Run a workload on an array larger than the memory that it may use
    Memory(MemoryArgs),
}

#[derive(Debug, Args)]
pub(crate) struct MemoryArgs {
    /// mean_max, transpose_sum, rechunk, gram, tsqr or sort
    pub(crate) workload: String,
    /// What it may hold, in bytes; without a limit if not given
    #[arg(long)]
    pub(crate) limit: Option<u64>,
    /// Rows and columns of the array of f64
    #[arg(long, default_value_t = 32_768)]
    pub(crate) side: usize,
    /// Rows and columns of its chunks
    #[arg(long, default_value_t = 1_024)]
    pub(crate) chunk: usize,
}

#[derive(Debug, Args)]
pub(crate) struct OursArgs {
    /// Name of the workload, from `compare list`
    pub(crate) workload: String,
    /// Folder of the data
    #[arg(default_value = ".")]
    pub(crate) data: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct PairArgs {
    /// Name of the workload, from `compare list`
    pub(crate) workload: String,
    /// Folder of the data
    #[arg(default_value = ".")]
    pub(crate) data: PathBuf,
    /// The system to compare with, from `compare list`
    #[arg(long, value_name = "SYSTEM")]
    pub(crate) peer: String,
    /// How often each of the two is run
    #[arg(short = 'n', long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) runs: u32,
    /// Print one JSON object instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) python: PythonArgs,
    /// Folder of the peers' scripts [default: $CHUNKWISE_PEERS, or ../shared/peers]
    #[arg(long, value_name = "DIR")]
    pub(crate) peers: Option<PathBuf>,
}

/// Where the peers' Python environment is.
#[derive(Debug, Args)]
pub(crate) struct PythonArgs {
    /// Folder of the Python environment [default: target/compare-venv of the workspace]
    #[arg(long, value_name = "DIR")]
    pub(crate) venv: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SetupArgs {
    #[command(flatten)]
    pub(crate) python: PythonArgs,
    /// The interpreter to make the environment with
    #[arg(long = "python", value_name = "PROGRAM", default_value = "python3")]
    pub(crate) interpreter: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct OrderArgs {
    /// Graph files, one line a task: the numbers of its dependencies [default: the exported Dask
    /// graphs in ../shared/data/dask-graphs, then four synthetic shapes]
    pub(crate) files: Vec<PathBuf>,
    /// Number of tasks of the synthetic shapes, about
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub(crate) size: u32,
    /// How often each order is computed; Dask's runs differ in the seed of Python's hashes
    #[arg(short = 'n', long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) runs: u32,
    /// Print one JSON object a graph instead of a table
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) python: PythonArgs,
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;

    fn parse(line: &str) -> Result<Command, clap::Error> {
        Cli::try_parse_from(line.split(' ')).map(|cli| cli.command)
    }

    #[test]
    fn definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn pair_reads_its_options_in_any_order() {
        let Ok(Command::Pair(args)) = parse("compare pair tasks_sync DATA --peer dask -n 7") else {
            panic!("not a pair command");
        };
        assert_eq!(args.workload, "tasks_sync");
        assert_eq!(args.data, PathBuf::from("DATA"));
        assert_eq!((args.peer.as_str(), args.runs, args.json), ("dask", 7, false));

        let Ok(Command::Pair(args)) = parse("compare pair --json --peer dask tasks_sync") else {
            panic!("not a pair command");
        };
        assert_eq!((args.data, args.runs, args.json), (PathBuf::from("."), 5, true));
    }

    #[test]
    fn pair_needs_a_peer_and_at_least_one_run() {
        let missing = parse("compare pair tasks_sync").unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::MissingRequiredArgument);
        let zero = parse("compare pair tasks_sync --peer dask -n 0").unwrap_err();
        assert_eq!(zero.kind(), ErrorKind::ValueValidation);
    }

    #[test]
    fn order_takes_many_files_or_none() {
        let Ok(Command::Order(args)) = parse("compare order a.adj b.adj --size 50") else {
            panic!("not an order command");
        };
        assert_eq!((args.files.len(), args.size), (2, 50));
        let Ok(Command::Order(args)) = parse("compare order") else {
            panic!("not an order command");
        };
        assert!(args.files.is_empty());
    }

    #[test]
    fn setup_has_defaults() {
        let Ok(Command::Setup(args)) = parse("compare setup") else {
            panic!("not a setup command");
        };
        assert_eq!(args.interpreter, PathBuf::from("python3"));
        assert!(args.python.venv.is_none());
    }
}

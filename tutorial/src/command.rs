//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::prep::{DATASETS, Dataset, Request, Scale};

/// The tutorial of Chunkwise: artificial data, and chapters that compute on it.
///
/// Without a command: prepares small data (or keeps what is there) and walks every chapter.
#[derive(Debug, Parser)]
#[command(name = "tutorial", version)]
pub(crate) struct Command {
    /// Folder of the data
    #[arg(long, global = true, value_name = "DIR", default_value = "data")]
    pub(crate) data: PathBuf,

    /// What to do.
    #[command(subcommand)]
    pub(crate) action: Option<Action>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Action {
    /// Prepare the data; what exists as asked is kept
    Prep(PrepArguments),
    /// Walk one chapter on the prepared data
    Chapter {
        /// Number of the chapter, as `list` shows it
        number: String,
    },
    /// List the chapters and the data
    List,
}

/// What data to make.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct PrepArguments {
    /// Part of the full size, above 0 and at most 1 [default: that of the existing data, or a small one]
    #[arg(long, value_name = "F", allow_negative_numbers = true, conflicts_with = "full")]
    scale: Option<Scale>,

    /// The full size: 6.1 GB, with 1e9 random numbers and 31 days of 5,760 x 11,520 pixels
    #[arg(long)]
    full: bool,

    /// Seed of the random numbers [default: that of the existing data, or 0]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Only this data, as `list` names it; may be given several times [default: all]
    #[arg(long, value_name = "NAME", value_parser = DATASETS.iter().map(|d| d.name()).collect::<Vec<_>>())]
    only: Vec<String>,
}

impl PrepArguments {
    /// What is asked for.
    pub(crate) fn request(&self) -> Request {
        let scale = if self.full { Some(Scale::FULL) } else { self.scale };
        Request { scale, seed: self.seed }
    }

    /// Which data.
    pub(crate) fn datasets(&self) -> Vec<&'static dyn Dataset> {
        let is_asked_for = |name: &str| self.only.is_empty() || self.only.iter().any(|n| n == name);
        DATASETS.iter().copied().filter(|dataset| is_asked_for(dataset.name())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Command::command().debug_assert();
    }
}

//! The tutorial of Chunkwise: prepares artificial data and walks the chapters on it.
//!
//! - [`command`]: the command line.
//! - [`prep`]: makes the data, deterministic, whole or not at all.
//! - [`chapter`]: the chapters and the walk through them; each reads [`data`] and writes a
//!   [`report`] of what it computed, how long it took, the peak [`memory`] and the size of the
//!   data.
//! - [`gallery`]: a page that shows the pictures that the chapters drew.
//! - [`csv`]: the reading function of the chapters on task graphs; [`sequential`]: the plain loops
//!   that they are compared with; [`quiet`] is for panics that are shown on purpose.

#![forbid(unsafe_code)]

mod chapter;
mod command;
mod csv;
mod data;
mod gallery;
mod human;
mod memory;
mod prep;
mod quiet;
mod report;
mod sequential;

use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

use chapter::{CHAPTERS, WalkError};
use command::{Action, Command};
use data::DataFolder;
use human::{Bytes, Count, Took};
use prep::{DATASETS, Dataset, Outcome, PrepError, Prepared, Request, Scale};

/// Keeps freed blocks: large columns that come and go would else be zeroed by the system each time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // Accounts may go from one process to another; workers are told by the scheduler.
    chunkwise::prelude::register_serde::<csv::Accounts>();
    let command = Command::parse();
    match run(command, &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", chain(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, out: &mut dyn Write) -> Result<(), TutorialError> {
    let data = DataFolder::new(command.data);
    match command.action {
        None => {
            prepare(DATASETS, &data, Request::default(), out)?;
            chapter::walk(CHAPTERS, &data, out)?;
        }
        Some(Action::Prep(arguments)) => {
            prepare(&arguments.datasets(), &data, arguments.request(), out)?;
        }
        Some(Action::Chapter { number }) => chapter::walk_one(CHAPTERS, &number, &data, out)?,
        Some(Action::List) => list(out)?,
    }
    Ok(out.flush()?)
}

fn prepare(
    datasets: &[&dyn Dataset],
    data: &DataFolder,
    request: Request,
    out: &mut dyn Write,
) -> Result<(), TutorialError> {
    prep::prepare_all(datasets, data.root(), request, |prepared| Ok(tell(data, prepared, out)?))
}

fn tell(data: &DataFolder, prepared: &Prepared, out: &mut dyn Write) -> io::Result<()> {
    let Prepared { name, n_files, recipe, bytes, outcome } = prepared;
    let entries = Count(recipe.entries.into());
    let files = if *n_files == 1 { "file" } else { "files" };
    write!(out, "{name} in {}: {n_files} {files} of {entries} entries, ", data.root().display())?;
    write!(out, "{}, seed {}, ", Bytes(*bytes), recipe.seed)?;
    match outcome {
        Outcome::Kept => writeln!(out, "kept"),
        Outcome::Written(time) => writeln!(out, "written in {}", Took(*time)),
    }
}

fn list(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Chapters:")?;
    chapter::list(CHAPTERS, out)?;
    writeln!(out, "\nData:")?;
    for dataset in DATASETS {
        let size = |scale| Bytes(dataset.expected_bytes(dataset.entries(scale)));
        let (quick, full) = (size(dataset.quick()), size(Scale::FULL));
        writeln!(out, "{}  {}", dataset.name(), dataset.files().join(", "))?;
        writeln!(out, "    about {quick}; at full size (`prep --full`) about {full}")?;
    }
    Ok(())
}

/// Why the tutorial stopped.
#[derive(Debug)]
#[non_exhaustive]
enum TutorialError {
    /// The data cannot be made.
    Prep {
        /// Why.
        source: PrepError,
    },
    /// A chapter cannot be walked.
    Walk {
        /// Why.
        source: WalkError,
    },
    /// The output cannot be written.
    Output {
        /// What the output gave.
        source: io::Error,
    },
}

impl From<PrepError> for TutorialError {
    fn from(source: PrepError) -> Self {
        Self::Prep { source }
    }
}

impl From<WalkError> for TutorialError {
    fn from(source: WalkError) -> Self {
        Self::Walk { source }
    }
}

impl From<io::Error> for TutorialError {
    fn from(source: io::Error) -> Self {
        Self::Output { source }
    }
}

impl fmt::Display for TutorialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prep { .. } => write!(f, "cannot prepare the data"),
            Self::Walk { .. } => write!(f, "cannot walk the tutorial"),
            Self::Output { .. } => write!(f, "cannot write the output"),
        }
    }
}

impl Error for TutorialError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Prep { source } => Some(source),
            Self::Walk { source } => Some(source),
            Self::Output { source } => Some(source),
        }
    }
}

/// The error and its sources on one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

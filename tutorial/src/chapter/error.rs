//! Why a chapter could not be walked.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use chunkwise::diagnostics::DiagnosticsError;
use chunkwise::graph::simulate::NotAnOrder;
use chunkwise::storage::StorageError;

use crate::csv::CsvError;
use crate::report::Unequal;

/// Why a chapter stopped.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum ChapterError {
    /// The data that the chapter walks over is not there.
    NotPrepared {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// An accounts file cannot be read.
    Csv {
        /// Where and why.
        source: CsvError,
    },
    /// A graph cannot be computed, or drawn.
    Graph {
        /// Which task, and why.
        source: chunkwise::graph::Error,
    },
    /// A file of an array cannot be read.
    Storage {
        /// Where and why.
        source: Box<StorageError>,
    },
    /// The worker processes cannot be started.
    Workers {
        /// Why.
        source: chunkwise::graph::Error,
    },
    /// What a run was seen to do cannot be written.
    Diagnostics {
        /// Why.
        source: DiagnosticsError,
    },
    /// A run cannot be simulated.
    Simulation {
        /// Why.
        source: NotAnOrder,
    },
    /// What must be equal is not.
    Unequal {
        /// The two answers.
        source: Unequal,
    },
    /// A graph lacks a task that the chapter gave it.
    NoKey {
        /// The key of the task.
        key: &'static str,
    },
    /// A graph with a mistake in it was computed without an error.
    NoError {
        /// The mistake.
        mistake: &'static str,
    },
    /// A file of the chapter cannot be written.
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The report cannot be written.
    Output {
        /// What the output gave.
        source: io::Error,
    },
}

impl From<chunkwise::graph::Error> for ChapterError {
    fn from(source: chunkwise::graph::Error) -> Self {
        Self::Graph { source }
    }
}

impl From<StorageError> for ChapterError {
    fn from(source: StorageError) -> Self {
        Self::Storage { source: Box::new(source) }
    }
}

impl From<DiagnosticsError> for ChapterError {
    fn from(source: DiagnosticsError) -> Self {
        Self::Diagnostics { source }
    }
}

impl From<NotAnOrder> for ChapterError {
    fn from(source: NotAnOrder) -> Self {
        Self::Simulation { source }
    }
}

impl From<Unequal> for ChapterError {
    fn from(source: Unequal) -> Self {
        Self::Unequal { source }
    }
}

impl From<io::Error> for ChapterError {
    fn from(source: io::Error) -> Self {
        Self::Output { source }
    }
}

impl From<CsvError> for ChapterError {
    fn from(source: CsvError) -> Self {
        Self::Csv { source }
    }
}

impl fmt::Display for ChapterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPrepared { path, .. } => {
                write!(f, "{} is not prepared (run `tutorial prep` first)", path.display())
            }
            Self::Csv { .. } => write!(f, "cannot read the accounts"),
            Self::Graph { .. } => write!(f, "cannot compute the graph"),
            Self::Storage { .. } => write!(f, "cannot read an array"),
            Self::Workers { .. } => write!(f, "cannot start worker processes"),
            Self::Diagnostics { .. } => write!(f, "cannot write a profile"),
            Self::Simulation { .. } => write!(f, "cannot simulate the run"),
            Self::Unequal { .. } => write!(f, "the answers differ"),
            Self::NoKey { key } => write!(f, "the graph has no task {key}"),
            Self::NoError { mistake } => write!(f, "expected an error for {mistake}, found none"),
            Self::File { path, .. } => write!(f, "cannot write {}", path.display()),
            Self::Output { .. } => write!(f, "cannot write the report"),
        }
    }
}

impl Error for ChapterError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Csv { source } => Some(source),
            Self::Graph { source } | Self::Workers { source } => Some(source),
            Self::Storage { source } => Some(&**source),
            Self::Diagnostics { source } => Some(source),
            Self::Simulation { source } => Some(source),
            Self::Unequal { source } => Some(source),
            Self::NoKey { .. } | Self::NoError { .. } => None,
            Self::NotPrepared { source, .. }
            | Self::File { source, .. }
            | Self::Output { source } => Some(source),
        }
    }
}

/// Why the walk through the chapters stopped.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum WalkError {
    /// No chapter has this number.
    NoSuchChapter {
        /// The number asked for.
        number: String,
        /// The numbers there are.
        existing: Vec<&'static str>,
    },
    /// A chapter failed.
    Failed {
        /// Its number.
        number: &'static str,
        /// Why.
        source: ChapterError,
    },
}

impl fmt::Display for WalkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchChapter { number, existing } if existing.is_empty() => {
                write!(f, "there is no chapter {number}; there are none yet")
            }
            Self::NoSuchChapter { number, existing } => {
                write!(f, "there is no chapter {number}; there are {}", existing.join(", "))
            }
            Self::Failed { number, .. } => write!(f, "chapter {number} failed"),
        }
    }
}

impl Error for WalkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NoSuchChapter { .. } => None,
            Self::Failed { source, .. } => Some(source),
        }
    }
}

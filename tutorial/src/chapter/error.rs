//! Why a chapter could not be walked.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::csv::CsvError;

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
    /// The report cannot be written.
    Output {
        /// What the output gave.
        source: io::Error,
    },
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
            Self::Output { .. } => write!(f, "cannot write the report"),
        }
    }
}

impl Error for ChapterError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Csv { source } => Some(source),
            Self::NotPrepared { source, .. } | Self::Output { source } => Some(source),
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

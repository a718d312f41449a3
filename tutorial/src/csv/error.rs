//! Why an accounts file could not be read.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why [`read_csv`](super::read_csv) gave no accounts.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum CsvError {
    /// The file cannot be opened or read.
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The text is not an accounts file.
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// The byte within the line, from 1.
        column: usize,
        /// What is wrong there.
        problem: Problem,
    },
}

/// What is wrong at one place of a file.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum Problem {
    /// The first line is not the header.
    Header {
        /// The first line.
        found: String,
    },
    /// The record ends before this column.
    MissingField {
        /// The column.
        column: &'static str,
    },
    /// The record goes on after the last column.
    ExtraField,
    /// The field is not a whole number.
    NotANumber {
        /// The column.
        column: &'static str,
        /// The field.
        found: String,
    },
    /// The field is a whole number that the column's type cannot hold.
    OutOfRange {
        /// The column.
        column: &'static str,
        /// The type of the column.
        dtype: &'static str,
        /// The field.
        found: String,
    },
    /// The field is not UTF-8.
    NotUtf8 {
        /// The column.
        column: &'static str,
    },
    /// The file ends within a quoted field.
    QuoteNotClosed,
    /// A quote stands in a field that does not begin with one.
    QuoteInField,
    /// Text follows the closing quote of a field.
    TextAfterQuote,
    /// The record is longer than any accounts file has.
    RecordTooLong {
        /// The longest accepted, in bytes.
        limit: usize,
    },
    /// There are more distinct names than a code can number.
    TooManyNames,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header { found } if found.is_empty() => {
                write!(f, "expected the header `id,names,amount`, found nothing")
            }
            Self::Header { found } => {
                write!(f, "expected the header `id,names,amount`, found {}", Excerpt(found))
            }
            Self::MissingField { column } => {
                write!(f, "expected the field `{column}`, found the end of the record")
            }
            Self::ExtraField => {
                write!(f, "expected the end of the record after `amount`, found another field")
            }
            Self::NotANumber { column, found } => {
                write!(f, "expected a whole number for `{column}`, found {}", Excerpt(found))
            }
            Self::OutOfRange { column, dtype, found } => {
                write!(f, "expected `{column}` within {dtype}, found {}", Excerpt(found))
            }
            Self::NotUtf8 { column } => write!(f, "expected UTF-8 text for `{column}`"),
            Self::QuoteNotClosed => {
                write!(f, "expected a closing quote for the field that begins here")
            }
            Self::QuoteInField => {
                write!(f, "expected no quote within a field that does not begin with one")
            }
            Self::TextAfterQuote => {
                write!(f, "expected a comma or the end of the record after the closing quote")
            }
            Self::RecordTooLong { limit } => {
                write!(f, "expected the end of the record within {limit} bytes")
            }
            Self::TooManyNames => {
                write!(f, "expected at most {} distinct names", u64::from(u32::MAX) + 1)
            }
        }
    }
}

/// Text of a file, quoted and cut to a length that fits a message.
struct Excerpt<'a>(&'a str);

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST_CHARS: usize = 40;
        match self.0.char_indices().nth(MOST_CHARS) {
            None => write!(f, "{:?}", self.0),
            Some((cut, _)) => write!(f, "{:?}...", &self.0[..cut]),
        }
    }
}

impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, .. } => write!(f, "cannot read {}", path.display()),
            Self::Syntax { path, line, column, problem } => {
                write!(f, "{}:{line}:{column}: {problem}", path.display())
            }
        }
    }
}

impl Error for CsvError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Read { source, .. } => Some(source),
            Self::Syntax { .. } => None,
        }
    }
}

//! What can go wrong in a command of the runner.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// The failures of `cargo xtask`.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum XtaskError {
    /// The command line names no command, or gives it wrong arguments.
    Usage { message: String },
    /// A program could not be started.
    Start { program: String, source: io::Error },
    /// A program ran and reported failure.
    Failed { command: String, status: String },
    /// A file could not be read or written.
    File { path: PathBuf, source: io::Error },
    /// The answer of `cargo metadata` or of a cargo build is not the JSON expected.
    Json { what: &'static str, source: serde_json::Error },
    /// The answer of `cargo metadata` lacks something that it always has.
    Metadata { missing: &'static str },
    /// Steps of a command that runs several failed.
    Steps { failed: Vec<String> },
    /// Tidy found something.
    Findings { count: usize },
}

pub(crate) type Result<T> = std::result::Result<T, XtaskError>;

impl fmt::Display for XtaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { message } => write!(f, "{message}"),
            Self::Start { program, .. } => write!(f, "`{program}` does not start"),
            Self::Failed { command, status } => write!(f, "`{command}` failed ({status})"),
            Self::File { path, .. } => write!(f, "`{}` is not accessible", path.display()),
            Self::Json { what, .. } => write!(f, "{what} is not the JSON expected"),
            Self::Metadata { missing } => write!(f, "cargo metadata has no {missing}"),
            Self::Steps { failed } => write!(f, "failed: {}", failed.join(", ")),
            Self::Findings { count } => write!(f, "tidy found {count} thing(s) to mend"),
        }
    }
}

impl std::error::Error for XtaskError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Start { source, .. } | Self::File { source, .. } => Some(source),
            Self::Json { source, .. } => Some(source),
            _ => None,
        }
    }
}

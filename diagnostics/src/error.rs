//! [`DiagnosticsError`]: why something observed could not be written.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why something observed could not be written.
#[derive(Debug)]
#[non_exhaustive]
pub enum DiagnosticsError {
    /// A file could not be written; what was at its place before is still there.
    Write {
        /// The file that was asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl fmt::Display for DiagnosticsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DiagnosticsError::Write { path, .. } => {
                write!(f, "the trace could not be written to {}", path.display())
            }
        }
    }
}

impl std::error::Error for DiagnosticsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DiagnosticsError::Write { source, .. } => Some(source),
        }
    }
}

//! Why data could not be made.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why [`prepare_all`](super::prepare_all) failed.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum PrepError {
    /// The folder of the data cannot be created.
    CreateFolder {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file cannot be written; nothing new has its name.
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// What an interrupted run left cannot be found or removed.
    Clean {
        /// The leftover, or the folder that cannot be listed.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The manifest cannot be read or understood.
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        source: io::Error,
    },
    /// A file has the name of a dataset's but was not made by this program.
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Another preparation is at work in the folder.
    Busy {
        /// The folder.
        path: PathBuf,
    },
}

impl fmt::Display for PrepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateFolder { path, .. } => {
                write!(f, "cannot create the folder {}", path.display())
            }
            Self::Write { path, .. } => write!(f, "cannot write {}", path.display()),
            Self::Clean { path, .. } => {
                write!(f, "cannot remove what an interrupted run left at {}", path.display())
            }
            Self::Manifest { path, .. } => write!(
                f,
                "cannot read the manifest {} (delete it and the files beside it to start afresh)",
                path.display()
            ),
            Self::Foreign { path } => write!(
                f,
                "{} exists and was not made by this program; remove it or choose another folder",
                path.display()
            ),
            Self::Busy { path } => {
                write!(f, "another preparation is at work in {}", path.display())
            }
        }
    }
}

impl Error for PrepError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::CreateFolder { source, .. }
            | Self::Write { source, .. }
            | Self::Clean { source, .. }
            | Self::Manifest { source, .. } => Some(source),
            Self::Foreign { .. } | Self::Busy { .. } => None,
        }
    }
}

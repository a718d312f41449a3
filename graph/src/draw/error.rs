//! [`DrawError`]: why a picture was not drawn.

use std::fmt;
use std::path::PathBuf;

/// Why a picture was not drawn or not written.
#[derive(Debug)]
#[non_exhaustive]
pub enum DrawError {
    /// More nodes or arrows than a layout can make sense of.
    TooLarge {
        /// Nodes of the picture.
        nodes: usize,
        /// Arrows of the picture.
        edges: usize,
        /// The most nodes that are laid out.
        max_nodes: usize,
        /// The most arrows that are laid out.
        max_edges: usize,
    },
    /// The file name has no extension, or one that is not known.
    UnknownFormat {
        /// The file that was asked for.
        path: PathBuf,
    },
    /// The file could not be written; nothing is left at its place that was not there before.
    Write {
        /// The file that was asked for.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl fmt::Display for DrawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DrawError::TooLarge { nodes, edges, max_nodes, max_edges } => write!(
                f,
                "a picture of {nodes} nodes and {edges} arrows is too large to lay out (at most \
                 {max_nodes} and {max_edges}): draw the layers instead of the tasks, or write DOT"
            ),
            DrawError::UnknownFormat { path } => write!(
                f,
                "cannot tell the picture format of {}: the name must end in .svg, .dot or .gv",
                path.display()
            ),
            DrawError::Write { path, .. } => {
                write!(f, "the picture could not be written to {}", path.display())
            }
        }
    }
}

impl std::error::Error for DrawError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            DrawError::Write { source, .. } => Some(source),
            DrawError::TooLarge { .. } | DrawError::UnknownFormat { .. } => None,
        }
    }
}

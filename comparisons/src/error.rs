//! What can go wrong, and how it is told.

use std::error::Error;
use std::fmt::{self, Write};
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

use crate::places::PEERS_VARIABLE;

/// How a command that ran to its end came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Good,
    /// The comparison went against us: answers that disagree, or an order with a higher peak.
    Bad,
}

impl From<bool> for Outcome {
    fn from(good: bool) -> Self {
        if good { Self::Good } else { Self::Bad }
    }
}

/// Why a command could not be run to its end.
#[non_exhaustive]
#[derive(Debug)]
pub(crate) enum CompareError {
    UnknownWorkload { name: String, known: Vec<&'static str> },
    UnknownPeer { workload: &'static str, peer: String, known: &'static [&'static str] },
    MissingData { workload: &'static str, path: PathBuf },
    Workload { name: &'static str, source: Box<dyn Error + Send + Sync> },
    NoPeers { folder: PathBuf },
    NoEnvironment { venv: PathBuf },
    OutdatedEnvironment { venv: PathBuf },
    NotAnEnvironment { folder: PathBuf },
    Start { program: PathBuf, source: io::Error },
    Failed { what: String, status: ExitStatus, last_lines: String },
    NotARow { system: String, source: serde_json::Error },
    WrongRow { asked: String, got: String },
    Read { path: PathBuf, source: io::Error },
    Write { path: PathBuf, source: io::Error },
    GraphFile { path: PathBuf, line: usize, what: String },
    NoGraphs { folder: PathBuf },
    InvalidOrder { graph: String, whose: &'static str, what: String },
    Order { graph: String },
    DaskReply { what: &'static str, source: Option<serde_json::Error> },
    Json(serde_json::Error),
}

impl fmt::Display for CompareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownWorkload { name, known } => {
                write!(f, "no workload is named {name:?}; there are: {}", known.join(", "))
            }
            Self::UnknownPeer { workload, peer, known } => {
                let known = known.join(", ");
                write!(f, "{workload} has no peer named {peer:?}; there are: {known}")
            }
            Self::MissingData { workload, path } => {
                write!(f, "{workload} reads {}, which does not exist", path.display())
            }
            Self::Workload { name, .. } => write!(f, "workload {name} failed"),
            Self::NoPeers { folder } => {
                let (folder, variable) = (folder.display(), PEERS_VARIABLE);
                write!(f, "no run.py of the peers in {folder}; name it with --peers or {variable}")
            }
            Self::NoEnvironment { venv } => write!(
                f,
                "there is no Python environment in {}; make it with `compare setup`",
                venv.display()
            ),
            Self::OutdatedEnvironment { venv } => {
                let venv = venv.display();
                write!(f, "{venv} is unfinished or has other versions; run `compare setup`")
            }
            Self::NotAnEnvironment { folder } => write!(
                f,
                "{} holds something other than a Python environment, which setup does not touch",
                folder.display()
            ),
            Self::Start { program, .. } => write!(f, "could not start {}", program.display()),
            Self::Failed { what, status, last_lines } if last_lines.is_empty() => {
                write!(f, "{what} failed ({status}) and said nothing")
            }
            Self::Failed { what, status, last_lines } => {
                write!(f, "{what} failed ({status}); it said last:\n{last_lines}")
            }
            Self::NotARow { system, .. } => {
                write!(f, "what {system} printed does not end in a JSON row")
            }
            Self::WrongRow { asked, got } => write!(f, "asked for {asked}, but the row is {got}"),
            Self::Read { path, .. } => write!(f, "could not read {}", path.display()),
            Self::Write { path, .. } => write!(f, "could not write {}", path.display()),
            Self::GraphFile { path, line, what } => {
                write!(f, "{}, line {line}: {what}", path.display())
            }
            Self::NoGraphs { folder } => {
                write!(f, "there is no graph file (*.adj) in {}", folder.display())
            }
            Self::InvalidOrder { graph, whose, what } => {
                write!(f, "the order by {whose} of {graph} is invalid: {what}")
            }
            Self::Order { graph } => write!(f, "{graph} has a cycle and so no order"),
            Self::DaskReply { what, .. } => write!(f, "the reply of dask.order {what}"),
            Self::Json(_) => f.write_str("could not write JSON"),
        }
    }
}

impl Error for CompareError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Workload { source, .. } => Some(source.as_ref()),
            Self::Start { source, .. } | Self::Read { source, .. } | Self::Write { source, .. } => {
                Some(source)
            }
            Self::NotARow { source, .. } | Self::Json(source) => Some(source),
            Self::DaskReply { source, .. } => source.as_ref().map(|source| source as _),
            _ => None,
        }
    }
}

/// The error and all its sources, on one line where they are one line each.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        // Writing to a string does not fail.
        let _ = write!(text, ": {error}");
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chain_tells_every_source_once() {
        let source = io::Error::new(io::ErrorKind::NotFound, "no such file");
        let error = CompareError::Read { path: PathBuf::from("a.adj"), source };
        assert_eq!(chain(&error), "could not read a.adj: no such file");
    }
}

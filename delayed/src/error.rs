//! [`DelayedError`]: what can go wrong with a result's parts.

use chunkwise_graph::Key;
use std::fmt;

/// Why a part of a result could not be given; the source of an
/// [`Error::Task`](chunkwise_graph::Error::Task).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DelayedError {
    /// A task gave another number of values than [`Delayed::nout`](crate::Delayed::nout) was told.
    Length {
        /// The task.
        task: Key,
        /// The number that was told.
        expected: usize,
        /// The number that it gave.
        found: usize,
    },
    /// A task gave fewer values than [`Delayed::get`](crate::Delayed::get) needs.
    Index {
        /// The task.
        task: Key,
        /// The position that was asked for, from 0.
        index: usize,
        /// The number of values that it gave.
        found: usize,
    },
}

impl fmt::Display for DelayedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DelayedError::Length { task, expected, found } => {
                write!(f, "task {task} gave {found} values where nout says {expected}")
            }
            DelayedError::Index { task, index, found } => {
                write!(f, "task {task} gave {found} values, so there is none at {index}")
            }
        }
    }
}

impl std::error::Error for DelayedError {}

//! The backend that is the C library: `hdf5-metno`.
//!
//! One lock for the whole process stands around every call of it, so that only structure is read
//! through it wherever that is possible. It cannot write chunks that are packed already: it packs
//! them itself, one after the other.

mod reader;
mod types;
mod writer;

pub(crate) use reader::CReader;
pub(crate) use writer::CWriter;

use super::meta::what;
use crate::error::StorageError;
use hdf5_metno::Hyperslab;
use hdf5_metno::SliceOrIndex::SliceCount;
use std::io;
use std::path::Path;

/// The library's errors, as ours.
fn translate(
    operation: &'static str,
    path: &Path,
    dataset: &str,
    error: hdf5_metno::Error,
) -> StorageError {
    let text = error.to_string();
    if let Some(source) = system_error(&text) {
        return StorageError::io(operation, path, source);
    }
    if text.contains("signature not found") {
        let detail = "it does not start as such a file does".to_owned();
        return StorageError::NotThisFormat { path: path.to_owned(), format: "HDF5", detail };
    }
    StorageError::Library { operation, what: what(path, dataset), source: Box::new(error) }
}

/// The error of the system that a text names: `... errno = 28, ...`.
fn system_error(text: &str) -> Option<io::Error> {
    let (_, number) = text.split_once("errno = ")?;
    let number: String = number.chars().take_while(char::is_ascii_digit).collect();
    Some(io::Error::from_raw_os_error(number.parse().ok()?))
}

/// A box as the library selects it.
fn selection(starts: &[usize], counts: &[usize]) -> Hyperslab {
    let along = starts.iter().zip(counts);
    let spans: Vec<_> =
        along.map(|(&start, &count)| SliceCount { start, step: 1, count, block: 1 }).collect();
    Hyperslab::from(spans)
}

//! The backend that is Rust alone: `rust-hdf5`.

mod reader;
mod types;
mod writer;

pub(crate) use reader::RustReader;
pub(crate) use writer::RustWriter;

use super::meta::what;
use crate::error::StorageError;
use rust_hdf5::Hdf5Error;
use rust_hdf5::format::FormatError;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Calls the library. A panic in it, which only a damaged file should cause, is an error too.
fn guarded<R>(
    operation: &'static str,
    path: &Path,
    dataset: Option<&str>,
    call: impl FnOnce() -> rust_hdf5::Result<R>,
) -> Result<R, StorageError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(translate(operation, path, dataset, error)),
        Err(_) => Err(corrupt(path, dataset, format!("`rust-hdf5` panicked (cannot {operation})"))),
    }
}

fn corrupt(path: &Path, dataset: Option<&str>, detail: String) -> StorageError {
    let dataset = dataset.map(str::to_owned);
    StorageError::Corrupt { path: path.to_owned(), dataset, chunk: None, offset: None, detail }
}

/// The library's errors, as ours.
fn translate(
    operation: &'static str,
    path: &Path,
    dataset: Option<&str>,
    error: Hdf5Error,
) -> StorageError {
    let text = error.to_string();
    match error {
        Hdf5Error::Io(source) => StorageError::io(operation, path, source),
        Hdf5Error::NotFound(_) | Hdf5Error::DanglingLink { .. } => StorageError::NoSuchDataset {
            path: path.to_owned(),
            dataset: dataset.unwrap_or("/").to_owned(),
            similar: Vec::new(),
        },
        Hdf5Error::Unsupported(feature)
        | Hdf5Error::Format(FormatError::UnsupportedFeature(feature)) => {
            StorageError::Unsupported {
                what: dataset
                    .map_or_else(|| format!("`{}`", path.display()), |name| what(path, name)),
                feature,
                instead: "write it anew, for instance by `h5repack`".to_owned(),
            }
        }
        _ => match system_error(&text) {
            // the library wraps what the system said so that only its text can be reached
            Some(source) => StorageError::io(operation, path, source),
            None if text.contains("invalid HDF5 signature") => StorageError::NotThisFormat {
                path: path.to_owned(),
                format: "HDF5",
                detail: "it does not start as such a file does".to_owned(),
            },
            None => corrupt(path, dataset, text),
        },
    }
}

/// The error of the system that a text ends with: `... (os error 28)`.
fn system_error(text: &str) -> Option<io::Error> {
    let (_, number) = text.rsplit_once("(os error ")?;
    let number = number.split(')').next()?.parse().ok()?;
    Some(io::Error::from_raw_os_error(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_said_is_found_again() {
        let text = "I/O error: No space left on device (os error 28)";
        assert_eq!(system_error(text).unwrap().kind(), io::ErrorKind::StorageFull);
        assert!(system_error("format error").is_none());
    }

    #[test]
    fn a_panic_is_an_error() {
        let error = guarded::<()>("open", Path::new("x"), Some("/y"), || panic!("at the disk"));
        let text = error.unwrap_err().to_string();
        assert_eq!(text, "`x` /y: `rust-hdf5` panicked (cannot open)");
    }
}

//! [`StorageError`]: what can go wrong with arrays in files.

use crate::dtype::DType;
use crate::region::Region;
#[cfg(any(feature = "hdf5", feature = "zarr"))]
pub(crate) use crate::similar::similar;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A cause that another library gave.
pub type Cause = Box<dyn Error + Send + Sync>;

/// What can go wrong with arrays in files.
///
/// Its text is one clause; the cause, where there is one, is reached through
/// [`source`](Error::source) and not repeated.
#[derive(Debug)]
#[non_exhaustive]
pub enum StorageError {
    /// There is nothing at the path.
    NotFound {
        /// The path.
        path: PathBuf,
    },
    /// A folder is where a file should be.
    IsDirectory {
        /// The path.
        path: PathBuf,
    },
    /// The file is not of the format.
    NotThisFormat {
        /// The path.
        path: PathBuf,
        /// The format that was expected: `HDF5`.
        format: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// The file has no dataset of that name.
    NoSuchDataset {
        /// The path of the file.
        path: PathBuf,
        /// The name that was asked for.
        dataset: String,
        /// Names that are there and like it, the likest first.
        similar: Vec<String>,
    },
    /// A dataset of that name is there already.
    DatasetExists {
        /// The path of the file.
        path: PathBuf,
        /// The name.
        dataset: String,
    },
    /// The elements are of another type.
    WrongDType {
        /// The file and the dataset.
        what: String,
        /// What the file says: `i16`, or a type that no element here has, in words.
        found: String,
        /// The type that was asked for.
        expected: DType,
    },
    /// Two shapes do not agree.
    ShapeMismatch {
        /// Of what.
        what: String,
        /// The shape, or number, found.
        found: Vec<usize>,
        /// The one expected.
        expected: Vec<usize>,
    },
    /// A region does not lie in the array.
    RegionOutside {
        /// The file and the dataset.
        what: String,
        /// The region.
        region: Box<Region>,
        /// The shape of the array.
        shape: Vec<usize>,
    },
    /// The bytes are not what the format demands.
    Corrupt {
        /// The path of the file.
        path: PathBuf,
        /// The dataset, where that is known.
        dataset: Option<String>,
        /// The chunk, counted in chunks along each axis, where that is known.
        chunk: Option<Vec<usize>>,
        /// The place in the file, in bytes from its start, where that is known.
        offset: Option<u64>,
        /// What is wrong.
        detail: String,
    },
    /// The file ends too early.
    Truncated {
        /// The path of the file.
        path: PathBuf,
        /// The dataset, where that is known.
        dataset: Option<String>,
        /// The place from which bytes were to be read.
        offset: u64,
        /// How many.
        wanted: u64,
    },
    /// The file is another one than when the handle was made.
    Changed {
        /// The path of the file.
        path: PathBuf,
        /// What differs.
        detail: String,
    },
    /// The file was opened for reading, not for writing.
    ReadOnly {
        /// The path of the file.
        path: PathBuf,
    },
    /// The file is finished: nothing more can be written to it.
    Finished {
        /// The path of the file.
        path: PathBuf,
    },
    /// The disk, or a quota, is full.
    DiskFull {
        /// The path of the file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused an operation.
    Io {
        /// The operation: `read`, `rename`.
        operation: &'static str,
        /// The path of the file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What was asked for cannot be.
    InvalidOptions {
        /// The file and the dataset.
        what: String,
        /// What is wrong.
        detail: String,
    },
    /// The format knows it, this crate does not.
    Unsupported {
        /// The file and the dataset.
        what: String,
        /// What is not supported.
        feature: String,
        /// What to do.
        instead: String,
    },
    /// Another library refused, for a reason that has no variant here.
    Library {
        /// The operation: `create dataset`.
        operation: &'static str,
        /// The file and the dataset.
        what: String,
        /// What it said.
        source: Cause,
    },
}

#[cfg(any(feature = "hdf5", feature = "npy", feature = "zarr"))]
impl StorageError {
    /// The error of an operation of the system on a file, by its kind.
    pub(crate) fn io(operation: &'static str, path: &Path, source: io::Error) -> StorageError {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => StorageError::NotFound { path },
            io::ErrorKind::IsADirectory => StorageError::IsDirectory { path },
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => StorageError::DiskFull { path, source },
            _ => StorageError::Io { operation, path, source },
        }
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StorageError::NotFound { path } => write!(f, "`{}` does not exist", path.display()),
            StorageError::IsDirectory { path } => {
                write!(f, "`{}` is a folder, not a file", path.display())
            }
            StorageError::NotThisFormat { path, format, detail } => {
                write!(f, "`{}` is no {format} file: {detail}", path.display())
            }
            StorageError::NoSuchDataset { path, dataset, similar } => {
                write!(f, "`{}` has no dataset {dataset}", path.display())?;
                match &similar[..] {
                    [] => Ok(()),
                    names => write!(f, "; it has {}", names.join(", ")),
                }
            }
            StorageError::DatasetExists { path, dataset } => {
                write!(f, "`{}` has a dataset {dataset} already", path.display())
            }
            StorageError::WrongDType { what, found, expected } => {
                write!(f, "{what}: the elements are {found}, not {expected}")
            }
            StorageError::ShapeMismatch { what, found, expected } => {
                write!(f, "{what} is {}, expected {}", Shape(found), Shape(expected))
            }
            StorageError::RegionOutside { what, region, shape } => {
                write!(f, "{what}: region {region} is not inside shape {}", Shape(shape))
            }
            StorageError::Corrupt { path, dataset, chunk, offset, detail } => {
                place(f, path, dataset.as_deref())?;
                if let Some(chunk) = chunk {
                    write!(f, "chunk {}", Shape(chunk))?;
                }
                if let Some(offset) = offset {
                    let space = if chunk.is_some() { " " } else { "" };
                    write!(f, "{space}at byte {offset}")?;
                }
                let colon = if chunk.is_some() || offset.is_some() { ": " } else { "" };
                write!(f, "{colon}{detail}")
            }
            StorageError::Truncated { path, dataset, offset, wanted } => {
                place(f, path, dataset.as_deref())?;
                write!(f, "the file ends before the {wanted} bytes at byte {offset}")
            }
            StorageError::Changed { path, detail } => {
                write!(f, "`{}` has changed since it was opened: {detail}", path.display())
            }
            StorageError::ReadOnly { path } => {
                write!(f, "`{}` was opened for reading alone", path.display())
            }
            StorageError::Finished { path } => {
                write!(f, "`{}` is finished, nothing more can be written to it", path.display())
            }
            StorageError::DiskFull { path, .. } => {
                write!(f, "no space is left for `{}`", path.display())
            }
            StorageError::Io { operation, path, .. } => {
                write!(f, "cannot {operation} `{}`", path.display())
            }
            StorageError::InvalidOptions { what, detail } => write!(f, "{what}: {detail}"),
            StorageError::Unsupported { what, feature, instead } => {
                write!(f, "{what}: {feature} is not supported; {instead}")
            }
            StorageError::Library { operation, what, .. } => {
                write!(f, "{what}: cannot {operation}")
            }
        }
    }
}

impl Error for StorageError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            StorageError::DiskFull { source, .. } | StorageError::Io { source, .. } => Some(source),
            StorageError::Library { source, .. } => Some(source.as_ref()),
            _ => None,
        }
    }
}

/// The file, and the dataset if it is known: how several texts start.
fn place(f: &mut fmt::Formatter<'_>, path: &Path, dataset: Option<&str>) -> fmt::Result {
    write!(f, "`{}`", path.display())?;
    if let Some(dataset) = dataset {
        write!(f, " {dataset}")?;
    }
    f.write_str(": ")
}

/// Numbers as a tuple.
struct Shape<'a>(&'a [usize]);

impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (axis, number) in self.0.iter().enumerate() {
            write!(f, "{}{number}", if axis == 0 { "" } else { ", " })?;
        }
        f.write_str(if self.0.len() == 1 { ",)" } else { ")" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(any(feature = "hdf5", feature = "npy", feature = "zarr"))]
    fn texts_are_one_clause() {
        let corrupt = StorageError::Corrupt {
            path: "data/day.hdf5".into(),
            dataset: Some("/t2m".into()),
            chunk: Some(vec![4, 7]),
            offset: Some(1_230_336),
            detail: "does not inflate".into(),
        };
        assert_eq!(
            corrupt.to_string(),
            "`data/day.hdf5` /t2m: chunk (4, 7) at byte 1230336: does not inflate"
        );
        let full = StorageError::io("write", Path::new("x"), io::Error::from_raw_os_error(28));
        assert_eq!(full.to_string(), "no space is left for `x`");
        assert!(full.source().is_some());
        let missing = StorageError::NoSuchDataset {
            path: "x".into(),
            dataset: "/tm2".into(),
            similar: vec!["/t2m".into()],
        };
        assert_eq!(missing.to_string(), "`x` has no dataset /tm2; it has /t2m");
    }
}

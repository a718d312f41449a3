//! Where the tutorial's data lies.

use std::io;
use std::path::{Path, PathBuf};

/// The folder of the data and the paths in it.
#[derive(Debug, Clone)]
pub(crate) struct DataFolder {
    root: PathBuf,
}

impl DataFolder {
    /// The folder at `root`, which need not exist.
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of what the chapters draw and write, which need not exist.
    pub(crate) fn output(&self) -> PathBuf {
        self.root.join("output")
    }

    /// The file of random numbers, whose dataset is `/x`.
    pub(crate) fn random_array(&self) -> PathBuf {
        self.root.join("random.hdf5")
    }

    /// The folder of the days of weather, a file each, whose dataset is `/t2m`.
    pub(crate) fn weather(&self) -> PathBuf {
        self.root.join("weather-big")
    }

    /// The three accounts files.
    pub(crate) fn accounts_csv(&self) -> [PathBuf; 3] {
        [0, 1, 2].map(|index| self.root.join(format!("accounts.{index}.csv")))
    }
}

/// The three accounts files, which exist.
#[derive(Debug, Clone)]
pub(crate) struct AccountsFiles {
    /// Where they are.
    pub(crate) paths: [PathBuf; 3],
    /// Bytes of all three together.
    pub(crate) bytes: u64,
}

/// Bytes of all `files` together.
///
/// # Errors
/// The first file whose size cannot be read, and why.
pub(crate) fn bytes_of(files: &[PathBuf]) -> Result<u64, (PathBuf, io::Error)> {
    let size = |path: &PathBuf| match path.metadata() {
        Ok(found) => Ok(found.len()),
        Err(source) => Err((path.clone(), source)),
    };
    files.iter().map(size).sum()
}

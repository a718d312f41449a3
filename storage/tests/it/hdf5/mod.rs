//! HDF5 files.

/// What h5py wrote: every layout and type.
mod fixtures;

/// What we write, read by ourselves and by h5py.
mod written;

/// Files that are missing, damaged, changed; disks that are full.
mod faults;

/// Real files.
mod weather;

use std::path::PathBuf;

/// A file of `tests/fixtures`.
fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

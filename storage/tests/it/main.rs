//! Everything that stores arrays, against a slow and obvious array in memory, against what other
//! programs wrote, and against damage.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

/// What every reader and writer must do.
#[cfg(any(feature = "hdf5", feature = "npy"))]
mod conformance;

/// HDF5 files.
#[cfg(feature = "hdf5")]
mod hdf5;

/// .npy files and folders of them.
#[cfg(feature = "npy")]
mod npy;

/// Zarr: stores of zarr-python, stores of ours, damaged ones.
#[cfg(feature = "zarr")]
mod zarr;

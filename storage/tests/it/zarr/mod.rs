//! Zarr: stores of zarr-python, stores of ours, damaged ones.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

/// Handles that cross to other processes.
#[cfg(feature = "serde")]
mod crossing;
/// Damaged and foreign stores: errors that name what is wrong, and no panic.
mod damaged;
/// Stores that zarr-python wrote.
mod fixtures;
/// Stores that zarr-python is to read.
mod for_python;
/// Whole or not at all: creating, replacing, adding.
mod publishing;
/// Any region of any array, against a slow reference.
mod regions;
/// Writers on several threads.
mod threads;

use chunkwise_storage::zarr::ZarrArray;
use chunkwise_storage::{Element, ReadRegion, Region, StorageError};
use std::error::Error;

/// Reads the whole array.
fn read_all<T: Element>(array: &ZarrArray<T>) -> Result<Vec<T>, Box<dyn Error + Send + Sync>> {
    read(array, &Region::whole(array.shape()))
}

fn read<T: Element>(
    array: &ZarrArray<T>,
    region: &Region,
) -> Result<Vec<T>, Box<dyn Error + Send + Sync>> {
    let mut out = vec![T::default(); region.len()];
    array.read(region, &mut out)?;
    Ok(out)
}

/// What a region has of an array that is in memory: slow and obvious.
fn select<T: Copy>(data: &[T], shape: &[usize], region: &Region) -> Vec<T> {
    positions(shape, region).into_iter().map(|at| data[at]).collect()
}

/// The places in row-major order of the elements of a region.
fn positions(shape: &[usize], region: &Region) -> Vec<usize> {
    let mut places = vec![0];
    for (span, len) in region.spans().iter().zip(shape) {
        places = places
            .into_iter()
            .flat_map(|place| span.positions().map(move |at| place * len + at))
            .collect();
    }
    places
}

/// The error as what it is.
fn storage_error<'a>(error: &'a (dyn Error + Send + Sync + 'static)) -> &'a StorageError {
    error.downcast_ref().expect("an error of this crate")
}

//! Storing arrays: into files, and into regions of arrays that exist.

mod align;
#[cfg(any(feature = "hdf5", feature = "npy", feature = "zarr"))]
mod new_file;
mod stored;
mod target;
mod write;

#[cfg(any(feature = "hdf5", feature = "npy", feature = "zarr"))]
pub(crate) use new_file::{NewFile, Open};
pub use stored::Stored;

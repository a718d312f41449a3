//! Arrays in files, format by format.

#[cfg(feature = "hdf5")]
mod hdf5;
#[cfg(feature = "npy")]
mod npy;
#[cfg(any(feature = "hdf5", feature = "zarr"))]
mod stored_chunk;
#[cfg(feature = "zarr")]
mod zarr;

#[cfg(feature = "hdf5")]
pub use hdf5::{open_hdf5, open_hdf5_in};
#[cfg(feature = "npy")]
pub use npy::{open_npy, open_npy_stack};
#[cfg(any(feature = "hdf5", feature = "zarr"))]
pub use stored_chunk::STORED_BYTES;
#[cfg(feature = "zarr")]
pub use zarr::open_zarr;

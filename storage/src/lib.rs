//! Reading and writing regions of n-dimensional arrays in files.
//!
//! One trait per capability, one module and one feature per format. The crate stands alone: it
//! depends on none of the workspace, and the collections (`chunkwise-array`) build on its traits.
//!
//! Types to start from:
//!
//! - [`ReadRegion`] and [`WriteRegion`]: what formats can do;
//! - [`Region`]: a box of an array, with a step along each axis;
//! - [`Element`] and [`DType`]: what an array may hold;
//! - [`StorageError`]: what can go wrong.
//!
//! | feature | module | what | by default |
//! |---|---|---|---|
//! | `hdf5` | `hdf5` | HDF5 files, in Rust alone | yes |
//! | `npy` | `npy` | `.npy` files and folders of them | yes |
//! | `zarr` | `zarr` | Zarr v2 and v3 | no: takes long to build |
//! | `hdf5-c` | `hdf5` | the C library as a second backend; it has to be installed | no |
//! | `hdf5-c-static` | `hdf5` | the same, built from source; needs cmake | no |
//! | `serde` | all | handles cross to other processes | no |
//!
//! ```
//! # #[cfg(feature = "npy")] {
//! use chunkwise_storage::npy::{NpyFile, NpyTarget};
//! use chunkwise_storage::{ReadRegion, Region, Span, WriteRegion};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("x.npy");
//! let target = NpyTarget::<f64>::create(&path, &[4, 5])?;
//! target.write(&Region::from_iter([Span::new(2, 1), Span::new(0, 5)]), &[1.0; 5])?;
//! target.finish()?;
//!
//! let source = NpyFile::<f64>::open(&path)?;
//! let mut column = [0.0; 2];
//! let every_other_row = Span { start: 0, count: 2, step: 2 };
//! source.read(&Region::from_iter([every_other_row, Span::new(3, 1)]), &mut column)?;
//! assert_eq!(column, [0.0, 1.0]);
//! # }
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```
//!
//! Not here, on purpose: task graphs, threads, caches, conversion of one element type to another.

#![forbid(unsafe_code)]

mod dtype;
mod element;
mod error;
#[cfg(any(feature = "hdf5", feature = "npy"))]
mod fresh;
#[cfg(feature = "hdf5")]
pub mod hdf5;
#[cfg(any(feature = "hdf5", feature = "npy"))]
mod identity;
#[cfg(feature = "npy")]
pub mod npy;
#[cfg(any(feature = "hdf5", feature = "npy", feature = "zarr"))]
#[cfg_attr(
    not(any(feature = "hdf5", feature = "npy")),
    allow(dead_code, reason = "Zarr needs some of it")
)]
mod positioned;
mod read;
mod region;
#[cfg(any(feature = "hdf5", feature = "zarr"))]
mod similar;
#[cfg(any(feature = "hdf5", feature = "npy", feature = "zarr"))]
#[cfg_attr(not(feature = "hdf5"), allow(dead_code, reason = "the others need some of it"))]
mod strided;
mod write;
#[cfg(feature = "zarr")]
pub mod zarr;

pub use dtype::DType;
pub use element::{Element, InvalidBytes};
pub use error::{Cause, StorageError};
pub use read::ReadRegion;
pub use region::{Region, Span};
pub use write::WriteRegion;

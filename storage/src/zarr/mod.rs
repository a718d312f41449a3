//! Zarr stores, versions 2 and 3, with sharding: folders of compressed chunks.
//!
//! - [`ZarrArray`] reads regions; [`ZarrTarget`] writes them, into a new store that appears whole or
//!   not at all, or into an existing one.
//! - [`ZarrMeta`] says what an array is before its type is known; [`ZarrGroup`] lists arrays.
//!
//! An array is named by the folder of the store and a *component*, its path in there (`""` where the
//! store is the array).
//!
//! ```
//! use chunkwise_storage::zarr::{Compressor, ZarrArray, ZarrOptions, ZarrTarget};
//! use chunkwise_storage::{ReadRegion, Region, Span, WriteRegion};
//!
//! let folder = tempfile::tempdir()?;
//! let store = folder.path().join("weather.zarr");
//! let options = ZarrOptions::new([2, 3]).compressor(Compressor::Zstd { level: 3 });
//! let target = ZarrTarget::<f32>::create(&store, "t2m", &[4, 6], &options)?;
//! let numbers: Vec<f32> = (0..24u8).map(f32::from).collect();
//! target.write(&Region::whole(&[4, 6]), &numbers)?;
//! assert!(!store.exists());
//! target.finish()?;
//!
//! let array = ZarrArray::<f32>::open(&store, "t2m")?;
//! assert_eq!(array.chunk_shape(), Some(&[2, 3][..]));
//! let every_other = Region::from_iter([Span::new(1, 1), Span { start: 0, count: 3, step: 2 }]);
//! let mut out = [0.0; 3];
//! array.read(&every_other, &mut out)?;
//! assert_eq!(out, [6.0, 8.0, 10.0]);
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```
//!
//! The codecs are those of [`zarrs`](https://docs.rs/zarrs) (gzip, zlib, zstd, blosc, crc32c,
//! transpose, sharding); files, chunk look-up, partial reads of shards and publishing are ours, so
//! that each error names its chunk, nothing waits on a lock to read, and no chunk is ever half
//! written.
//!
//! `zarrs` asks rayon for the number of its threads, which starts rayon's global pool, if there is none
//! yet, when an array is opened; nothing runs on it.
//!
//! Not here: chunk grids that are not regular, consolidated metadata (not used when reading, and
//! stores that have it take no further arrays), stores that are not folders.

mod array;
mod codec;
mod create;
mod group;
#[cfg(feature = "serde")]
mod handle;
mod identity;
mod locks;
mod meta;
mod options;
mod pieces;
mod place;
mod publish;
mod read;
mod shard;
mod target;
mod write;

pub use array::ZarrArray;
pub use group::ZarrGroup;
pub use meta::ZarrMeta;
pub use options::{Compressor, Existing, ZarrOptions, ZarrVersion};
pub use target::ZarrTarget;

/// Attributes of arrays and groups: a JSON object.
pub type Attributes = serde_json::Map<String, serde_json::Value>;

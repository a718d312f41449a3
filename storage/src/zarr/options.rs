//! [`ZarrOptions`]: how a new array is stored.

use super::Attributes;
use crate::element::Element;

/// The version of the Zarr specification.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ZarrVersion {
    /// Version 2: `.zarray`, `.zattrs`, `.zgroup`.
    V2,
    /// Version 3: `zarr.json`; needed for shards.
    #[default]
    V3,
}

/// How chunks are compressed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Compressor {
    /// Not at all.
    None,
    /// gzip.
    Gzip {
        /// 0 to 9; more is smaller and slower.
        level: u8,
    },
    /// Zstandard.
    Zstd {
        /// -131072 to 22; more is smaller and slower.
        level: i32,
    },
    /// Blosc with LZ4, behind a shuffle of the bytes of the elements.
    Blosc {
        /// 0 to 9; more is smaller and slower.
        level: u8,
    },
}

impl Default for Compressor {
    /// What zarr-python uses for version 3.
    fn default() -> Compressor {
        Compressor::Zstd { level: 0 }
    }
}

/// What to do with what is there already.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Existing {
    /// Leave it, and give an error.
    #[default]
    Refuse,
    /// Replace it, when the new array is finished. Only what is a Zarr array or group is replaced.
    Replace,
}

/// How a new array of elements `T` is stored.
///
/// ```
/// use chunkwise_storage::zarr::{Compressor, ZarrOptions, ZarrVersion};
/// let options = ZarrOptions::new([100, 100])
///     .shards([1000, 1000])
///     .compressor(Compressor::Blosc { level: 5 })
///     .fill(f32::NAN);
/// assert_eq!(options.version, ZarrVersion::V3);
/// ```
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct ZarrOptions<T> {
    /// The version of the specification; 3.
    pub version: ZarrVersion,
    /// The shape of a chunk, in elements: what is read at once.
    pub chunks: Vec<usize>,
    /// The shape of a shard, a multiple of `chunks` along each axis: what is a file, and so written
    /// at once. None: each chunk is a file. Version 3 only.
    pub shards: Option<Vec<usize>>,
    /// How chunks are compressed; Zstandard.
    pub compressor: Compressor,
    /// The elements that were not written; zero. Chunks that hold nothing else are not stored.
    pub fill: T,
    /// Attributes; none.
    pub attributes: Attributes,
    /// What happens if there is something at the place; an error.
    pub existing: Existing,
}

impl<T: Element> ZarrOptions<T> {
    /// Chunks of this shape, and the defaults.
    pub fn new(chunks: impl Into<Vec<usize>>) -> ZarrOptions<T> {
        ZarrOptions {
            version: ZarrVersion::default(),
            chunks: chunks.into(),
            shards: None,
            compressor: Compressor::default(),
            fill: T::default(),
            attributes: Attributes::new(),
            existing: Existing::default(),
        }
    }

    /// Sets the version.
    #[must_use]
    pub fn version(mut self, version: ZarrVersion) -> ZarrOptions<T> {
        self.version = version;
        self
    }

    /// Puts chunks together in shards of this shape.
    #[must_use]
    pub fn shards(mut self, shards: impl Into<Vec<usize>>) -> ZarrOptions<T> {
        self.shards = Some(shards.into());
        self
    }

    /// Sets the compressor.
    #[must_use]
    pub fn compressor(mut self, compressor: Compressor) -> ZarrOptions<T> {
        self.compressor = compressor;
        self
    }

    /// Sets the fill value.
    #[must_use]
    pub fn fill(mut self, fill: T) -> ZarrOptions<T> {
        self.fill = fill;
        self
    }

    /// Sets the attributes.
    #[must_use]
    pub fn attributes(mut self, attributes: Attributes) -> ZarrOptions<T> {
        self.attributes = attributes;
        self
    }

    /// Sets what happens to what is there.
    #[must_use]
    pub fn existing(mut self, existing: Existing) -> ZarrOptions<T> {
        self.existing = existing;
        self
    }
}

//! [`Sharding`]: files that hold many chunks and an index of them.
//!
//! The format is that of [ZEP 2](https://zarr.dev/zeps/accepted/ZEP0002.html): offset and length of
//! each chunk, in row-major order of the chunks, as `u64`; both all ones where there is no chunk.

use super::codec::{Chunk, Codecs, guarded};
use super::meta::{last_codec, lengths, nonzero, outermost};
use super::options::ZarrVersion;
use super::place::{Node, Place};
use crate::error::StorageError;
use crate::positioned::Positioned;
use serde_json::Value;
use std::fmt;
use std::num::NonZeroU64;
use std::sync::Arc;
use zarrs::array::{CodecChain, DataType, FillValue, data_type};
use zarrs::metadata::v3::MetadataV3;

/// How chunks lie in shards.
pub(super) struct Sharding {
    chunk: Vec<usize>,
    chunk_nonzero: Vec<NonZeroU64>,
    /// How many chunks a shard has along each axis.
    per_shard: Vec<usize>,
    codecs: Codecs,
    index: Codecs,
    index_shape: Vec<NonZeroU64>,
    index_bytes: u64,
    index_at: At,
    index_type: DataType,
    index_fill: FillValue,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum At {
    Start,
    End,
}

/// Where the chunks of one shard are in its file.
pub(super) struct Index {
    /// Offset and length of each.
    entries: Vec<(u64, u64)>,
}

impl Sharding {
    /// The sharding that the metadata say, if sharding is the one codec. Where others are around it,
    /// shards are read whole.
    pub(super) fn of(
        place: &Place,
        node: &Node,
        shard: &[usize],
    ) -> Result<Option<Sharding>, StorageError> {
        let codecs = node.document.get("codecs").and_then(Value::as_array);
        let (ZarrVersion::V3, Some([codec])) = (node.version, codecs.map(Vec::as_slice)) else {
            return Ok(None);
        };
        if codec.get("name").and_then(Value::as_str) != Some("sharding_indexed") {
            return Ok(None);
        }
        let said = |name: &str| codec.get("configuration").and_then(|said| said.get(name));
        let corrupt = |detail: &str| place.corrupt(&node.file, detail);
        let divides = |chunk: &Vec<usize>| {
            chunk.len() == shard.len() && chunk.iter().zip(shard).all(|(c, s)| *c > 0 && s % c == 0)
        };
        let chunk = lengths(said("chunk_shape"))
            .filter(divides)
            .ok_or_else(|| corrupt("its shards are no multiple of its chunks"))?;
        let chain = |name: &str| -> Result<Codecs, StorageError> {
            let list = said(name).cloned().unwrap_or_default();
            let zstd = outermost(last_codec(&list));
            let list: Vec<MetadataV3> = serde_json::from_value(list)
                .map_err(|error| corrupt(&format!("the {name} of its shards: {error}")))?;
            let chain =
                guarded(|| CodecChain::from_metadata(&list)).map_err(|text| corrupt(&text))?;
            let chain = chain.map_err(|error| corrupt(&error.to_string()))?;
            Ok(Codecs::new(Arc::new(chain), zstd))
        };
        let (codecs, index) = (chain("codecs")?, chain("index_codecs")?);
        let index_at = match said("index_location").and_then(Value::as_str) {
            Some("start") => At::Start,
            _ => At::End,
        };
        let per_shard: Vec<usize> = chunk.iter().zip(shard).map(|(c, s)| s / c).collect();
        let shapes = nonzero(&chunk).zip(nonzero(&[&per_shard[..], &[2]].concat()));
        let (chunk_nonzero, index_shape) =
            shapes.ok_or_else(|| corrupt("its chunks have no positive length along each axis"))?;
        let mut sharding = Sharding {
            chunk,
            chunk_nonzero,
            per_shard,
            codecs,
            index,
            index_shape,
            index_bytes: 0,
            index_at,
            index_type: data_type::uint64(),
            index_fill: FillValue::from(u64::MAX),
        };
        if sharding.index_chunk().is_none() {
            return Err(corrupt("its shards have more chunks than a machine can count"));
        }
        let bytes = sharding.index_chunk().map(|chunk| sharding.index.stored_bytes(chunk));
        match bytes.transpose().map_err(|text| corrupt(&text))?.flatten() {
            Some(bytes) => sharding.index_bytes = bytes,
            None => {
                let index = "an index of shards whose size varies";
                return Err(place.unsupported(index, "store the index without compression"));
            }
        }
        Ok(Some(sharding))
    }

    /// The shape of a chunk.
    pub(super) fn chunk(&self) -> &[usize] {
        &self.chunk
    }

    /// The index as an array; `None` if its bytes cannot be counted.
    fn index_chunk(&self) -> Option<Chunk<'_>> {
        let count = |sum: usize, len: &usize| sum.checked_mul(*len);
        let bytes = self.per_shard.iter().try_fold(16usize, count)?;
        isize::try_from(bytes).ok()?;
        Some(Chunk {
            shape: &self.index_shape,
            dtype: &self.index_type,
            fill: &self.index_fill,
            bytes,
        })
    }

    /// Reads the index of a shard; what is wrong with it otherwise.
    pub(super) fn read_index(&self, file: &Positioned, len: u64) -> Result<Index, ShardFault> {
        let chunk = self.index_chunk().ok_or_else(|| ShardFault::Damaged(String::new()))?;
        let (Some(last), Ok(size)) =
            (len.checked_sub(self.index_bytes), usize::try_from(self.index_bytes))
        else {
            let detail = format!(
                "the shard is cut off: it has {len} bytes, its index alone {}",
                self.index_bytes
            );
            return Err(ShardFault::Damaged(detail));
        };
        let mut bytes = vec![0; size];
        let offset = if self.index_at == At::Start { 0 } else { last };
        file.read(None, offset, &mut bytes).map_err(ShardFault::File)?;
        let index = self.index.decode(bytes, chunk);
        let index = index.map_err(|text| {
            ShardFault::Damaged(format!(
                "the index of the shard is damaged, or it is cut off: {text}"
            ))
        })?;
        let number = |bytes: &[u8]| bytes.try_into().map(u64::from_ne_bytes).unwrap_or(u64::MAX);
        let entries = index.chunks_exact(16).map(|pair| (number(&pair[..8]), number(&pair[8..])));
        Ok(Index { entries: entries.collect() })
    }

    /// Reads a chunk of a shard, counted within the shard: its elements as bytes; `None` if it is
    /// not there.
    pub(super) fn read_chunk(
        &self,
        file: &Positioned,
        len: u64,
        index: &Index,
        at: impl Iterator<Item = usize>,
        array: Chunk<'_>,
    ) -> Result<Option<Vec<u8>>, ShardFault> {
        let number = at.zip(&self.per_shard).fold(0, |sum, (at, count)| sum * count + at);
        let (offset, size) = match index.entries.get(number) {
            None | Some((u64::MAX, u64::MAX)) => return Ok(None),
            Some(entry) => *entry,
        };
        let inside = offset.checked_add(size).is_some_and(|end| end <= len);
        let (true, Ok(bytes)) = (inside, usize::try_from(size)) else {
            return Err(ShardFault::Damaged(format!(
                "the shard is cut off: it has {len} bytes, the chunk is {size} bytes at {offset}"
            )));
        };
        let mut stored = vec![0; bytes];
        file.read(None, offset, &mut stored).map_err(ShardFault::File)?;
        let elements: usize = self.per_shard.iter().product();
        let chunk = Chunk { shape: &self.chunk_nonzero, bytes: array.bytes / elements, ..array };
        self.codecs.decode(stored, chunk).map(Some).map_err(ShardFault::Damaged)
    }
}

/// What is wrong with a shard.
#[derive(Debug)]
pub(super) enum ShardFault {
    /// Its bytes, in words.
    Damaged(String),
    /// The file cannot be read.
    File(StorageError),
}

impl fmt::Debug for Sharding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sharding").field("chunk", &self.chunk).finish_non_exhaustive()
    }
}

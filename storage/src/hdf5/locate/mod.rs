//! Where in a file the bytes of a dataset are: a reader of just that part of the format.
//!
//! `rust-hdf5` decodes every structure of the format and reads whole datasets, but does not say
//! where bytes are, and reads through one lock per handle. So the way from the start of the file to
//! the layout of one dataset is walked here, with its decoders. What is not understood here is no
//! error but [`Place::Library`]: then the library reads. What is damaged is an error, as the library
//! takes some damage (chunks beyond the end of the file) for chunks that were never written.

mod chunks;
mod groups;
mod header;
mod pages;

use super::meta::Meta;
use super::place::{ChunkTable, Place, StoredChunk};
use crate::error::StorageError;
use crate::positioned::Positioned;
use header::Walk;
use rust_hdf5::format::messages::data_layout::{ChunkIndexType, DataLayoutMessage};
use rust_hdf5::format::messages::{MSG_DATA_LAYOUT, MSG_EXTERNAL_FILE_LIST, MSG_FLAG_SHARED};
use rust_hdf5::format::{FormatError, FormatResult, UNDEF_ADDR};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Where the bytes of a dataset are.
///
/// O(groups on the way + chunks) reads.
pub(crate) fn locate(file: &Positioned, meta: &Meta) -> Result<Place, StorageError> {
    // a panic in the decoders, which only a damaged file should cause, is an error too
    match catch_unwind(AssertUnwindSafe(|| try_locate(file, meta))) {
        Ok(Ok(place)) => Ok(place),
        Ok(Err(FormatError::UnsupportedFeature(_))) => Ok(Place::Library),
        Ok(Err(error)) => Err(meta.corrupt(None, None, error.to_string())),
        Err(_) => Err(meta.corrupt(None, None, "its place cannot be read".to_owned())),
    }
}

/// An error if a file is shorter than it says itself.
pub(crate) fn check_len(file: &Positioned) -> Result<(), StorageError> {
    let wanted = match catch_unwind(AssertUnwindSafe(|| Walk::start(file).map(|walk| walk.end()))) {
        Ok(Ok(end)) => end,
        // what is wrong there is told by the library
        _ => return Ok(()),
    };
    let len = file.len()?;
    if len < wanted {
        let (path, offset, wanted) = (file.path().to_owned(), len, wanted - len);
        return Err(StorageError::Truncated { path, dataset: None, offset, wanted });
    }
    Ok(())
}

fn try_locate(file: &Positioned, meta: &Meta) -> FormatResult<Place> {
    let mut walk = Walk::start(file)?;
    let header = groups::find(&mut walk, &meta.name)?;
    let messages = walk.messages(header)?;
    if messages.iter().any(|message| message.msg_type == MSG_EXTERNAL_FILE_LIST) {
        return Ok(Place::Library);
    }
    let layout = messages
        .iter()
        .find(|message| message.msg_type == MSG_DATA_LAYOUT && message.flags & MSG_FLAG_SHARED == 0)
        .ok_or_else(|| unknown("no layout"))?;
    let (layout, _) = DataLayoutMessage::decode(&layout.data, &walk.context())?;
    let bytes = |shape: &[usize]| -> FormatResult<u64> {
        shape
            .iter()
            .try_fold(meta.size() as u64, |bytes, &len| bytes.checked_mul(len as u64))
            .ok_or_else(|| damaged("the dataset is larger than any file"))
    };
    match layout {
        DataLayoutMessage::Contiguous { address: UNDEF_ADDR, .. } => Ok(Place::Nowhere),
        DataLayoutMessage::Contiguous { address, size } if size == bytes(&meta.shape)? => {
            Ok(Place::Run(walk.absolute(address)?))
        }
        DataLayoutMessage::Compact { data } if data.len() as u64 == bytes(&meta.shape)? => {
            Ok(Place::Here(data))
        }
        DataLayoutMessage::ChunkedV3 { chunk_dims, b_tree_address } => {
            let chunk = agreed(meta, &chunk_dims)?;
            chunks::btree_v1(&mut walk, meta, chunk, b_tree_address).map(Place::Chunks)
        }
        // bit 0: chunks that jut out of the array are stored without filters
        DataLayoutMessage::ChunkedV4 { flags, .. } if flags & 1 != 0 => Ok(Place::Library),
        DataLayoutMessage::ChunkedV4 { chunk_dims, index_type, index_address, .. } => {
            let chunk = agreed(meta, &chunk_dims)?;
            match index_type {
                _ if index_address == UNDEF_ADDR => {
                    Ok(Place::Chunks(ChunkTable::new(&meta.shape, chunk, [])))
                }
                ChunkIndexType::FixedArray => {
                    chunks::fixed_array(&mut walk, meta, chunk, bytes(chunk)?, index_address)
                        .map(Place::Chunks)
                }
                ChunkIndexType::BTreeV2 => {
                    chunks::btree_v2(&mut walk, meta, chunk, bytes(chunk)?, index_address)
                        .map(Place::Chunks)
                }
                ChunkIndexType::SingleChunk if meta.filters.filters.is_empty() => {
                    let offset = walk.absolute(index_address)?;
                    let only = StoredChunk { offset, len: bytes(chunk)?, skipped: 0 };
                    let entries = [(vec![0; chunk.len()], only)];
                    Ok(Place::Chunks(ChunkTable::new(&meta.shape, chunk, entries)))
                }
                _ => Ok(Place::Library),
            }
        }
        _ => Ok(Place::Library),
    }
}

/// The chunk shape, if the layout found here is that which the library found.
fn agreed<'a>(meta: &'a Meta, chunk_dims: &[u64]) -> FormatResult<&'a [usize]> {
    let chunk = meta.chunks.as_deref().ok_or_else(|| unknown("not chunked"))?;
    let found = chunk_dims.split_last().map(|(_, dims)| dims).unwrap_or_default();
    let same = chunk.len() == meta.shape.len()
        && chunk.iter().map(|&len| len as u64).eq(found.iter().copied())
        && chunk.iter().all(|&len| len > 0);
    if same { Ok(chunk) } else { Err(damaged("two chunk shapes")) }
}

/// What is an error: the file contradicts itself or the format.
fn damaged(what: &str) -> FormatError {
    FormatError::InvalidData(what.to_owned())
}

/// What sends the caller to the library.
fn unknown(what: &str) -> FormatError {
    FormatError::UnsupportedFeature(what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdf5::Backend;
    use std::path::Path;

    #[test]
    fn places_are_found_wherever_they_can_be() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        for name in ["earliest.hdf5", "latest.hdf5", "userblock.hdf5"] {
            let path = fixtures.join(name);
            let file = Positioned::open(&path).unwrap();
            let reader = Backend::Rust.open(&path).unwrap();
            for meta in reader.datasets().unwrap() {
                let place = locate(&file, &meta).unwrap();
                let found = match place {
                    Place::Run(_) => "run",
                    Place::Nowhere => "nowhere",
                    Place::Chunks(_) => "chunks",
                    Place::Here(_) => "here",
                    Place::Library => "library",
                };
                // an index for one axis that can grow, one for axes that grow to a limit, one packed chunk
                let left_to_library = name == "latest.hdf5"
                    && ["big_edge", "growing", "growing_gzip", "one_chunk_gzip"]
                        .contains(&meta.name.rsplit('/').next().unwrap());
                let expected = match (&meta.chunks, &meta.stored) {
                    _ if left_to_library => "library",
                    (_, crate::hdf5::meta::Stored::Other(_)) => continue,
                    (Some(_), _) => "chunks",
                    _ if meta.name.ends_with("compact") => "here",
                    _ if meta.null || meta.shape.contains(&0) => continue,
                    _ if ["/odd/unwritten", "/odd/fill"].contains(&&meta.name[..]) => continue,
                    _ => "run",
                };
                assert_eq!(found, expected, "{name} {}", meta.name);
            }
        }
    }
}

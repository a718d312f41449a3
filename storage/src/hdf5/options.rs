//! [`DatasetOptions`]: how a new dataset is stored.

use super::backend::Spec;
use super::meta::what;
use crate::element::Element;
use crate::error::StorageError;
use rust_hdf5::{Filter, FilterPipeline};
use std::path::Path;

/// Chunks have fewer bytes than this in any file that all libraries read.
const CHUNK_LIMIT: u64 = 1 << 32;

/// How a new dataset is stored: in one run unless told otherwise.
///
/// ```
/// use chunkwise_storage::hdf5::DatasetOptions;
/// let packed = DatasetOptions::chunked(&[100, 100]).shuffle().gzip(1).fill(-1i16);
/// let plain = DatasetOptions::<f64>::default();
/// # let _ = (packed, plain);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct DatasetOptions<T> {
    chunks: Option<Vec<usize>>,
    gzip: Option<u32>,
    shuffle: bool,
    fletcher32: bool,
    fill: Option<T>,
}

impl<T> Default for DatasetOptions<T> {
    fn default() -> Self {
        DatasetOptions { chunks: None, gzip: None, shuffle: false, fletcher32: false, fill: None }
    }
}

impl<T: Element> DatasetOptions<T> {
    /// In chunks of this shape, each of which can be packed and written by itself. Chunks longer
    /// than the dataset along an axis are cut to it.
    pub fn chunked(chunks: &[usize]) -> Self {
        DatasetOptions { chunks: Some(chunks.to_vec()), ..DatasetOptions::default() }
    }

    /// Packs chunks with gzip, level 0 (fast) to 9 (small); above that is 9.
    pub fn gzip(self, level: u32) -> Self {
        DatasetOptions { gzip: Some(level.min(9)), ..self }
    }

    /// Puts the first bytes of all elements of a chunk together, then the second, ...: numbers then
    /// pack better and faster.
    pub fn shuffle(self) -> Self {
        DatasetOptions { shuffle: true, ..self }
    }

    /// Adds a checksum (Fletcher's) to each chunk, so that damage is noticed when it is read.
    pub fn fletcher32(self) -> Self {
        DatasetOptions { fletcher32: true, ..self }
    }

    /// The element of places that were never written, instead of zero.
    pub fn fill(self, fill: T) -> Self {
        DatasetOptions { fill: Some(fill), ..self }
    }

    /// What is to be made, if that is possible.
    pub(crate) fn spec(
        &self,
        path: &Path,
        name: &str,
        shape: &[usize],
    ) -> Result<Spec, StorageError> {
        let unsupported = |feature: &str, instead: &str| StorageError::Unsupported {
            what: what(path, name),
            feature: feature.to_owned(),
            instead: instead.to_owned(),
        };
        if let Some(chunks) = &self.chunks
            && (chunks.len() != shape.len() || chunks.contains(&0))
        {
            return Err(StorageError::ShapeMismatch {
                what: format!("{}: the chunk shape", what(path, name)),
                found: chunks.clone(),
                expected: shape.to_vec(),
            });
        }
        let mut filters = Vec::new();
        let mut filter = |id, flags, cd_values| filters.push(Filter { id, flags, cd_values });
        // "optional": a reader may go on without; as the C library writes them
        if self.shuffle {
            filter(2, 1, vec![T::DTYPE.size() as u32]);
        }
        if let Some(level) = self.gzip {
            filter(1, 1, vec![level]);
        }
        if self.fletcher32 {
            filter(3, 0, Vec::new());
        }
        if self.chunks.is_none() && !filters.is_empty() {
            return Err(unsupported("packing without chunks", "give a chunk shape"));
        }
        // the format wants no chunk longer than the dataset, and none at all of an empty one
        let has_elements = !shape.is_empty() && !shape.contains(&0);
        let chunks = self.chunks.as_ref().filter(|_| has_elements).map(|chunks| {
            chunks.iter().zip(shape).map(|(chunk, len)| *chunk.min(len)).collect::<Vec<_>>()
        });
        let bytes = chunks.iter().flatten().try_fold(T::DTYPE.size() as u64, |bytes, &len| {
            bytes.checked_mul(len as u64).filter(|&bytes| bytes < CHUNK_LIMIT)
        });
        if bytes.is_none() {
            return Err(unsupported("a chunk of 4 GiB or more", "give a smaller chunk shape"));
        }
        Ok(Spec {
            dtype: T::DTYPE,
            shape: shape.to_vec(),
            filters: FilterPipeline {
                filters: if chunks.is_some() { filters } else { Vec::new() },
            },
            chunks,
            fill: self.fill.map(|fill| T::bytes_of(&[fill]).to_vec()),
        })
    }
}

//! [`Meta`]: what is known of a dataset before any of its elements are read.

use crate::dtype::DType;
use crate::error::StorageError;
use rust_hdf5::FilterPipeline;
use std::path::{Path, PathBuf};

/// How the elements of a dataset are stored.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Stored {
    /// As elements of this type, in the byte order of this machine or (`swapped`) in the other.
    As { dtype: DType, swapped: bool },
    /// As something else; in words.
    Other(String),
}

/// What is known of a dataset before any of its elements are read.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Meta {
    /// The file.
    pub(crate) path: PathBuf,
    /// The name with all groups, from `/` on.
    pub(crate) name: String,
    pub(crate) shape: Vec<usize>,
    /// Without elements although it has no axes.
    pub(crate) null: bool,
    pub(crate) stored: Stored,
    /// The chunk shape, if it is stored in chunks.
    pub(crate) chunks: Option<Vec<usize>>,
    /// What chunks went through when they were written; empty for none.
    pub(crate) filters: FilterPipeline,
    /// The element that unwritten places have, as it would be stored.
    pub(crate) fill: Option<Vec<u8>>,
}

impl Meta {
    /// Bytes of an element; 0 for types that are not known.
    pub(crate) fn size(&self) -> usize {
        match self.stored {
            Stored::As { dtype, .. } => dtype.size(),
            Stored::Other(_) => 0,
        }
    }

    /// File and dataset, for messages.
    pub(crate) fn what(&self) -> String {
        what(&self.path, &self.name)
    }

    /// The element that unwritten places have, as it would be stored.
    pub(crate) fn fill(&self) -> Vec<u8> {
        match &self.fill {
            Some(fill) if fill.len() == self.size() => fill.clone(),
            _ => vec![0; self.size()],
        }
    }

    /// An error about the bytes of the dataset.
    pub(crate) fn corrupt(
        &self,
        chunk: Option<&[usize]>,
        offset: Option<u64>,
        detail: String,
    ) -> StorageError {
        StorageError::Corrupt {
            path: self.path.clone(),
            dataset: Some(self.name.clone()),
            chunk: chunk.map(<[usize]>::to_vec),
            offset,
            detail,
        }
    }
}

/// File and dataset, for messages: `` `data/day.hdf5` /t2m ``.
pub(crate) fn what(path: &Path, dataset: &str) -> String {
    format!("`{}` {dataset}", path.display())
}

/// A name as this crate writes it: from `/` on, without doubled or closing slashes.
pub(crate) fn canonical(name: &str) -> String {
    let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    format!("/{}", parts.join("/"))
}

/// A dataset of a file, as [`Hdf5File::datasets`](super::Hdf5File::datasets) lists it.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct DatasetInfo {
    /// The name with all groups: `/model/t2m`.
    pub name: String,
    /// The extent of each axis.
    pub shape: Vec<usize>,
    /// The type of the elements, if it is one that this crate reads.
    pub dtype: Option<DType>,
    /// The type of the elements in words, also where it is none that this crate reads.
    pub type_name: String,
    /// The chunk shape, if it is stored in chunks.
    pub chunks: Option<Vec<usize>>,
    /// What chunks go through when they are written: `shuffle`, `gzip`, `fletcher32`.
    pub filters: Vec<String>,
}

impl DatasetInfo {
    pub(crate) fn of(meta: &Meta) -> DatasetInfo {
        let (dtype, type_name) = match &meta.stored {
            Stored::As { dtype, swapped: false } => (Some(*dtype), dtype.name().to_owned()),
            Stored::As { dtype, swapped: true } => {
                (Some(*dtype), format!("{dtype} in the other byte order"))
            }
            Stored::Other(words) => (None, words.clone()),
        };
        DatasetInfo {
            name: meta.name.clone(),
            shape: meta.shape.clone(),
            dtype,
            type_name,
            chunks: meta.chunks.clone(),
            filters: meta.filters.filters.iter().map(|filter| filter_name(filter.id)).collect(),
        }
    }
}

/// `/t2m: u8 (5760, 11520) in chunks of (500, 500), gzip`
impl std::fmt::Display for DatasetInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lens = |shape: &[usize]| {
            let lens: Vec<String> = shape.iter().map(usize::to_string).collect();
            if lens.len() == 1 {
                format!("({},)", lens[0])
            } else {
                format!("({})", lens.join(", "))
            }
        };
        write!(f, "{}: {} {}", self.name, self.type_name, lens(&self.shape))?;
        if let Some(chunks) = &self.chunks {
            write!(f, " in chunks of {}", lens(chunks))?;
        }
        self.filters.iter().try_for_each(|filter| write!(f, ", {filter}"))
    }
}

/// The usual name of a filter.
pub(crate) fn filter_name(id: u16) -> String {
    match id {
        1 => "gzip".to_owned(),
        2 => "shuffle".to_owned(),
        3 => "fletcher32".to_owned(),
        4 => "szip".to_owned(),
        5 => "nbit".to_owned(),
        6 => "scaleoffset".to_owned(),
        307 => "bzip2".to_owned(),
        32000 => "lzf".to_owned(),
        32001 => "blosc".to_owned(),
        32004 => "lz4".to_owned(),
        32008 => "bitshuffle".to_owned(),
        32015 => "zstd".to_owned(),
        id => format!("filter {id}"),
    }
}

//! [`Reader`] and [`Writer`]: what a library for HDF5 has to do; everything else is shared.

use super::attributes::Attribute;
use super::meta::Meta;
use super::place::Place;
use crate::dtype::DType;
use crate::error::StorageError;
use rust_hdf5::FilterPipeline;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Which library reads the structure of files and writes them.
///
/// Elements are read by this crate itself, whichever it is, wherever their place in the file is
/// known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Backend {
    /// `rust-hdf5`: Rust alone, nothing to install, threads do not wait for one another.
    #[default]
    Rust,
    /// The C library, through `hdf5-metno`: feature `hdf5-c`. One lock for the whole process.
    #[cfg(feature = "hdf5-c")]
    C,
}

impl Backend {
    /// Those that were compiled in.
    pub const ALL: &'static [Backend] = &[
        Backend::Rust,
        #[cfg(feature = "hdf5-c")]
        Backend::C,
    ];

    pub(crate) fn open(self, path: &Path) -> Result<Arc<dyn Reader>, StorageError> {
        match self {
            Backend::Rust => Ok(Arc::new(super::rust::RustReader::open(path)?)),
            #[cfg(feature = "hdf5-c")]
            Backend::C => Ok(Arc::new(super::c::CReader::open(path)?)),
        }
    }

    /// A writer for a file that it makes, or (`existing`) changes in place.
    pub(crate) fn write(
        self,
        path: &Path,
        existing: bool,
    ) -> Result<Arc<dyn Writer>, StorageError> {
        match self {
            Backend::Rust => Ok(Arc::new(super::rust::RustWriter::open(path, existing)?)),
            #[cfg(feature = "hdf5-c")]
            Backend::C => Ok(Arc::new(super::c::CWriter::open(path, existing)?)),
        }
    }
}

/// A file that is open for reading.
pub(crate) trait Reader: Send + Sync + fmt::Debug {
    /// Which library it is.
    #[cfg(feature = "serde")]
    fn backend(&self) -> Backend;

    /// All datasets, in the order of their names.
    fn datasets(&self) -> Result<Vec<Meta>, StorageError>;

    /// One of them; its name is [canonical](super::meta::canonical).
    fn meta(&self, name: &str) -> Result<Meta, StorageError>;

    /// Where its bytes are.
    fn place(&self, meta: &Meta) -> Result<Place, StorageError>;

    /// Reads a box without steps through the library, in the byte order of the machine.
    fn read_box(
        &self,
        meta: &Meta,
        starts: &[usize],
        counts: &[usize],
        out: &mut [u8],
    ) -> Result<(), StorageError>;

    /// The attributes of a dataset or a group, `/` among them.
    fn attributes(&self, object: &str) -> Result<Vec<(String, Attribute)>, StorageError>;
}

/// A dataset that is to be made.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) dtype: DType,
    pub(crate) shape: Vec<usize>,
    pub(crate) chunks: Option<Vec<usize>>,
    pub(crate) filters: FilterPipeline,
    pub(crate) fill: Option<Vec<u8>>,
}

/// A file that is open for writing.
pub(crate) trait Writer: Send + Sync + fmt::Debug {
    /// Makes a dataset, and the groups that it is in.
    fn create(&self, name: &str, spec: &Spec) -> Result<Arc<dyn DatasetWriter>, StorageError>;

    /// A dataset that is there.
    fn existing(&self, meta: &Meta) -> Result<Arc<dyn DatasetWriter>, StorageError>;

    /// Sets an attribute of a dataset or a group.
    fn set_attribute(
        &self,
        object: &str,
        name: &str,
        value: &Attribute,
    ) -> Result<(), StorageError>;

    /// Hands everything to the system.
    fn flush(&self) -> Result<(), StorageError>;

    /// Makes the file whole and safe on the disk. Later calls of anything are errors.
    fn close(&self) -> Result<(), StorageError>;

    /// Lets go of a file that will be deleted; nothing after [`Writer::close`].
    fn discard(&self) -> Result<(), StorageError>;
}

/// A dataset of a file that is open for writing. Any number of threads may call at once.
pub(crate) trait DatasetWriter: Send + Sync + fmt::Debug {
    /// Writes a box without steps, in the byte order of the machine; parts of chunks keep what
    /// else they held.
    fn write_box(
        &self,
        starts: &[usize],
        counts: &[usize],
        data: &[u8],
    ) -> Result<(), StorageError>;

    /// Whether [`DatasetWriter::write_stored`] can be called.
    fn takes_stored(&self) -> bool;

    /// Writes a whole chunk as it is to be stored, after all filters, if there are any
    /// (`filtered`).
    fn write_stored(
        &self,
        chunk: &[usize],
        stored: &[u8],
        filtered: bool,
    ) -> Result<(), StorageError>;
}

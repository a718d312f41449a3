//! [`Hdf5File`]: a file that is read.

use super::attributes::Attribute;
use super::backend::{Backend, Reader};
use super::dataset::{Hdf5Dataset, check_dtype};
use super::in_place::InPlace;
use super::locate::check_len;
use super::meta::{DatasetInfo, Meta, canonical};
use super::target::Hdf5Target;
use crate::element::Element;
use crate::error::StorageError;
use crate::identity::Identity;
use crate::positioned::Positioned;
use std::path::Path;
use std::sync::Arc;

/// An HDF5 file that is read, or whose datasets are written to in place.
///
/// Opening reads the names of its datasets, and no elements.
#[derive(Clone, Debug)]
pub struct Hdf5File {
    identity: Identity,
    reader: Arc<dyn Reader>,
    file: Arc<Positioned>,
    /// Where targets write to, if it was opened for that.
    in_place: Option<Arc<InPlace>>,
}

impl Hdf5File {
    /// Opens a file for reading.
    ///
    /// # Errors
    /// - [`NotFound`](StorageError::NotFound), [`IsDirectory`](StorageError::IsDirectory),
    ///   [`NotThisFormat`](StorageError::NotThisFormat), [`Io`](StorageError::Io) by the path;
    /// - [`Truncated`](StorageError::Truncated) if it is shorter than it says itself;
    /// - [`Corrupt`](StorageError::Corrupt) if it is damaged.
    ///
    /// # Complexity
    /// O(datasets and groups) reads.
    pub fn open(path: impl AsRef<Path>) -> Result<Hdf5File, StorageError> {
        Hdf5File::open_with(path, Backend::default())
    }

    /// Opens a file for reading, by a library of choice.
    ///
    /// # Errors
    /// As [`Hdf5File::open`].
    pub fn open_with(path: impl AsRef<Path>, backend: Backend) -> Result<Hdf5File, StorageError> {
        let file = Positioned::open(path.as_ref())?;
        let identity = Identity::of(&file)?;
        check_len(&file)?;
        let reader = backend.open(path.as_ref())?;
        Ok(Hdf5File { identity, reader, file: Arc::new(file), in_place: None })
    }

    /// Opens a file so that [targets](Hdf5File::target) in it can be written to.
    ///
    /// Writing in place cannot be undone: a run that fails, or a machine that stops, leaves a file
    /// in which some regions are new and some are old, and if chunks are packed it may leave one
    /// that cannot be read. Where that matters, write a [new file](super::Hdf5Writer).
    ///
    /// # Errors
    /// As [`Hdf5File::open`]; [`Io`](StorageError::Io) if the file is read-only.
    pub fn open_rw(path: impl AsRef<Path>) -> Result<Hdf5File, StorageError> {
        Hdf5File::open_rw_with(path, Backend::default())
    }

    /// As [`Hdf5File::open_rw`], by a library of choice.
    ///
    /// # Errors
    /// As [`Hdf5File::open_rw`].
    pub fn open_rw_with(
        path: impl AsRef<Path>,
        backend: Backend,
    ) -> Result<Hdf5File, StorageError> {
        let file = Hdf5File::open_with(path.as_ref(), backend)?;
        let in_place = InPlace::open(path.as_ref(), backend)?;
        Ok(Hdf5File { in_place: Some(Arc::new(in_place)), ..file })
    }

    /// All datasets, those in groups with them, in the order of their names.
    ///
    /// # Errors
    /// As [`Hdf5File::open`].
    pub fn datasets(&self) -> Result<Vec<DatasetInfo>, StorageError> {
        Ok(self.reader.datasets()?.iter().map(DatasetInfo::of).collect())
    }

    /// A dataset by its name, with its groups: `/model/t2m`. No elements are read.
    ///
    /// # Errors
    /// - [`NoSuchDataset`](StorageError::NoSuchDataset), with the names that are like it;
    /// - [`WrongDType`](StorageError::WrongDType) if its elements are no `T`. Elements in the other
    ///   byte order are; numbers of another size, or of another kind, are not;
    /// - [`Unsupported`](StorageError::Unsupported), [`Corrupt`](StorageError::Corrupt).
    pub fn dataset<T: Element>(&self, name: &str) -> Result<Hdf5Dataset<T>, StorageError> {
        let (reader, file) = (Arc::clone(&self.reader), Arc::clone(&self.file));
        Hdf5Dataset::new(self.meta(name)?, self.identity.clone(), reader, file)
    }

    /// A dataset that is there, to write to; the file must have been opened by
    /// [`Hdf5File::open_rw`].
    ///
    /// # Errors
    /// As [`Hdf5File::dataset`]; [`ReadOnly`](StorageError::ReadOnly) if the file was opened for
    /// reading.
    pub fn target<T: Element>(&self, name: &str) -> Result<Hdf5Target<T>, StorageError> {
        let path = || self.file.path().to_owned();
        let in_place =
            self.in_place.as_ref().ok_or_else(|| StorageError::ReadOnly { path: path() })?;
        let meta = self.meta(name)?;
        check_dtype::<T>(&meta)?;
        let place = self.reader.place(&meta)?;
        Ok(Hdf5Target::existing(meta, place, Arc::clone(in_place)))
    }

    /// The attributes of a dataset or of a group (`/`: of the file), in the order of the file.
    ///
    /// # Errors
    /// [`NoSuchDataset`](StorageError::NoSuchDataset), [`Corrupt`](StorageError::Corrupt).
    pub fn attributes(&self, object: &str) -> Result<Vec<(String, Attribute)>, StorageError> {
        self.reader.attributes(&canonical(object))
    }

    /// An attribute of a dataset or of a group; `None` if there is none of that name.
    ///
    /// # Errors
    /// As [`Hdf5File::attributes`].
    pub fn attribute(&self, object: &str, name: &str) -> Result<Option<Attribute>, StorageError> {
        let all = self.attributes(object)?;
        Ok(all.into_iter().find(|(found, _)| found == name).map(|(_, value)| value))
    }

    fn meta(&self, name: &str) -> Result<Meta, StorageError> {
        let meta = self.reader.meta(&canonical(name))?;
        if meta.null {
            return Err(StorageError::Unsupported {
                what: meta.what(),
                feature: "a dataset without any extent".to_owned(),
                instead: "there is nothing to read in it".to_owned(),
            });
        }
        let bytes = meta.shape.iter().try_fold(meta.size() as u64, |bytes, &len| {
            bytes.checked_mul(len as u64).filter(|&bytes| bytes < 1 << 62)
        });
        match bytes {
            Some(_) => Ok(meta),
            None => Err(meta.corrupt(None, None, "its shape is larger than any file".to_owned())),
        }
    }

    #[cfg(feature = "serde")]
    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }
}

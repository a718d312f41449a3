//! `.npy` files, and folders of them.

use crate::array::Array;
use crate::chunk_spec::{ChunkAxis, ChunkSpec};
use crate::create::Source;
use crate::element::Element;
use crate::store::{NewFile, Open, Stored};
use chunkwise_storage::npy::{NpyFile, NpyStack, NpyStackTarget, NpyTarget};
use chunkwise_storage::{ReadRegion, StorageError};
use std::path::Path;

/// A `.npy` file, of which each chunk reads what it needs.
///
/// The file is read by position and not mapped into memory: as little is read, and one that becomes
/// shorter meanwhile is an error and no signal.
///
/// # Errors
/// [`StorageError::NotFound`], [`StorageError::NotThisFormat`], [`StorageError::WrongDType`] and
/// others if the file cannot be opened.
#[track_caller]
pub fn open_npy<T: Element>(
    path: impl AsRef<Path>,
    chunks: impl Into<ChunkSpec>,
) -> Result<Array<T>, StorageError> {
    Ok(Array::from_source(Source::portable(NpyFile::<T>::open(path)?), chunks))
}

/// A folder of `.npy` files that follow one another along an axis, as
/// [`Array::to_npy_stack`] and Dask write them: a chunk a file.
///
/// # Errors
/// As [`open_npy`]; [`StorageError::ShapeMismatch`] if the files do not fit together.
#[track_caller]
pub fn open_npy_stack<T: Element>(folder: impl AsRef<Path>) -> Result<Array<T>, StorageError> {
    let stack = NpyStack::<T>::open(folder)?;
    let mut cut = vec![ChunkAxis::Whole; stack.shape().len()];
    if let Some(axis) = cut.get_mut(stack.axis()) {
        *axis = ChunkAxis::Sizes(stack.pieces());
    }
    Ok(Array::from_source(Source::portable(stack), &cut[..]))
}

impl<T: Element> Array<T> {
    /// The array as a new `.npy` file, when it is computed. The file appears whole or not at all.
    #[track_caller]
    pub fn to_npy(&self, path: impl AsRef<Path>) -> Stored<T> {
        let path = path.as_ref().to_owned();
        let shape = self.dims().unwrap_or_default();
        let (describe, all) = (path.display().to_string(), shape.clone());
        let create = move || Open::complete(NpyTarget::<T>::create(&path, &all)?);
        self.store(NewFile::new(describe, &shape, None, create))
    }

    /// The array as a new folder of `.npy` files, when it is computed: one for each chunk along
    /// `axis`, which hold the other axes whole. [`open_npy_stack`] and Dask read it.
    #[track_caller]
    pub fn to_npy_stack(&self, folder: impl AsRef<Path>, axis: usize) -> Stored<T> {
        let folder = folder.as_ref().to_owned();
        let shape = self.dims().unwrap_or_default();
        let lens = self.chunks().axes().get(axis).and_then(|axis| axis.sizes()).unwrap_or_default();
        let (describe, all) = (folder.display().to_string(), shape.clone());
        let create =
            move || Open::complete(NpyStackTarget::<T>::create(&folder, &all, axis, &lens)?);
        self.store(NewFile::new(describe, &shape, None, create))
    }
}

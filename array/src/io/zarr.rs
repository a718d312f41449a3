//! Zarr stores.

use super::stored_chunk::stored_chunk;
use crate::array::Array;
use crate::create::Source;
use crate::element::Element;
use crate::store::{NewFile, Open, Stored};
use chunkwise_storage::StorageError;
use chunkwise_storage::zarr::{ZarrArray, ZarrOptions, ZarrTarget};
use std::path::Path;

/// An array of a Zarr store (version 2 or 3, with shards or without): `component` is its path in the
/// store, `""` the root.
///
/// Chunks are whole numbers of the chunks that the store has, of about 8 MiB at most.
///
/// # Errors
/// [`StorageError::NotFound`], [`StorageError::NotThisFormat`], [`StorageError::WrongDType`] and
/// others if the array cannot be opened.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, open_zarr};
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("x.zarr");
/// Array::<f32>::arange(0.0, 100.0, 1.0, 30).to_zarr(&path, "").compute()?;
/// assert_eq!(open_zarr::<f32>(&path, "")?.sum().compute()?, 4950.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[track_caller]
pub fn open_zarr<T: Element>(
    path: impl AsRef<Path>,
    component: &str,
) -> Result<Array<T>, StorageError> {
    Ok(Array::from_source(Source::portable(ZarrArray::<T>::open(path, component)?), "auto"))
}

impl<T: Element> Array<T> {
    /// The array as a new array of a Zarr store, when it is computed: version 3, Zstandard, in the
    /// chunks of the array, cut down to [`STORED_BYTES`](crate::STORED_BYTES) where they are larger.
    ///
    /// It appears whole or not at all. It is an error of the task if it exists; see
    /// [`Array::to_zarr_with`].
    #[track_caller]
    pub fn to_zarr(&self, path: impl AsRef<Path>, component: &str) -> Stored<T> {
        let ones = vec![1; self.ndim()];
        let chunk = stored_chunk(self.chunks(), size_of::<T>()).unwrap_or(ones);
        self.to_zarr_with(path, component, ZarrOptions::new(chunk))
    }

    /// As [`Array::to_zarr`], with another version, compression, chunks or shards, or in place of an
    /// array that exists.
    #[track_caller]
    pub fn to_zarr_with(
        &self,
        path: impl AsRef<Path>,
        component: &str,
        options: ZarrOptions<T>,
    ) -> Stored<T> {
        let (path, component) = (path.as_ref().to_owned(), component.to_owned());
        let describe = format!("{} {component}", path.display());
        let shape = self.dims().unwrap_or_default();
        let boxes = options.shards.clone().unwrap_or_else(|| options.chunks.clone());
        let all = shape.clone();
        let create =
            move || Open::complete(ZarrTarget::<T>::create(&path, &component, &all, &options)?);
        self.store(NewFile::new(describe, &shape, Some(boxes), create))
    }
}

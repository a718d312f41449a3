//! HDF5 files.

use super::stored_chunk::stored_chunk;
use crate::array::Array;
use crate::chunk_spec::ChunkSpec;
use crate::create::Source;
use crate::element::Element;
use crate::store::{NewFile, Open, Stored};
use chunkwise_storage::StorageError;
use chunkwise_storage::hdf5::{DatasetOptions, Hdf5File, Hdf5Writer};
use std::path::Path;

/// A dataset of an HDF5 file, read chunk by chunk, and of each chunk only what is needed.
///
/// Chunks are whole numbers of the chunks that the file stores, of about 8 MiB at most;
/// [`open_hdf5_in`] takes others.
///
/// # Errors
/// - [`StorageError::NotFound`] and others if the file cannot be opened;
/// - [`StorageError::NoSuchDataset`], which names similar ones;
/// - [`StorageError::WrongDType`] if its elements are no `T`.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, open_hdf5};
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("x.hdf5");
/// Array::<f32>::arange(0.0, 100.0, 1.0, 30).to_hdf5(&path, "/x").compute()?;
/// let x = open_hdf5::<f32>(&path, "/x")?;
/// assert_eq!(x.sum().compute()?, 4950.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[track_caller]
pub fn open_hdf5<T: Element>(
    path: impl AsRef<Path>,
    dataset: &str,
) -> Result<Array<T>, StorageError> {
    open_hdf5_in(path, dataset, "auto")
}

/// As [`open_hdf5`], in chunks of your choice: best in whole numbers of those that the file stores.
///
/// # Errors
/// As [`open_hdf5`]; chunks that do not fit are an error of the array.
#[track_caller]
pub fn open_hdf5_in<T: Element>(
    path: impl AsRef<Path>,
    dataset: &str,
    chunks: impl Into<ChunkSpec>,
) -> Result<Array<T>, StorageError> {
    let dataset = Hdf5File::open(path)?.dataset::<T>(dataset)?;
    Ok(Array::from_source(Source::portable(dataset), chunks))
}

impl<T: Element> Array<T> {
    /// The array as a new HDF5 file with one dataset, when it is computed. It is stored in the chunks
    /// of the array, cut down to [`STORED_BYTES`](crate::STORED_BYTES) where they are larger.
    ///
    /// The file appears whole or not at all; one that was there before stays until then. Several
    /// datasets, packing and attributes: make a
    /// [`Hdf5Writer`](chunkwise_storage::hdf5::Hdf5Writer), and [`store`](Array::store) into it.
    ///
    /// It is an error of the task if the file cannot be written: the disk is full, there is no such
    /// folder.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("x.hdf5");
    /// let x = Array::<f64>::ones([300, 200], 100);
    /// x.to_hdf5(&path, "/x").compute()?;
    /// # assert!(path.exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[track_caller]
    pub fn to_hdf5(&self, path: impl AsRef<Path>, dataset: &str) -> Stored<T> {
        let (path, dataset) = (path.as_ref().to_owned(), dataset.to_owned());
        let describe = format!("{} {dataset}", path.display());
        // Of deferred lengths: what is wrong is found by `store`.
        let shape = self.dims().unwrap_or_default();
        let chunk = stored_chunk(&self.node.chunks, size_of::<T>());
        let (all, stored) = (shape.clone(), chunk.clone());
        let create = move || {
            let writer = Hdf5Writer::create(&path)?;
            let options = match &stored {
                Some(chunk) => DatasetOptions::chunked(chunk),
                None => DatasetOptions::default(),
            };
            let target = Box::new(writer.dataset::<T>(&dataset, &all, &options)?);
            Ok(Open { target, finish: Box::new(move || Ok(writer.finish()?)) })
        };
        self.store(NewFile::new(describe, &shape, chunk, create))
    }
}

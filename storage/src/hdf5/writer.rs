//! [`Hdf5Writer`]: a new file, which appears whole or not at all.

use super::attributes::Attribute;
use super::backend::{Backend, Writer};
use super::meta::{Meta, Stored, canonical};
use super::options::DatasetOptions;
use super::target::Hdf5Target;
use crate::element::Element;
use crate::error::StorageError;
use crate::fresh::Fresh;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A new HDF5 file, which appears whole or not at all.
///
/// It is written under another name in the same folder, and gets its own by
/// [`finish`](Hdf5Writer::finish). Dropped before that, it leaves nothing; what was under the name
/// before stays until then.
///
/// # Examples
/// ```
/// use chunkwise_storage::hdf5::{DatasetOptions, Hdf5File, Hdf5Writer};
/// use chunkwise_storage::{Region, Span, WriteRegion};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("two.hdf5");
/// let file = Hdf5Writer::create(&path)?;
/// let options = DatasetOptions::chunked(&[10, 10]).shuffle().gzip(1);
/// let t2m = file.dataset::<i16>("/model/t2m", &[20, 30], &options)?;
/// file.dataset::<f64>("/level", &[3], &DatasetOptions::default())?
///     .write(&Region::whole(&[3]), &[1000.0, 850.0, 500.0])?;
/// file.set_attribute("/model/t2m", "units", "K".into())?;
///
/// // any number of threads, each its chunks
/// std::thread::scope(|threads| {
///     for column in 0..3 {
///         let t2m = &t2m;
///         threads.spawn(move || {
///             let region = Region::from_iter([Span::new(0, 20), Span::new(column * 10, 10)]);
///             t2m.write(&region, &[column as i16; 200])
///         });
///     }
/// });
/// assert!(!path.exists());
/// file.finish()?;
/// assert_eq!(Hdf5File::open(&path)?.datasets()?.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Debug)]
pub struct Hdf5Writer {
    path: PathBuf,
    names: Mutex<BTreeSet<String>>,
    progress: Arc<Progress>,
}

/// The file while it is being written; the last of the writer and its targets lets go of it.
#[derive(Debug)]
pub(crate) struct Progress {
    // before `fresh`: closed before its file is deleted
    writer: Arc<dyn Writer>,
    fresh: Mutex<Option<Fresh>>,
    path: PathBuf,
}

impl Progress {
    /// An error if the file has been finished.
    pub(crate) fn check(&self) -> Result<(), StorageError> {
        match *self.fresh.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(_) => Ok(()),
            None => Err(StorageError::Finished { path: self.path.clone() }),
        }
    }

    /// Hands everything to the system.
    pub(crate) fn flush(&self) -> Result<(), StorageError> {
        // a target that is finished after its file has nothing left to do
        if self.check().is_ok() { self.writer.flush() } else { Ok(()) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // of a file that is deleted next, nobody wants to know how its end went
        let _ = self.writer.discard();
    }
}

impl Hdf5Writer {
    /// Starts a new file.
    ///
    /// # Errors
    /// - [`NotFound`](StorageError::NotFound) if there is no such folder,
    ///   [`IsDirectory`](StorageError::IsDirectory) if the path is one;
    /// - [`Io`](StorageError::Io), [`DiskFull`](StorageError::DiskFull).
    pub fn create(path: impl AsRef<Path>) -> Result<Hdf5Writer, StorageError> {
        Hdf5Writer::create_with(path, Backend::default())
    }

    /// Starts a new file, by a library of choice.
    ///
    /// # Errors
    /// As [`Hdf5Writer::create`].
    pub fn create_with(
        path: impl AsRef<Path>,
        backend: Backend,
    ) -> Result<Hdf5Writer, StorageError> {
        let path = path.as_ref().to_owned();
        let fresh = Fresh::for_path(&path)?;
        let writer = backend.write(fresh.path(), false)?;
        let fresh = Mutex::new(Some(fresh));
        let progress = Progress { writer, fresh, path: path.clone() };
        Ok(Hdf5Writer { path, names: Mutex::default(), progress: Arc::new(progress) })
    }

    /// Makes a dataset, with the groups that its name has.
    ///
    /// # Errors
    /// - [`DatasetExists`](StorageError::DatasetExists);
    /// - [`ShapeMismatch`](StorageError::ShapeMismatch) if the chunks have another number of axes;
    /// - [`Unsupported`](StorageError::Unsupported) for packing without chunks, and for chunks of
    ///   4 GiB;
    /// - [`Finished`](StorageError::Finished), [`Io`](StorageError::Io),
    ///   [`DiskFull`](StorageError::DiskFull).
    pub fn dataset<T: Element>(
        &self,
        name: &str,
        shape: &[usize],
        options: &DatasetOptions<T>,
    ) -> Result<Hdf5Target<T>, StorageError> {
        let name = canonical(name);
        self.progress.check()?;
        let spec = options.spec(&self.path, &name, shape)?;
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.contains(&name) {
            return Err(StorageError::DatasetExists { path: self.path.clone(), dataset: name });
        }
        let dataset = self.progress.writer.create(&name, &spec)?;
        names.insert(name.clone());
        drop(names);
        let meta = Meta {
            path: self.path.clone(),
            name,
            shape: spec.shape,
            null: false,
            stored: Stored::As { dtype: spec.dtype, swapped: false },
            chunks: spec.chunks,
            filters: spec.filters,
            fill: spec.fill,
        };
        Ok(Hdf5Target::new(meta, dataset, Arc::clone(&self.progress)))
    }

    /// Sets an attribute of a dataset or a group made before (`/`: of the file).
    ///
    /// # Errors
    /// [`NoSuchDataset`](StorageError::NoSuchDataset), [`Finished`](StorageError::Finished),
    /// [`Unsupported`](StorageError::Unsupported) for [`Attribute::Other`].
    pub fn set_attribute(
        &self,
        object: &str,
        name: &str,
        value: Attribute,
    ) -> Result<(), StorageError> {
        self.progress.check()?;
        self.progress.writer.set_attribute(&canonical(object), name, &value)
    }

    /// Makes the file safe on the disk and gives it its name; targets can no longer be written to.
    ///
    /// # Errors
    /// [`DiskFull`](StorageError::DiskFull), [`Io`](StorageError::Io). The file is then deleted, and
    /// what was under its name before is still there.
    pub fn finish(self) -> Result<(), StorageError> {
        let fresh = self.progress.fresh.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.progress.writer.close()?;
        match fresh {
            Some(fresh) => fresh.keep(),
            None => Ok(()),
        }
    }
}

//! [`NpyTarget`]: an array in a `.npy` file, written a region at a time.

use super::file::{axes, check, check_dtype};
use super::header::Header;
use crate::element::Element;
use crate::error::{Cause, StorageError};
use crate::fresh::Fresh;
use crate::positioned::Positioned;
use crate::region::Region;
use crate::strided::{self, Axes, Axis};
use crate::write::WriteRegion;
use std::fs::OpenOptions;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// An array in a `.npy` file, written a region at a time, by any number of threads.
///
/// A [new](NpyTarget::create) file gets its name by [`finish`](WriteRegion::finish), and leaves
/// nothing if it is dropped before. What was never written is zero.
///
/// # Examples
/// ```
/// use chunkwise_storage::npy::{NpyFile, NpyTarget};
/// use chunkwise_storage::{ReadRegion, Region, Span, WriteRegion};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("x.npy");
/// let x = NpyTarget::<i32>::create(&path, &[2, 3])?;
/// x.write(&Region::from_iter([Span::new(1, 1), Span::new(0, 3)]), &[4, 5, 6])?;
/// x.finish()?;
/// let mut all = [0; 6];
/// NpyFile::<i32>::open(&path)?.read(&Region::whole(&[2, 3]), &mut all)?;
/// assert_eq!(all, [0, 0, 0, 4, 5, 6]);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Debug)]
pub struct NpyTarget<T> {
    path: PathBuf,
    file: Positioned,
    header: Header,
    /// The other name of a new file, until it is finished.
    fresh: Mutex<Option<Fresh>>,
    is_new: bool,
    element: PhantomData<fn(T)>,
}

impl<T: Element> NpyTarget<T> {
    /// Starts a new file, which replaces what is under its name when it is finished.
    ///
    /// # Errors
    /// - [`NotFound`](StorageError::NotFound) if there is no such folder,
    ///   [`IsDirectory`](StorageError::IsDirectory) if the path is one;
    /// - [`DiskFull`](StorageError::DiskFull), [`Io`](StorageError::Io).
    pub fn create(path: impl AsRef<Path>, shape: &[usize]) -> Result<NpyTarget<T>, StorageError> {
        let path = path.as_ref().to_owned();
        let fresh = Fresh::for_path(&path)?;
        let file = Positioned::of(open(fresh.path(), &path)?, &path);
        let target = NpyTarget::start(file, shape)?;
        Ok(NpyTarget { fresh: Mutex::new(Some(fresh)), is_new: true, ..target })
    }

    /// Starts a new file in an open, empty one.
    pub(super) fn start(file: Positioned, shape: &[usize]) -> Result<NpyTarget<T>, StorageError> {
        let path = file.path().to_owned();
        let bytes = Header::bytes(T::DTYPE, shape);
        let total = shape.iter().try_fold(size_of::<T>() as u64, |total, &len| {
            total.checked_mul(len as u64).filter(|&total| total < 1 << 62)
        });
        let total = total.ok_or_else(|| StorageError::Unsupported {
            what: format!("`{}`", path.display()),
            feature: "an array of 4 EiB or more".to_owned(),
            instead: "give a smaller shape".to_owned(),
        })?;
        let len = bytes.len() as u64;
        file.file()
            .set_len(len + total)
            .map_err(|source| StorageError::io("write", &path, source))?;
        file.write(0, &bytes)?;
        let header = Header {
            descr: super::header::descr(T::DTYPE),
            fortran: false,
            shape: shape.to_vec(),
            len,
        };
        let fresh = Mutex::new(None);
        Ok(NpyTarget { path, file, header, fresh, is_new: false, element: PhantomData })
    }

    /// Opens a file that is there, to change regions of it in place. This cannot be undone: a run
    /// that fails leaves a file in which some regions are new and some are old.
    ///
    /// # Errors
    /// As [`NpyFile::open`](super::NpyFile::open); [`Io`](StorageError::Io) if it is read-only.
    pub fn open(path: impl AsRef<Path>) -> Result<NpyTarget<T>, StorageError> {
        let path = path.as_ref().to_owned();
        // every check of a file that is read, its length among them
        super::NpyFile::<T>::open(&path)?;
        let file = Positioned::of(open(&path, &path)?, &path);
        let header = Header::read(&file)?;
        check_dtype::<T>(&path, &header)?;
        let fresh = Mutex::new(None);
        Ok(NpyTarget { path, file, header, fresh, is_new: false, element: PhantomData })
    }

    /// Writes a region, see [`WriteRegion::write`], with the error as it is.
    ///
    /// # Errors
    /// - [`RegionOutside`](StorageError::RegionOutside),
    ///   [`ShapeMismatch`](StorageError::ShapeMismatch) if `data` has another length;
    /// - [`Finished`](StorageError::Finished) after [`finish`](WriteRegion::finish) of a new file;
    /// - [`DiskFull`](StorageError::DiskFull), [`Io`](StorageError::Io).
    pub fn write_region(&self, region: &Region, data: &[T]) -> Result<(), StorageError> {
        check(&self.path, &self.header.shape, region, data.len())?;
        if self.is_new && self.fresh().is_none() {
            return Err(StorageError::Finished { path: self.path.clone() });
        }
        let size = size_of::<T>();
        let (axes, first) = axes(&self.header, region, size);
        let axes: Axes = axes
            .iter()
            .map(|axis| Axis { count: axis.count, from: axis.to, to: axis.from })
            .collect();
        let mut turned = Vec::new();
        if matches!(self.header.dtype(), Some((_, true))) {
            turned.extend_from_slice(data);
            T::swap_endianness(&mut turned);
        }
        let data = T::bytes_of(if turned.is_empty() { data } else { &turned });
        strided::write(&axes, size, data, |offset, bytes| self.file.write(first + offset, bytes))
    }

    fn fresh(&self) -> impl std::ops::DerefMut<Target = Option<Fresh>> + '_ {
        self.fresh.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes everything safe on the disk, and gives a new file its name.
    pub(super) fn close(&self) -> Result<(), StorageError> {
        let synced = self.file.file().sync_all();
        synced.map_err(|source| StorageError::io("write", &self.path, source))?;
        let fresh = self.fresh().take();
        fresh.map_or(Ok(()), Fresh::keep)
    }
}

fn open(there: &Path, path: &Path) -> Result<std::fs::File, StorageError> {
    let file = OpenOptions::new().read(true).write(true).open(there);
    file.map_err(|source| StorageError::io("open for writing", path, source))
}

/// Writes an array as a `.npy` file, whole or not at all.
///
/// # Errors
/// [`ShapeMismatch`](StorageError::ShapeMismatch) if `data`, which is row-major, has not as many
/// elements as the shape; else as [`NpyTarget::create`].
pub fn write_npy<T: Element>(
    path: impl AsRef<Path>,
    shape: &[usize],
    data: &[T],
) -> Result<(), StorageError> {
    check(path.as_ref(), shape, &Region::whole(shape), data.len())?;
    let target = NpyTarget::create(path, shape)?;
    target.write_region(&Region::whole(shape), data)?;
    target.close()
}

impl<T: Element> WriteRegion<T> for NpyTarget<T> {
    fn shape(&self) -> &[usize] {
        &self.header.shape
    }

    fn granularity(&self) -> Option<&[usize]> {
        None
    }

    fn write(&self, region: &Region, data: &[T]) -> Result<(), Cause> {
        Ok(self.write_region(region, data)?)
    }

    fn finish(&self) -> Result<(), Cause> {
        Ok(self.close()?)
    }

    fn describe(&self) -> String {
        self.path.display().to_string()
    }
}

//! [`NpyStackTarget`]: a new folder of `.npy` files, written a region at a time.

use super::pickle;
use super::stack::{NOTE, part, split};
use super::target::NpyTarget;
use crate::element::Element;
use crate::error::{Cause, StorageError};
use crate::fresh::sync_folder;
use crate::positioned::Positioned;
use crate::region::Region;
use crate::strided;
use crate::write::WriteRegion;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::TempDir;

/// A new folder of `.npy` files, which are pieces of one array along one axis, written a region at
/// a time by any number of threads.
///
/// It gets its name by [`finish`](WriteRegion::finish), and leaves nothing if it is dropped before.
/// `dask.array.from_npy_stack` reads it, and [`NpyStack`](super::NpyStack).
///
/// # Examples
/// ```
/// use chunkwise_storage::npy::{NpyStack, NpyStackTarget};
/// use chunkwise_storage::{ReadRegion, Region, WriteRegion};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("stack");
/// let x = NpyStackTarget::<f32>::create(&path, &[5, 2], 0, &[3, 2])?;
/// x.write(&Region::whole(&[5, 2]), &[0.5; 10])?;
/// x.finish()?;
/// assert_eq!(NpyStack::<f32>::open(&path)?.pieces(), [3, 2]);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Debug)]
pub struct NpyStackTarget<T> {
    path: PathBuf,
    shape: Vec<usize>,
    axis: usize,
    starts: Vec<usize>,
    pieces: Vec<NpyTarget<T>>,
    /// The folder under another name, until it is finished.
    fresh: Mutex<Option<TempDir>>,
}

impl<T: Element> NpyStackTarget<T> {
    /// Starts a new folder for an array of `shape`, in pieces of these lengths along `axis`.
    ///
    /// # Errors
    /// - [`ShapeMismatch`](StorageError::ShapeMismatch) if there is no such axis, or the lengths do
    ///   not add up to its extent;
    /// - [`Io`](StorageError::Io) if something is under the path already;
    ///   [`NotFound`](StorageError::NotFound), [`DiskFull`](StorageError::DiskFull).
    ///
    /// # Complexity
    /// O(pieces), each of which stays open.
    pub fn create(
        path: impl AsRef<Path>,
        shape: &[usize],
        axis: usize,
        lens: &[usize],
    ) -> Result<NpyStackTarget<T>, StorageError> {
        let path = path.as_ref().to_owned();
        let failed = |source| StorageError::io("create", &path, source);
        let total: usize = lens.iter().sum();
        if shape.get(axis) != Some(&total) || lens.is_empty() {
            return Err(StorageError::ShapeMismatch {
                what: format!("`{}`: the sum of pieces along axis {axis}", path.display()),
                found: vec![total],
                expected: shape.to_vec(),
            });
        }
        if path.exists() {
            return Err(failed(std::io::ErrorKind::AlreadyExists.into()));
        }
        let whole = std::path::absolute(&path).map_err(failed)?;
        let beside = whole.parent().unwrap_or(Path::new("/"));
        let name = whole.file_name().unwrap_or_default().to_string_lossy();
        let mut builder = tempfile::Builder::new();
        let prefix = format!(".{name}.");
        builder.prefix(&prefix).suffix(".part");
        #[cfg(unix)]
        {
            // as any new folder: what the user's mask leaves
            let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o777);
            builder.permissions(permissions);
        }
        let fresh = builder.tempdir_in(beside).map_err(failed)?;
        let (mut starts, mut pieces) = (vec![0], Vec::new());
        for (number, &len) in lens.iter().enumerate() {
            let mut shape = shape.to_vec();
            shape[axis] = len;
            let file = fresh.path().join(format!("{number}.npy"));
            let open = OpenOptions::new().write(true).create_new(true).read(true).open(&file);
            let final_path = path.join(format!("{number}.npy"));
            pieces.push(NpyTarget::start(
                Positioned::of(open.map_err(failed)?, &final_path),
                &shape,
            )?);
            starts.push(starts[number] + len);
        }
        // Dask's own description, and one that people read
        let chunks: Vec<Vec<usize>> = shape
            .iter()
            .enumerate()
            .map(|(at, &len)| if at == axis { lens.to_vec() } else { vec![len] })
            .collect();
        let note =
            format!("axis = {axis}\nshape = {shape:?}\npieces = {lens:?}\ndtype = {}\n", T::DTYPE);
        std::fs::write(fresh.path().join("info"), pickle::info(&chunks, T::DTYPE, axis))
            .and_then(|()| std::fs::write(fresh.path().join(NOTE), note))
            .map_err(failed)?;
        let (shape, fresh) = (shape.to_vec(), Mutex::new(Some(fresh)));
        Ok(NpyStackTarget { path, shape, axis, starts, pieces, fresh })
    }

    fn close(&self) -> Result<(), StorageError> {
        self.pieces.iter().try_for_each(NpyTarget::close)?;
        let fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(fresh) = fresh else { return Ok(()) };
        let renamed = std::fs::rename(fresh.path(), &self.path);
        renamed.map_err(|source| StorageError::io("rename", &self.path, source))?;
        // it is under its own name now, and not to be deleted
        let _ = fresh.keep();
        sync_folder(&self.path);
        Ok(())
    }
}

impl<T: Element> WriteRegion<T> for NpyStackTarget<T> {
    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn granularity(&self) -> Option<&[usize]> {
        None
    }

    fn write(&self, region: &Region, data: &[T]) -> Result<(), Cause> {
        super::file::check(&self.path, &self.shape, region, data.len())?;
        if self.fresh.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
            return Err(StorageError::Finished { path: self.path.clone() }.into());
        }
        if data.is_empty() {
            return Ok(());
        }
        for (piece, inside, before) in split(&self.starts, region.spans()[self.axis]) {
            let (part, axes, from) = part(region, self.axis, inside, before, 1);
            let axes: strided::Axes = axes
                .iter()
                .map(|axis| strided::Axis { count: axis.count, from: axis.to, to: axis.from })
                .collect();
            let mut some = vec![T::default(); part.len()];
            strided::copy_elements(&axes, &data[from..], &mut some);
            self.pieces[piece].write_region(&part, &some)?;
        }
        Ok(())
    }

    fn finish(&self) -> Result<(), Cause> {
        Ok(self.close()?)
    }

    fn describe(&self) -> String {
        self.path.display().to_string()
    }
}

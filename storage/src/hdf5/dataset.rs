//! [`Hdf5Dataset`]: a dataset that is read a region at a time.

#[cfg(feature = "serde")]
use super::backend::Backend;
use super::backend::Reader;
use super::meta::{DatasetInfo, Meta, Stored};
use super::place::Place;
use super::read::{Order, Source};
use crate::element::Element;
use crate::error::{Cause, StorageError};
use crate::identity::Identity;
use crate::positioned::Positioned;
use crate::read::ReadRegion;
use crate::region::Region;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

/// A dataset of an HDF5 file, of elements `T`, that is read a region at a time.
///
/// Cheap to clone. Any number of threads read at once without a lock: bytes are read at their
/// places in the file, and chunks are unpacked by the thread that asked for them. Where the
/// elements are is looked up at the first read.
///
/// What is read of a region: of an unchunked dataset, its rows (rows that lie close together in one
/// go); of a chunked one, the touched chunks, of which unpacked ones only the touched rows. Chunks
/// that were never written are not read but filled.
///
/// With feature `serde` it serialises as path, name and [identity](ReadRegion::identity), and
/// another process opens the file again.
///
/// # Examples
/// ```
/// use chunkwise_storage::hdf5::{DatasetOptions, Hdf5File, Hdf5Writer};
/// use chunkwise_storage::{ReadRegion, Region, Span, WriteRegion};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("numbers.hdf5");
/// let file = Hdf5Writer::create(&path)?;
/// let x = file.dataset::<f32>("/x", &[4, 6], &DatasetOptions::chunked(&[2, 3]))?;
/// x.write(&Region::whole(&[4, 6]), &std::array::from_fn::<f32, 24, _>(|i| i as f32))?;
/// file.finish()?;
///
/// let x = Hdf5File::open(&path)?.dataset::<f32>("/x")?;
/// let corner = Region::from_iter([Span { start: 0, count: 2, step: 3 }, Span::new(4, 2)]);
/// let mut out = [0.0; 4];
/// x.read(&corner, &mut out)?;
/// assert_eq!(out, [4.0, 5.0, 22.0, 23.0]);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
pub struct Hdf5Dataset<T> {
    inner: Arc<Inner>,
    element: PhantomData<fn() -> T>,
}

struct Inner {
    meta: Meta,
    identity: Identity,
    reader: Arc<dyn Reader>,
    file: Arc<Positioned>,
    place: OnceLock<Place>,
}

impl<T> Clone for Hdf5Dataset<T> {
    fn clone(&self) -> Self {
        Hdf5Dataset { inner: Arc::clone(&self.inner), element: PhantomData }
    }
}

impl<T> fmt::Debug for Hdf5Dataset<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hdf5Dataset").field("meta", &self.inner.meta).finish_non_exhaustive()
    }
}

impl<T: Element> Hdf5Dataset<T> {
    pub(crate) fn new(
        meta: Meta,
        identity: Identity,
        reader: Arc<dyn Reader>,
        file: Arc<Positioned>,
    ) -> Result<Self, StorageError> {
        check_dtype::<T>(&meta)?;
        let inner = Inner { meta, identity, reader, file, place: OnceLock::new() };
        Ok(Hdf5Dataset { inner: Arc::new(inner), element: PhantomData })
    }

    /// What the file says of it.
    pub fn info(&self) -> DatasetInfo {
        DatasetInfo::of(&self.inner.meta)
    }

    /// What another process needs to open it again.
    #[cfg(feature = "serde")]
    pub(crate) fn parts(&self) -> (&Identity, &str, Backend) {
        (&self.inner.identity, &self.inner.meta.name, self.inner.reader.backend())
    }

    /// Reads a region, see [`ReadRegion::read`], with the error as it is.
    ///
    /// # Errors
    /// - [`RegionOutside`](StorageError::RegionOutside), or
    ///   [`ShapeMismatch`](StorageError::ShapeMismatch) if `out` has another length;
    /// - [`Truncated`](StorageError::Truncated), [`Corrupt`](StorageError::Corrupt),
    ///   [`Io`](StorageError::Io), [`Unsupported`](StorageError::Unsupported) as the file is.
    ///
    /// # Complexity
    /// O(elements of the region, and of the packed chunks that it touches); in addition to `out`, a
    /// chunk, or 256 KiB, per call.
    pub fn read_region(&self, region: &Region, out: &mut [T]) -> Result<(), StorageError> {
        let Inner { meta, reader, file, .. } = &*self.inner;
        check(meta, region, out.len())?;
        if out.is_empty() {
            return Ok(());
        }
        let source = Source { file, reader: &**reader, meta, place: self.place()? };
        let order = match T::bytes_of_mut(out) {
            Some(bytes) => source.read(region, bytes)?,
            None => {
                let mut bytes = vec![0; size_of_val(out)];
                let order = source.read(region, &mut bytes)?;
                T::copy_from_bytes(&bytes, out)
                    .map_err(|invalid| meta.corrupt(None, None, invalid.to_string()))?;
                order
            }
        };
        if order == Order::Stored && matches!(meta.stored, Stored::As { swapped: true, .. }) {
            T::swap_endianness(out);
        }
        Ok(())
    }

    fn place(&self) -> Result<&Place, StorageError> {
        let place = &self.inner.place;
        if let Some(place) = place.get() {
            return Ok(place);
        }
        // threads that come at once may each look it up; all find the same
        let found = self.inner.reader.place(&self.inner.meta)?;
        Ok(place.get_or_init(|| found))
    }
}

/// An error unless the elements are stored as `T`.
pub(crate) fn check_dtype<T: Element>(meta: &Meta) -> Result<(), StorageError> {
    let found = match &meta.stored {
        Stored::As { dtype, .. } if *dtype == T::DTYPE => return Ok(()),
        Stored::As { dtype, .. } => dtype.name().to_owned(),
        Stored::Other(words) => words.clone(),
    };
    Err(StorageError::WrongDType { what: meta.what(), found, expected: T::DTYPE })
}

/// An error unless the region lies in the dataset and has `len` elements.
pub(crate) fn check(meta: &Meta, region: &Region, len: usize) -> Result<(), StorageError> {
    if !region.fits(&meta.shape) {
        return Err(StorageError::RegionOutside {
            what: meta.what(),
            region: Box::new(region.clone()),
            shape: meta.shape.clone(),
        });
    }
    if region.len() != len {
        return Err(StorageError::ShapeMismatch {
            what: format!("{}: the number of elements in memory", meta.what()),
            found: vec![len],
            expected: vec![region.len()],
        });
    }
    Ok(())
}

impl<T: Element> ReadRegion<T> for Hdf5Dataset<T> {
    fn shape(&self) -> &[usize] {
        &self.inner.meta.shape
    }

    fn chunk_shape(&self) -> Option<&[usize]> {
        self.inner.meta.chunks.as_deref()
    }

    fn read(&self, region: &Region, out: &mut [T]) -> Result<(), Cause> {
        Ok(self.read_region(region, out)?)
    }

    fn describe(&self) -> String {
        format!("{} {}", self.inner.meta.path.display(), self.inner.meta.name)
    }

    fn identity(&self) -> Option<Vec<u8>> {
        Some(self.inner.identity.bytes(&self.inner.meta.name))
    }
}

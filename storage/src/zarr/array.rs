//! [`ZarrArray`]: an array of a store, to read.

use super::Attributes;
use super::meta::ZarrMeta;
use crate::element::Element;
use crate::error::StorageError;
use crate::read::ReadRegion;
use crate::region::Region;
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

/// An array of a Zarr store, of elements `T`, to read.
///
/// Cheap to clone. Reading takes no lock and runs on the calling thread; a region costs the chunks
/// that it touches, also of shards, of which it reads the index besides.
///
/// With feature `serde` it crosses to other processes: as path and component, and what tells that the
/// store there is the same; reading it back opens it again.
pub struct ZarrArray<T> {
    meta: Arc<ZarrMeta>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> ZarrArray<T> {
    /// Opens the array `component` of the store in the folder `path`; `""` is the root.
    ///
    /// # Errors
    /// - [`StorageError::WrongDType`]: the elements are no `T`;
    /// - those of [`ZarrMeta::read`].
    pub fn open(path: impl AsRef<Path>, component: &str) -> Result<ZarrArray<T>, StorageError> {
        ZarrArray::of(ZarrMeta::read(path, component)?)
    }

    /// Reads the array whose metadata these are.
    ///
    /// # Errors
    /// - [`StorageError::WrongDType`]: the elements are no `T`.
    pub fn of(meta: ZarrMeta) -> Result<ZarrArray<T>, StorageError> {
        expect_dtype::<T>(&meta)?;
        Ok(ZarrArray { meta: Arc::new(meta), of: PhantomData })
    }

    /// What its metadata say.
    pub fn meta(&self) -> &ZarrMeta {
        &self.meta
    }

    /// Its attributes.
    pub fn attributes(&self) -> &Attributes {
        self.meta.attributes()
    }
}

/// Checks that the elements are `T`.
pub(super) fn expect_dtype<T: Element>(meta: &ZarrMeta) -> Result<(), StorageError> {
    if meta.dtype() == T::DTYPE {
        return Ok(());
    }
    Err(StorageError::WrongDType {
        what: meta.place.what(),
        found: meta.dtype().to_string(),
        expected: T::DTYPE,
    })
}

/// Checks that a region lies in the array and a buffer is as long as the region.
pub(super) fn expect_fit(meta: &ZarrMeta, region: &Region, len: usize) -> Result<(), StorageError> {
    if !region.fits(&meta.shape) {
        return Err(StorageError::RegionOutside {
            what: meta.place.what(),
            region: Box::new(region.clone()),
            shape: meta.shape.clone(),
        });
    }
    if region.len() != len {
        return Err(StorageError::ShapeMismatch {
            what: format!("{}: the number of elements for region {region}", meta.place.what()),
            found: vec![len],
            expected: vec![region.len()],
        });
    }
    Ok(())
}

impl<T: Element> ReadRegion<T> for ZarrArray<T> {
    fn shape(&self) -> &[usize] {
        &self.meta.shape
    }

    fn chunk_shape(&self) -> Option<&[usize]> {
        Some(self.meta.chunks())
    }

    /// Reads a region.
    ///
    /// # Errors
    /// - [`StorageError::Corrupt`]: a chunk does not decode, a shard is cut off; names file and chunk;
    /// - [`StorageError::Io`] and its like: a file cannot be read;
    /// - [`StorageError::RegionOutside`], [`StorageError::ShapeMismatch`]: the caller's arguments.
    fn read(&self, region: &Region, out: &mut [T]) -> Result<(), Box<dyn Error + Send + Sync>> {
        expect_fit(&self.meta, region, out.len())?;
        if let Some(bytes) = T::bytes_of_mut(out) {
            return Ok(self.meta.read_bytes(region, bytes)?);
        }
        let mut bytes = vec![0; out.len() * T::DTYPE.size()];
        self.meta.read_bytes(region, &mut bytes)?;
        T::copy_from_bytes(&bytes, out).map_err(|invalid| {
            let at = position_of(&self.meta, region, invalid.element);
            let in_boxes = |shape: &[usize]| -> Vec<usize> {
                at.iter().zip(shape).map(|(at, len)| at / len).collect()
            };
            let file = self.meta.file(in_boxes(&self.meta.stored).into_iter());
            self.meta.damaged(&file, in_boxes(self.meta.chunks()), "a byte is no bool").into()
        })
    }

    fn describe(&self) -> String {
        self.meta.place.describe()
    }

    fn identity(&self) -> Option<Vec<u8>> {
        self.meta.identity()
    }
}

/// The position in the array of an element of a region.
fn position_of(meta: &ZarrMeta, region: &Region, element: usize) -> Vec<usize> {
    let mut rest = element;
    let mut at = vec![0; meta.shape.len()];
    for (axis, span) in region.spans().iter().enumerate().rev() {
        at[axis] = span.start + rest % span.count * span.step;
        rest /= span.count;
    }
    at
}

impl<T> Clone for ZarrArray<T> {
    fn clone(&self) -> ZarrArray<T> {
        ZarrArray { meta: Arc::clone(&self.meta), of: PhantomData }
    }
}

impl<T> fmt::Debug for ZarrArray<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ZarrArray").field(&self.meta).finish()
    }
}

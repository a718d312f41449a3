//! [`NpyFile`]: an array in a `.npy` file, read a region at a time.

use super::header::{Header, not_npy};
use crate::element::Element;
use crate::error::{Cause, StorageError};
use crate::identity::Identity;
use crate::positioned::Positioned;
use crate::read::ReadRegion;
use crate::region::Region;
use crate::strided::{self, Axes, Axis, row_major};
use smallvec::SmallVec;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

/// An array in a `.npy` file, read a region at a time: either order of axes, either byte order,
/// versions 1 to 3.
///
/// Only the touched bytes are read. Cheap to clone; any number of threads read at once.
///
/// # Examples
/// ```
/// use chunkwise_storage::npy::{NpyFile, write_npy};
/// use chunkwise_storage::{ReadRegion, Region, Span};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("x.npy");
/// write_npy(&path, &[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])?;
/// let x = NpyFile::<f64>::open(&path)?;
/// let mut column = [0.0; 2];
/// x.read(&Region::from_iter([Span::new(0, 2), Span::new(1, 1)]), &mut column)?;
/// assert_eq!(column, [2.0, 5.0]);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
#[derive(Clone, Debug)]
pub struct NpyFile<T> {
    file: Arc<Positioned>,
    header: Header,
    identity: Identity,
    element: PhantomData<fn() -> T>,
}

impl<T: Element> NpyFile<T> {
    /// Opens a file; reads its header and no elements.
    ///
    /// # Errors
    /// - [`NotFound`](StorageError::NotFound), [`IsDirectory`](StorageError::IsDirectory),
    ///   [`NotThisFormat`](StorageError::NotThisFormat), [`Io`](StorageError::Io);
    /// - [`WrongDType`](StorageError::WrongDType) if the elements are no `T`;
    /// - [`Truncated`](StorageError::Truncated) if it is shorter than its header says.
    pub fn open(path: impl AsRef<Path>) -> Result<NpyFile<T>, StorageError> {
        let file = Positioned::open(path.as_ref())?;
        let identity = Identity::of(&file)?;
        let header = Header::read(&file)?;
        check_dtype::<T>(file.path(), &header)?;
        let bytes = header.shape.iter().try_fold(size_of::<T>() as u64, |bytes, &len| {
            bytes.checked_mul(len as u64).filter(|&bytes| bytes < 1 << 62)
        });
        let bytes =
            bytes.ok_or_else(|| not_npy(file.path(), "its shape is larger than any file"))?;
        if file.len()? < header.len + bytes {
            let (path, offset) = (file.path().to_owned(), header.len);
            return Err(StorageError::Truncated { path, dataset: None, offset, wanted: bytes });
        }
        Ok(NpyFile { file: Arc::new(file), header, identity, element: PhantomData })
    }

    /// Whether the first axis runs fastest, as Fortran has it.
    pub fn is_fortran_order(&self) -> bool {
        self.header.fortran
    }

    /// Reads a region, see [`ReadRegion::read`], with the error as it is.
    ///
    /// # Errors
    /// - [`RegionOutside`](StorageError::RegionOutside),
    ///   [`ShapeMismatch`](StorageError::ShapeMismatch) if `out` has another length;
    /// - [`Truncated`](StorageError::Truncated), [`Io`](StorageError::Io);
    /// - [`Corrupt`](StorageError::Corrupt) for a `bool` that is neither 0 nor 1.
    ///
    /// # Complexity
    /// O(elements of the region); in addition to `out`, 256 KiB for regions with gaps.
    pub fn read_region(&self, region: &Region, out: &mut [T]) -> Result<(), StorageError> {
        check(self.file.path(), &self.header.shape, region, out.len())?;
        match T::bytes_of_mut(out) {
            Some(bytes) => self.read_bytes(region, bytes)?,
            None => {
                let mut bytes = vec![0; size_of_val(out)];
                self.read_bytes(region, &mut bytes)?;
                T::copy_from_bytes(&bytes, out).map_err(|invalid| StorageError::Corrupt {
                    path: self.file.path().to_owned(),
                    dataset: None,
                    chunk: None,
                    offset: None,
                    detail: invalid.to_string(),
                })?;
            }
        }
        if matches!(self.header.dtype(), Some((_, true))) {
            T::swap_endianness(out);
        }
        Ok(())
    }

    fn read_bytes(&self, region: &Region, out: &mut [u8]) -> Result<(), StorageError> {
        let (axes, first) = axes(&self.header, region, size_of::<T>());
        strided::read(&axes, size_of::<T>(), out, |offset, out| {
            self.file.read(None, first + offset, out)
        })
    }
}

/// The axes of a copy from the file, and the place of the first element in the file.
pub(super) fn axes(header: &Header, region: &Region, size: usize) -> (Axes, u64) {
    let counts = region.counts();
    let here = row_major(&counts, size);
    let there: SmallVec<[usize; 4]> = if header.fortran {
        let back: Vec<usize> = header.shape.iter().rev().copied().collect();
        row_major(&back, size).into_iter().rev().collect()
    } else {
        row_major(&header.shape, size)
    };
    let spans = region.spans();
    let axis = |axis: usize| Axis {
        count: counts[axis],
        from: there[axis] * spans[axis].step,
        to: here[axis],
    };
    let first: u64 = spans.iter().zip(&there).map(|(span, &len)| (span.start * len) as u64).sum();
    ((0..counts.len()).map(axis).collect(), header.len + first)
}

/// An error unless the elements of a file are of a type.
pub(super) fn check_dtype<T: Element>(path: &Path, header: &Header) -> Result<(), StorageError> {
    let found = match header.dtype() {
        Some((dtype, _)) if dtype == T::DTYPE => return Ok(()),
        Some((dtype, _)) => dtype.name().to_owned(),
        None => format!("`{}`", header.descr),
    };
    let what = format!("`{}`", path.display());
    Err(StorageError::WrongDType { what, found, expected: T::DTYPE })
}

/// An error unless a region lies in the array and has `len` elements.
pub(super) fn check(
    path: &Path,
    shape: &[usize],
    region: &Region,
    len: usize,
) -> Result<(), StorageError> {
    let what = || format!("`{}`", path.display());
    if !region.fits(shape) {
        let (region, shape) = (Box::new(region.clone()), shape.to_vec());
        return Err(StorageError::RegionOutside { what: what(), region, shape });
    }
    if region.len() != len {
        let what = format!("{}: the number of elements in memory", what());
        let (found, expected) = (vec![len], vec![region.len()]);
        return Err(StorageError::ShapeMismatch { what, found, expected });
    }
    Ok(())
}

/// As path and identity, for other processes.
#[cfg(feature = "serde")]
impl<T: Element> serde::Serialize for NpyFile<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.identity.serialize(serializer)
    }
}

/// Opens the file again; the error says so if it is not there, or another by now.
#[cfg(feature = "serde")]
impl<'de, T: Element> serde::Deserialize<'de> for NpyFile<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let identity = Identity::deserialize(deserializer)?;
        let file = NpyFile::open(&identity.path).map_err(D::Error::custom)?;
        identity.check(&file.identity).map_err(D::Error::custom)?;
        Ok(file)
    }
}

impl<T: Element> ReadRegion<T> for NpyFile<T> {
    fn shape(&self) -> &[usize] {
        &self.header.shape
    }

    fn chunk_shape(&self) -> Option<&[usize]> {
        None
    }

    fn read(&self, region: &Region, out: &mut [T]) -> Result<(), Cause> {
        Ok(self.read_region(region, out)?)
    }

    fn describe(&self) -> String {
        self.file.path().display().to_string()
    }

    fn identity(&self) -> Option<Vec<u8>> {
        Some(self.identity.bytes("npy"))
    }
}

//! [`WriteRegion`]: arrays that can be written a region at a time.

use crate::element::Element;
use crate::region::Region;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// An n-dimensional array somewhere, of elements `T`, that can be written a region at a time.
///
/// # Contract
/// Any number of threads may write at once, if no two of them touch the same box of
/// [`WriteRegion::granularity`] at the same time. An implementation that makes writers wait for one
/// another instead says so by giving `None`.
///
/// A write takes, besides its data, at most three times the bytes of the region or, if these are more, of
/// a box of [`WriteRegion::granularity`]; without such boxes next to nothing.
pub trait WriteRegion<T: Element>: Send + Sync + fmt::Debug + 'static {
    /// The extent of each axis.
    fn shape(&self) -> &[usize];

    /// The boxes, from position 0 on, that are written as a whole: changing a part of one means
    /// reading, changing and writing all of it. `None` where any two elements can be written apart.
    fn granularity(&self) -> Option<&[usize]>;

    /// Writes a region from `data`, in row-major order.
    ///
    /// # Errors
    /// What the format found: an error that names the file, the array and the place in it; a full
    /// disk is one of them.
    ///
    /// # Panics
    /// Implementations may panic if the region does not [fit](Region::fits), or `data` has not
    /// [`Region::len`] elements.
    fn write(&self, region: &Region, data: &[T]) -> Result<(), Box<dyn Error + Send + Sync>>;

    /// Makes everything that was written visible to others and safe on the disk.
    ///
    /// # Errors
    /// As [`WriteRegion::write`].
    fn finish(&self) -> Result<(), Box<dyn Error + Send + Sync>>;

    /// What it is, for messages: `data/half.hdf5 /t2m`.
    fn describe(&self) -> String;
}

/// Shared between writers of several regions.
#[deny(clippy::missing_trait_methods)]
impl<T: Element, W: WriteRegion<T> + ?Sized> WriteRegion<T> for Arc<W> {
    fn shape(&self) -> &[usize] {
        (**self).shape()
    }

    fn granularity(&self) -> Option<&[usize]> {
        (**self).granularity()
    }

    fn write(&self, region: &Region, data: &[T]) -> Result<(), Box<dyn Error + Send + Sync>> {
        (**self).write(region, data)
    }

    fn finish(&self) -> Result<(), Box<dyn Error + Send + Sync>> {
        (**self).finish()
    }

    fn describe(&self) -> String {
        (**self).describe()
    }
}

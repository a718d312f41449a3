//! [`ReadRegion`]: arrays that can be read a region at a time.

use crate::element::Element;
use crate::region::Region;
use std::any::Any;
use std::error::Error;
use std::fmt;

/// An n-dimensional array somewhere, of elements `T`, that can be read a region at a time.
///
/// # Contract
/// - Shape and content stay the same; reading the same region twice gives the same bits.
/// - Any number of threads may read at once, and they do not wait for each other where the format
///   allows it.
pub trait ReadRegion<T: Element>: Any + Send + Sync + fmt::Debug {
    /// The extent of each axis.
    fn shape(&self) -> &[usize];

    /// The boxes that are stored, and so read, at once, if there are such: a region costs what all
    /// the boxes cost that it touches. `None` where any run of elements can be read by itself.
    fn chunk_shape(&self) -> Option<&[usize]>;

    /// Reads a region into `out`, in row-major order.
    ///
    /// # Errors
    /// What the format found: an error that names the file, the array and the place in it. What
    /// `out` holds then is not said.
    ///
    /// # Panics
    /// Implementations may panic if the region does not [fit](Region::fits), or `out` has not
    /// [`Region::len`] elements.
    fn read(&self, region: &Region, out: &mut [T]) -> Result<(), Box<dyn Error + Send + Sync>>;

    /// What it is, for messages: `data/random.hdf5 /x`.
    fn describe(&self) -> String;

    /// Bytes that are the same for the same content, in every run, so that work on it is recognised:
    /// of a file its path, size and time of change. `None`: like no other.
    fn identity(&self) -> Option<Vec<u8>> {
        None
    }
}

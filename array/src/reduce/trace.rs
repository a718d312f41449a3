//! The sum along a diagonal.

use crate::array::Array;
use crate::element::Number;

impl<T: Number> Array<T> {
    /// The sums along a diagonal of the first two axes, which are taken away: of elements whose
    /// second position is `offset` more than the first. 0 where there is none.
    ///
    /// It is an error if there are fewer than two axes, or if lengths are deferred.
    ///
    /// # Complexity
    /// As [`Array::diagonal`]: only chunks are needed that the diagonal goes through.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![[1, 2], [3, 4]], 1);
    /// assert_eq!(x.trace(0).compute()?[[]], 5i64);
    /// assert_eq!(x.trace(-1).compute()?[[]], 3i64);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn trace(&self, offset: isize) -> Array<T::Sum> {
        self.diagonal(offset, (0, 1)).sum_axis(-1)
    }
}

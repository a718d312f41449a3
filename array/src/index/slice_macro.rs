//! [`s!`](crate::s): slices as they are written.

/// What of an array is wanted, axis by axis: `s![1..5, ..;2, -3, NewAxis]`.
///
/// Ranges with an optional step behind a semicolon, single positions, and
/// [`NewAxis`](crate::NewAxis); see [`Slices`](crate::Slices) for what they mean. It reads as
/// `ndarray::s!` does, whose result [`Array::slice`](crate::Array::slice) takes too; but this one is
/// allowed where `unsafe` is forbidden, which that of `ndarray` expands to.
///
/// ```
/// #![forbid(unsafe_code)]
/// use chunkwise_array::{Array, NewAxis, s};
/// let x = Array::<f64>::ones([4, 5, 6], 2);
/// assert_eq!(x.slice(s![1.., ..;2, -1]).dims()?[..], [3, 3]);
/// assert_eq!(x.slice(s![NewAxis, 0, .., ..;-1]).dims()?[..], [1, 5, 6]);
/// # Ok::<(), chunkwise_array::ArrayError>(())
/// ```
#[macro_export]
macro_rules! s {
    ($($slice:expr $(; $step:expr)?),* $(,)?) => {
        $crate::Slices::from(::std::vec![$($crate::slice_of_axis!($slice $(; $step)?)),*])
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! slice_of_axis {
    ($slice:expr) => {
        $crate::SliceInfoElem::from($slice)
    };
    ($slice:expr ; $step:expr) => {
        $crate::SliceInfoElem::from($crate::Slice::from($slice).step_by($step))
    };
}

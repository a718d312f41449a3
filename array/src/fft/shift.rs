//! `fftshift` and `ifftshift`: the frequency 0 in the middle, and back.

use crate::array::Array;
use crate::axes::Axes;
use crate::element::Element;

/// The elements of a transform with the one of frequency 0 in the middle of each of these axes.
///
/// Preserves the shape; chunks are shifted too, and one of them along each axis is cut in two. It is
/// an error if there is no such axis, or if its length is deferred.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, fft};
/// let x = fft::fftshift(&Array::arange(0, 5, 1, 2), 0);
/// assert_eq!(x.compute()?, ndarray::arr1(&[3, 4, 0, 1, 2]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn fftshift<T: Element>(x: &Array<T>, axes: impl Into<Axes>) -> Array<T> {
    shifted(x, &axes.into(), |len| len / 2)
}

/// The inverse of [`fftshift`], which differs from it along axes of odd length.
#[track_caller]
pub fn ifftshift<T: Element>(x: &Array<T>, axes: impl Into<Axes>) -> Array<T> {
    shifted(x, &axes.into(), |len| len.div_ceil(2))
}

#[track_caller]
fn shifted<T: Element>(x: &Array<T>, axes: &Axes, shift: fn(usize) -> usize) -> Array<T> {
    let mask = match axes.mask(x.ndim()) {
        Ok(mask) => mask,
        Err(error) => return Array::build("fftshift", &[&x.node], |_| Err(error)),
    };
    let of_axis = |axis: usize| {
        // What rolls says so of a deferred length.
        let len = x.chunks().axes()[axis].len().unwrap_or(2);
        (shift(len) as isize, axis as isize)
    };
    let shifts: Vec<(isize, isize)> = (0..mask.len()).filter(|&at| mask[at]).map(of_axis).collect();
    x.roll_axes(&shifts)
}

//! `polyfit`: the polynomial that comes closest to points.

use super::field::Field;
use super::least_squares::lstsq;
use super::norm::vector_norm;
use crate::array::Array;
use crate::elementwise::unary;
use crate::error::ArrayError;
use crate::extent::Extent;

/// The coefficients of the polynomial of a degree for which the sum of the squares of what it differs
/// by from `y` at `x` is least, from that of the highest power down to the constant:
/// [`polyval`](crate::polyval) takes them.
///
/// `x` has shape (m,), `y` (m,) or (m, p), the coefficients (degree + 1,) or (degree + 1, p). The
/// columns of powers are scaled to length 1 first, and directions whose singular values are at most
/// `m` times what numbers of this type are rounded by, times the largest one, are left out: as NumPy's
/// `polyfit`, without weights. With fewer points than coefficients, the shortest solution.
///
/// # Errors
/// - [`ArrayError::Shape`] if `x` has not one axis, or `y` has not one or two;
/// - [`ArrayError::Contract`] if they have different lengths;
/// - [`ArrayError::Deferred`] if only a run tells the length.
///
/// # Complexity
/// That of [`lstsq`] of a matrix of shape (m, degree + 1), whose chunks are those of `x`.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg, polyval};
/// let x = Array::<f64>::arange(0.0, 50.0, 1.0, 20);
/// let y = &(&x * &x) * 3.0 - &x + 2.0;
/// let fitted = linalg::polyfit(&x, &y, 2);
/// let found = fitted.compute()?;
/// let expected = ndarray::arr1(&[3.0, -1.0, 2.0]).into_dyn();
/// assert!((&found - &expected).iter().all(|error| error.abs() < 1e-9), "{found}");
/// assert!((polyval(&fitted, &x) - &y).compute()?.iter().all(|error| error.abs() < 1e-9));
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn polyfit<T: Field<Modulus = T>>(x: &Array<T>, y: &Array<T>, degree: usize) -> Array<T> {
    let checked = Array::<T>::build("polyfit", &[&x.node, &y.node], |_| {
        let shape = x.shape();
        match shape[..] {
            [Extent::Known(_)] => Ok(x.node.clone()),
            [Extent::Deferred] => Err(ArrayError::Deferred { operation: "polyfit", axis: 0 }),
            _ => Err(ArrayError::shape("a vector belongs", &shape)),
        }
    });
    let powers = checked.vander(degree + 1, false);
    let lengths = vector_norm(&powers, 2.0, 0);
    // All of a column is 0 where all of `x` is.
    let lengths = unary("lengths", &lengths, |len: T| if len == T::ZERO { T::ONE } else { len });
    let scaled = lstsq(&(&powers / &lengths), y, None).0;
    match y.ndim() {
        2 => &scaled / &lengths.expand_dims(-1),
        _ => &scaled / &lengths,
    }
}

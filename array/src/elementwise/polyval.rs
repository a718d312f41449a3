//! `polyval`: the values of a polynomial.

use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::element::Number;
use crate::elementwise::{Operand, unary};
use crate::error::ArrayError;
use crate::rechunk::rechunk;

/// The values of a polynomial at each element of an array, by Horner's rule; its coefficients, from
/// that of the highest power down to the constant, are an array with one axis: what
/// `linalg::polyfit` gives.
///
/// Preserves shape and chunks; no coefficients are the polynomial 0. Integers wrap around. As NumPy's
/// `polyval`.
///
/// # Errors
/// - [`ArrayError::Shape`] if the coefficients have not one axis;
/// - [`ArrayError::Deferred`] if only a run tells how many there are.
///
/// # Complexity
/// O(elements x coefficients), joined with what comes before and after into one pass; a small task
/// for each coefficient.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, polyval};
/// let x = Array::<i64>::arange(0, 5, 1, 2);
/// let coefficients = Array::from_ndarray(&ndarray::arr1(&[1, 0, -3]), 3);
/// let y = polyval(&coefficients, &x);
/// assert_eq!(y.compute()?, ndarray::arr1(&[-3, -2, 1, 6, 13]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn polyval<T: Number>(coefficients: &Array<T>, x: &Array<T>) -> Array<T> {
    let whole = Array::<T>::build("polyval", &[&coefficients.node, &x.node], |made_at| {
        let [own] = coefficients.chunks().axes() else {
            return Err(ArrayError::shape(
                "a vector of coefficients belongs",
                &coefficients.shape(),
            ));
        };
        let n = own.len().ok_or(ArrayError::Deferred { operation: "polyval", axis: 0 })?;
        let cut = [AxisChunks::whole(n)].into_iter().collect();
        Ok(rechunk(coefficients.node.clone(), cut, made_at))
    });
    if whole.checked().is_err() {
        return whole;
    }
    let n = whole.n_elements().unwrap_or(0);
    let coefficient = |at: usize| whole.index_axis(0, at as isize);
    let zero = || x * Operand::Number(T::ZERO);
    match n {
        0 => unary("polyval", x, |_| T::ZERO),
        _ => (1..n).fold(zero() + coefficient(0), |sum, at| sum * x + coefficient(at)),
    }
}

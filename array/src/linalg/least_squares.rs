//! `pinv` and `lstsq`: what comes closest to a solution.

use super::contract::{Label, contract};
use super::field::Field;
use super::norm::{default_rtol, matrix_rank, vector_norm};
use super::products::conj;
use super::shapes::check_matrix;
use super::svd::svd;
use crate::array::Array;
use crate::element::{Float, Number, Real};
use crate::elementwise::{binary, unary_with};
use crate::error::ArrayError;

/// The inverse of a matrix as far as it has one (Moore and Penrose): of shape (n, m) if `a` has
/// (m, n).
///
/// Singular values up to `rtol` times the largest one count as zero; without it, that is the longer
/// axis times what numbers of this type are rounded by.
///
/// # Complexity
/// That of [`svd`](super::svd), and O(m n k) time.
#[track_caller]
pub fn pinv<T: Field>(a: &Array<T>, rtol: Option<f64>) -> Array<T> {
    let (u, s, v) = svd(a);
    let scaled = &conj(&u) * &inverted::<T>(&s, rtol.unwrap_or_else(|| default_rtol::<T>(&a.node)));
    contracted("pinv", &conj(&v), [0, 1], &scaled, &[2, 0], &[1, 2])
}

/// The solution, the sums of squares that are left, the rank and the singular values.
pub type LeastSquares<T> =
    (Array<T>, Array<<T as Field>::Modulus>, Array<i64>, Array<<T as Field>::Modulus>);

/// The `x` for which the sum of the squares of `a x - b` is least, and of these the shortest; these
/// sums; the rank of `a`; and its singular values.
///
/// `a` has shape (m, n), `b` has (m,) or (m, p), and `x` (n,) or (n, p); the sums have no axes or
/// shape (p,), the rank has no axes. Singular values up to `rtol` times the largest one count as
/// zero; without it, that is the longer axis times what numbers of this type are rounded by. Unlike
/// in NumPy, the sums are given whatever the rank. It is an error if shapes do not go together.
///
/// # Complexity
/// That of [`svd`](super::svd), and O(m n p) time.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg};
/// let a = ndarray::arr2(&[[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, 1.0]]);
/// let a = Array::from_ndarray(&a.into_dyn(), 2);
/// let b = Array::from_ndarray(&ndarray::arr1(&[-1.0, 0.2, 0.9, 2.1]).into_dyn(), 2);
/// let line = linalg::lstsq(&a, &b, None).0.compute()?;
/// assert!((line - ndarray::arr1(&[1.0, -0.95])).iter().all(|error: &f64| error.abs() < 1e-14));
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn lstsq<T: Field>(a: &Array<T>, b: &Array<T>, rtol: Option<f64>) -> LeastSquares<T> {
    let b = &Array::<T>::build("lstsq", &[&a.node, &b.node], |_| {
        check_matrix(&a.node)?;
        let (rows, of_b) = (a.chunks().extents()[0], b.chunks().extents());
        match of_b.len() {
            1 | 2 if of_b[0] == rows => Ok(b.node.clone()),
            1 | 2 => {
                let shapes = Box::new([a.chunks().extents().to_vec(), of_b.to_vec()]);
                Err(ArrayError::Contract { axes: (0, 0), shapes })
            }
            _ => Err(ArrayError::shape("a vector or a matrix belongs", &of_b)),
        }
    });
    let (u, s, v) = svd(a);
    let inverted = inverted::<T>(&s, rtol.unwrap_or_else(|| default_rtol::<T>(&a.node)));
    let (of_b, of_x): (&[Label], &[Label]) = match b.ndim() {
        2 => (&[0, 3], &[1, 3]),
        _ => (&[0], &[1]),
    };
    // The columns of v, each divided by its singular value; then the small product first.
    let of_u = contracted("lstsq", &conj(&u), [0, 2], b, of_b, &[&[2], &of_b[1..]].concat());
    let of_k: Vec<Label> = [&[2], &of_b[1..]].concat();
    let scaled = (&conj(&v).t() * &inverted).t();
    let x = contracted("lstsq", &scaled, [2, 1], &of_u, &of_k, of_x);
    let found = contracted("lstsq", a, [0, 1], &x, of_x, of_b);
    let sums = vector_norm(&(&found - b), 2.0, 0);
    let rank = matrix_rank(a, None);
    (x, &sums * &sums, rank, s)
}

/// One over each singular value above the bound, zero for the others.
#[track_caller]
fn inverted<T: Field>(s: &Array<T::Modulus>, rtol: f64) -> Array<T> {
    let most = s.max_axis(0);
    let bound = unary_with("singular bound", &most, rtol, |rtol: &f64, s: T::Modulus| {
        T::Modulus::of_f64(s.to_f64() * rtol)
    });
    binary("inverted", s, &bound, |s: T::Modulus, bound: T::Modulus| {
        let inverse = if s > bound { T::Modulus::ONE.over(s) } else { T::Modulus::ZERO };
        T::of_real(inverse)
    })
}

/// The contraction of a matrix and another array.
#[track_caller]
fn contracted<T: Number>(
    name: &'static str,
    left: &Array<T>,
    of_left: [Label; 2],
    right: &Array<T>,
    of_right: &[Label],
    out: &[Label],
) -> Array<T> {
    let of_right: Vec<Option<Label>> = of_right.iter().copied().map(Some).collect();
    Array::build(name, &[&left.node, &right.node], |made_at| {
        let left = (&left.node, &of_left.map(Some)[..]);
        contract(name, left, (&right.node, &of_right), out, made_at)
    })
}

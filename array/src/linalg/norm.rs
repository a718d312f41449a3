//! Norms of vectors and matrices, and what is told from singular values.

use super::field::Field;
use super::lu::inv;
use super::svd::svdvals;
use crate::array::{Array, known_shape};
use crate::axes::Axes;
use crate::element::{Float, Real};
use crate::elementwise::{binary, unary, unary_with};
use crate::error::ArrayError;
use crate::expr::Node;

/// Which norm of a matrix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MatrixNorm {
    /// The root of the sum of the squares of all absolute values.
    Frobenius,
    /// The sum of the singular values.
    Nuclear,
    /// The largest sum of absolute values in a column.
    One,
    /// The least sum of absolute values in a column.
    MinusOne,
    /// The largest singular value.
    Two,
    /// The least singular value.
    MinusTwo,
    /// The largest sum of absolute values in a row.
    Infinity,
    /// The least sum of absolute values in a row.
    MinusInfinity,
}

/// The root of the sum of the squares of the absolute values of all elements, an array without axes.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg};
/// let x = Array::<f64>::full([2, 2], 1.5, 1);
/// assert_eq!(linalg::norm(&x).compute()?, ndarray::arr0(3.0).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn norm<T: Field>(x: &Array<T>) -> Array<T::Modulus> {
    vector_norm(x, 2.0, Axes::all())
}

/// The norm of order `order` along axes: the sum of the absolute values to this power, to the power
/// of one over it.
///
/// Of infinity it is the largest absolute value, of minus infinity the least one, of 0 the number of
/// elements that are not zero. It is an error if there is no such axis; the largest of no elements
/// makes a task fail.
///
/// # Complexity
/// A reduction: O(elements) time, joined with what makes them.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg};
/// let x = Array::from_ndarray(&ndarray::arr2(&[[3.0, -4.0], [1.0, 0.0]]).into_dyn(), 1);
/// let norms = linalg::vector_norm(&x, 2.0, 1);
/// assert_eq!(norms.compute()?, ndarray::arr1(&[5.0, 1.0]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn vector_norm<T: Field>(x: &Array<T>, order: f64, axes: impl Into<Axes>) -> Array<T::Modulus> {
    let axes = axes.into();
    let moduli = || unary("modulus", x, |x: T| x.modulus());
    let powers = |power: f64| {
        unary_with("power of modulus", x, power, |power: &f64, x: T| {
            x.modulus().to_f64().powf(*power)
        })
    };
    let narrow = |x: &Array<f64>| unary("narrow", x, |x: f64| T::Modulus::of_f64(x));
    match order {
        f64::INFINITY => moduli().max_axis(axes),
        f64::NEG_INFINITY => moduli().min_axis(axes),
        0.0 => {
            let counted = unary("is not zero", x, |x: T| f64::from(u8::from(x != T::ZERO)));
            narrow(&counted.sum_axis(axes))
        }
        1.0 => {
            let wide = unary("wide modulus", x, |x: T| x.modulus().to_f64());
            narrow(&wide.sum_axis(axes))
        }
        2.0 => {
            let squares = unary("square of modulus", x, |x: T| {
                let modulus = x.modulus().to_f64();
                modulus * modulus
            });
            let sums = squares.sum_axis(axes);
            unary("root of squares", &sums, |x: f64| T::Modulus::of_f64(x.sqrt()))
        }
        power => {
            let sums = powers(power).sum_axis(axes);
            unary_with("root of powers", &sums, power, |power: &f64, x: f64| {
                T::Modulus::of_f64(x.powf(1.0 / power))
            })
        }
    }
}

/// The norm of the matrices along the last two axes.
///
/// The result has the axes before them. Norms by singular values ([`MatrixNorm::Two`],
/// [`MatrixNorm::MinusTwo`], [`MatrixNorm::Nuclear`]) are those of a single matrix. It is an error if
/// there are fewer than two axes.
///
/// # Complexity
/// A reduction, or that of [`svdvals`].
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg};
/// let x = Array::from_ndarray(&ndarray::arr2(&[[3.0, -4.0], [1.0, 0.0]]).into_dyn(), 1);
/// let norm = linalg::matrix_norm(&x, linalg::MatrixNorm::Infinity);
/// assert_eq!(norm.compute()?, ndarray::arr0(7.0).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn matrix_norm<T: Field>(x: &Array<T>, norm: MatrixNorm) -> Array<T::Modulus> {
    if x.ndim() < 2 && x.checked().is_ok() {
        return Array::build("matrix_norm", &[&x.node], |_| {
            Err(ArrayError::shape("matrices belong", &x.node.chunks.extents()))
        });
    }
    match norm {
        MatrixNorm::Frobenius => vector_norm(x, 2.0, [-2, -1]),
        MatrixNorm::One => vector_norm(x, 1.0, -2).max_axis(-1),
        MatrixNorm::MinusOne => vector_norm(x, 1.0, -2).min_axis(-1),
        MatrixNorm::Infinity => vector_norm(x, 1.0, -1).max_axis(-1),
        MatrixNorm::MinusInfinity => vector_norm(x, 1.0, -1).min_axis(-1),
        MatrixNorm::Two => svdvals(x).max_axis(0),
        MatrixNorm::MinusTwo => svdvals(x).min_axis(0),
        MatrixNorm::Nuclear => vector_norm(&svdvals(x), 1.0, 0),
    }
}

/// How much larger relative errors of a solution may be than those of the right side: the norm of
/// the matrix times that of its inverse; by [`MatrixNorm::Two`], the largest singular value divided
/// by the least one.
///
/// # Complexity
/// That of [`svdvals`] or of [`inv`].
#[track_caller]
pub fn cond<T: Field>(a: &Array<T>, norm: MatrixNorm) -> Array<T::Modulus> {
    match norm {
        MatrixNorm::Two => {
            let s = svdvals(a);
            &s.max_axis(0) / &s.min_axis(0)
        }
        MatrixNorm::MinusTwo => {
            let s = svdvals(a);
            &s.min_axis(0) / &s.max_axis(0)
        }
        _ => &matrix_norm(a, norm) * &matrix_norm(&inv(a), norm),
    }
}

/// The number of singular values above a bound: `tolerance`, or the largest one times the longer
/// axis times what numbers of this type are rounded by.
///
/// # Complexity
/// That of [`svdvals`].
#[track_caller]
pub fn matrix_rank<T: Field>(a: &Array<T>, tolerance: Option<f64>) -> Array<i64> {
    let (s, factor) = (svdvals(a), default_rtol::<T>(&a.node));
    match tolerance {
        Some(bound) => {
            let counted = unary_with("exceeds", &s, bound, |bound: &f64, s: T::Modulus| {
                i64::from(s.to_f64() > *bound)
            });
            counted.sum_axis(0)
        }
        None => {
            let most = s.max_axis(0);
            let bound = unary_with("rank bound", &most, factor, |factor: &f64, s: T::Modulus| {
                T::Modulus::of_f64(s.to_f64() * factor)
            });
            let counted = binary("exceeds", &s, &bound, |s: T::Modulus, bound: T::Modulus| {
                i64::from(s > bound)
            });
            counted.sum_axis(0)
        }
    }
}

/// The longer axis of a matrix times what numbers of this type are rounded by; 0 where that is not
/// known.
pub(super) fn default_rtol<T: Field>(node: &Node) -> f64 {
    let longest = known_shape(node, "rank").ok().and_then(|shape| shape.iter().max().copied());
    let epsilon = match size_of::<T::Modulus>() {
        4 => f64::from(f32::EPSILON),
        _ => f64::EPSILON,
    };
    longest.unwrap_or(0) as f64 * epsilon
}

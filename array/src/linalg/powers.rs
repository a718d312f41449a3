//! `multi_dot` and `matrix_power`: products of several matrices.

use super::field::Field;
use super::lu::inv;
use super::shapes::{square, square_cut};
use crate::array::Array;
use crate::chunks::Chunks;
use crate::element::Number;
use crate::error::ArrayError;

/// The product of several matrices, in the order of multiplications that costs least.
///
/// The first one may be a vector, as a row, and the last one, as a column. It is an error if there
/// are none, or if lengths do not go together. Where a length is deferred, the order is that of the
/// arrays.
///
/// # Complexity
/// O(arrays^3) to find the order; of each product as [`Array::dot`].
#[track_caller]
pub fn multi_dot<T: Number>(arrays: &[&Array<T>]) -> Array<T> {
    match arrays {
        [] => Array::build("multi_dot", &[], |_| {
            Err(ArrayError::Argument { name: "arrays", why: "there are none".to_owned() })
        }),
        [only] => (*only).clone(),
        _ => match lengths(arrays) {
            Some(lengths) => ordered(arrays, &cheapest(&lengths), 0, arrays.len() - 1),
            None => {
                let first = arrays[0].clone();
                arrays[1..].iter().fold(first, |product, array| product.dot(array))
            }
        },
    }
}

/// The rows of each array, and the columns of the last one; those between are equal or will be an
/// error.
fn lengths<T: Number>(arrays: &[&Array<T>]) -> Option<Vec<f64>> {
    let mut lengths = Vec::with_capacity(arrays.len() + 1);
    for (at, array) in arrays.iter().enumerate() {
        let shape = array.dims().ok()?;
        lengths.push(match (&shape[..], at) {
            ([rows, _], _) => *rows as f64,
            ([_], 0) => 1.0,
            ([rows], _) => *rows as f64,
            _ => return None,
        });
    }
    let last = arrays[arrays.len() - 1].dims().ok()?;
    lengths.push(last.get(1).map_or(1.0, |&columns| columns as f64));
    Some(lengths)
}

/// For the product of the arrays from one to another: behind which it is cut in two.
///
/// Source: Cormen, Leiserson, Rivest, Stein, "Introduction to Algorithms", chapter 15.2.
fn cheapest(lengths: &[f64]) -> Vec<Vec<usize>> {
    let n = lengths.len() - 1;
    let mut costs = vec![vec![0.0; n]; n];
    let mut cuts = vec![vec![0; n]; n];
    for span in 1..n {
        for first in 0..n - span {
            let last = first + span;
            costs[first][last] = f64::INFINITY;
            for cut in first..last {
                let product = lengths[first] * lengths[cut + 1] * lengths[last + 1];
                let cost = costs[first][cut] + costs[cut + 1][last] + product;
                if cost < costs[first][last] {
                    (costs[first][last], cuts[first][last]) = (cost, cut);
                }
            }
        }
    }
    cuts
}

#[track_caller]
fn ordered<T: Number>(
    arrays: &[&Array<T>],
    cuts: &[Vec<usize>],
    first: usize,
    last: usize,
) -> Array<T> {
    if first == last {
        return arrays[first].clone();
    }
    let cut = cuts[first][last];
    ordered(arrays, cuts, first, cut).dot(&ordered(arrays, cuts, cut + 1, last))
}

/// A square matrix multiplied with itself so many times; of a negative number, its inverse.
///
/// To the power of 0 it is the identity matrix. It is an error if `a` is not square; to a negative
/// power, the task fails that finds that it is singular.
///
/// # Complexity
/// Twice the logarithm of `exponent` products at most, each as [`Array::dot`].
#[track_caller]
pub fn matrix_power<T: Field>(a: &Array<T>, exponent: i32) -> Array<T> {
    let base = match exponent < 0 {
        true => inv(a),
        false => Array::build("matrix_power", &[&a.node], |_| {
            square(&a.node, "matrix_power")?;
            Ok(a.node.clone())
        }),
    };
    let (mut rest, mut square_of, mut power) = (exponent.unsigned_abs(), base, None);
    while rest > 0 {
        if rest % 2 == 1 {
            power = Some(match power {
                None => square_of.clone(),
                Some(power) => square_of.dot(&power),
            });
        }
        rest /= 2;
        if rest > 0 {
            square_of = square_of.dot(&square_of);
        }
    }
    power.unwrap_or_else(|| {
        Array::build("matrix_power", &[&square_of.node], |_| {
            let axis = square_cut(&square_of.node);
            let chunks: Chunks = [axis.clone(), axis].into_iter().collect();
            let n = chunks.axes()[0].len().unwrap_or(0);
            Ok(Array::<T>::identity(n, &chunks).node)
        })
    })
}

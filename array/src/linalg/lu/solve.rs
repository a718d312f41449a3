//! `solve` and `inv`: systems of equations.

use super::factors::factor;
use super::forward::forward;
use super::panels::panels;
use crate::array::{Array, Built};
use crate::axis_chunks::AxisChunks;
use crate::chunks::Chunks;
use crate::expr::Node;
use crate::linalg::cholesky::{adjoint, cholesky};
use crate::linalg::dense::Triangle;
use crate::linalg::field::Field;
use crate::linalg::shapes::{cut, square};
use crate::linalg::triangular::{Diagonal, check_right_side, solve_triangular, triangular_node};
use std::panic::Location;
use std::sync::Arc;

/// The `x` with `a x = b`.
///
/// `a` has shape (n, n), and `b` and the result have (n,) or (n, m). The rows of the result are cut
/// like the axis of `a` that has more chunks, its columns like those of `b`. It is an error if shapes
/// do not go together, and the task fails that finds that `a` is singular; where it almost is, the
/// result means little, as everywhere.
///
/// # Complexity
/// That of [`lu`](super::lu), and O(n^2 m) time; a task for each chunk of columns of `b` with each of
/// `a`, which holds both.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg};
/// let a = Array::from_ndarray(&ndarray::arr2(&[[3.0, 1.0], [1.0, 2.0]]).into_dyn(), 1);
/// let b = Array::from_ndarray(&ndarray::arr1(&[9.0, 8.0]).into_dyn(), 1);
/// let x = linalg::solve(&a, &b).compute()?;
/// assert!((x - ndarray::arr1(&[2.0, 3.0])).iter().all(|error: &f64| error.abs() < 1e-15));
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn solve<T: Field>(a: &Array<T>, b: &Array<T>) -> Array<T> {
    Array::build("solve", &[&a.node, &b.node], |made_at| {
        solve_node::<T>(&a.node, &b.node, "solve", made_at)
    })
}

fn solve_node<T: Field>(
    a: &Arc<Node>,
    b: &Arc<Node>,
    operation: &'static str,
    made_at: &'static Location<'static>,
) -> Built {
    let n = square(a, operation)?;
    check_right_side(a, b, n)?;
    let panels = panels::<T>(a, operation, made_at)?;
    let columns = b.chunks.axes().get(1).cloned();
    let b = cut(b, [AxisChunks::whole(n)].into_iter().chain(columns), made_at);
    let solved = forward::<T>(&panels, &b, made_at);
    let upper = factor::<T>(&panels, None, made_at);
    triangular_node::<T>(&upper, &solved, Triangle::Upper, Diagonal::Any, made_at)
}

/// The `x` with `a x = b`, where `a` is Hermitian and positive definite: by half the work.
///
/// As [`solve`] in everything else; the task fails that finds that `a` is not positive definite.
#[track_caller]
pub fn solve_positive<T: Field>(a: &Array<T>, b: &Array<T>) -> Array<T> {
    let lower = cholesky(a, Triangle::Lower);
    let between = solve_triangular(&lower, b, Triangle::Lower);
    solve_triangular(&adjoint(&lower), &between, Triangle::Upper)
}

/// The inverse of a square matrix.
///
/// It is cut along both axes like the one that has more chunks. It is an error if `a` is not square,
/// and the task fails that finds that it is singular.
///
/// # Complexity
/// O(8 n^3 / 3) time; tasks as those of [`solve`].
#[track_caller]
pub fn inv<T: Field>(a: &Array<T>) -> Array<T> {
    Array::build("inv", &[&a.node], |made_at| {
        let n = square(&a.node, "inv")?;
        let axis = crate::linalg::shapes::square_cut(&a.node);
        let chunks: Chunks = [AxisChunks::whole(n), axis].into_iter().collect();
        solve_node::<T>(&a.node, &Array::<T>::identity(n, &chunks).node, "inv", made_at)
    })
}

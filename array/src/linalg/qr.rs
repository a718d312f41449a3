//! `qr`: orthonormal columns and a triangular matrix.

use super::contract::contract;
use super::dense::Side;
use super::field::Field;
use super::joined::joined;
use super::products::conj;
use super::several::several;
use super::shapes::{check_matrix, cut, without_empty};
use super::tsqr::tsqr;
use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::error::ArrayError;
use crate::expr::{Node, select};
use chunkwise_storage::{Region, Span};
use std::panic::Location;
use std::sync::Arc;

/// `Q` with orthonormal columns and `R` with zeros below the diagonal, whose product is `a`.
///
/// Of a matrix of shape (m, n), `Q` has shape (m, k) and `R` has (k, n), where k is the smaller of m
/// and n; `Q` is cut like the rows of `a` and `R` like its columns. One axis is to be one chunk. If
/// neither is, the shorter one is made one: then a task holds the whole length of that axis of some
/// chunks. The diagonal of `R` may have any sign. It is an error if `a` is no matrix.
///
/// # Complexity
/// O(m n k) time. Of tall matrices, a task for each chunk, and a tree of tasks that hold some n x n
/// matrices each; of wide ones, the first columns are decomposed by one task.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg};
/// let x = Array::<f64>::linspace(1.0, 2.0, 10, 5).outer(&Array::ones(1, 1));
/// let (q, r) = linalg::qr(&x);
/// assert!((q.dot(&r) - &x).max().compute()?.abs() < 1e-15);
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn qr<T: Field>(a: &Array<T>) -> (Array<T>, Array<T>) {
    let both = several("qr", vec![&a.node], |made_at| qr_nodes::<T>(&a.node, made_at));
    (both.array(0), both.array(1))
}

pub(super) fn qr_nodes<T: Field>(
    a: &Arc<Node>,
    made_at: &'static Location<'static>,
) -> Result<[Arc<Node>; 2], ArrayError> {
    check_matrix(a)?;
    let (rows, cols) = (&a.chunks.axes()[0], &a.chunks.axes()[1]);
    let Some(n) = cols.len() else {
        return Err(ArrayError::Deferred { operation: "qr", axis: 1 });
    };
    if cols.n_chunks() > 1 {
        let Some(m) = rows.len() else {
            return Err(ArrayError::Deferred { operation: "qr", axis: 0 });
        };
        let is_wide = m < n && (rows.n_chunks() == 1 || cols.n_chunks() > 1);
        if is_wide {
            return wide::<T>(a, m, made_at);
        }
        let whole = cut(a, [rows.clone(), AxisChunks::whole(n)], made_at);
        return Ok(tall::<T>(&whole, made_at));
    }
    Ok(tall::<T>(a, made_at))
}

fn tall<T: Field>(a: &Arc<Node>, made_at: &'static Location<'static>) -> [Arc<Node>; 2] {
    let factors = tsqr::<T>(a, Side::AsIs, made_at);
    [factors.q::<T>(None, Side::AsIs), factors.r::<T>()]
}

/// Of a matrix of `m` rows and more columns: the first `m` columns are decomposed, the others are
/// brought into the columns of that `Q`.
fn wide<T: Field>(
    a: &Arc<Node>,
    m: usize,
    made_at: &'static Location<'static>,
) -> Result<[Arc<Node>; 2], ArrayError> {
    let cols = without_empty(&a.chunks.axes()[1]);
    let n = cols.len().unwrap_or(m);
    // The first chunk has at least as many columns as there are rows.
    let mut ends = cols.inner_starts();
    ends.retain(|&end| end >= m);
    ends.push(n);
    let mut start = 0;
    let sizes: Vec<usize> =
        ends.iter().map(|&end| end - std::mem::replace(&mut start, end)).collect();
    let first = sizes[0];
    let a = cut(a, [AxisChunks::whole(m), AxisChunks::of_sizes(sizes)], made_at);
    let columns = |start: usize, count: usize| {
        let region = Region::from_iter([Span::new(0, m), Span::new(start, count)]);
        select(Arc::clone(&a), region, made_at)
    };
    let [q, r] = tall::<T>(&columns(0, first), made_at);
    if first == n {
        return Ok([q, r]);
    }
    let conjugated = conj(&Array::<T>::of_node(Arc::clone(&q))).node;
    let (labels, of_rest) = ([Some(0), Some(1)], [Some(0), Some(2)]);
    let rest = columns(first, n - first);
    let rest = contract("qr_r", (&conjugated, &labels), (&rest, &of_rest), &[1, 2], made_at)?;
    let r = joined::<T>(&r, &rest, made_at);
    Ok([q, r])
}

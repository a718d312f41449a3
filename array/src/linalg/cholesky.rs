//! `cholesky`: a positive definite matrix as a triangular one times its adjoint.

use super::dense::{Dense, Triangle, bytes_of, matrix};
use super::field::Field;
use super::products::conj;
use super::ready::{About, ready};
use super::shapes::{cut, square, square_cut};
use crate::array::{Array, Built};
use crate::chunk::{Chunk, chunk_bytes, chunk_of, take_array};
use crate::chunks::Chunks;
use crate::error::ArrayError;
use crate::expr::Node;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, Tokenizer, TypeInfo, Value};
use faer::linalg::triangular_solve::solve_lower_triangular_in_place_with_conj;
use faer::{Conj, Par};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// The lower triangular `L` with `a = L L*`, or the upper triangular `U` with `a = U* U`, where `*`
/// transposes and conjugates.
///
/// `a` has shape (n, n) and is Hermitian: what is above its diagonal is not looked at. It is cut
/// along both axes like the one that has more chunks, and so is the result. It is an error if `a` is
/// not square, and the task fails that finds that it is not positive definite.
///
/// # Complexity
/// O(n^3 / 3) time; a task for each chunk on and below the diagonal, which holds the chunks of the
/// result on the left of it and of the diagonal in its column.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg};
/// use linalg::Triangle;
/// let a = Array::from_ndarray(&ndarray::arr2(&[[4.0, 2.0], [2.0, 10.0]]).into_dyn(), 1);
/// let l = linalg::cholesky(&a, Triangle::Lower).compute()?;
/// assert_eq!(l, ndarray::arr2(&[[2.0, 0.0], [1.0, 3.0]]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn cholesky<T: Field>(a: &Array<T>, triangle: Triangle) -> Array<T> {
    let lower =
        Array::build("cholesky", &[&a.node], |made_at| cholesky_node::<T>(&a.node, made_at));
    match triangle {
        Triangle::Lower => lower,
        Triangle::Upper => adjoint(&lower),
    }
}

/// A matrix with rows for columns, conjugated.
#[track_caller]
pub(super) fn adjoint<T: Field>(a: &Array<T>) -> Array<T> {
    conj(&a.t())
}

pub(super) fn cholesky_node<T: Field>(a: &Arc<Node>, made_at: &'static Location<'static>) -> Built {
    square(a, "cholesky")?;
    let axis = square_cut(a);
    let a = cut(a, [axis.clone(), axis], made_at);
    let token = Tokenizer::of("cholesky", &a.token);
    let chunks = Chunks::clone(&a.chunks);
    let blocks =
        CholeskyBlocks::<T> { grid: chunks.grid(), chunks: Arc::clone(&a.chunks), of: PhantomData };
    let about = About { name: "cholesky", dtype: T::DTYPE, chunks, token, made_at };
    Ok(ready(about, [a], blocks))
}

/// Blocks of the factor, each from those on the left of it; zeros above the diagonal.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct CholeskyBlocks<T> {
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T: Field> Blocks for CholeskyBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let n = self.grid[0];
        let (row, col) = (block / n, block % n);
        if row < col {
            return;
        }
        deps.push(Dep::input(0, block));
        if row > col {
            deps.push(Dep::own(col * n + col));
        }
        for left in 0..col {
            deps.push(Dep::own(row * n + left));
            if row > col {
                deps.push(Dep::own(col * n + left));
            }
        }
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let n = self.grid[0];
        let (row, col) = (block / n, block % n);
        if row < col {
            let shape = self.chunks.chunk_shape(block).ok_or("its chunks have known lengths")?;
            return Ok(Dense::<T>::zeros(shape[0], shape[1]).into_chunk()?.into_value());
        }
        match row == col {
            true => self.on_diagonal(row, inputs),
            false => below::<T>(inputs),
        }
    }

    fn op_name(&self) -> Cow<'_, str> {
        "cholesky".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let n = self.chunks.chunk_len(block);
        let is_above = block / self.grid[0] < block % self.grid[0];
        n.map_or(Bounds::UNKNOWN, |n| {
            // A block that lies row by row is copied; above the diagonal there is none.
            let scratch = if is_above { 0 } else { bytes_of::<T>(n + 4096) };
            Bounds::output(chunk_bytes::<T>(n)).with_scratch(scratch)
        })
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

impl<T: Field> CholeskyBlocks<T> {
    fn on_diagonal(&self, row: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [own, left @ ..] = inputs else { return Err("a factor is of a block".into()) };
        let mut factor = Dense::from_chunk(Chunk::new(take_array::<T>(own)?));
        for left in left {
            let left = left.take();
            let left = matrix(chunk_of::<T>(&left)?).in_faer();
            factor.subtract_adjoint(left, left);
        }
        let first = self.chunks.axes()[0].range(row as usize).map_or(0, |range| range.start);
        factor.cholesky().map_err(|at| ArrayError::NotPositiveDefinite { row: first + at })?;
        Ok(factor.into_chunk()?.into_value())
    }
}

/// The rest of a block, divided by the adjoint of the factor on the diagonal of its column.
fn below<T: Field>(inputs: &mut [Value]) -> Result<Value, BoxError> {
    let [own, diagonal, left @ ..] = inputs else { return Err("a factor is of a block".into()) };
    let mut factor = Dense::from_chunk(Chunk::new(take_array::<T>(own)?));
    for pair in left.chunks_exact_mut(2) {
        let [left, of_diagonal] = pair else { continue };
        let (left, of_diagonal) = (left.take(), of_diagonal.take());
        let (left, of_diagonal) = (chunk_of::<T>(&left)?, chunk_of::<T>(&of_diagonal)?);
        factor.subtract_adjoint(matrix(left).in_faer(), matrix(of_diagonal).in_faer());
    }
    let diagonal = diagonal.take();
    let diagonal = matrix(chunk_of::<T>(&diagonal)?).in_faer();
    if diagonal.nrows() > 0 && factor.rows() > 0 {
        // Of `x l* = s`, transposed: the conjugate of `l` times `x` transposed.
        let transposed = factor.view_mut().transpose_mut();
        solve_lower_triangular_in_place_with_conj(diagonal, Conj::Yes, transposed, Par::Seq);
    }
    Ok(factor.into_chunk()?.into_value())
}

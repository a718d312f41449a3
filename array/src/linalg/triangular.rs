//! `solve_triangular`: systems of equations that can be solved one row after the other.

use super::dense::{Dense, Triangle, bytes_of, matrix};
use super::field::Field;
use super::ready::{About, ready};
use super::shapes::{cut, square, square_cut};
use crate::array::{Array, Built};
use crate::chunk::{Chunk, chunk_bytes, chunk_of, take_array};
use crate::chunks::Chunks;
use crate::error::ArrayError;
use crate::expr::Node;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, Tokenizer, TypeInfo, Value};
use faer::linalg::triangular_solve::{
    solve_lower_triangular_in_place, solve_unit_lower_triangular_in_place,
    solve_upper_triangular_in_place,
};
use faer::{MatMut, MatRef, Par};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// The `x` with `a x = b`, where `a` is triangular: what is on the other side of its diagonal is
/// not looked at.
///
/// `a` has shape (n, n), and `b` and the result have (n,) or (n, m). `a` is cut along both axes like
/// the one that has more chunks, the rows of `b` too; its columns are kept. It is an error if shapes
/// do not go together, and the task fails that finds a zero on the diagonal.
///
/// # Complexity
/// O(n^2 m) time; a task for each chunk of the result, which holds the row of `a` and the column of
/// the result before it.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg};
/// use linalg::Triangle;
/// let a = Array::from_ndarray(&ndarray::arr2(&[[2.0, 0.0], [1.0, 4.0]]).into_dyn(), 1);
/// let b = Array::from_ndarray(&ndarray::arr1(&[2.0, 9.0]).into_dyn(), 1);
/// let x = linalg::solve_triangular(&a, &b, Triangle::Lower);
/// assert_eq!(x.compute()?, ndarray::arr1(&[1.0, 2.0]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn solve_triangular<T: Field>(a: &Array<T>, b: &Array<T>, triangle: Triangle) -> Array<T> {
    Array::build("solve_triangular", &[&a.node, &b.node], |made_at| {
        let diagonal = Diagonal::Any;
        triangular_node::<T>(&a.node, &b.node, triangle, diagonal, made_at)
    })
}

/// What is on the diagonal of a triangular matrix.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) enum Diagonal {
    /// What the matrix says.
    Any,
    /// Ones, whatever the matrix says.
    Ones,
}

/// That `b` has as many rows as a square matrix, and one axis or two.
pub(super) fn check_right_side(a: &Node, b: &Node, n: usize) -> Result<(), ArrayError> {
    let extents = b.chunks.extents();
    if !matches!(extents.len(), 1 | 2) || extents[0] != n {
        if extents.is_empty() || extents.len() > 2 {
            return Err(ArrayError::shape("a vector or a matrix belongs", &extents));
        }
        let shapes = Box::new([a.chunks.extents().to_vec(), extents.to_vec()]);
        return Err(ArrayError::Contract { axes: (0, 0), shapes });
    }
    Ok(())
}

pub(super) fn triangular_node<T: Field>(
    a: &Arc<Node>,
    b: &Arc<Node>,
    triangle: Triangle,
    diagonal: Diagonal,
    made_at: &'static Location<'static>,
) -> Built {
    let n = square(a, "solve_triangular")?;
    check_right_side(a, b, n)?;
    let axis = square_cut(a);
    let a = cut(a, [axis.clone(), axis.clone()], made_at);
    let b = cut(b, [axis].into_iter().chain(b.chunks.axes().get(1).cloned()), made_at);
    let lower = u64::from(triangle == Triangle::Lower);
    let ones = u64::from(diagonal == Diagonal::Ones);
    let token = Tokenizer::of("solve_triangular", &(a.token, b.token, lower, ones));
    let chunks = Chunks::clone(&b.chunks);
    let blocks = TriangularBlocks::<T> {
        grid: chunks.grid(),
        of_a: Arc::clone(&a.chunks),
        chunks: Arc::clone(&b.chunks),
        triangle,
        diagonal,
        of: PhantomData,
    };
    let about = About { name: "solve_triangular", dtype: T::DTYPE, chunks, token, made_at };
    Ok(ready(about, [a, b], blocks))
}

/// Blocks of the solution, each from those before it.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct TriangularBlocks<T> {
    grid: Vec<u32>,
    of_a: Arc<Chunks>,
    chunks: Arc<Chunks>,
    triangle: Triangle,
    diagonal: Diagonal,
    of: PhantomData<fn() -> T>,
}

impl<T> TriangularBlocks<T> {
    /// The row and the column of a block.
    fn at(&self, block: u32) -> (u32, u32) {
        let cols = self.grid.get(1).copied().unwrap_or(1);
        (block / cols, block % cols)
    }

    /// The rows of blocks that are solved before one.
    fn before(&self, row: u32) -> std::ops::Range<u32> {
        match self.triangle {
            Triangle::Lower => 0..row,
            Triangle::Upper => row + 1..self.grid[0],
        }
    }
}

impl<T: Field> Blocks for TriangularBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let (row, col) = self.at(block);
        let (n, cols) = (self.grid[0], self.grid.get(1).copied().unwrap_or(1));
        deps.push(Dep::input(1, block));
        deps.push(Dep::input(0, row * n + row));
        for before in self.before(row) {
            deps.push(Dep::input(0, row * n + before));
            deps.push(Dep::own(before * cols + col));
        }
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [right, diagonal, before @ ..] = inputs else {
            return Err("a solution has a right side and a matrix".into());
        };
        let right = Chunk::new(take_array::<T>(right)?);
        let shape = right.shape().to_vec();
        let mut x = Dense::from_chunk(right);
        for pair in before.chunks_exact_mut(2) {
            let [a, solved] = pair else { continue };
            let (a, solved) = (a.take(), solved.take());
            let (a, solved) = (chunk_of::<T>(&a)?, chunk_of::<T>(&solved)?);
            x.subtract(matrix(a).in_faer(), matrix(solved).in_faer());
        }
        let diagonal = diagonal.take();
        let diagonal = chunk_of::<T>(&diagonal)?;
        let (row, _) = self.at(block);
        if self.diagonal == Diagonal::Any {
            check_diagonal(
                diagonal,
                self.of_a.axes()[0].range(row as usize).map_or(0, |r| r.start),
            )?;
        }
        let a = matrix(diagonal).in_faer();
        solve_in_place(a, x.view_mut(), self.triangle, self.diagonal);
        Ok(x.into_shape(&shape)?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "solve".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let n = self.chunks.chunk_len(block);
        // A right side that lies row by row is copied.
        n.map_or(Bounds::UNKNOWN, |n| {
            Bounds::output(chunk_bytes::<T>(n)).with_scratch(bytes_of::<T>(n))
        })
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

/// That no element of the diagonal is zero.
///
/// # Errors
/// [`ArrayError::Singular`].
pub(super) fn check_diagonal<T: Field>(chunk: &Chunk<T>, first: usize) -> Result<(), ArrayError> {
    let dense = matrix(chunk);
    let step = dense.row_stride + dense.col_stride;
    match (0..dense.rows).find(|at| dense.elements[at * step] == T::ZERO) {
        Some(at) => Err(ArrayError::Singular { row: first + at }),
        None => Ok(()),
    }
}

/// Solves for all columns of the right side.
pub(super) fn solve_in_place<T: Field>(
    a: MatRef<'_, T>,
    x: MatMut<'_, T>,
    triangle: Triangle,
    diagonal: Diagonal,
) {
    if a.nrows() == 0 || x.ncols() == 0 {
        return;
    }
    match (triangle, diagonal) {
        (Triangle::Lower, Diagonal::Any) => solve_lower_triangular_in_place(a, x, Par::Seq),
        (Triangle::Lower, Diagonal::Ones) => solve_unit_lower_triangular_in_place(a, x, Par::Seq),
        (Triangle::Upper, _) => solve_upper_triangular_in_place(a, x, Par::Seq),
    }
}

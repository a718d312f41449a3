//! [`Matrix`]: rows and columns in memory, and their product.

use super::field::sealed::InFaer;
use crate::element::{Element, Number};
use crate::tile::TileBuf;
use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, MatMut, MatRef, Par};
use num_complex::Complex;

/// A matrix that lies in memory with some strides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matrix<'a, T> {
    /// From the first element on.
    pub(super) elements: &'a [T],
    pub(super) rows: usize,
    pub(super) cols: usize,
    pub(super) row_stride: usize,
    pub(super) col_stride: usize,
}

impl<'a, T> Matrix<'a, T> {
    /// Whether rows or columns lie in memory without gaps.
    pub(super) fn is_dense(&self) -> bool {
        self.col_stride == 1 || self.row_stride == 1 || self.rows <= 1 || self.cols <= 1
    }

    /// Without a copy; only of a [dense](Matrix::is_dense) one.
    pub(super) fn in_faer(self) -> MatRef<'a, T> {
        let Matrix { elements, rows, cols, row_stride, col_stride } = self;
        // A stride along an axis of one element may be any number.
        if col_stride == 1 || (row_stride != 1 && rows > 1) {
            MatRef::from_row_major_slice_with_stride(elements, rows, cols, row_stride)
        } else {
            MatRef::from_column_major_slice_with_stride(elements, rows, cols, col_stride)
        }
    }
}

/// Which elements of a product are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// All of them.
    All,
    /// Those on and below the diagonal; the others stay as they are.
    Lower,
}

/// Below so many multiplications a loop is faster than what has to be prepared for blocks.
const SMALL: usize = 512;

/// Adds `a * b` to `out`, whose elements lie row by row.
///
/// # Complexity
/// O(rows x columns x inner length) time; packed copies that fit the caches.
pub(super) fn multiply_into<T: Number>(
    out: &mut TileBuf,
    at: std::ops::Range<usize>,
    a: Matrix<'_, T>,
    b: Matrix<'_, T>,
    wanted: Wanted,
) {
    macro_rules! by_type {
        ($($variant:ident $element:ty),+) => {
            match out {
                $(TileBuf::$variant(out) => {
                    if let (Some(a), Some(b)) = (a.as_type::<$element>(), b.as_type::<$element>()) {
                        return in_blocks(&mut out[at], a, b, wanted);
                    }
                })+
                _ => {}
            }
        };
    }
    if a.rows.saturating_mul(b.cols).saturating_mul(a.cols) > SMALL {
        by_type!(F32 f32, F64 f64, C64 Complex<f32>, C128 Complex<f64>);
    }
    if let Some(out) = T::of_buffer(out) {
        in_loops(&mut out[at], a, b);
    }
}

impl<'a, T: Element> Matrix<'a, T> {
    /// The same matrix, if its elements are of this type.
    fn as_type<U: Element>(self) -> Option<Matrix<'a, U>> {
        let Matrix { rows, cols, row_stride, col_stride, elements } = self;
        let elements = U::of_tile(T::tile(elements))?;
        Some(Matrix { elements, rows, cols, row_stride, col_stride })
    }
}

fn in_blocks<T: InFaer>(out: &mut [T], a: Matrix<'_, T>, b: Matrix<'_, T>, wanted: Wanted) {
    let (rows, cols) = (a.rows, b.cols);
    let out = MatMut::from_row_major_slice_mut(out, rows, cols);
    let (a, b, one) = (a.in_faer(), b.in_faer(), faer::traits::math_utils::one::<T>());
    match wanted {
        Wanted::All => matmul(out, Accum::Add, a, b, one, Par::Seq),
        Wanted::Lower => {
            let all = BlockStructure::Rectangular;
            let lower = BlockStructure::TriangularLower;
            triangular::matmul(out, lower, Accum::Add, a, all, b, all, one, Par::Seq);
        }
    }
}

/// The product of integers, which wraps around, and of matrices of a few elements.
fn in_loops<T: Number>(out: &mut [T], a: Matrix<'_, T>, b: Matrix<'_, T>) {
    for (row, out) in out.chunks_exact_mut(b.cols.max(1)).enumerate() {
        for inner in 0..a.cols {
            let left = a.elements[row * a.row_stride + inner * a.col_stride];
            let right = &b.elements[inner * b.row_stride..];
            match b.col_stride {
                1 => {
                    for (out, &right) in out.iter_mut().zip(right) {
                        *out = out.plus(left.times(right));
                    }
                }
                stride => {
                    for (out, &right) in out.iter_mut().zip(right.iter().step_by(stride.max(1))) {
                        *out = out.plus(left.times(right));
                    }
                }
            }
        }
    }
}

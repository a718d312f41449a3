//! [`Operand`]: a chunk as a batch of matrices.

use crate::chunk::Chunk;
use crate::chunks::PerAxis;
use crate::element::Element;
use crate::linalg::matrix::Matrix;
use ndarray::IxDyn;
use std::borrow::Cow;

/// Lengths and strides of some axes.
type Strided = PerAxis<(usize, usize)>;

/// A chunk as a batch of matrices, whose rows and columns are groups of its axes.
pub(super) struct Operand<'a, T: Clone> {
    elements: Cow<'a, [T]>,
    batch: Strided,
    rows: (usize, usize),
    cols: (usize, usize),
}

impl<'a, T: Element> Operand<'a, T> {
    /// The chunk with its axes in three groups; those in none have one element. It is copied only
    /// if its axes do not lie in such an order.
    pub(super) fn new(
        chunk: &'a Chunk<T>,
        batch: &[usize],
        rows: &[usize],
        cols: &[usize],
    ) -> Operand<'a, T> {
        Operand::in_place(chunk, batch, rows, cols)
            .unwrap_or_else(|| Operand::copied(chunk, batch, rows, cols))
    }

    fn in_place(
        chunk: &'a Chunk<T>,
        batch: &[usize],
        rows: &[usize],
        cols: &[usize],
    ) -> Option<Operand<'a, T>> {
        let of = |axes: &[usize]| -> Option<Strided> {
            let axis = |&axis: &usize| {
                let len = chunk.shape()[axis];
                let stride = usize::try_from(chunk.strides()[axis]).ok();
                // Where there is nothing to step to, strides mean nothing.
                if len <= 1 { Some((len, stride.unwrap_or(0))) } else { Some((len, stride?)) }
            };
            axes.iter().map(axis).collect()
        };
        let (rows, cols) = (merged(&of(rows)?)?, merged(&of(cols)?)?);
        let elements = Cow::Borrowed(chunk.in_memory_order());
        let operand = Operand { elements, batch: of(batch)?, rows, cols };
        operand.matrix_at(0).is_dense().then_some(operand)
    }

    fn copied(chunk: &Chunk<T>, batch: &[usize], rows: &[usize], cols: &[usize]) -> Operand<'a, T> {
        let mut order: PerAxis<usize> = batch.iter().chain(rows).chain(cols).copied().collect();
        // Those that are dropped, of one element each.
        order.extend(
            (0..chunk.shape().len())
                .filter(|axis| ![batch, rows, cols].iter().any(|group| group.contains(axis))),
        );
        let permuted = chunk.view().permuted_axes(IxDyn(&order));
        let elements: Vec<T> = permuted.iter().copied().collect();
        let len = |axes: &[usize]| axes.iter().map(|&axis| chunk.shape()[axis]).product::<usize>();
        let (n_rows, n_cols) = (len(rows), len(cols));
        let batch = smallvec::smallvec![(len(batch), n_rows * n_cols)];
        let elements = Cow::Owned(elements);
        Operand { elements, batch, rows: (n_rows, n_cols), cols: (n_cols, 1) }
    }

    /// Number of matrices.
    pub(super) fn n_batch(&self) -> usize {
        self.batch.iter().map(|(len, _)| len).product()
    }

    /// Number of rows.
    pub(super) fn n_rows(&self) -> usize {
        self.rows.0
    }

    /// Number of columns.
    pub(super) fn n_cols(&self) -> usize {
        self.cols.0
    }

    /// The matrix of a number in the batch, counted with its last axis running fastest.
    pub(super) fn matrix(&self, number: usize) -> Matrix<'_, T> {
        let (mut rest, mut start) = (number, 0);
        for &(len, stride) in self.batch.iter().rev() {
            start += rest % len.max(1) * stride;
            rest /= len.max(1);
        }
        self.matrix_at(start)
    }

    fn matrix_at(&self, start: usize) -> Matrix<'_, T> {
        Matrix {
            elements: self.elements.get(start..).unwrap_or(&[]),
            rows: self.rows.0,
            cols: self.cols.0,
            row_stride: self.rows.1,
            col_stride: self.cols.1,
        }
    }
}

/// Several axes as one, if they lie so.
fn merged(axes: &[(usize, usize)]) -> Option<(usize, usize)> {
    let mut whole = (1, 1);
    for &(len, stride) in axes.iter().rev() {
        whole = match (len, whole) {
            (1, _) => whole,
            (_, (1, _)) => (len, stride),
            (_, (inner, step)) if stride == inner * step => (len * inner, step),
            _ => return None,
        };
    }
    Some(whole)
}

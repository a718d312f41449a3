//! [`Dense`]: a matrix that a task works on in place, and its decompositions.
//!
//! Everything here runs on the calling thread: the scheduler owns the others.

use super::field::Field;
use super::matrix::Matrix;
use crate::chunk::Chunk;
use crate::element::{Element, Real};
use chunkwise_graph::BoxError;
use faer::diag::DiagMut;
use faer::dyn_stack::{MemBuffer, MemStack, StackReq};
use faer::linalg::cholesky::llt;
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::householder;
use faer::linalg::lu::partial_pivoting::factor as lu;
use faer::linalg::matmul::{matmul, matmul_with_conj};
use faer::linalg::qr::no_pivoting::factor as qr;
use faer::linalg::svd::{ComputeSvdVectors, svd, svd_scratch};
use faer::{Conj, MatMut, MatRef, Par};
use ndarray::{ArrayD, IxDyn, ShapeBuilder};

/// An owned matrix, column by column.
#[derive(Clone, Debug)]
pub(super) struct Dense<T> {
    elements: Vec<T>,
    rows: usize,
    cols: usize,
}

/// Whether a matrix is taken as it is, or with rows for columns and conjugated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub(super) enum Side {
    AsIs,
    Adjoint,
}

/// Of a triangular matrix what is not zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub enum Triangle {
    /// The diagonal and what is below it.
    Lower,
    /// The diagonal and what is above it.
    Upper,
}

fn scratch(needed: StackReq) -> MemBuffer {
    MemBuffer::new(needed)
}

/// `U`, the singular values and `V` conjugated and transposed.
pub(super) type ThinSvd<T> = (Dense<T>, Vec<<T as Field>::Modulus>, Dense<T>);

impl<T: Field> Dense<T> {
    /// Zeros.
    pub(super) fn zeros(rows: usize, cols: usize) -> Dense<T> {
        Dense { elements: vec![T::ZERO; rows * cols], rows, cols }
    }

    /// Ones on the diagonal.
    pub(super) fn identity(rows: usize, cols: usize) -> Dense<T> {
        let mut dense = Dense::zeros(rows, cols);
        (0..rows.min(cols)).for_each(|at| dense.elements[at * rows + at] = T::ONE);
        dense
    }

    /// A copy of a chunk; a vector is a column.
    pub(super) fn of_chunk(chunk: &Chunk<T>, side: Side) -> Dense<T> {
        let (rows, cols) = matrix_shape(chunk);
        let as_matrix = chunk.view();
        match side {
            Side::AsIs => {
                let elements = as_matrix.t().iter().copied().collect();
                Dense { elements, rows, cols }
            }
            Side::Adjoint => {
                let elements = as_matrix.iter().map(|x| x.conjugate()).collect();
                Dense { elements, rows: cols, cols: rows }
            }
        }
    }

    /// Of a chunk that is owned: its memory, if that lies column by column.
    pub(super) fn from_chunk(chunk: Chunk<T>) -> Dense<T> {
        let (rows, cols) = matrix_shape(&chunk);
        let elements = Chunk::new(chunk.into_array().reversed_axes()).into_row_major();
        Dense { elements, rows, cols }
    }

    /// As a chunk, which lies column by column.
    pub(super) fn into_chunk(self) -> Result<Chunk<T>, BoxError> {
        let shape = IxDyn(&[self.rows, self.cols]).f();
        Ok(Chunk::new(ArrayD::from_shape_vec(shape, self.elements)?))
    }

    /// As a chunk of this shape, which has as many elements.
    pub(super) fn into_shape(self, shape: &[usize]) -> Result<Chunk<T>, BoxError> {
        Ok(Chunk::new(ArrayD::from_shape_vec(IxDyn(shape).f(), self.elements)?))
    }

    /// Whether an element is NaN or infinite, which iterations do not end with.
    pub(super) fn has_infinite(&self) -> bool {
        self.elements.iter().any(|x| !x.modulus().to_f64().is_finite())
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn cols(&self) -> usize {
        self.cols
    }

    pub(super) fn at(&self, row: usize, col: usize) -> T {
        self.elements[col * self.rows + row]
    }

    /// The elements of a column.
    pub(super) fn column_mut(&mut self, col: usize) -> &mut [T] {
        &mut self.elements[col * self.rows..(col + 1) * self.rows]
    }

    /// The elements of a column.
    pub(super) fn column(&self, col: usize) -> &[T] {
        &self.elements[col * self.rows..(col + 1) * self.rows]
    }

    pub(super) fn view(&self) -> MatRef<'_, T> {
        MatRef::from_column_major_slice(&self.elements, self.rows, self.cols)
    }

    pub(super) fn view_mut(&mut self) -> MatMut<'_, T> {
        MatMut::from_column_major_slice_mut(&mut self.elements, self.rows, self.cols)
    }

    /// A copy.
    pub(super) fn of_view(view: MatRef<'_, T>) -> Dense<T> {
        let (rows, cols) = (view.nrows(), view.ncols());
        let mut elements = Vec::with_capacity(rows * cols);
        for col in 0..cols {
            elements.extend((0..rows).map(|row| view[(row, col)]));
        }
        Dense { elements, rows, cols }
    }

    /// Below this matrix others with as many columns.
    pub(super) fn stacked(parts: &[Dense<T>]) -> Dense<T> {
        let rows = parts.iter().map(|part| part.rows).sum();
        let cols = parts.first().map_or(0, |part| part.cols);
        let mut elements = Vec::with_capacity(rows * cols);
        for col in 0..cols {
            parts.iter().for_each(|part| elements.extend_from_slice(part.column(col)));
        }
        Dense { elements, rows, cols }
    }

    /// With rows for columns, conjugated.
    pub(super) fn adjoint(&self) -> Dense<T> {
        let mut elements = Vec::with_capacity(self.rows * self.cols);
        for row in 0..self.rows {
            elements.extend((0..self.cols).map(|col| self.at(row, col).conjugate()));
        }
        Dense { elements, rows: self.cols, cols: self.rows }
    }

    /// The product of two matrices.
    pub(super) fn product(a: MatRef<'_, T>, b: MatRef<'_, T>) -> Dense<T> {
        let mut out = Dense::zeros(a.nrows(), b.ncols());
        let one = faer::traits::math_utils::one::<T>();
        if !out.elements.is_empty() && a.ncols() > 0 {
            let accum = faer::Accum::Replace;
            matmul(out.view_mut(), accum, a, b, one, Par::Seq);
        }
        out
    }

    /// Subtracts the product of two matrices.
    pub(super) fn subtract(&mut self, a: MatRef<'_, T>, b: MatRef<'_, T>) {
        if a.ncols() > 0 && !self.elements.is_empty() {
            let minus_one = T::ONE.negated();
            let (accum, par) = (faer::Accum::Add, Par::Seq);
            matmul(self.view_mut(), accum, a, b, minus_one, par);
        }
    }

    /// Subtracts the product of a matrix and the adjoint of another one.
    pub(super) fn subtract_adjoint(&mut self, a: MatRef<'_, T>, b: MatRef<'_, T>) {
        if a.ncols() > 0 && !self.elements.is_empty() {
            let (b, minus_one) = (b.transpose(), T::ONE.negated());
            matmul_with_conj(
                self.view_mut(),
                faer::Accum::Add,
                a,
                Conj::No,
                b,
                Conj::Yes,
                minus_one,
                Par::Seq,
            );
        }
    }

    /// Subtracts, from the rows below `first + width`, the product of a matrix and the `width` rows
    /// from `first` on.
    pub(super) fn subtract_below(&mut self, a: MatRef<'_, T>, first: usize, width: usize) {
        if a.nrows() == 0 || self.cols == 0 {
            return;
        }
        let n_rows = self.rows - first;
        let rows = self.view_mut().subrows_mut(first, n_rows);
        let (above, below) = rows.split_at_row_mut(width);
        let minus_one = T::ONE.negated();
        matmul(below, faer::Accum::Add, a, above.as_ref(), minus_one, Par::Seq);
    }

    /// `Q` with orthonormal columns and `R` with zeros below the diagonal, whose product is this.
    pub(super) fn qr(mut self) -> (Dense<T>, Dense<T>) {
        let (m, n) = (self.rows, self.cols);
        let size = m.min(n);
        if size == 0 {
            return (Dense::zeros(m, 0), Dense::zeros(0, n));
        }
        let block = qr::recommended_block_size::<T>(m, n);
        let mut coefficients = Dense::zeros(block, size);
        let needed = qr::qr_in_place_scratch::<T>(m, n, block, Par::Seq, Default::default());
        qr::qr_in_place(
            self.view_mut(),
            coefficients.view_mut(),
            Par::Seq,
            MemStack::new(&mut scratch(needed)),
            Default::default(),
        );
        let mut r = Dense::zeros(size, n);
        for col in 0..n {
            let len = (col + 1).min(size);
            r.column_mut(col)[..len].copy_from_slice(&self.column(col)[..len]);
        }
        let mut q = Dense::identity(m, size);
        let needed = householder::apply_block_householder_sequence_on_the_left_in_place_scratch::<T>(
            m, block, size,
        );
        householder::apply_block_householder_sequence_on_the_left_in_place_with_conj(
            self.view().subcols(0, size),
            coefficients.view(),
            Conj::No,
            q.view_mut(),
            Par::Seq,
            MemStack::new(&mut scratch(needed)),
        );
        (q, r)
    }

    /// `U`, the singular values from the largest to the smallest, and `V` conjugated and transposed;
    /// with `min(rows, columns)` of each.
    pub(super) fn svd(&self) -> Option<ThinSvd<T>> {
        let (m, n) = (self.rows, self.cols);
        let size = m.min(n);
        let (mut u, mut v) = (Dense::zeros(m, size), Dense::zeros(n, size));
        let mut s = vec![T::ZERO; size];
        if size > 0 {
            let thin = ComputeSvdVectors::Thin;
            let needed = svd_scratch::<T>(m, n, thin, thin, Par::Seq, Default::default());
            svd(
                self.view(),
                DiagMut::from_slice_mut(&mut s),
                Some(u.view_mut()),
                Some(v.view_mut()),
                Par::Seq,
                MemStack::new(&mut scratch(needed)),
                Default::default(),
            )
            .ok()?;
        }
        Some((u, s.into_iter().map(Field::real).collect(), v.adjoint()))
    }

    /// The singular values from the largest to the smallest.
    pub(super) fn singular_values(&self) -> Option<Vec<T::Modulus>> {
        let (m, n) = (self.rows, self.cols);
        let mut s = vec![T::ZERO; m.min(n)];
        if !s.is_empty() {
            let none = ComputeSvdVectors::No;
            let needed = svd_scratch::<T>(m, n, none, none, Par::Seq, Default::default());
            let stack = &mut scratch(needed);
            let s = DiagMut::from_slice_mut(&mut s);
            let stack = MemStack::new(stack);
            svd(self.view(), s, None, None, Par::Seq, stack, Default::default()).ok()?;
        }
        Some(s.into_iter().map(Field::real).collect())
    }

    /// Eigenvalues of a Hermitian matrix from the least to the greatest, and its eigenvectors, if
    /// they are wanted. Of the matrix, what is on and below the diagonal is looked at.
    pub(super) fn eigh(&self, vectors: bool) -> Option<(Vec<T::Modulus>, Dense<T>)> {
        let n = self.rows;
        let mut w = vec![T::ZERO; n];
        let mut v = Dense::zeros(n, if vectors { n } else { 0 });
        let compute = if vectors { ComputeEigenvectors::Yes } else { ComputeEigenvectors::No };
        let needed = self_adjoint_evd_scratch::<T>(n, compute, Par::Seq, Default::default());
        self_adjoint_evd(
            self.view(),
            DiagMut::from_slice_mut(&mut w),
            vectors.then(|| v.view_mut()),
            Par::Seq,
            MemStack::new(&mut scratch(needed)),
            Default::default(),
        )
        .ok()?;
        Some((w.into_iter().map(Field::real).collect(), v))
    }

    /// The lower triangular factor, in place of a positive definite matrix.
    ///
    /// # Errors
    /// The first row up to which the matrix is not positive definite.
    pub(super) fn cholesky(&mut self) -> Result<(), usize> {
        let n = self.rows;
        let needed = llt::factor::cholesky_in_place_scratch::<T>(n, Par::Seq, Default::default());
        llt::factor::cholesky_in_place(
            self.view_mut(),
            Default::default(),
            Par::Seq,
            MemStack::new(&mut scratch(needed)),
            Default::default(),
        )
        .map_err(|llt::factor::LltError::NonPositivePivot { index }| index)?;
        for col in 1..n {
            self.column_mut(col)[..col].fill(T::ZERO);
        }
        Ok(())
    }

    /// Factors the rows from `first` on into a lower triangular matrix with ones on the diagonal
    /// and an upper triangular one, both in place; gives the old place of each row from there.
    pub(super) fn lu(&mut self, first: usize) -> Vec<usize> {
        let (m, n) = (self.rows - first, self.cols);
        if m == 0 || n == 0 {
            return (0..m).collect();
        }
        let before = self.elements.clone();
        let (mut order, mut inverse) = (vec![0usize; m], vec![0usize; m]);
        let needed = lu::lu_in_place_scratch::<usize, T>(m, n, Par::Seq, Default::default());
        let rows = self.view_mut().subrows_mut(first, m);
        let stack = &mut scratch(needed);
        let stack = MemStack::new(stack);
        lu::lu_in_place(rows, &mut order, &mut inverse, Par::Seq, stack, Default::default());
        // Behind a pivot of zero there is nothing to divide by.
        if (0..n.min(m)).any(|at| self.at(first + at, at) == T::ZERO) {
            self.elements = before;
            return self.lu_by_columns(first);
        }
        order
    }

    /// As [`Dense::lu`], column by column: where all that is left of a column is zero, it stays so.
    fn lu_by_columns(&mut self, first: usize) -> Vec<usize> {
        let (m, n) = (self.rows - first, self.cols);
        let mut order: Vec<usize> = (0..m).collect();
        for col in 0..n.min(m) {
            let pivot = self.largest(col, first + col);
            order.swap(col, pivot - first);
            (0..n).for_each(|other| self.column_mut(other).swap(first + col, pivot));
            let divisor = self.at(first + col, col);
            if divisor == T::ZERO {
                continue;
            }
            self.column_mut(col)[first + col + 1..].iter_mut().for_each(|x| *x = x.over(divisor));
            let (done, rest) = self.elements.split_at_mut((col + 1) * self.rows);
            let factors = &done[col * self.rows + first + col + 1..];
            for column in rest.chunks_exact_mut(self.rows) {
                let times = column[first + col];
                let below = column[first + col + 1..].iter_mut().zip(factors);
                below.for_each(|(x, factor)| *x = x.minus(factor.times(times)));
            }
        }
        order
    }

    /// The row, from `first` on, with the largest absolute value in a column; the first of equals.
    fn largest(&self, col: usize, first: usize) -> usize {
        let mut largest = first;
        for row in first..self.rows {
            if self.at(row, col).modulus() > self.at(largest, col).modulus() {
                largest = row;
            }
        }
        largest
    }

    /// Brings the rows from `first` on in an order, which says where each was.
    pub(super) fn reorder(&mut self, first: usize, order: &[usize]) {
        let mut rows = vec![T::ZERO; order.len()];
        for col in 0..self.cols {
            let column = &mut self.column_mut(col)[first..];
            rows.iter_mut().zip(order).for_each(|(row, &old)| *row = column[old]);
            column.copy_from_slice(&rows);
        }
    }
}

/// Rows and columns of a chunk; a vector is a column.
pub(super) fn matrix_shape<T: Element>(chunk: &Chunk<T>) -> (usize, usize) {
    match chunk.shape() {
        [rows, cols] => (*rows, *cols),
        shape => (shape.iter().product(), 1),
    }
}

/// A chunk as a matrix, without a copy.
pub(super) fn matrix<T: Element>(chunk: &Chunk<T>) -> Matrix<'_, T> {
    let (rows, cols) = matrix_shape(chunk);
    let stride = |axis: usize| chunk.strides().get(axis).map_or(1, |&s| s.unsigned_abs());
    let (row_stride, col_stride) = match chunk.shape().len() {
        2 => (stride(0), stride(1)),
        _ => (1, rows.max(1)),
    };
    Matrix { elements: chunk.in_memory_order(), rows, cols, row_stride, col_stride }
}

/// The least bytes of a buffer of a square matrix that an algorithm may need besides.
pub(super) fn bytes_of<T>(elements: usize) -> u64 {
    (elements.saturating_mul(size_of::<T>())) as u64
}

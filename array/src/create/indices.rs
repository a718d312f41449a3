//! Arrays of positions: `indices`, `meshgrid`, `tril_indices`, `triu_indices`.

use super::generate::{Generator, generated, ship_generator};
use crate::array::{Array, known_shape};
use crate::chunk_spec::ChunkSpec;
use crate::element::Element;
use crate::error::ArrayError;
use crate::layout::{along, broadcast};
use crate::shape::Shape;
use chunkwise_graph::{Shipment, Tokenizer};
use chunkwise_storage::Region;
use serde::{Deserialize, Serialize};

/// The position along the axis that the first position names.
#[derive(Clone, Serialize, Deserialize)]
struct Positions;

impl Generator<i64> for Positions {
    fn row(&self, at: &[usize], step: usize, out: &mut [i64]) {
        let (first, last) = (at.first().copied().unwrap_or(0), at.len() - 1);
        match (last, first + 1 == last) {
            // Positions of no axis.
            (0, _) => out.fill(0),
            (_, true) => {
                let start = at[last] as i64;
                out.iter_mut().zip(0..).for_each(|(out, i)| *out = start + i * step as i64);
            }
            (_, false) => out.fill(at[first + 1] as i64),
        }
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        ship_generator::<i64, _>(self, part)
    }
}

/// Which of two axes the elements of the first vector of [`meshgrid`] lie along.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Indexing {
    /// The second axis, as of coordinates: NumPy's default.
    #[default]
    Xy,
    /// The first axis, as of positions.
    Ij,
}

impl Array<i64> {
    /// The positions of the elements of an array of this shape: an array with one more axis, at the
    /// front, along which lie the positions along each axis.
    ///
    /// The chunks are those of an array of this shape.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::indices([2, 2], 1);
    /// let expected = ndarray::array![[[0, 0], [1, 1]], [[0, 1], [0, 1]]];
    /// assert_eq!(x.compute()?, expected.into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn indices(shape: impl Into<Shape>, chunks: impl Into<ChunkSpec>) -> Array<i64> {
        let (shape, spec) = (shape.into(), chunks.into());
        Array::build("indices", &[], |made_at| {
            let lens = shape.checked()?;
            let own = spec.resolve(lens, size_of::<i64>())?;
            let all = Shape::from([&[lens.len()], lens].concat());
            all.checked()?;
            let first = crate::axis_chunks::AxisChunks::regular(lens.len(), 1);
            let chunks = [first].into_iter().chain(own.axes().iter().cloned()).collect();
            let token = Tokenizer::of("indices", &chunks);
            Ok(generated("indices", Positions, chunks, token, made_at))
        })
    }

    /// The positions, as rows and columns, of the elements on and below diagonal `k` of a matrix, in
    /// row-major order.
    #[track_caller]
    pub fn tril_indices(
        rows: usize,
        columns: usize,
        k: i64,
        chunks: impl Into<ChunkSpec>,
    ) -> (Array<i64>, Array<i64>) {
        triangle("tril_indices", Triangle::new(rows, columns, k, true), chunks.into())
    }

    /// The positions, as rows and columns, of the elements on and above diagonal `k` of a matrix, in
    /// row-major order.
    #[track_caller]
    pub fn triu_indices(
        rows: usize,
        columns: usize,
        k: i64,
        chunks: impl Into<ChunkSpec>,
    ) -> (Array<i64>, Array<i64>) {
        triangle("triu_indices", Triangle::new(rows, columns, k, false), chunks.into())
    }
}

impl<T: Element> Array<T> {
    /// As [`Array::tril_indices`], for a matrix of this array's shape, in one chunk or several as
    /// `"auto"` cuts.
    ///
    /// # Errors
    /// [`ArrayError::Shape`] if the array has not two axes, [`ArrayError::Deferred`] if only a run
    /// tells a length.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let (rows, columns) = Array::<f64>::zeros([2, 3], 1).tril_indices_from(0);
    /// assert_eq!(rows.compute()?, ndarray::arr1(&[0, 1, 1]).into_dyn());
    /// assert_eq!(columns.compute()?, ndarray::arr1(&[0, 0, 1]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn tril_indices_from(&self, k: i64) -> (Array<i64>, Array<i64>) {
        self.triangle_from("tril_indices_from", k, true)
    }

    /// As [`Array::triu_indices`], for a matrix of this array's shape; as
    /// [`Array::tril_indices_from`] in everything else.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let (rows, columns) = Array::<f64>::zeros([2, 3], 1).triu_indices_from(1);
    /// assert_eq!(rows.compute()?, ndarray::arr1(&[0, 0, 1]).into_dyn());
    /// assert_eq!(columns.compute()?, ndarray::arr1(&[1, 2, 2]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn triu_indices_from(&self, k: i64) -> (Array<i64>, Array<i64>) {
        self.triangle_from("triu_indices_from", k, false)
    }

    #[track_caller]
    fn triangle_from(
        &self,
        name: &'static str,
        k: i64,
        is_lower: bool,
    ) -> (Array<i64>, Array<i64>) {
        let shape = match self.checked().cloned().and_then(|_| known_shape(&self.node, name)) {
            Ok(shape) => shape,
            Err(error) => {
                let failed = Array::build(name, &[&self.node], |_| Err(error));
                return (failed.clone(), failed);
            }
        };
        match shape[..] {
            [rows, columns] => {
                triangle(name, Triangle::new(rows, columns, k, is_lower), "auto".into())
            }
            _ => {
                let error = ArrayError::shape("a matrix belongs", &self.shape());
                let failed = Array::build(name, &[&self.node], |_| Err(error));
                (failed.clone(), failed)
            }
        }
    }
}

/// Rows or columns of the elements of one side of a diagonal.
#[derive(Clone, Serialize, Deserialize)]
struct Triangle {
    rows: usize,
    columns: usize,
    k: i64,
    is_lower: bool,
    gives_rows: bool,
}

impl Triangle {
    fn new(rows: usize, columns: usize, k: i64, is_lower: bool) -> Triangle {
        Triangle { rows, columns, k, is_lower, gives_rows: true }
    }

    /// How many elements the first `rows` rows have on and below diagonal `k`.
    fn below(&self, rows: usize, k: i64) -> u128 {
        // Row `r` has `r + k + 1` of them, but at least none and at most all columns.
        let (rows, columns, k) = (rows as i128, self.columns as i128, i128::from(k));
        let first = (-k).clamp(0, rows);
        let full = (columns - k - 1).clamp(first, rows);
        let rising = (first + k + 1 + full + k) * (full - first) / 2;
        (rising + (rows - full) * columns) as u128
    }

    /// How many elements the first `rows` rows have.
    fn before(&self, rows: usize) -> u128 {
        match self.is_lower {
            true => self.below(rows, self.k),
            false => {
                let all = rows as u128 * self.columns as u128;
                all - self.below(rows, self.k.saturating_sub(1))
            }
        }
    }

    /// The first column of a row.
    fn first_column(&self, row: usize) -> i64 {
        match self.is_lower {
            true => 0,
            false => (row as i64).saturating_add(self.k).max(0),
        }
    }

    /// The row and the column of an element.
    fn find(&self, number: usize) -> (i64, i64) {
        let (mut low, mut high) = (0, self.rows);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match self.before(middle) <= number as u128 {
                true => low = middle,
                false => high = middle,
            }
        }
        let inside = (number as u128 - self.before(low)) as i64;
        (low as i64, self.first_column(low) + inside)
    }
}

impl Generator<i64> for Triangle {
    fn row(&self, at: &[usize], step: usize, out: &mut [i64]) {
        let first = at.first().copied().unwrap_or(0);
        for (i, out) in out.iter_mut().enumerate() {
            let (row, column) = self.find(first + i * step);
            *out = if self.gives_rows { row } else { column };
        }
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        ship_generator::<i64, _>(self, part)
    }
}

#[track_caller]
fn triangle(name: &'static str, of: Triangle, spec: ChunkSpec) -> (Array<i64>, Array<i64>) {
    let one = |gives_rows: bool| {
        Array::build(name, &[], |made_at| {
            let shape = Shape::from([of.rows, of.columns]);
            shape.checked()?;
            let n = of.before(of.rows) as usize;
            let chunks = spec.resolve(&[n], size_of::<i64>())?;
            let generator = Triangle { gives_rows, ..of.clone() };
            let parameters = (of.rows, of.columns, of.k, of.is_lower, gives_rows);
            let mut hash = Tokenizer::new("triangle");
            hash.bytes(&postcard::to_stdvec(&parameters).unwrap_or_default());
            chunkwise_graph::Tokenize::tokenize(&chunks, &mut hash);
            Ok(generated(name, generator, chunks, hash.finish(), made_at))
        })
    };
    (one(true), one(false))
}

/// Vectors as the coordinates of a grid: arrays with an axis for each vector, along which it lies.
///
/// Each axis is cut as its vector is. With [`Indexing::Xy`] the first two axes change places.
///
/// # Complexity
/// Nothing is repeated in memory where the results are worked on element by element.
#[track_caller]
pub fn meshgrid<T: Element>(vectors: &[&Array<T>], indexing: Indexing) -> Vec<Array<T>> {
    let nodes: Vec<_> = vectors.iter().map(|vector| vector.node.clone()).collect();
    let inputs: Vec<_> = nodes.iter().collect();
    let ndim = vectors.len();
    let place = |number: usize| match (indexing, number) {
        (Indexing::Xy, 0 | 1) if ndim > 1 => 1 - number,
        _ => number,
    };
    let one = |number: usize| {
        Array::build("meshgrid", &inputs, |made_at| {
            if let Some(other) = vectors.iter().find(|vector| vector.ndim() > 1) {
                return Err(ArrayError::shape("a vector belongs", &other.shape()));
            }
            let vector = |number: usize| vectors[number].atleast_1d().node;
            let axis = |at: usize| vector(place(at)).chunks.axes()[0].clone();
            let chunks = (0..ndim).map(axis).collect();
            let own = along::<T>(vector(number), place(number), ndim, made_at);
            Ok(broadcast::<T>(own, chunks, made_at))
        })
    };
    (0..ndim).map(one).collect()
}

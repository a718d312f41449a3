//! Matrices of ones and zeros: `eye`, `identity`, `tri`; and parts of matrices: `tril`, `triu`.

use super::generate::{Generator, generated, ship_generator};
use crate::array::{Array, known_shape};
use crate::chunk_spec::ChunkSpec;
use crate::chunks::Chunks;
use crate::element::{Element, Number};
use crate::elementwise::binary;
use crate::error::ArrayError;
use crate::shape::Shape;
use chunkwise_graph::{Shipment, Tokenizer};
use chunkwise_storage::Region;
use serde::{Deserialize, Serialize};

/// One element on the diagonals of a matrix from `first` to `last`, another one elsewhere; diagonals
/// are numbered by the column in which they start, and count below from -1 down.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Diagonals<T: Element> {
    first: i64,
    last: i64,
    inside: T,
    outside: T,
}

impl<T: Element> Generator<T> for Diagonals<T> {
    fn row(&self, at: &[usize], step: usize, out: &mut [T]) {
        let [row, column] = at else { return out.fill(self.outside) };
        let diagonal = *column as i64 - *row as i64;
        // The elements of the row whose diagonal is at least some number lie from here on.
        let from = |least: i64| {
            let missing = least.saturating_sub(diagonal).max(0) as u64;
            missing.div_ceil(step as u64).min(out.len() as u64) as usize
        };
        let (start, end) = (from(self.first), from(self.last.saturating_add(1)));
        out.fill(self.outside);
        if start < end {
            out[start..end].fill(self.inside);
        }
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        ship_generator::<T, _>(self, part)
    }
}

#[track_caller]
fn diagonals<T: Element>(
    name: &'static str,
    shape: [usize; 2],
    generator: Diagonals<T>,
    cut: impl FnOnce(&[usize]) -> Result<Chunks, ArrayError>,
) -> Array<T> {
    Array::build(name, &[], |made_at| {
        let shape = Shape::from(shape);
        let chunks = cut(shape.checked()?)?;
        let mut hash = Tokenizer::new("diagonals");
        hash.i64(generator.first).i64(generator.last);
        Element::tokenize(generator.inside, &mut hash);
        Element::tokenize(generator.outside, &mut hash);
        chunkwise_graph::Tokenize::tokenize(&chunks, &mut hash);
        Ok(generated(name, generator, chunks, hash.finish(), made_at))
    })
}

impl<T: Number> Array<T> {
    /// A matrix of `rows` by `columns` with ones on diagonal `k`, counted from the main one: above
    /// it if `k` is positive, below it if negative.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::<i32>::eye(2, 3, 1, 2);
    /// assert_eq!(x.compute()?, ndarray::array![[0, 1, 0], [0, 0, 1]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn eye(rows: usize, columns: usize, k: i64, chunks: impl Into<ChunkSpec>) -> Array<T> {
        let spec = chunks.into();
        let generator = Diagonals { first: k, last: k, inside: T::ONE, outside: T::ZERO };
        diagonals("eye", [rows, columns], generator, |shape| spec.resolve(shape, size_of::<T>()))
    }

    /// The identity matrix of `n` rows.
    #[track_caller]
    pub fn identity(n: usize, chunks: impl Into<ChunkSpec>) -> Array<T> {
        Array::eye(n, n, 0, chunks)
    }

    /// A matrix of `rows` by `columns` with ones on diagonal `k` and below it.
    #[track_caller]
    pub fn tri(rows: usize, columns: usize, k: i64, chunks: impl Into<ChunkSpec>) -> Array<T> {
        let spec = chunks.into();
        let generator = Diagonals { first: i64::MIN, last: k, inside: T::ONE, outside: T::ZERO };
        diagonals("tri", [rows, columns], generator, |shape| spec.resolve(shape, size_of::<T>()))
    }
}

impl<T: Element> Array<T> {
    /// The last two axes' matrices with zeros above diagonal `k`.
    ///
    /// # Complexity
    /// O(elements), joined with what comes before and after into one pass.
    #[track_caller]
    pub fn tril(&self, k: i64) -> Array<T> {
        self.on_diagonals("tril", i64::MIN, k)
    }

    /// The last two axes' matrices with zeros below diagonal `k`.
    #[track_caller]
    pub fn triu(&self, k: i64) -> Array<T> {
        self.on_diagonals("triu", k, i64::MAX)
    }

    #[track_caller]
    fn on_diagonals(&self, name: &'static str, first: i64, last: i64) -> Array<T> {
        let shape = known_shape(&self.node, name).and_then(|shape| match shape[..] {
            [.., rows, columns] => Ok([rows, columns]),
            _ => Err(ArrayError::shape("there are two axes", &self.shape())),
        });
        let shape = match shape {
            Ok(shape) => shape,
            Err(error) => return Array::build(name, &[&self.node], |_| Err(error)),
        };
        let cut = || self.chunks().axes()[self.ndim() - 2..].iter().cloned().collect();
        let generator = Diagonals { first, last, inside: true, outside: false };
        let mask: Array<bool> = diagonals("tri", shape, generator, |_| Ok(cut()));
        binary(name, self, &mask, |x, is_kept: bool| if is_kept { x } else { T::default() })
    }
}

//! `full`, `zeros`, `ones`, and the like.

use super::generate::{Constant, generated};
use crate::array::{Array, known_shape};
use crate::chunk_spec::ChunkSpec;
use crate::element::{Bits, Element, Number};
use crate::error::ArrayError;
use crate::shape::Shape;
use chunkwise_graph::Tokenizer;

impl<T: Element> Array<T> {
    /// The same element everywhere.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::full([2, 3], 7i32, "auto");
    /// assert_eq!(x.compute()?, ndarray::Array::from_elem([2, 3], 7).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn full(shape: impl Into<Shape>, element: T, chunks: impl Into<ChunkSpec>) -> Array<T> {
        let (shape, spec) = (shape.into(), chunks.into());
        Array::build("full", &[], |made_at| {
            let chunks = spec.resolve(shape.checked()?, size_of::<T>())?;
            let token = Tokenizer::of("full", &(Bits(element), &chunks));
            Ok(generated("full", Constant(element), chunks, token, made_at))
        })
    }

    /// Zeros; `false` of `bool`.
    #[track_caller]
    pub fn zeros(shape: impl Into<Shape>, chunks: impl Into<ChunkSpec>) -> Array<T> {
        Array::full(shape, T::default(), chunks)
    }

    /// The same element everywhere, in the shape and the chunks of this array.
    #[track_caller]
    pub fn full_like<B: Element>(&self, element: B) -> Array<B> {
        Array::build("full", &[&self.node], |made_at| {
            known_shape(&self.node, "full_like")?;
            let chunks = (*self.node.chunks).clone();
            let token = Tokenizer::of("full", &(Bits(element), &chunks));
            Ok::<_, ArrayError>(generated("full", Constant(element), chunks, token, made_at))
        })
    }

    /// Zeros, in the shape and the chunks of this array.
    #[track_caller]
    pub fn zeros_like(&self) -> Array<T> {
        self.full_like(T::default())
    }
}

impl<T: Number> Array<T> {
    /// Ones.
    #[track_caller]
    pub fn ones(shape: impl Into<Shape>, chunks: impl Into<ChunkSpec>) -> Array<T> {
        Array::full(shape, T::ONE, chunks)
    }

    /// Ones, in the shape and the chunks of this array.
    #[track_caller]
    pub fn ones_like(&self) -> Array<T> {
        self.full_like(T::ONE)
    }
}

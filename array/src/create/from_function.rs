//! Arrays of a function of the position.

use super::generate::{Generator, generated};
use crate::array::Array;
use crate::chunk_spec::ChunkSpec;
use crate::element::Element;
use crate::shape::Shape;
use crate::tile::shipped_op;
use chunkwise_graph::{BoxError, Captureless, Kernel, LoadWith, Parcel, Shipment, Token};
use chunkwise_storage::Region;
use std::marker::PhantomData;
use std::sync::Arc;

/// A function of the position.
struct OfFunction<T, F> {
    function: Arc<F>,
    of: PhantomData<fn() -> T>,
}

impl<T, F> Clone for OfFunction<T, F> {
    fn clone(&self) -> OfFunction<T, F> {
        OfFunction { function: Arc::clone(&self.function), of: PhantomData }
    }
}

fn fill<T>(f: &impl Fn(&[usize]) -> T, at: &[usize], step: usize, out: &mut [T]) {
    let mut at: Vec<usize> = at.to_vec();
    for out in out {
        *out = f(&at);
        if let Some(last) = at.last_mut() {
            *last += step;
        }
    }
}

impl<T: Element, F: Fn(&[usize]) -> T + Send + Sync + 'static> Generator<T> for OfFunction<T, F> {
    fn row(&self, at: &[usize], step: usize, out: &mut [T]) {
        fill(&*self.function, at, step, out);
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        let function = Captureless::of(&*self.function).ok_or_else(Captureless::<F>::refusal)?;
        Shipment::new(function.ship_fn::<Load<T>>()).with_serde(part)
    }
}

/// The same, made again.
struct Made<T, F> {
    function: Captureless<F>,
    of: PhantomData<fn() -> T>,
}

impl<T, F> Clone for Made<T, F> {
    fn clone(&self) -> Made<T, F> {
        Made { function: self.function, of: PhantomData }
    }
}

impl<T: Element, F: Fn(&[usize]) -> T + Send + Sync + 'static> Generator<T> for Made<T, F> {
    fn row(&self, at: &[usize], step: usize, out: &mut [T]) {
        fill(self.function.get(), at, step, out);
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        Shipment::new(self.function.ship_fn::<Load<T>>()).with_serde(part)
    }
}

struct Load<T>(PhantomData<fn() -> T>);

impl<T: Element, F: Fn(&[usize]) -> T + Send + Sync + 'static> LoadWith<F> for Load<T> {
    fn load(function: Captureless<F>, parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
        let part: Region = parcel.read()?;
        let generator = Made { function, of: PhantomData::<fn() -> T> };
        Ok(shipped_op(super::generate::GenerateOp::new(generator, part)))
    }
}

impl<T: Element> Array<T> {
    /// `f` of the position of each element, which has an entry for each axis.
    ///
    /// Every call is work of its own: equal functions cannot be told. A function that captures
    /// something runs on threads only. Only the elements that are needed are made; which, and how
    /// often, is not promised.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_function([2, 3], 2, |at| (10 * at[0] + at[1]) as i32);
    /// assert_eq!(x.compute()?, ndarray::array![[0, 1, 2], [10, 11, 12]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn from_function<F>(shape: impl Into<Shape>, chunks: impl Into<ChunkSpec>, f: F) -> Array<T>
    where
        F: Fn(&[usize]) -> T + Send + Sync + 'static,
    {
        let (shape, spec) = (shape.into(), chunks.into());
        Array::build("from_function", &[], |made_at| {
            let chunks = spec.resolve(shape.checked()?, size_of::<T>())?;
            let generator = OfFunction { function: Arc::new(f), of: PhantomData };
            Ok(generated("from_function", generator, chunks, Token::unique(), made_at))
        })
    }
}

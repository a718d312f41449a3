//! [`Draw`]: random numbers that have no chunks yet.

use crate::array::Array;
use crate::chunk_spec::ChunkSpec;
use crate::create::{Generator, generated, ship_generator};
use crate::element::Element;
use crate::error::ArrayError;
use crate::shape::Shape;
use chunkwise_array_random::{Fill, RandomError, Seed, StreamKey};
use chunkwise_graph::{Shipment, Tokenizer};
use chunkwise_storage::Region;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::marker::PhantomData;
use std::sync::Arc;

/// What numbers of type `T` can be drawn from, in any process.
pub trait Distribution<T>: Fill<T> + Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<T, D: Fill<T> + Serialize + DeserializeOwned + Send + Sync + 'static> Distribution<T> for D {}

/// Random numbers of a shape, which become an array when they are given chunks.
///
/// The functions of [this module](crate::random) make it.
#[derive(Clone, Debug)]
#[must_use = "it becomes an array by `chunks`"]
pub struct Draw<D, T> {
    name: &'static str,
    distribution: Result<D, ArrayError>,
    shape: Shape,
    seed: Seed,
    of: PhantomData<fn() -> T>,
}

/// Numbers of any distribution that this crate does not name.
///
/// ```
/// use chunkwise_array::random::{self, Fill, Seed, distribution::Normal};
/// let x = random::draw::<_, f32>(Normal::standard(), [10, 10], Seed(0)).chunks(5);
/// assert_eq!(x.dims()?[..], [10, 10]);
/// # Ok::<(), chunkwise_array::ArrayError>(())
/// ```
pub fn draw<D: Distribution<T>, T: Element>(
    distribution: D,
    shape: impl Into<Shape>,
    seed: Seed,
) -> Draw<D, T> {
    Draw::new(std::any::type_name::<D>(), Ok(distribution), shape.into(), seed)
}

impl<D, T> Draw<D, T> {
    pub(super) fn new(
        name: &'static str,
        distribution: Result<D, RandomError>,
        shape: Shape,
        seed: Seed,
    ) -> Draw<D, T> {
        let distribution = distribution.map_err(|error| ArrayError::Random { error });
        Draw { name, distribution, shape, seed, of: PhantomData }
    }

    pub(super) fn failed(name: &'static str, error: ArrayError) -> Draw<D, T> {
        let (distribution, shape) = (Err(error), ().into());
        Draw { name, distribution, shape, seed: Seed(0), of: PhantomData }
    }

    /// As numbers of another type: `f32` of real numbers, `u64` of counts. They are not the same
    /// numbers, rounded, but a stream of their own.
    pub fn of<U>(self) -> Draw<D, U>
    where
        D: Fill<U>,
    {
        let Draw { name, distribution, shape, seed, .. } = self;
        Draw { name, distribution, shape, seed, of: PhantomData }
    }
}

impl<D: Distribution<T>, T: Element> Draw<D, T> {
    /// The array, cut into these chunks, which have no influence on the numbers.
    ///
    /// It is an error if a parameter is out of its range, or if the chunks do not fit.
    ///
    /// # Complexity
    /// A task a chunk, joined with what is done with it; a slice makes its own numbers only. Real
    /// numbers take some nanoseconds each.
    #[track_caller]
    pub fn chunks(self, chunks: impl Into<ChunkSpec>) -> Array<T> {
        let spec = chunks.into();
        Array::build(self.name, &[], |made_at| {
            let distribution = self.distribution?;
            let shape = self.shape.checked()?;
            let chunks = spec.resolve(shape, size_of::<T>())?;
            let content = stream_name::<D, T>(self.name, &distribution)?;
            let (seed, shape_of_token) = (self.seed.0, shape.to_vec());
            let token = Tokenizer::of("random", &(&content[..], seed, shape_of_token, &chunks));
            let numbers = Numbers {
                key: self.seed.stream_of(&content),
                row_len: shape.iter().map(|&len| len as u64).collect(),
                distribution: Arc::new(distribution),
            };
            Ok(generated::<T>(self.name, numbers, chunks, token, made_at))
        })
    }
}

/// What the stream depends on beside the seed.
pub(super) fn stream_name<D: Serialize, T: Element>(
    name: &'static str,
    distribution: &D,
) -> Result<Vec<u8>, ArrayError> {
    let dtype = T::DTYPE.name();
    postcard::to_stdvec(&(name, dtype, distribution)).map_err(|error| ArrayError::Argument {
        name: "distribution",
        why: format!("it does not serialise: {error}"),
    })
}

/// The numbers at some positions of an array.
#[derive(Serialize, Deserialize)]
#[serde(bound = "D: Serialize + DeserializeOwned")]
struct Numbers<D> {
    key: StreamKey,
    /// The length of each axis.
    row_len: Vec<u64>,
    distribution: Arc<D>,
}

impl<D> Clone for Numbers<D> {
    fn clone(&self) -> Numbers<D> {
        let (row_len, distribution) = (self.row_len.clone(), Arc::clone(&self.distribution));
        Numbers { key: self.key, row_len, distribution }
    }
}

/// The row-major number of a position in an array of these lengths.
pub(super) fn flat(at: &[usize], lens: &[u64]) -> u64 {
    at.iter().zip(lens).fold(0, |flat, (&at, &len)| flat * len + at as u64)
}

impl<T: Element, D: Distribution<T>> Generator<T> for Numbers<D> {
    fn row(&self, at: &[usize], step: usize, out: &mut [T]) {
        let mut first = flat(at, &self.row_len);
        if step == 1 {
            return self.distribution.fill(self.key, first, out);
        }
        for out in out.chunks_mut(1) {
            self.distribution.fill(self.key, first, out);
            first += step as u64;
        }
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        ship_generator::<T, _>(self, part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::select;
    use chunkwise_array_random::{Normal, Permutation};
    use chunkwise_graph::CollectionExt;
    use chunkwise_storage::Span;
    use ndarray::{ArrayD, Axis, Slice};
    use proptest::prelude::*;

    fn slice_of<T: Element>(array: &Array<T>, spans: &[Span]) -> ArrayD<T> {
        let region = spans.iter().copied().collect();
        let node = select(array.node.clone(), region, array.node.made_at);
        Array::<T>::of_node(node).compute().unwrap()
    }

    fn spans(shape: &[usize], cuts: &[(usize, usize, usize)]) -> Vec<Span> {
        let span = |(&len, &(start, step, count)): (&usize, &(usize, usize, usize))| {
            let start = start.min(len);
            Span { start, step, count: count.min((len - start).div_ceil(step)) }
        };
        shape.iter().zip(cuts).map(span).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn slices_have_the_numbers_of_the_whole(
            shape in prop::collection::vec(0usize..9, 0..4),
            cuts in prop::collection::vec((0usize..5, 1usize..4, 0usize..6), 4),
            chunk in 1usize..5,
        ) {
            let spans = spans(&shape, &cuts);
            let normal = draw::<_, f64>(Normal::standard(), &shape, Seed(3)).chunks(chunk as i64);
            let order = draw::<_, i64>(Permutation::new(100), &shape, Seed(3)).chunks(chunk as i64);
            let mut numbers = normal.compute().unwrap();
            let mut items = order.compute().unwrap();
            for (axis, span) in spans.iter().enumerate() {
                let end = Some(span.end() as isize);
                let slice = Slice::new(span.start as isize, end, span.step as isize);
                numbers.slice_axis_inplace(Axis(axis), slice);
                items.slice_axis_inplace(Axis(axis), slice);
            }
            prop_assert_eq!(slice_of(&normal, &spans), numbers);
            prop_assert_eq!(slice_of(&order, &spans), items);
        }
    }
}

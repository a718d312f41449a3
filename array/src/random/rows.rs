//! Distributions of rows: counts that depend on each other.

use super::draw::{flat, stream_name};
use super::generator::Generator;
use crate::array::Array;
use crate::chunk_spec::ChunkSpec;
use crate::create::{self, generated, ship_generator};
use crate::error::ArrayError;
use crate::shape::Shape;
use chunkwise_array_random::{
    FillRows, Multinomial, MultivariateHypergeometric, RandomError, Seed, StreamKey,
};
use chunkwise_graph::{Shipment, Tokenizer};
use chunkwise_storage::Region;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use smallvec::SmallVec;
use std::sync::Arc;

/// Rows of counts, which become an array when they are given chunks. The last axis of the array is
/// that of the row.
#[derive(Clone, Debug)]
#[must_use = "it becomes an array by `chunks`"]
pub struct DrawRows<D> {
    name: &'static str,
    distribution: Result<D, RandomError>,
    shape: Shape,
    seed: Seed,
}

/// How often each outcome comes of `n` trials, with these probabilities: an axis more than `shape`.
///
/// ```
/// use chunkwise_array::{CollectionExt, random::{self, Seed}};
/// let dice = random::multinomial(20, &[1.0 / 6.0; 6], [100], Seed(0)).chunks([30, -1]);
/// assert_eq!(dice.dims()?[..], [100, 6]);
/// assert_eq!(dice.sum().compute()?, 2_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn multinomial(
    n: u64,
    pvals: &[f64],
    shape: impl Into<Shape>,
    seed: Seed,
) -> DrawRows<Multinomial> {
    let (name, distribution) = ("multinomial", Multinomial::new(n, pvals.to_vec()));
    DrawRows { name, distribution, shape: shape.into(), seed }
}

/// How many items of each colour are among `nsample`, taken from so many of each: an axis more than
/// `shape`.
pub fn multivariate_hypergeometric(
    colors: &[u64],
    nsample: u64,
    shape: impl Into<Shape>,
    seed: Seed,
) -> DrawRows<MultivariateHypergeometric> {
    let name = "multivariate_hypergeometric";
    let distribution = MultivariateHypergeometric::new(colors.to_vec(), nsample);
    DrawRows { name, distribution, shape: shape.into(), seed }
}

impl Generator {
    /// How often each outcome comes of `n` trials; see [`multinomial`].
    pub fn multinomial(
        &mut self,
        n: u64,
        pvals: &[f64],
        shape: impl Into<Shape>,
    ) -> DrawRows<Multinomial> {
        multinomial(n, pvals, shape, self.next_seed())
    }

    /// How many items of each colour are among `nsample`; see [`multivariate_hypergeometric`].
    pub fn multivariate_hypergeometric(
        &mut self,
        colors: &[u64],
        nsample: u64,
        shape: impl Into<Shape>,
    ) -> DrawRows<MultivariateHypergeometric> {
        multivariate_hypergeometric(colors, nsample, shape, self.next_seed())
    }
}

impl<D> DrawRows<D>
where
    D: FillRows<i64> + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    /// The array, cut into these chunks, which have no influence on the numbers.
    ///
    /// It is an error if a parameter is out of its range, or if the chunks do not fit. Chunks that
    /// have a part of a row make all of it.
    #[track_caller]
    pub fn chunks(self, chunks: impl Into<ChunkSpec>) -> Array<i64> {
        let spec = chunks.into();
        Array::build(self.name, &[], |made_at| {
            let distribution = self.distribution.map_err(|error| ArrayError::Random { error })?;
            let mut shape = self.shape.checked()?.to_vec();
            shape.push(distribution.width());
            let whole: Shape = shape.into();
            let shape = whole.checked()?;
            let chunks = spec.resolve(shape, size_of::<i64>())?;
            let content = stream_name::<D, i64>(self.name, &distribution)?;
            let (seed, shape_of_token) = (self.seed.0, shape.to_vec());
            let token = Tokenizer::of("random", &(&content[..], seed, shape_of_token, &chunks));
            let rows = Rows {
                key: self.seed.stream_of(&content),
                lens: shape[..shape.len() - 1].iter().map(|&len| len as u64).collect(),
                distribution: Arc::new(distribution),
            };
            Ok(generated::<i64>(self.name, rows, chunks, token, made_at))
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "D: Serialize + DeserializeOwned")]
struct Rows<D> {
    key: StreamKey,
    /// The length of each axis but the last.
    lens: Vec<u64>,
    distribution: Arc<D>,
}

impl<D> Clone for Rows<D> {
    fn clone(&self) -> Rows<D> {
        let (lens, distribution) = (self.lens.clone(), Arc::clone(&self.distribution));
        Rows { key: self.key, lens, distribution }
    }
}

impl<D> create::Generator<i64> for Rows<D>
where
    D: FillRows<i64> + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    fn row(&self, at: &[usize], step: usize, out: &mut [i64]) {
        let Some((&first, at)) = at.split_last() else { return };
        let mut row: SmallVec<[i64; 32]> = smallvec::smallvec![0; self.distribution.width()];
        self.distribution.fill_rows(self.key, flat(at, &self.lens), &mut row);
        for (out, count) in out.iter_mut().zip(row[first..].iter().step_by(step.max(1))) {
            *out = *count;
        }
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        ship_generator::<i64, _>(self, part)
    }
}

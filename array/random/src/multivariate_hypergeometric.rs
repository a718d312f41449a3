//! The multivariate hypergeometric distribution, whose elements are rows of counts.

use serde::{Deserialize, Serialize};

use crate::hypergeometric::{HypergeometricSampler, MAX_POPULATION};
use crate::{ElementRng, FillRows, RandomError, StreamKey};

/// How many of each colour are among `nsample` that are drawn without putting them back:
/// `Generator.multivariate_hypergeometric`, by its method of marginals.
///
/// ```
/// use chunkwise_array_random::{FillRows, MultivariateHypergeometric, Seed};
///
/// let mut row = [0_i64; 3];
/// let urn = MultivariateHypergeometric::new(vec![16, 8, 4], 6)?;
/// urn.fill_rows(Seed(7).stream(0), 0, &mut row);
/// assert_eq!(row.iter().sum::<i64>(), 6);
/// # Ok::<(), chunkwise_array_random::RandomError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(Vec<u64>, u64)", into = "(Vec<u64>, u64)")]
pub struct MultivariateHypergeometric {
    colors: Vec<u64>,
    nsample: u64,
    population: u64,
}

impl MultivariateHypergeometric {
    /// With the numbers of each colour, and how many are drawn.
    ///
    /// # Errors
    ///
    /// - There are more than 10^9 together.
    /// - `nsample` is more than there are.
    pub fn new(colors: Vec<u64>, nsample: u64) -> Result<Self, RandomError> {
        let distribution = "multivariate_hypergeometric";
        let population = colors.iter().fold(0_u64, |sum, &n| sum.saturating_add(n));
        if population > MAX_POPULATION {
            return Err(RandomError::Counts { distribution, allowed: "at most 10^9 together" });
        }
        if nsample > population {
            return Err(RandomError::Counts { distribution, allowed: "at least nsample together" });
        }
        Ok(Self { colors, nsample, population })
    }

    fn draw(&self, rng: &mut ElementRng, mut put: impl FnMut(usize, u64)) {
        let (mut population, mut left) = (self.population, self.nsample);
        for (color, &n) in self.colors.iter().enumerate() {
            let count = HypergeometricSampler::new(n, population - n, left).draw(rng);
            put(color, count);
            population -= n;
            left -= count;
        }
    }
}

impl TryFrom<(Vec<u64>, u64)> for MultivariateHypergeometric {
    type Error = RandomError;

    fn try_from((colors, nsample): (Vec<u64>, u64)) -> Result<Self, RandomError> {
        Self::new(colors, nsample)
    }
}

impl From<MultivariateHypergeometric> for (Vec<u64>, u64) {
    fn from(urn: MultivariateHypergeometric) -> Self {
        (urn.colors, urn.nsample)
    }
}

macro_rules! rows {
    ($($type:ty)+) => {
        $(impl FillRows<$type> for MultivariateHypergeometric {
            fn width(&self) -> usize {
                self.colors.len()
            }

            fn fill_rows(&self, key: StreamKey, first: u64, out: &mut [$type]) {
                let rows = out.chunks_mut(self.colors.len().max(1));
                for (row, number) in rows.zip(0_u64..) {
                    let mut rng = ElementRng::at(key, first.wrapping_add(number));
                    self.draw(&mut rng, |color, count| {
                        if let Some(element) = row.get_mut(color) {
                            *element = count as $type;
                        }
                    });
                }
            }
        })+
    };
}

rows!(u64 i64);

//! The multinomial distribution, whose elements are rows of counts.

use serde::{Deserialize, Serialize};

use crate::binomial::BinomialSampler;
use crate::check::Check;
use crate::choice::TOLERANCE;
use crate::{ElementRng, FillRows, RandomError, StreamKey};

/// How often each of several outcomes came in `n` trials: `Generator.multinomial`.
///
/// A row is one binomial number after the other, each of what the earlier ones left.
///
/// ```
/// use chunkwise_array_random::{FillRows, Multinomial, Seed};
///
/// let mut row = [0_i64; 3];
/// Multinomial::new(100, vec![0.2, 0.3, 0.5])?.fill_rows(Seed(7).stream(0), 0, &mut row);
/// assert_eq!(row.iter().sum::<i64>(), 100);
/// # Ok::<(), chunkwise_array_random::RandomError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(u64, Vec<f64>)", into = "(u64, Vec<f64>)")]
pub struct Multinomial {
    n: u64,
    pvals: Vec<f64>,
}

impl Multinomial {
    /// With this number of trials, and the probabilities of the outcomes. As in NumPy the last one
    /// is taken to be what the others leave.
    ///
    /// # Errors
    ///
    /// - `n` is above `i64::MAX`.
    /// - A probability is not between 0 and 1.
    /// - Their sum is further from 1 than 1.5e-8, unless there are none and `n` is 0.
    pub fn new(n: u64, pvals: Vec<f64>) -> Result<Self, RandomError> {
        let check = Check("multinomial");
        check.fits("n", n)?;
        for &p in &pvals {
            check.probability("pvals", p)?;
        }
        let sum = pvals.iter().sum::<f64>();
        if (sum - 1.0).abs() > TOLERANCE && !(n == 0 && pvals.is_empty()) {
            return Err(RandomError::Probabilities { distribution: "multinomial", sum });
        }
        Ok(Self { n, pvals })
    }

    fn draw(&self, rng: &mut ElementRng, mut put: impl FnMut(usize, u64)) {
        let (mut left, mut share) = (self.n, 1.0);
        for (outcome, &p) in self.pvals.iter().enumerate() {
            let count = if outcome + 1 == self.pvals.len() {
                left
            } else if left == 0 || p == 0.0 {
                0
            } else {
                BinomialSampler::new(left, p / share).draw(rng)
            };
            put(outcome, count);
            left -= count;
            share -= p;
        }
    }
}

impl TryFrom<(u64, Vec<f64>)> for Multinomial {
    type Error = RandomError;

    fn try_from((n, pvals): (u64, Vec<f64>)) -> Result<Self, RandomError> {
        Self::new(n, pvals)
    }
}

impl From<Multinomial> for (u64, Vec<f64>) {
    fn from(multinomial: Multinomial) -> Self {
        (multinomial.n, multinomial.pvals)
    }
}

macro_rules! rows {
    ($($type:ty)+) => {
        $(impl FillRows<$type> for Multinomial {
            fn width(&self) -> usize {
                self.pvals.len()
            }

            fn fill_rows(&self, key: StreamKey, first: u64, out: &mut [$type]) {
                let rows = out.chunks_mut(self.pvals.len().max(1));
                for (row, number) in rows.zip(0_u64..) {
                    let mut rng = ElementRng::at(key, first.wrapping_add(number));
                    self.draw(&mut rng, |outcome, count| {
                        if let Some(element) = row.get_mut(outcome) {
                            *element = count as $type;
                        }
                    });
                }
            }
        })+
    };
}

rows!(u64 i64);

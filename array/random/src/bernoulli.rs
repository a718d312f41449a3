//! Coins: true with some probability.

use serde::{Deserialize, Serialize};

use crate::check::Check;
use crate::{Fill, RandomError, StreamKey, fill_with};

/// `true` with probability `p`: `Generator.random() < p`.
///
/// `p` is rounded to a multiple of 2^-64.
///
/// ```
/// use chunkwise_array_random::{Bernoulli, Fill, Seed};
///
/// let mut out = [true; 1000];
/// Bernoulli::new(0.25)?.fill(Seed(7).stream(0), 0, &mut out);
/// let heads = out.iter().filter(|&&head| head).count();
/// assert!((200..300).contains(&heads));
/// # Ok::<(), chunkwise_array_random::RandomError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(f64,)", into = "(f64,)")]
pub struct Bernoulli {
    p: f64,
}

impl Bernoulli {
    /// With this probability of `true`.
    ///
    /// # Errors
    ///
    /// `p` is not between 0 and 1.
    pub fn new(p: f64) -> Result<Self, RandomError> {
        Check("bernoulli").probability("p", p)?;
        Ok(Self { p })
    }
}

impl TryFrom<(f64,)> for Bernoulli {
    type Error = RandomError;

    fn try_from((p,): (f64,)) -> Result<Self, RandomError> {
        Self::new(p)
    }
}

impl From<Bernoulli> for (f64,) {
    fn from(bernoulli: Bernoulli) -> Self {
        (bernoulli.p,)
    }
}

impl Fill<bool> for Bernoulli {
    #[inline]
    fn fill(&self, key: StreamKey, first: u64, out: &mut [bool]) {
        if self.p >= 1.0 {
            out.fill(true);
            return;
        }
        let below = (self.p * 2.0_f64.powi(64)) as u64;
        fill_with(key, first, out, |rng| rng.word() < below);
    }
}

//! Choosing among items, with replacement.

use serde::{Deserialize, Serialize};

use crate::check::Check;
use crate::integers::below;
use crate::{ElementRng, Fill, RandomError, StreamKey, fill_with};

/// How far the sum of probabilities may be from 1, as in NumPy: the root of `f64::EPSILON`.
pub(crate) const TOLERANCE: f64 = 1.490_116_119_384_765_6e-8;

/// Numbers of items out of `n`, chosen with replacement: `Generator.choice(n)`, or
/// `Generator.choice(n, p=p)`.
///
/// With probabilities by the alias method (Vose, *A linear algorithm for generating random numbers
/// with a given distribution*, 1991), in constant time for any `n`; they are rounded to multiples
/// of 2^-64 over `n`. For a choice without replacement take the first elements of a
/// [`Permutation`](crate::Permutation).
///
/// ```
/// use chunkwise_array_random::{Choice, Fill, Seed};
///
/// let mut out = [0_usize; 100];
/// Choice::weighted(vec![0.5, 0.0, 0.5])?.fill(Seed(7).stream(0), 0, &mut out);
/// assert!(out.iter().all(|&item| item == 0 || item == 2));
/// # Ok::<(), chunkwise_array_random::RandomError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(u64, Option<Vec<f64>>)", into = "(u64, Option<Vec<f64>>)")]
pub struct Choice {
    n: u64,
    weights: Option<Weights>,
}

#[derive(Clone, Debug, PartialEq)]
struct Weights {
    probabilities: Vec<f64>,
    columns: Vec<Column>,
}

/// A column of the alias table: its own item up to a share of 2^64, another item above.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Column {
    own_below: u64,
    other: u64,
}

impl Choice {
    /// Among `n` items, all equally likely.
    ///
    /// # Errors
    ///
    /// `n` is 0.
    ///
    /// ```
    /// use chunkwise_array_random::{Choice, Fill, Seed};
    ///
    /// let mut out = [0_i64; 100];
    /// Choice::new(5)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|item| (0..5).contains(item)));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub fn new(n: u64) -> Result<Self, RandomError> {
        if n == 0 {
            return Err(RandomError::EmptyRange { low: 0, high: 0 });
        }
        Ok(Self { n, weights: None })
    }

    /// Among as many items as there are probabilities.
    ///
    /// # Errors
    ///
    /// - There are none.
    /// - One is negative, or not finite.
    /// - Their sum is further from 1 than 1.5e-8.
    ///
    /// # Complexity
    ///
    /// Time and memory of the number of items.
    pub fn weighted(probabilities: Vec<f64>) -> Result<Self, RandomError> {
        let n = Self::new(probabilities.len() as u64)?.n;
        for &p in &probabilities {
            Check("choice").not_negative("p", p)?;
        }
        let sum = probabilities.iter().sum::<f64>();
        if (sum - 1.0).abs() > TOLERANCE {
            return Err(RandomError::Probabilities { distribution: "choice", sum });
        }
        let columns = columns(&probabilities, sum);
        Ok(Self { n, weights: Some(Weights { probabilities, columns }) })
    }

    #[inline(always)]
    fn fill_as<T>(
        &self,
        key: StreamKey,
        first: u64,
        out: &mut [T],
        convert: impl Fn(u64) -> T + Copy,
    ) {
        let n = self.n;
        match &self.weights {
            None => fill_with(key, first, out, |rng| convert(below(rng, n))),
            Some(weights) => {
                fill_with(key, first, out, |rng| convert(pick(rng, &weights.columns)));
            }
        }
    }
}

#[inline(always)]
fn pick(rng: &mut ElementRng, columns: &[Column]) -> u64 {
    // the upper half is a column, the lower half says where in it
    let product = u128::from(rng.word()) * columns.len() as u128;
    let item = (product >> 64) as u64;
    match columns.get(item as usize) {
        Some(column) if product as u64 >= column.own_below => column.other,
        _ => item,
    }
}

fn columns(probabilities: &[f64], sum: f64) -> Vec<Column> {
    let n = probabilities.len() as f64;
    let mut heights: Vec<f64> = probabilities.iter().map(|p| p / sum * n).collect();
    let mut columns: Vec<Column> =
        (0..probabilities.len() as u64).map(|item| Column { own_below: 0, other: item }).collect();
    let (mut short, mut tall): (Vec<usize>, Vec<usize>) =
        (0..heights.len()).partition(|&item| heights[item] < 1.0);
    while let (Some(&low), Some(&high)) = (short.last(), tall.last()) {
        short.pop();
        let own_below = (heights[low] * 2.0_f64.powi(64)) as u64;
        columns[low] = Column { own_below, other: high as u64 };
        heights[high] -= 1.0 - heights[low];
        if heights[high] < 1.0 {
            tall.pop();
            short.push(high);
        }
    }
    // what is left is 1 but for rounding, unless it may not come out at all
    for low in short {
        if probabilities[low] == 0.0 {
            let likeliest = (0..probabilities.len())
                .max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
            columns[low].other = likeliest.unwrap_or(low) as u64;
        }
    }
    columns
}

impl TryFrom<(u64, Option<Vec<f64>>)> for Choice {
    type Error = RandomError;

    fn try_from((n, weights): (u64, Option<Vec<f64>>)) -> Result<Self, RandomError> {
        weights.map_or_else(|| Self::new(n), Self::weighted)
    }
}

impl From<Choice> for (u64, Option<Vec<f64>>) {
    fn from(choice: Choice) -> Self {
        (choice.n, choice.weights.map(|weights| weights.probabilities))
    }
}

macro_rules! choice {
    ($($type:ty)+) => {
        $(impl Fill<$type> for Choice {
            fn fill(&self, key: StreamKey, first: u64, out: &mut [$type]) {
                self.fill_as(key, first, out, |item| item as $type);
            }
        })+
    };
}

choice!(u64 i64 usize);

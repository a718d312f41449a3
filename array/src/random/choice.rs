//! Choosing items, with and without replacement, and permutations.

use super::draw::{Draw, stream_name};
use super::generator::Generator;
use crate::array::Array;
use crate::chunk_spec::ChunkSpec;
use crate::error::ArrayError;
use crate::shape::Shape;
use chunkwise_array_random::{Choice, Exponential, Fill, Permutation, Seed};
use ndarray::Array1;

/// Numbers of items below `n`, all equally likely, each possibly several times.
///
/// It is an error if `n` is 0.
pub fn choice(n: u64, shape: impl Into<Shape>, seed: Seed) -> Draw<Choice, i64> {
    Draw::new("choice", Choice::new(n), shape.into(), seed)
}

/// Numbers of items, as likely as `p` says, each possibly several times.
///
/// It is an error if `p` is empty, or does not sum to 1. It is kept once, however many chunks the
/// array has.
pub fn choice_weighted(p: &[f64], shape: impl Into<Shape>, seed: Seed) -> Draw<Choice, i64> {
    Draw::new("choice", Choice::weighted(p.to_vec()), shape.into(), seed)
}

/// `k` different numbers of items below `n`, in random order: any `k` are equally likely.
///
/// It is an error if `k` is above `n`.
///
/// # Complexity
/// Every number is found from its position alone, in constant time: nothing of length `n` is held.
pub fn choice_without_replacement(n: u64, k: usize, seed: Seed) -> Draw<Permutation, i64> {
    if k as u64 > n {
        return Draw::failed("choice", too_many(k, n as usize));
    }
    Draw::new("choice_without_replacement", Ok(Permutation::new(n)), k.into(), seed)
}

/// `k` different numbers of items in the order of their choice, each as likely as `p` says among
/// those that are left.
///
/// It is an error if `p` is empty, does not sum to 1, or has fewer than `k` items that can be
/// chosen.
///
/// # Complexity
/// O(n log n) for n items, at once: the choice depends on all of them, and is held in memory.
#[track_caller]
pub fn choice_weighted_without_replacement(
    p: &[f64],
    k: usize,
    seed: Seed,
    chunks: impl Into<ChunkSpec>,
) -> Array<i64> {
    match chosen(p, k, seed) {
        Ok(items) => Array::from_ndarray(&Array1::from(items), chunks),
        Err(error) => Array::build("choice", &[], |_| Err(error)),
    }
}

/// The items whose clocks ring first, when an item of probability p rings at the rate p.
fn chosen(p: &[f64], k: usize, seed: Seed) -> Result<Vec<i64>, ArrayError> {
    let checked = Choice::weighted(p.to_vec());
    checked.map_err(|error| ArrayError::Random { error })?;
    let name = stream_name::<_, i64>("choice_weighted_without_replacement", &p)?;
    let mut waits = vec![0.0f64; p.len()];
    Exponential::standard().fill(seed.stream_of(&name), 0, &mut waits);
    let possible = waits.iter().zip(p).enumerate().filter(|(_, (_, p))| **p > 0.0);
    let mut items: Vec<(f64, i64)> =
        possible.map(|(item, (wait, p))| (wait / p, item as i64)).collect();
    if items.len() < k {
        return Err(too_many(k, items.len()));
    }
    items.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    Ok(items.into_iter().take(k).map(|(_, item)| item).collect())
}

fn too_many(k: usize, n: usize) -> ArrayError {
    ArrayError::Argument { name: "k", why: format!("{k} different items of {n}") }
}

/// The numbers below `n` in random order.
///
/// # Complexity
/// As [`choice_without_replacement`]: a slice of a permutation of any length costs its own length.
///
/// ```
/// use chunkwise_array::{CollectionExt, random::{self, Seed}};
/// let order = random::permutation(1_000, Seed(0)).chunks(100);
/// assert_eq!(order.sum().compute()?, 999 * 1_000 / 2);
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
pub fn permutation(n: usize, seed: Seed) -> Draw<Permutation, i64> {
    Draw::new("permutation", Ok(Permutation::new(n as u64)), n.into(), seed)
}

impl Generator {
    /// Numbers of items below `n`, all equally likely, each possibly several times.
    pub fn choice(&mut self, n: u64, shape: impl Into<Shape>) -> Draw<Choice, i64> {
        choice(n, shape, self.next_seed())
    }

    /// Numbers of items, as likely as `p` says, each possibly several times.
    pub fn choice_weighted(&mut self, p: &[f64], shape: impl Into<Shape>) -> Draw<Choice, i64> {
        choice_weighted(p, shape, self.next_seed())
    }

    /// `k` different numbers of items below `n`, in random order.
    pub fn choice_without_replacement(&mut self, n: u64, k: usize) -> Draw<Permutation, i64> {
        choice_without_replacement(n, k, self.next_seed())
    }

    /// `k` different numbers of items, each as likely as `p` says among those that are left; see
    /// [`choice_weighted_without_replacement`].
    #[track_caller]
    pub fn choice_weighted_without_replacement(
        &mut self,
        p: &[f64],
        k: usize,
        chunks: impl Into<ChunkSpec>,
    ) -> Array<i64> {
        choice_weighted_without_replacement(p, k, self.next_seed(), chunks)
    }

    /// The numbers below `n` in random order.
    pub fn permutation(&mut self, n: usize) -> Draw<Permutation, i64> {
        permutation(n, self.next_seed())
    }
}

//! [`Generator`]: one seed for many arrays.

use chunkwise_array_random::Seed;

/// Gives each array that is drawn a seed of its own, one after the other: the same calls in the
/// same order give the same arrays.
///
/// It has a method for each function of [this module](crate::random), without the seed.
///
/// ```
/// use chunkwise_array::{CollectionExt, random::{Generator, Seed}};
/// let mut rng = Generator::new(Seed(7));
/// let (x, y) = (rng.random([5]).chunks(2), rng.random([5]).chunks(2));
/// assert!(!x.array_equal(&y).compute()?);
/// let again = Generator::new(Seed(7)).random([5]).chunks(3);
/// assert_eq!(again.compute()?, x.compute()?);
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Generator {
    seed: Seed,
    n_drawn: u64,
}

impl Generator {
    /// From the start.
    pub const fn new(seed: Seed) -> Generator {
        Generator { seed, n_drawn: 0 }
    }

    /// The seed of the next array.
    #[doc(alias = "spawn")]
    pub fn next_seed(&mut self) -> Seed {
        self.n_drawn += 1;
        self.seed.child(self.n_drawn - 1)
    }
}

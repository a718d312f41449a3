//! Permutations whose elements are found one by one.

use serde::{Deserialize, Serialize};

use crate::integers::below;
use crate::mix::fold;
use crate::{ElementRng, Fill, StreamKey};

/// Up to this many numbers are shuffled as a whole.
const FEW: usize = 64;

/// How often a network mixes the two halves of a number.
const ROUNDS: usize = 8;

/// The numbers of `0..n` in random order: `Generator.permutation(n)`, and, cut short,
/// `Generator.choice(n, size, replace=False)`.
///
/// The element at a position is computed from the position alone, without memory: a number is
/// written as two digits, which a Feistel network of 8 rounds mixes by the stream (Black, Rogaway,
/// *Ciphers with arbitrary finite domains*, 2002). Digits have about the root of `n` as their
/// bases; the few numbers from `n` on that they can also write are walked past by mixing again.
///
/// Not every permutation can come out, as there are more of them than keys; what does come out
/// passes tests of uniformity of each element and of each pair of elements. Up to 64 numbers are
/// shuffled (Fisher, Yates), where all permutations are equally likely.
///
/// From position `n` on, another permutation of the stream begins, and so on. With `n` 0 every
/// element is 0.
///
/// ```
/// use chunkwise_array_random::{Fill, Permutation, Seed};
///
/// let mut some = [0_u64; 3];
/// Permutation::new(1 << 60).fill(Seed(7).stream(0), 1 << 50, &mut some);
///
/// let mut all = [0_usize; 100];
/// Permutation::new(100).fill(Seed(7).stream(0), 0, &mut all);
/// all.sort();
/// assert!(all.into_iter().eq(0..100));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permutation {
    n: u64,
}

impl Permutation {
    /// Of the numbers below `n`.
    pub const fn new(n: u64) -> Self {
        Self { n }
    }

    #[inline(always)]
    fn fill_as<T>(&self, key: StreamKey, first: u64, out: &mut [T], convert: impl Fn(u64) -> T) {
        if self.n == 0 {
            for element in out {
                *element = convert(0);
            }
            return;
        }
        let (mut cycle, mut position) = (first / self.n, first % self.n);
        let mut out = out;
        while !out.is_empty() {
            let left = usize::try_from(self.n - position).unwrap_or(usize::MAX);
            let (now, later) = out.split_at_mut(out.len().min(left));
            let key = key.derived(cycle);
            if self.n <= FEW as u64 {
                let shuffled = shuffle(key, self.n as usize);
                for (element, &x) in now.iter_mut().zip(&shuffled[position as usize..]) {
                    *element = convert(u64::from(x));
                }
            } else {
                let network = Network::new(key, self.n);
                for (element, x) in now.iter_mut().zip(position..) {
                    *element = convert(network.at(x));
                }
            }
            (cycle, position, out) = (cycle.wrapping_add(1), 0, later);
        }
    }
}

fn shuffle(key: StreamKey, n: usize) -> [u8; FEW] {
    let mut numbers = std::array::from_fn(|i| i as u8);
    let mut rng = ElementRng::at(key, 0);
    for left in (2..=n).rev() {
        numbers.swap(left - 1, below(&mut rng, left as u64) as usize);
    }
    numbers
}

/// A bijection of `0..n`, which is more than 1.
struct Network {
    n: u64,
    /// The bases of the upper and of the lower digit.
    bases: (u64, u64),
    /// What is added to a digit before it is hashed, and what it is multiplied with.
    rounds: [(u64, u64); ROUNDS],
}

impl Network {
    fn new(key: StreamKey, n: u64) -> Self {
        let lower = n.isqrt();
        let mut rng = ElementRng::at(key, 0);
        let rounds = std::array::from_fn(|_| (rng.word(), rng.word() | 1));
        Self { n, bases: (n.div_ceil(lower), lower), rounds }
    }

    #[inline]
    fn at(&self, position: u64) -> u64 {
        let mut x = self.mix(position);
        while x >= self.n {
            x = self.mix(x);
        }
        x
    }

    #[inline(always)]
    fn mix(&self, x: u64) -> u64 {
        let (mut upper, mut lower) = (x / self.bases.1, x % self.bases.1);
        for pair in self.rounds.chunks_exact(2) {
            upper = shift(upper, hash(lower, pair[0]), self.bases.0);
            lower = shift(lower, hash(upper, pair[1]), self.bases.1);
        }
        upper * self.bases.1 + lower
    }
}

#[inline(always)]
fn hash(digit: u64, (offset, multiplier): (u64, u64)) -> u64 {
    let mixed = fold(digit.wrapping_mul(crate::mix::GOLDEN).wrapping_add(offset), multiplier);
    fold(mixed, 0x1C69_B3F7_4AC4_AE35)
}

/// Adds a number below `base` that a hash chooses, modulo `base`.
#[inline(always)]
fn shift(digit: u64, hash: u64, base: u64) -> u64 {
    let sum = digit + ((u128::from(hash) * u128::from(base)) >> 64) as u64;
    if sum >= base { sum - base } else { sum }
}

macro_rules! permutation {
    ($($type:ty)+) => {
        $(impl Fill<$type> for Permutation {
            fn fill(&self, key: StreamKey, first: u64, out: &mut [$type]) {
                self.fill_as(key, first, out, |x| x as $type);
            }
        })+
    };
}

permutation!(u64 i64 usize);

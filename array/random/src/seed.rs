//! What identifies a stream of random numbers: a seed, and which of its streams.

use std::hash::{BuildHasher, Hasher, RandomState};

use serde::{Deserialize, Serialize};

use crate::mix::Absorb;

/// The number that everything random is derived from.
///
/// Adjacent seeds give unrelated numbers.
///
/// ```
/// use chunkwise_array_random::{Fill, Seed, Uniform};
///
/// let mut twice = [[0.0; 3]; 2];
/// for row in &mut twice {
///     Uniform::standard().fill(Seed(7).stream(0), 0, row);
/// }
/// assert_eq!(twice[0], twice[1]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seed(pub u64);

impl Seed {
    /// A seed that differs from call to call and from process to process.
    ///
    /// It comes from the randomness that the standard library seeds its hash tables with, and
    /// from the clock; it is not made to be a secret.
    pub fn from_entropy() -> Self {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u64(now.map_or(0, |since| since.as_nanos() as u64));
        hasher.write_u32(std::process::id());
        Self(hasher.finish())
    }

    /// The stream of this seed with a number: one for each array that should be independent.
    pub const fn stream(self, number: u64) -> StreamKey {
        StreamKey::from_hash(Absorb::new(1).word(self.0).word(number))
    }

    /// The stream of this seed that belongs to some bytes, for example to a token.
    ///
    /// ```
    /// use chunkwise_array_random::Seed;
    ///
    /// assert_eq!(Seed(7).stream_of(b"noise"), Seed(7).stream_of(b"noise"));
    /// assert_ne!(Seed(7).stream_of(b"noise"), Seed(7).stream_of(b"signal"));
    /// ```
    pub fn stream_of(self, bytes: &[u8]) -> StreamKey {
        StreamKey::from_hash(Absorb::new(2).word(self.0).bytes(bytes))
    }

    /// Another seed, derived from this one: what NumPy calls spawning.
    ///
    /// ```
    /// use chunkwise_array_random::Seed;
    ///
    /// assert_ne!(Seed(7).child(0), Seed(7).child(1));
    /// ```
    pub const fn child(self, number: u64) -> Self {
        Self(Absorb::new(3).word(self.0).word(number).out(0))
    }
}

/// Which stream of random numbers the elements of an array come from.
///
/// Made by [`Seed::stream`] and [`Seed::stream_of`]. It stands for 192 bits that are hashed from
/// seed and stream; two streams of one seed are as unrelated as those of two seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StreamKey {
    /// Added to the position, after that is spread over 64 bits.
    pub(crate) offset: u64,
    /// Multiplied with the sum, one after the other; made odd where they are used.
    pub(crate) multipliers: (u64, u64),
}

impl StreamKey {
    const fn from_hash(hash: Absorb) -> Self {
        Self { offset: hash.out(0), multipliers: (hash.out(1), hash.out(2)) }
    }

    /// A stream derived from this one, unrelated to it.
    pub(crate) const fn derived(self, number: u64) -> Self {
        let hash = Absorb::new(4).word(self.offset).word(self.multipliers.0);
        Self::from_hash(hash.word(self.multipliers.1).word(number))
    }
}

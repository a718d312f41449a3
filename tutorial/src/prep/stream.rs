//! Random streams addressed by what they are for.

use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

/// The generator for one purpose: the same for the same arguments, on any machine and thread.
///
/// `purpose` names the dataset and what is drawn, `position` which part of it (file, run of rows).
/// The seed of the generator is a BLAKE3 hash of them all, so neighbouring positions give
/// unrelated streams. The generator is xoshiro256++ (Blackman and Vigna, 2021).
pub(super) fn stream(seed: u64, purpose: &str, position: [u64; 2]) -> Xoshiro256PlusPlus {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    hasher.update(&position[0].to_le_bytes());
    hasher.update(&position[1].to_le_bytes());
    hasher.update(purpose.as_bytes());
    Xoshiro256PlusPlus::from_seed(*hasher.finalize().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;
    use std::collections::HashSet;

    #[test]
    fn each_address_has_its_own_stream() {
        let mut seen = HashSet::new();
        for seed in 0..3 {
            for purpose in ["a", "b"] {
                for position in [[0, 0], [0, 1], [1, 0], [1, 1]] {
                    let first = stream(seed, purpose, position).next_u64();
                    assert_eq!(first, stream(seed, purpose, position).next_u64());
                    assert!(seen.insert(first));
                }
            }
        }
    }

    #[test]
    fn the_stream_is_pinned() {
        assert_eq!(stream(0, "test", [1, 2]).next_u64(), 6_737_374_309_533_274_148);
    }
}

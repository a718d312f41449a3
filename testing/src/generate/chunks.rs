//! Chunkings: a length split into chunks along one axis.

use super::seeded::Seeded;
use proptest::prelude::*;

/// A chunking of `n` elements: regular with a shorter last chunk, or irregular; one in eight holds
/// empty chunks. Their lengths sum to `n`; a length of 0 is one empty chunk, or none.
pub fn chunking(n: usize, seed: u64) -> Vec<usize> {
    let mut random = Seeded::new(seed);
    let mut chunks = Vec::new();
    let mut left = n;
    let regular = random.chance(50).then(|| 1 + random.below(n.max(1)));
    while left > 0 {
        let chunk = regular.unwrap_or_else(|| 1 + random.below(left)).min(left);
        chunks.push(chunk);
        left -= chunk;
    }
    if (n == 0 && random.chance(50)) || random.chance(12) {
        let at = random.below(chunks.len() + 1);
        chunks.insert(at, 0);
    }
    chunks
}

/// Chunkings of lengths up to `max`.
pub fn chunkings(max: usize) -> impl Strategy<Value = Vec<usize>> {
    (0..=max, any::<u64>()).prop_map(|(n, seed)| chunking(n, seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest! {
        #[test]
        fn chunks_sum_to_the_length(n in 0usize..1000, seed in any::<u64>()) {
            prop_assert_eq!(chunking(n, seed).iter().sum::<usize>(), n);
            prop_assert_eq!(chunking(n, seed), chunking(n, seed));
        }
    }

    #[test]
    fn every_kind_comes_up() {
        let all: Vec<Vec<usize>> = (0..200).map(|seed| chunking(20, seed)).collect();
        assert!(all.iter().any(|chunks| chunks.len() == 1));
        assert!(all.iter().any(|chunks| chunks.len() == 20));
        assert!(all.iter().any(|chunks| chunks.contains(&0)));
        assert!(all.iter().any(|chunks| chunks.windows(2).any(|pair| pair[0] < pair[1])));
    }
}

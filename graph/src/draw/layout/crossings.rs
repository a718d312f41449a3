//! Counting where arrows cross.

use super::layered::Layered;

/// The number of crossings between all neighbouring layers.
///
/// # Complexity
/// O(arcs * log(widest layer)): Barth, Jünger, Mutzel, "Simple and efficient bilayer cross
/// counting", 2002.
pub(super) fn count(layered: &Layered) -> u64 {
    (1..layered.layers.len()).map(|lower| count_above(layered, lower)).sum()
}

/// The crossings between layer `lower` and the one before it.
fn count_above(layered: &Layered, lower: usize) -> u64 {
    let mut seen = Counts::new(layered.layers[lower].len());
    let (mut crossings, mut so_far) = (0, 0);
    let mut ends = Vec::new();
    for &v in &layered.layers[lower - 1] {
        ends.clear();
        ends.extend(layered.below[v as usize].iter().map(|&w| layered.position[w as usize]));
        // Arcs from one vertex do not cross each other: count them all before adding them.
        for &end in &ends {
            crossings += so_far - seen.up_to(end);
        }
        for &end in &ends {
            seen.add(end);
        }
        so_far += ends.len() as u64;
    }
    crossings
}

/// Sums over prefixes, updated one at a time (Fenwick 1994).
struct Counts {
    sums: Vec<u64>,
}

impl Counts {
    fn new(n: usize) -> Counts {
        Counts { sums: vec![0; n + 1] }
    }

    fn add(&mut self, at: u32) {
        let mut i = at as usize + 1;
        while i < self.sums.len() {
            self.sums[i] += 1;
            i += i & i.wrapping_neg();
        }
    }

    /// How many were added at `at` or before it.
    fn up_to(&self, at: u32) -> u64 {
        let mut i = at as usize + 1;
        let mut sum = 0;
        while i > 0 {
            sum += self.sums[i];
            i &= i - 1;
        }
        sum
    }
}

/// How many pairs (x from `left`, y from `right`) cross if the vertex with neighbours `left` is
/// placed before the one with neighbours `right`; both ascending.
pub(super) fn between(left: &[u32], right: &[u32]) -> u64 {
    let mut crossings = 0;
    let mut smaller = 0;
    for &x in left {
        while smaller < right.len() && right[smaller] < x {
            smaller += 1;
        }
        crossings += smaller as u64;
    }
    crossings
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_agree_with_comparing_all_pairs(
            arcs in prop::collection::vec((0u32..8, 0u32..8), 0..30),
        ) {
            let layered = two_layers(&arcs);
            let mut expected = 0;
            for (i, a) in arcs.iter().enumerate() {
                for b in &arcs[..i] {
                    expected += u64::from((a.0 < b.0 && a.1 > b.1) || (a.0 > b.0 && a.1 < b.1));
                }
            }
            prop_assert_eq!(count(&layered), expected);
        }

        #[test]
        fn pairs_agree_with_comparing_all(
            mut left in prop::collection::vec(0u32..9, 0..9),
            mut right in prop::collection::vec(0u32..9, 0..9),
        ) {
            left.sort_unstable();
            right.sort_unstable();
            let expected = left.iter().flat_map(|x| right.iter().filter(move |&y| y < x)).count();
            prop_assert_eq!(between(&left, &right), expected as u64);
        }
    }

    /// Vertices 0..8 above 8..16.
    fn two_layers(arcs: &[(u32, u32)]) -> Layered {
        let mut layered = Layered {
            n_nodes: 16,
            layers: vec![(0..8).collect(), (8..16).collect()],
            position: vec![0; 16],
            rank: (0..16).map(|v| v / 8).collect(),
            above: vec![Vec::new(); 16],
            below: vec![Vec::new(); 16],
            size: Vec::new(),
            chains: Vec::new(),
        };
        for &(a, b) in arcs {
            layered.below[a as usize].push(b + 8);
            layered.above[b as usize + 8].push(a);
        }
        layered.renumber();
        layered
    }
}

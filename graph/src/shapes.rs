//! Synthetic graphs whose shape and size are known, for tests, benches and demonstrations.
//!
//! Every function is deterministic: the same arguments give the same graph on every machine.

use crate::dag::Dag;

/// Dependencies added task by task; a task may only name earlier ones.
#[derive(Default)]
struct Growing {
    offsets: Vec<u32>,
    deps: Vec<u32>,
}

impl Growing {
    fn with_capacity(tasks: usize) -> Growing {
        let mut offsets = Vec::with_capacity(tasks + 1);
        offsets.push(0);
        Growing { offsets, deps: Vec::with_capacity(tasks) }
    }

    fn task(&mut self, deps: &[u32]) -> u32 {
        self.deps.extend_from_slice(deps);
        self.offsets.push(self.deps.len() as u32);
        self.offsets.len() as u32 - 2
    }

    fn finish(self) -> Dag {
        Dag::from_deps(self.offsets, self.deps)
    }
}

/// A map and a reduction: leaves, one task upon each, then a tree that joins up to 8 at a time.
///
/// Of about `n` tasks: `7 n / 15` leaves (at least one), as many maps, the rest joins.
///
/// ```
/// # use chunkwise_graph::shapes;
/// let dag = shapes::tree(15_000);
/// assert!((14_900..15_100).contains(&dag.len()));
/// ```
pub fn tree(n: usize) -> Dag {
    let leaves = (n * 7 / 15).max(1);
    let mut dag = Growing::with_capacity(n + n / 16);
    let sources: Vec<u32> = (0..leaves).map(|_| dag.task(&[])).collect();
    let mut level: Vec<u32> = sources.iter().map(|&source| dag.task(&[source])).collect();
    while level.len() > 1 {
        level = level.chunks(8).map(|joined| dag.task(joined)).collect();
    }
    dag.finish()
}

/// `n` tasks, each needing the one before.
pub fn chain(n: usize) -> Dag {
    let mut dag = Growing::with_capacity(n);
    let mut last: Option<u32> = None;
    for _ in 0..n {
        last = Some(dag.task(last.as_slice()));
    }
    dag.finish()
}

/// About `n` tasks of a periodic stencil: a ring of `w = max(4, sqrt(n / 4))` values; in each of
/// `n / (2 w)` steps every value is mapped, and value `i` becomes the sum of maps `i` and `i + 1`.
pub fn lattice(n: usize) -> Dag {
    let width = ((n as f64 / 4.0).sqrt() as usize).max(4);
    let mut dag = Growing::with_capacity(n + 2 * width);
    let mut ring: Vec<u32> = (0..width).map(|_| dag.task(&[])).collect();
    for _ in 0..n / (2 * width) {
        let mapped: Vec<u32> = ring.iter().map(|&value| dag.task(&[value])).collect();
        ring = (0..width).map(|i| dag.task(&[mapped[i], mapped[(i + 1) % width]])).collect();
    }
    dag.finish()
}

/// `n` tasks, each needing 0 to 3 different ones among the `window` before it, uniformly.
///
/// # Panics
/// If `window` is 0.
pub fn random(n: usize, window: usize, seed: u64) -> Dag {
    assert!(window > 0, "a task needs something to choose its dependencies from");
    let mut bits = SplitMix64(seed);
    let mut dag = Growing::with_capacity(n);
    let mut chosen: Vec<u32> = Vec::with_capacity(3);
    for i in 0..n {
        let wanted = bits.below(4).min(i.min(window));
        let first = i.saturating_sub(window);
        chosen.clear();
        while chosen.len() < wanted {
            let dep = (first + bits.below(i - first)) as u32;
            if !chosen.contains(&dep) {
                chosen.push(dep);
            }
        }
        dag.task(&chosen);
    }
    dag.finish()
}

/// One task that `n - 1` others need: the hub of a star.
pub fn fan_out(n: usize) -> Dag {
    let mut dag = Growing::with_capacity(n);
    for i in 0..n {
        dag.task(if i == 0 { &[] } else { &[0] });
    }
    dag.finish()
}

/// `n - 1` tasks without dependencies and one that needs them all.
pub fn fan_in(n: usize) -> Dag {
    let mut dag = Growing::with_capacity(n);
    let all: Vec<u32> = (1..n).map(|_| dag.task(&[])).collect();
    if n > 0 {
        dag.task(&all);
    }
    dag.finish()
}

/// `layers` layers of `width` tasks, each task needing the whole layer before: `layers * width`
/// tasks and `(layers - 1) * width^2` dependencies.
pub fn dense(width: usize, layers: usize) -> Dag {
    let mut dag = Growing::with_capacity(width * layers);
    let mut before: Vec<u32> = Vec::new();
    for _ in 0..layers {
        before = (0..width).map(|_| dag.task(&before)).collect();
    }
    dag.finish()
}

/// A small generator with a 64-bit state (Steele, Lea and Flood, "Fast splittable pseudorandom
/// number generators", 2014), so that a seed means the same graph everywhere.
#[derive(Clone, Debug)]
pub(crate) struct SplitMix64(pub(crate) u64);

impl SplitMix64 {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`, which must not be 0; the bias is below `end / 2^64`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_have_the_sizes_they_promise() {
        for n in [0, 1, 2, 3, 10, 1000] {
            assert_eq!(chain(n).len(), n);
            assert_eq!(random(n, 7, 1).len(), n);
            assert_eq!(fan_in(n).len(), n);
            assert_eq!(fan_out(n).len(), n);
            for dag in [tree(n), chain(n), lattice(n), random(n, 7, 1), fan_in(n), fan_out(n)] {
                assert!(dag.is_topological());
            }
        }
        assert_eq!(dense(5, 4).n_edges(), 75);
        assert_eq!(tree(10_000).dependents(tree(10_000).len() as u32 - 1), []);
    }

    #[test]
    fn a_seed_is_a_graph() {
        assert_eq!(random(500, 20, 3), random(500, 20, 3));
        assert_ne!(random(500, 20, 3), random(500, 20, 4));
    }
}

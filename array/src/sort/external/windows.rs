//! Which part of each sorted run a range of ranks can lie in, told from every `step`-th element.
//!
//! The samples of all runs are gone through in ascending order. Before a sample, each run has
//! between `step * (c - 1) + 1` and `step * c` elements, `c` being the number of its samples that
//! came before; so the rank of the sample lies between two sums, and the last sample whose upper sum
//! is no greater than a rank lies before that rank for certain. As the exact splitting of Varman,
//! Scheufler, Iyer, Ricard, "Merging Multiple Lists on Hierarchical-Memory Multiprocessors", 1991,
//! but that what is left open is decided by the merge itself, which has the elements.

use crate::element::Real;
use crate::sort::order;
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::ops::Range;

/// Runs, as far as they are known without reading them.
pub(super) struct Sampled<'a, T> {
    /// Every `step`-th element of each run, from the first on.
    pub(super) samples: &'a [&'a [T]],
    /// The length of each run.
    pub(super) lens: &'a [usize],
    pub(super) step: usize,
}

/// For each range of ranks how many samples of each run lie before it for certain, and how many
/// before its end at most.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Windows {
    pub(super) n_runs: usize,
    pub(super) first: Vec<u32>,
    pub(super) last: Vec<u32>,
}

/// The elements of a run before a sample, of which `n_before` came before: at least.
fn at_least(n_before: u32, step: usize) -> usize {
    (n_before as usize).checked_sub(1).map_or(0, |n| n * step + 1)
}

/// The same, at most.
fn at_most(n_before: u32, step: usize, len: usize) -> usize {
    (n_before as usize).saturating_mul(step).min(len)
}

impl Windows {
    /// The part of a run, of length `len`, that a range of ranks may have elements of.
    pub(super) fn of(&self, range: usize, run: usize, step: usize, len: usize) -> Range<usize> {
        let at = range * self.n_runs + run;
        let n_before = |counts: &[u32]| counts.get(at).copied().unwrap_or(0);
        let start = at_least(n_before(&self.first), step).min(len);
        start..at_most(n_before(&self.last), step, len).max(start)
    }

    /// How many more elements than it has ranks the windows of a range have at most.
    pub(super) fn excess(n_runs: usize, step: usize) -> usize {
        (n_runs + 1).saturating_mul(step).saturating_mul(2)
    }
}

/// A sample of a run, the least that has not been passed.
struct Head<T> {
    key: T,
    run: usize,
    at: usize,
}

impl<T: Real> Ord for Head<T> {
    fn cmp(&self, other: &Head<T>) -> Ordering {
        order(&self.key, &other.key).then(self.run.cmp(&other.run)).then(self.at.cmp(&other.at))
    }
}

impl<T: Real> PartialOrd for Head<T> {
    fn partial_cmp(&self, other: &Head<T>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Real> PartialEq for Head<T> {
    fn eq(&self, other: &Head<T>) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T: Real> Eq for Head<T> {}

/// Where the samples have been gone through to.
struct Walk<'a, T> {
    of: &'a Sampled<'a, T>,
    n_before: Vec<u32>,
    /// The sums of [`at_least`] and [`at_most`].
    least: usize,
    most: usize,
    last_run: Option<usize>,
}

impl<T: Real> Walk<'_, T> {
    fn pass(&mut self, run: usize) {
        let (step, len, n) = (self.of.step, self.of.lens[run], self.n_before[run]);
        self.least += at_least(n + 1, step) - at_least(n, step);
        self.most += at_most(n + 1, step, len) - at_most(n, step, len);
        self.n_before[run] += 1;
        self.last_run = Some(run);
    }

    /// The counts before the sample that was passed last.
    fn before_last(&self, counts: &mut Vec<u32>) {
        let start = counts.len();
        counts.extend_from_slice(&self.n_before);
        if let Some(run) = self.last_run {
            counts[start + run] -= 1;
        }
    }
}

/// The windows of consecutive ranges of ranks.
///
/// # Complexity
/// O(samples x log(runs) + ranges x runs); 8 bytes for each range and run.
pub(super) fn windows<T: Real>(of: &Sampled<'_, T>, ranges: &[Range<usize>]) -> Windows {
    let n_runs = of.samples.len();
    let mut windows = Windows { n_runs, ..Windows::default() };
    let (mut starts, mut ends) = (ranges.iter().peekable(), ranges.iter().peekable());
    let mut walk = Walk { of, n_before: vec![0; n_runs], least: 0, most: 0, last_run: None };
    let head =
        |run: usize, at: usize| of.samples[run].get(at).map(|&key| Reverse(Head { key, run, at }));
    let mut heads: BinaryHeap<_> = (0..n_runs).filter_map(|run| head(run, 0)).collect();
    while let Some(Reverse(Head { run, at, .. })) = heads.pop() {
        while starts.next_if(|range| walk.most > range.start).is_some() {
            walk.before_last(&mut windows.first);
        }
        while ends.next_if(|range| walk.least >= range.end).is_some() {
            windows.last.extend_from_slice(&walk.n_before);
        }
        walk.pass(run);
        heads.extend(head(run, at + 1));
    }
    // Behind the last sample come no others: runs are taken to their ends.
    starts.for_each(|_| walk.before_last(&mut windows.first));
    ends.for_each(|_| windows.last.extend_from_slice(&walk.n_before));
    windows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn windows_hold_their_ranks_and_little_else(
            runs in prop::collection::vec(prop::collection::vec(0i32..9, 0..30), 1..6),
            step in 1usize..7,
            size in 1usize..20,
        ) {
            let mut runs = runs;
            runs.iter_mut().for_each(|run| run.sort_unstable());
            let samples: Vec<Vec<i32>> =
                runs.iter().map(|run| run.iter().copied().step_by(step).collect()).collect();
            let samples: Vec<&[i32]> = samples.iter().map(Vec::as_slice).collect();
            let lens: Vec<usize> = runs.iter().map(Vec::len).collect();
            let n: usize = lens.iter().sum();
            let ranges: Vec<Range<usize>> =
                (0..n).step_by(size).map(|start| start..n.min(start + size)).collect();
            let found = windows(&Sampled { samples: &samples, lens: &lens, step }, &ranges);
            let mut all: Vec<(i32, usize, usize)> = Vec::new();
            for (number, run) in runs.iter().enumerate() {
                all.extend(run.iter().enumerate().map(|(at, &x)| (x, number, at)));
            }
            all.sort_unstable();
            for (number, range) in ranges.iter().enumerate() {
                let of_run: Vec<Range<usize>> = (0..runs.len())
                    .map(|run| found.of(number, run, step, lens[run]))
                    .collect();
                for (_, run, at) in &all[range.clone()] {
                    prop_assert!(of_run[*run].contains(at));
                }
                let skipped: usize = of_run.iter().map(|range| range.start).sum();
                prop_assert!(skipped <= range.start);
                let held: usize = of_run.iter().map(Range::len).sum();
                prop_assert!(held <= range.len() + Windows::excess(runs.len(), step));
            }
        }
    }
}

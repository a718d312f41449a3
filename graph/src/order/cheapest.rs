//! [`Cheapest`]: targets by what making them would take, found out by trying.

use super::depth_first::expand;
use super::progress::{Attempt, Progress};
use super::targets::Targets;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Tasks that trying one target may look at: about twice those that it may miss.
const MAX_LOOKED_AT: usize = 16;
/// Edges that trying one target may visit: a bound where tasks have many dependents.
const MAX_EDGES: usize = 128;

/// What a target took when it was tried: the lower, the better.
type Key = [i64; 2];

const UNKNOWN: Key = [i64::MAX; 2];

/// What makes one target better than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cheap {
    /// What it adds to what is held, while it is made and once it is made, is least in all.
    Rise,
    /// Each of the tasks that run adds least to what is held, on average.
    Growth,
}

/// The cheapest of the tasks next to what is held that miss few others; where there is none, the
/// next task of a given order.
pub(super) struct Cheapest<'a> {
    cheap: Cheap,
    preference: &'a [u64],
    fallback: std::slice::Iter<'a, u32>,
    /// Tasks with what they took when they were tried last; stale entries are skipped.
    queue: BinaryHeap<Reverse<(Key, u32)>>,
    /// What each task took then.
    last: Vec<Key>,
    /// Tasks to be tried again, since something that they need has run.
    changed: Vec<u32>,
    is_changed: Vec<bool>,
    stack: Vec<u32>,
}

impl<'a> Cheapest<'a> {
    /// With the preference of the strategy, and an order to continue with.
    pub(super) fn new(cheap: Cheap, preference: &'a [u64], fallback: &'a [u32]) -> Cheapest<'a> {
        Cheapest {
            cheap,
            preference,
            fallback: fallback.iter(),
            queue: BinaryHeap::new(),
            last: vec![UNKNOWN; fallback.len()],
            changed: Vec::new(),
            is_changed: vec![false; fallback.len()],
            stack: Vec::new(),
        }
    }

    fn change(&mut self, task: u32) {
        if !std::mem::replace(&mut self.is_changed[task as usize], true) {
            self.changed.push(task);
        }
    }

    fn key(&self, attempt: Attempt) -> Key {
        let Attempt { rise, growth, tasks } = attempt;
        match self.cheap {
            Cheap::Rise => [rise.saturating_add(growth), rise],
            // Fixed point: 5040 is divisible by all numbers up to ten.
            Cheap::Growth => [growth.saturating_mul(5040) / tasks.max(1) as i64, rise],
        }
    }

    /// What making `task` would take, or `None` if it misses too much.
    fn attempt(&mut self, progress: &mut Progress<'_>, task: u32) -> Option<Key> {
        let (preference, stack) = (self.preference, &mut self.stack);
        stack.clear();
        stack.push(task);
        let mut left = MAX_LOOKED_AT;
        let attempt = progress.attempt(MAX_EDGES, |progress| {
            while let Some(task) = stack.pop() {
                if progress.has_run(task) {
                    continue;
                }
                left = left.checked_sub(1)?;
                if progress.is_ready(task) {
                    return Some(task);
                }
                if progress.missing(task) as usize > MAX_LOOKED_AT {
                    left = 0;
                    return None;
                }
                expand(progress, preference, task, stack);
            }
            None
        })?;
        (left > 0).then(|| self.key(attempt))
    }
}

impl Targets for Cheapest<'_> {
    fn ran(&mut self, progress: &Progress<'_>, task: u32) {
        for &dependent in progress.dag.dependents(task) {
            self.change(dependent);
        }
        for &dep in progress.dag.deps(task) {
            if let Some(last) = progress.last_dependent(dep) {
                self.change(last);
            }
        }
    }

    fn next(&mut self, progress: &mut Progress<'_>) -> Option<u32> {
        while let Some(task) = self.changed.pop() {
            self.is_changed[task as usize] = false;
            if progress.has_run(task) {
                continue;
            }
            self.last[task as usize] = UNKNOWN;
            if let Some(key) = self.attempt(progress, task) {
                self.last[task as usize] = key;
                self.queue.push(Reverse((key, task)));
            }
        }
        while let Some(Reverse((key, task))) = self.queue.pop() {
            if !progress.has_run(task) && self.last[task as usize] == key {
                return Some(task);
            }
        }
        self.fallback.by_ref().copied().find(|&task| !progress.has_run(task))
    }
}

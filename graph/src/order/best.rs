//! [`Best`]: the best order found so far.

use super::strategy::Workbench;
use super::{FoundBy, Order};
use crate::dag::Dag;
use crate::simulate::{Memory, peak};

/// Memory held by a sequence: the lower, the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    /// The most held while a task runs.
    highest: u128,
    /// What is held after a task, summed over all tasks.
    total: u128,
}

/// The best order so far.
pub(super) struct Best<'a> {
    dag: &'a Dag,
    sizes: Option<&'a [u64]>,
    /// No order has a lower peak.
    bound: u64,
    found: Option<(Cost, Vec<u32>, FoundBy)>,
    /// Dependents that have not run; kept for its allocation.
    left: Vec<u32>,
}

impl<'a> Best<'a> {
    pub(super) fn new(workbench: &Workbench<'a>) -> Best<'a> {
        let Workbench { dag, sizes, .. } = *workbench;
        Best { dag, sizes, bound: workbench.lower_bound(), found: None, left: Vec::new() }
    }

    /// The lowest peak so far, `u64::MAX` where there is none.
    pub(super) fn peak(&self) -> u64 {
        let highest = self.found.as_ref().map(|(cost, ..)| cost.highest);
        highest.and_then(|highest| u64::try_from(highest).ok()).unwrap_or(u64::MAX)
    }

    /// No order has a lower peak.
    pub(super) fn is_as_low_as_any(&self) -> bool {
        self.found.is_some() && self.peak() <= self.bound
    }

    /// Keeps a topological order if it is better, and returns its peak.
    pub(super) fn consider(&mut self, sequence: &[u32], found_by: FoundBy) -> u64 {
        let cost = self.cost(sequence);
        if self.found.as_ref().is_none_or(|(best, ..)| cost < *best) {
            self.found = Some((cost, sequence.to_vec(), found_by));
        }
        u64::try_from(cost.highest).unwrap_or(u64::MAX)
    }

    fn cost(&mut self, sequence: &[u32]) -> Cost {
        let Best { dag, sizes, left, .. } = self;
        let size = |task: u32| sizes.map_or(1, |sizes| u128::from(sizes[task as usize]));
        left.clear();
        left.extend(dag.tasks().map(|task| dag.dependents(task).len() as u32));
        let (mut held, mut cost) = (0u128, Cost { highest: 0, total: 0 });
        for &task in sequence {
            held += size(task);
            cost.highest = cost.highest.max(held);
            if left[task as usize] == 0 {
                held -= size(task);
            }
            for &dep in dag.deps(task) {
                let left = &mut left[dep as usize];
                *left -= 1;
                if *left == 0 {
                    held -= size(dep);
                }
            }
            cost.total += held;
        }
        cost
    }

    /// The best of what was considered, if anything was.
    pub(super) fn order(self) -> Option<Order> {
        let (_, sequence, found_by) = self.found?;
        let memory = Memory { sizes: self.sizes, ..Memory::default() };
        let peak = peak(self.dag, &sequence, &memory);
        debug_assert!(peak.is_ok(), "{found_by:?}: {peak:?}");
        Some(Order { sequence, peak: Some(peak.ok()?), found_by })
    }
}

//! [`Ready`]: tasks that may start, in order of priority.

use super::ledger::{Ledger, Phase};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

type Heap = BinaryHeap<Reverse<u32>>;

/// Tasks that may start: those that large inputs draw to a worker, and all others. What is in here
/// may have become outdated, which shows in its phase.
pub(super) struct Ready {
    anywhere: Heap,
    by_lane: Vec<Heap>,
    /// Tasks of this number and above were dropped.
    limit: u32,
}

impl Ready {
    pub(super) fn new(n_lanes: usize) -> Ready {
        let by_lane = (0..n_lanes).map(|_| Heap::new()).collect();
        Ready { anywhere: Heap::new(), by_lane, limit: u32::MAX }
    }

    pub(super) fn push(&mut self, task: u32) {
        self.anywhere.push(Reverse(task));
    }

    /// A task that should rather run on this lane.
    pub(super) fn push_for(&mut self, lane: usize, task: u32) {
        self.by_lane[lane].push(Reverse(task));
    }

    /// Tasks of this number and above do not start any more.
    pub(super) fn drop_from(&mut self, limit: u32) {
        self.limit = limit;
    }

    /// Whether none may start.
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// At most how many may start.
    pub(super) fn len(&self) -> usize {
        self.anywhere.len() + self.by_lane.iter().map(Heap::len).sum::<usize>()
    }

    /// The task to start next on a lane: the first one that does not rather run elsewhere; if there
    /// is none, the first of the lane with the most to do, which must have something besides.
    pub(super) fn pop(&mut self, lane: usize, ledger: &Ledger, busy: &[bool]) -> Option<u32> {
        loop {
            let own = self.by_lane[lane].peek().map(|Reverse(task)| *task);
            let any = self.anywhere.peek().map(|Reverse(task)| *task);
            let heap = match (own, any) {
                (Some(own), Some(any)) if own < any => &mut self.by_lane[lane],
                (_, Some(_)) => &mut self.anywhere,
                (Some(_), None) => &mut self.by_lane[lane],
                (None, None) => {
                    let others = self.by_lane.iter_mut().zip(busy).filter(|(_, busy)| **busy);
                    others.map(|(heap, _)| heap).max_by_key(|heap| heap.len())?
                }
            };
            let Reverse(task) = heap.pop()?;
            if task < self.limit && ledger.phase(task) == Phase::Ready {
                return Some(task);
            }
        }
    }
}

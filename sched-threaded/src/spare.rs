//! [`Spare`]: tasks that became ready together, beyond the one that their finisher goes on with.

use crate::sync::{AtomicUsize, Mutex, Ordering, lock};
use crossbeam_utils::CachePadded;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A priority queue that is empty most of the time: its lock is taken only when one task makes
/// several others ready behind the cursor.
#[derive(Debug)]
pub(crate) struct Spare {
    len: CachePadded<AtomicUsize>,
    tasks: Mutex<BinaryHeap<Reverse<u32>>>,
}

impl Spare {
    pub(crate) fn new() -> Spare {
        Spare { len: CachePadded::new(AtomicUsize::new(0)), tasks: Mutex::new(BinaryHeap::new()) }
    }

    /// Adds tasks; gives how many there are now.
    pub(crate) fn push(&self, tasks: &[u32]) -> usize {
        let mut queue = lock(&self.tasks);
        queue.extend(tasks.iter().copied().map(Reverse));
        self.len.store(queue.len(), Ordering::Release);
        queue.len()
    }

    /// The task with the smallest number.
    #[inline]
    pub(crate) fn pop(&self) -> Option<u32> {
        if self.is_empty() {
            return None;
        }
        let mut queue = lock(&self.tasks);
        let task = queue.pop();
        self.len.store(queue.len(), Ordering::Release);
        task.map(|Reverse(task)| task)
    }

    pub(crate) fn len(&self) -> usize {
        self.len.load(Ordering::Acquire)
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

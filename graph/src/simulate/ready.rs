//! The ready tasks of a simulated run, under each policy.

use super::workers::{Policy, Workers};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// Ready tasks that have not begun; tasks are numbered by their rank in the sequence.
pub(super) enum Ready {
    Priority(BinaryHeap<Reverse<u32>>),
    Fifo(VecDeque<u32>),
    TokenCursor { stacks: Stacks, cursor: u32 },
    LifoStealing { stacks: Stacks, sources: VecDeque<u32> },
}

impl Ready {
    /// `sources`: the tasks without dependencies, ascending.
    pub(super) fn new(workers: Workers, sources: impl Iterator<Item = u32>) -> Ready {
        let stacks = Stacks::new(workers.count.get());
        match workers.policy {
            Policy::Priority => Ready::Priority(sources.map(Reverse).collect()),
            Policy::Fifo => Ready::Fifo(sources.collect()),
            Policy::TokenCursor => Ready::TokenCursor { stacks, cursor: 0 },
            Policy::LifoStealing => Ready::LifoStealing { stacks, sources: sources.collect() },
        }
    }

    /// `worker` has made these tasks ready, ascending.
    pub(super) fn add(&mut self, worker: usize, tasks: &[u32]) {
        match self {
            Ready::Priority(heap) => heap.extend(tasks.iter().copied().map(Reverse)),
            Ready::Fifo(queue) => queue.extend(tasks),
            Ready::TokenCursor { stacks, cursor } => {
                // What the cursor has not passed waits for it.
                let passed = tasks.iter().rev().filter(|&task| task < cursor);
                stacks.push(worker, passed);
            }
            Ready::LifoStealing { stacks, .. } => stacks.push(worker, tasks.iter().rev()),
        }
    }

    /// What an idle worker runs next; `missing` are the unfinished dependencies of every task.
    pub(super) fn take(&mut self, worker: usize, missing: &[u32]) -> Option<u32> {
        match self {
            Ready::Priority(heap) => heap.pop().map(|Reverse(task)| task),
            Ready::Fifo(queue) => queue.pop_front(),
            Ready::TokenCursor { stacks, cursor } => {
                stacks.pop(worker).or_else(|| stacks.steal()).or_else(|| {
                    let passing = missing.get(*cursor as usize..)?;
                    let waiting = passing.iter().take_while(|&&missing| missing > 0).count();
                    let found = *cursor + waiting as u32;
                    *cursor = missing.len().min(found as usize + 1) as u32;
                    ((found as usize) < missing.len()).then_some(found)
                })
            }
            Ready::LifoStealing { stacks, sources } => {
                stacks.pop(worker).or_else(|| sources.pop_front()).or_else(|| stacks.steal())
            }
        }
    }
}

/// One stack for each worker.
pub(super) struct Stacks {
    of_worker: Vec<VecDeque<u32>>,
    waiting: usize,
}

impl Stacks {
    fn new(workers: usize) -> Stacks {
        Stacks { of_worker: vec![VecDeque::new(); workers], waiting: 0 }
    }

    /// Pushes the tasks in this order: the last is the next to be popped.
    fn push<'t>(&mut self, worker: usize, tasks: impl Iterator<Item = &'t u32>) {
        let stack = &mut self.of_worker[worker];
        let before = stack.len();
        stack.extend(tasks);
        self.waiting += stack.len() - before;
    }

    fn pop(&mut self, worker: usize) -> Option<u32> {
        let task = self.of_worker[worker].pop_back()?;
        self.waiting -= 1;
        Some(task)
    }

    /// The oldest task of the first worker that has one.
    fn steal(&mut self) -> Option<u32> {
        if self.waiting == 0 {
            return None;
        }
        let task = self.of_worker.iter_mut().find_map(VecDeque::pop_front)?;
        self.waiting -= 1;
        Some(task)
    }
}

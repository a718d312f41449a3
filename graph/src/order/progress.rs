//! [`Progress`]: what a partly built sequence has run, holds and could run at once.

use crate::dag::Dag;

/// One task, in one cache line with its neighbours: 16 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Node {
    /// Dependencies that have not run; [`RUN`] once the task itself has.
    missing: u32,
    /// Dependents that have not run.
    left: u32,
    /// Exclusive or of those dependents: the last one's own number when `left` is 1.
    rest: u32,
    /// Dependencies of which this task is the last dependent.
    freeing: u32,
}

const RUN: u32 = u32::MAX;

/// What running a few tasks would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    /// The most held in between, beyond what was held before.
    pub(super) rise: i64,
    /// What is held afterwards, beyond what was held before.
    pub(super) growth: i64,
    /// Tasks that run.
    pub(super) tasks: usize,
}

/// A sequence under construction over a graph without repeated dependencies.
pub(super) struct Progress<'a> {
    pub(super) dag: &'a Dag,
    nodes: Vec<Node>,
    sequence: Vec<u32>,
    /// Tasks that may run at once; some may have run already.
    eager: Vec<u32>,
    /// Bytes that running the task now would free, where sizes are known.
    freed: Option<(Vec<u64>, &'a [u64])>,
    /// What is held after the last task; wraps around where sizes are absurd.
    held: u64,
    /// The most held while a task ran, since the beginning or the last [`Progress::attempt`].
    highest: u64,
}

impl<'a> Progress<'a> {
    /// Nothing has run yet.
    pub(super) fn new(dag: &'a Dag, sizes: Option<&'a [u64]>) -> Progress<'a> {
        let mut nodes = vec![Node::default(); dag.len()];
        let mut freed = sizes.map(|sizes| (vec![0u64; dag.len()], sizes));
        for task in dag.tasks() {
            let dependents = dag.dependents(task);
            let node = &mut nodes[task as usize];
            node.missing = dag.deps(task).len() as u32;
            node.left = dependents.len() as u32;
            node.rest = dependents.iter().fold(0, |rest, &d| rest ^ d);
            if let &[only] = dependents {
                nodes[only as usize].freeing += 1;
                if let Some((freed, sizes)) = &mut freed {
                    let freed = &mut freed[only as usize];
                    *freed = freed.saturating_add(sizes[task as usize]);
                }
            }
        }
        let sequence = Vec::with_capacity(dag.len());
        Progress { dag, nodes, sequence, eager: Vec::new(), freed, held: 0, highest: 0 }
    }

    #[inline]
    pub(super) fn has_run(&self, task: u32) -> bool {
        self.nodes[task as usize].missing == RUN
    }

    /// Dependencies that have not run; meaningless once the task has.
    #[inline]
    pub(super) fn missing(&self, task: u32) -> u32 {
        self.nodes[task as usize].missing
    }

    /// Whether the task has not run and could.
    #[inline]
    pub(super) fn is_ready(&self, task: u32) -> bool {
        self.nodes[task as usize].missing == 0
    }

    #[inline]
    pub(super) fn is_complete(&self) -> bool {
        self.sequence.len() == self.dag.len()
    }

    pub(super) fn into_sequence(self) -> Vec<u32> {
        self.sequence
    }

    /// Runs a ready task, then whatever frees as much as it takes, and tells `ran` each of them.
    #[inline]
    pub(super) fn run(&mut self, task: u32, mut ran: impl FnMut(&Progress<'a>, u32)) {
        self.run_one(task);
        ran(self, task);
        while let Some(next) = self.eager.pop() {
            if !self.has_run(next) {
                self.run_one(next);
                ran(self, next);
            }
        }
    }

    #[inline]
    fn run_one(&mut self, task: u32) {
        let dag = self.dag;
        self.nodes[task as usize].missing = RUN;
        self.sequence.push(task);
        self.held = self.held.wrapping_add(self.size(task));
        self.highest = self.highest.max(self.held);
        if self.nodes[task as usize].left == 0 {
            self.held = self.held.wrapping_sub(self.size(task));
        }
        for &dep in dag.deps(task) {
            let node = &mut self.nodes[dep as usize];
            node.left -= 1;
            node.rest ^= task;
            if node.left == 0 {
                self.held = self.held.wrapping_sub(self.size(dep));
                continue;
            }
            if node.left == 1 {
                let last = node.rest;
                self.nodes[last as usize].freeing += 1;
                if let Some((freed, sizes)) = &mut self.freed {
                    let freed = &mut freed[last as usize];
                    *freed = freed.saturating_add(sizes[dep as usize]);
                }
                if self.is_ready(last) && self.wants_to_run(last) {
                    self.eager.push(last);
                }
            }
        }
        for &dependent in dag.dependents(task).iter().rev() {
            let node = &mut self.nodes[dependent as usize];
            node.missing -= 1;
            if node.missing == 0 && self.wants_to_run(dependent) {
                self.eager.push(dependent);
            }
        }
    }

    /// Runs what `next` names, one after the other and each with what frees as much as
    /// it takes, then takes everything back; `None` once that visits more than `edges` edges.
    pub(super) fn attempt(
        &mut self,
        mut edges: usize,
        mut next: impl FnMut(&Progress<'a>) -> Option<u32>,
    ) -> Option<Attempt> {
        let (start, held) = (self.sequence.len(), self.held);
        let highest = std::mem::replace(&mut self.highest, held);
        let mut within = true;
        while within {
            let Some(task) = self.eager.pop().or_else(|| next(self)) else { break };
            if !self.has_run(task) {
                let visits = 1 + self.dag.deps(task).len() + self.dag.dependents(task).len();
                within = visits <= edges;
                if within {
                    edges -= visits;
                    self.run_one(task);
                }
            }
        }
        let attempt = Attempt {
            rise: self.highest.wrapping_sub(held) as i64,
            growth: self.held.wrapping_sub(held) as i64,
            tasks: self.sequence.len() - start,
        };
        self.eager.clear();
        while self.sequence.len() > start {
            self.take_back();
        }
        self.highest = highest;
        within.then_some(attempt)
    }

    /// Undoes the last task.
    fn take_back(&mut self) {
        let Some(task) = self.sequence.pop() else { return };
        let dag = self.dag;
        for &dependent in dag.dependents(task) {
            self.nodes[dependent as usize].missing += 1;
        }
        for &dep in dag.deps(task) {
            let node = &mut self.nodes[dep as usize];
            if node.left == 1 {
                let last = node.rest;
                self.nodes[last as usize].freeing -= 1;
                if let Some((freed, sizes)) = &mut self.freed {
                    let freed = &mut freed[last as usize];
                    *freed = freed.saturating_sub(sizes[dep as usize]);
                }
            } else if node.left == 0 {
                self.held = self.held.wrapping_add(self.size(dep));
            }
            let node = &mut self.nodes[dep as usize];
            node.left += 1;
            node.rest ^= task;
        }
        if self.nodes[task as usize].left > 0 {
            self.held = self.held.wrapping_sub(self.size(task));
        }
        self.nodes[task as usize].missing = 0;
    }

    #[inline]
    fn size(&self, task: u32) -> u64 {
        self.freed.as_ref().map_or(1, |(_, sizes)| sizes[task as usize])
    }

    /// The one dependent that has not run, if there is just one.
    #[inline]
    pub(super) fn last_dependent(&self, task: u32) -> Option<u32> {
        let node = &self.nodes[task as usize];
        (node.left == 1).then_some(node.rest)
    }

    #[inline]
    fn wants_to_run(&self, task: u32) -> bool {
        self.nodes[task as usize].freeing > 0
            && self
                .freed
                .as_ref()
                .is_none_or(|(freed, sizes)| freed[task as usize] >= sizes[task as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes;

    #[test]
    fn an_attempt_tells_what_running_does_and_leaves_no_trace() {
        let dag = shapes::random(300, 20, 5);
        let sizes: Vec<u64> = dag.tasks().map(|task| u64::from(task * 37 % 11)).collect();
        for sizes in [None, Some(&sizes[..])] {
            let mut progress = Progress::new(&dag, sizes);
            while !progress.is_complete() {
                let before = (progress.nodes.clone(), progress.freed.clone());
                let (held, ran) = (progress.held, progress.sequence.len());
                let ready: Vec<u32> = dag.tasks().filter(|&task| progress.is_ready(task)).collect();
                let mut some = ready.iter().copied().take(3);
                let attempt = progress.attempt(usize::MAX, |_| some.next()).unwrap();
                assert_eq!(progress.attempt(0, |_| Some(ready[0])), None);
                assert_eq!((&progress.nodes, &progress.freed), (&before.0, &before.1));
                assert_eq!((progress.held, progress.sequence.len()), (held, ran));
                progress.highest = held;
                for &task in ready.iter().take(3) {
                    if !progress.has_run(task) {
                        progress.run(task, |_, _| ());
                    }
                }
                let done = Attempt {
                    rise: progress.highest as i64 - held as i64,
                    growth: progress.held as i64 - held as i64,
                    tasks: progress.sequence.len() - ran,
                };
                assert_eq!(attempt, done);
            }
            assert_eq!(progress.held, 0);
        }
    }
}

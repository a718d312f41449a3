//! Local improvement of a finished sequence: results made later, results used up earlier.
//!
//! A value occupies memory from its producer to its last dependent. Read backwards, the same
//! sequence opens each value at its last dependent and closes it at its producer; so "run at
//! once whatever frees as much as it takes" can be applied in both directions in turn.

use super::progress::Progress;
use crate::dag::Dag;

/// The sequence with every task moved forward to where it first frees as much as it takes.
pub(super) fn earlier(dag: &Dag, sizes: Option<&[u64]>, sequence: &[u32]) -> Vec<u32> {
    let mut progress = Progress::new(dag, sizes);
    for &task in sequence {
        if !progress.has_run(task) {
            progress.run(task, |_, _| ());
        }
    }
    progress.into_sequence()
}

/// The sequence with every task moved back to where its result is needed, as far as this does not
/// keep more of its inputs than its result would take.
pub(super) fn later(dag: &Dag, sizes: Option<&[u64]>, sequence: &[u32]) -> Vec<u32> {
    let mut backwards = Backwards::new(dag, sizes);
    for &task in sequence.iter().rev() {
        if !backwards.is_placed(task) {
            backwards.place(task);
        }
    }
    backwards.sequence.reverse();
    backwards.sequence
}

/// One task, 16 bytes.
#[derive(Clone, Copy)]
struct Node {
    /// Memory that placing the task would open.
    opening: u64,
    /// Dependents not placed; [`PLACED`] once the task itself is.
    waiting: u32,
    /// Whether a dependent is placed: the result is held from there back to its producer.
    open: bool,
}

const PLACED: u32 = u32::MAX;

/// A sequence under construction from its end.
struct Backwards<'a> {
    dag: &'a Dag,
    sizes: Option<&'a [u64]>,
    nodes: Vec<Node>,
    eager: Vec<u32>,
    sequence: Vec<u32>,
}

impl<'a> Backwards<'a> {
    fn new(dag: &'a Dag, sizes: Option<&'a [u64]>) -> Backwards<'a> {
        let inputs = |task: u32| match sizes {
            None => dag.deps(task).len() as u64,
            Some(sizes) => {
                let sizes = dag.deps(task).iter().map(|&dep| sizes[dep as usize]);
                sizes.fold(0, u64::saturating_add)
            }
        };
        let node = |task| {
            let waiting = dag.dependents(task).len() as u32;
            Node { opening: inputs(task), waiting, open: false }
        };
        Backwards {
            dag,
            sizes,
            nodes: dag.tasks().map(node).collect(),
            eager: Vec::new(),
            sequence: Vec::with_capacity(dag.len()),
        }
    }

    #[inline]
    fn is_placed(&self, task: u32) -> bool {
        self.nodes[task as usize].waiting == PLACED
    }

    #[inline]
    fn size(&self, task: u32) -> u64 {
        self.sizes.map_or(1, |sizes| sizes[task as usize])
    }

    /// Places a task whose dependents are all placed, then whatever opens no more than it closes.
    fn place(&mut self, task: u32) {
        self.place_one(task);
        while let Some(next) = self.eager.pop() {
            if !self.is_placed(next) {
                self.place_one(next);
            }
        }
    }

    fn place_one(&mut self, task: u32) {
        let dag = self.dag;
        self.nodes[task as usize].waiting = PLACED;
        self.sequence.push(task);
        for &dep in dag.deps(task) {
            let node = &mut self.nodes[dep as usize];
            node.waiting -= 1;
            let opened = !std::mem::replace(&mut node.open, true);
            if node.waiting == 0 {
                self.place_soon_if_free(dep);
            } else if opened {
                let size = self.size(dep);
                for &sharer in dag.dependents(dep) {
                    let node = &mut self.nodes[sharer as usize];
                    node.opening = node.opening.saturating_sub(size);
                    if node.waiting == 0 {
                        self.place_soon_if_free(sharer);
                    }
                }
            }
        }
    }

    #[inline]
    fn place_soon_if_free(&mut self, task: u32) {
        let node = self.nodes[task as usize];
        let closes = if node.open { self.size(task) } else { 0 };
        if node.opening <= closes {
            self.eager.push(task);
        }
    }
}

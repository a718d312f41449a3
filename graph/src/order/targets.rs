//! What to work towards next.

use super::progress::Progress;
use crate::dag::Dag;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Chooses the targets of a depth-first sequence.
pub(super) trait Targets {
    /// `task` has just run.
    fn ran(&mut self, progress: &Progress<'_>, task: u32);

    /// A task that has not run, or `None` when all have.
    fn next(&mut self, progress: &mut Progress<'_>) -> Option<u32>;
}

/// The tasks that nobody needs, in a fixed order.
pub(super) struct Sinks(std::vec::IntoIter<u32>);

impl Sinks {
    /// By number.
    pub(super) fn natural(dag: &Dag) -> Sinks {
        Sinks(sinks(dag).into_iter())
    }

    /// Those above the most tasks first, given [`super::preference::fewest_below`].
    pub(super) fn largest(dag: &Dag, fewest_below: &[u64]) -> Sinks {
        let mut sinks = sinks(dag);
        sinks.sort_by_key(|&sink| fewest_below[sink as usize]);
        Sinks(sinks.into_iter())
    }
}

fn sinks(dag: &Dag) -> Vec<u32> {
    dag.tasks().filter(|&task| dag.dependents(task).is_empty()).collect()
}

impl Targets for Sinks {
    fn ran(&mut self, _: &Progress<'_>, _: u32) {}

    fn next(&mut self, progress: &mut Progress<'_>) -> Option<u32> {
        self.0.by_ref().find(|&sink| !progress.has_run(sink))
    }
}

/// Tasks next to what is held: the fewest missing inputs first, then the fewest tasks below; sinks
/// by number where there is none.
pub(super) struct Nearby<'a> {
    sinks: Sinks,
    fewest_below: &'a [u64],
    /// Touched tasks with the inputs they missed then; stale entries are skipped.
    touched: BinaryHeap<(Reverse<u32>, u64, Reverse<u32>)>,
}

impl<'a> Nearby<'a> {
    /// Given [`super::preference::fewest_below`].
    pub(super) fn new(dag: &Dag, fewest_below: &'a [u64]) -> Nearby<'a> {
        Nearby { sinks: Sinks::natural(dag), fewest_below, touched: BinaryHeap::new() }
    }
}

impl Targets for Nearby<'_> {
    fn ran(&mut self, progress: &Progress<'_>, task: u32) {
        for &dependent in progress.dag.dependents(task) {
            let missing = Reverse(progress.missing(dependent));
            self.touched.push((missing, self.fewest_below[dependent as usize], Reverse(dependent)));
        }
    }

    fn next(&mut self, progress: &mut Progress<'_>) -> Option<u32> {
        while let Some((Reverse(missing), _, Reverse(task))) = self.touched.pop() {
            if !progress.has_run(task) && progress.missing(task) == missing {
                return Some(task);
            }
        }
        self.sinks.next(progress)
    }
}

/// Sinks, the one that still needs the fewest sources first, then by number.
///
/// A source is a task without dependencies.
pub(super) struct FewestSources<'a> {
    dag: &'a Dag,
    /// Sources that have not run, of each sink.
    missing: Vec<u32>,
    /// Sinks with the sources they missed then; stale entries are skipped.
    queue: BinaryHeap<Reverse<(u32, u32)>>,
    walk: Walk,
}

impl<'a> FewestSources<'a> {
    /// Counts the sources of each sink; `None` if that takes more than `budget` visits, since it
    /// is quadratic where many sources reach many tasks.
    pub(super) fn new(dag: &'a Dag, budget: usize) -> Option<FewestSources<'a>> {
        let mut walk = Walk { seen: vec![u32::MAX; dag.len()], stack: Vec::new() };
        let mut missing = vec![0; dag.len()];
        let mut left = budget;
        for source in dag.tasks().filter(|&task| dag.deps(task).is_empty()) {
            let visits = walk.sinks_above(dag, source, left, |sink| missing[sink as usize] += 1);
            left = left.checked_sub(visits)?;
        }
        walk.seen.fill(u32::MAX);
        let queue = sinks(dag).into_iter().map(|sink| Reverse((missing[sink as usize], sink)));
        let queue = queue.collect();
        Some(FewestSources { dag, missing, queue, walk })
    }
}

impl Targets for FewestSources<'_> {
    fn ran(&mut self, _: &Progress<'_>, task: u32) {
        if self.dag.deps(task).is_empty() {
            let FewestSources { dag, missing, queue, walk } = self;
            walk.sinks_above(dag, task, usize::MAX, |sink| {
                missing[sink as usize] -= 1;
                queue.push(Reverse((missing[sink as usize], sink)));
            });
        }
    }

    fn next(&mut self, progress: &mut Progress<'_>) -> Option<u32> {
        while let Some(Reverse((missing, sink))) = self.queue.pop() {
            if !progress.has_run(sink) && self.missing[sink as usize] == missing {
                return Some(sink);
            }
        }
        None
    }
}

/// Walks upwards from one task at a time.
struct Walk {
    /// The task from which a task was last reached.
    seen: Vec<u32>,
    stack: Vec<u32>,
}

impl Walk {
    /// Calls `found` for each sink above `from` and returns the number of visits; gives up once
    /// there are more than `budget`.
    fn sinks_above(
        &mut self,
        dag: &Dag,
        from: u32,
        budget: usize,
        mut found: impl FnMut(u32),
    ) -> usize {
        let mut visits = 0;
        self.stack.clear();
        self.stack.push(from);
        self.seen[from as usize] = from;
        while let Some(task) = self.stack.pop() {
            let dependents = dag.dependents(task);
            visits += 1 + dependents.len();
            if visits > budget {
                break;
            }
            if dependents.is_empty() {
                found(task);
            }
            for &dependent in dependents {
                if self.seen[dependent as usize] != from {
                    self.seen[dependent as usize] = from;
                    self.stack.push(dependent);
                }
            }
        }
        visits
    }
}

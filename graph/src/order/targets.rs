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

/// Sources that tell how many visits all of them take.
const SAMPLES: usize = 16;

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
        let sources: Vec<u32> = dag.tasks().filter(|&task| dag.deps(task).is_empty()).collect();
        let mut walk = Walk { seen: vec![u32::MAX; dag.len()], stack: Vec::new() };
        // A few of them tell whether the rest is worth beginning.
        let mut sampled = 0usize;
        let step = (sources.len() / SAMPLES).max(1);
        for (i, &source) in sources.iter().step_by(step).enumerate() {
            sampled += walk.sinks_above(dag, source, budget, |_| ());
            if i >= SAMPLES / 4 && sampled / (i + 1) > budget / sources.len() {
                return None;
            }
        }
        walk.seen.fill(u32::MAX);
        let mut missing = vec![0; dag.len()];
        let mut left = budget;
        for source in sources {
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

//! Depth first towards one target after the other.

use super::progress::Progress;
use super::targets::Targets;
use crate::dag::Dag;

/// How a depth-first sequence is built.
#[derive(Clone, Copy)]
pub(super) struct DepthFirst<'a> {
    /// A graph without cycles and without repeated dependencies.
    pub(super) dag: &'a Dag,
    pub(super) sizes: Option<&'a [u64]>,
    /// Of several missing dependencies, the one with the greatest number here is made first;
    /// of equal ones, the first argument.
    pub(super) preference: &'a [u64],
}

impl DepthFirst<'_> {
    /// A sequence that makes what each target misses, depth first, and runs in between whatever
    /// frees as much as it takes.
    ///
    /// Every task is expanded at most once, so the time is O(tasks + edges log degree) plus that
    /// of the targets.
    pub(super) fn sequence(self, mut targets: impl Targets) -> Vec<u32> {
        let DepthFirst { dag, sizes, preference } = self;
        let mut progress = Progress::new(dag, sizes);
        let mut stack: Vec<u32> = Vec::new();
        while !progress.is_complete() {
            let Some(target) = targets.next(&mut progress) else { break };
            stack.push(target);
            while let Some(task) = stack.pop() {
                if progress.has_run(task) {
                    continue;
                }
                if progress.is_ready(task) {
                    progress.run(task, |progress, task| targets.ran(progress, task));
                    continue;
                }
                expand(&progress, preference, task, &mut stack);
            }
        }
        progress.into_sequence()
    }
}

/// Pushes a task that is not ready and what it misses, what is made first on top.
pub(super) fn expand(progress: &Progress<'_>, preference: &[u64], task: u32, stack: &mut Vec<u32>) {
    stack.push(task);
    // The top of the stack is made first: arguments in reverse, then a stable sort.
    let first = stack.len();
    let missing = progress.dag.deps(task).iter().rev().copied();
    stack.extend(missing.filter(|&dep| !progress.has_run(dep)));
    stack[first..].sort_by_key(|&dep| preference[dep as usize]);
}

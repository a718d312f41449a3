//! Graphs without repeated dependencies, which is what the strategies work on.

use crate::dag::Dag;
use std::borrow::Cow;

/// The graph with each dependency of a task named once: what `add(x, x)` holds is one value.
///
/// O(tasks + edges); copies only if something is repeated.
pub(super) fn without_repeats(dag: &Dag) -> Cow<'_, Dag> {
    let repeats = |task| dag.dependents(task).windows(2).any(|pair| pair[0] == pair[1]);
    if !dag.tasks().any(repeats) {
        return Cow::Borrowed(dag);
    }
    let mut mentioned_by = vec![u32::MAX; dag.len()];
    let mut offsets = Vec::with_capacity(dag.len() + 1);
    let mut deps = Vec::with_capacity(dag.n_edges());
    offsets.push(0);
    for task in dag.tasks() {
        for &dep in dag.deps(task) {
            if std::mem::replace(&mut mentioned_by[dep as usize], task) != task {
                deps.push(dep);
            }
        }
        offsets.push(deps.len() as u32);
    }
    Cow::Owned(Dag::from_deps(offsets, deps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_mention_stays() {
        let dag = Dag::from_lists([vec![], vec![], vec![1, 0, 1, 0], vec![2]]);
        assert_eq!(without_repeats(&dag).deps(2), [1, 0]);
        let dag = Dag::from_lists([vec![], vec![0]]);
        assert!(matches!(without_repeats(&dag), Cow::Borrowed(_)));
    }
}

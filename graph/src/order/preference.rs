//! Which of several missing dependencies to make first: the one with the greatest number here.

use crate::dag::Dag;
use std::cmp::Reverse;

/// A topological order, or `None` if the graph has a cycle.
///
/// The numbering itself where that is one already; else the task made ready last comes first.
pub(super) fn topological(dag: &Dag) -> Option<Vec<u32>> {
    if dag.is_topological() {
        return Some(dag.tasks().collect());
    }
    let sequence = super::kahn::last_in_first_out(dag);
    (sequence.len() == dag.len()).then_some(sequence)
}

/// What making a task takes beyond the size of its result, as if the graph below it were a tree.
///
/// The least memory to make a task from inputs that nobody shares is the label of Sethi and Ullman
/// ("The generation of optimal code for arithmetic expressions", 1970) for results of size 1, and
/// that of Liu ("On the storage requirement in the out-of-core multifrontal method", 1986) for
/// sizes: inputs by descending need less size, each held until the join.
///
/// # Complexity
/// O(tasks + edges log degree) time, 8 bytes a task.
pub(super) fn excess(dag: &Dag, topological: &[u32], sizes: Option<&[u64]>) -> Vec<u64> {
    let size = |task: u32| sizes.map_or(1, |sizes| sizes[task as usize]);
    let mut excess = vec![0u64; dag.len()];
    let mut inputs: Vec<(u64, u64)> = Vec::new();
    for &task in topological {
        excess[task as usize] = match dag.deps(task) {
            [] => 0,
            // The join holds input and result: all but the result is excess.
            &[dep] => excess_of_join(&mut [(excess[dep as usize], size(dep))], size(task)),
            deps => {
                inputs.clear();
                inputs.extend(deps.iter().map(|&dep| (excess[dep as usize], size(dep))));
                inputs.sort_unstable_by_key(|&(excess, _)| Reverse(excess));
                excess_of_join(&mut inputs, size(task))
            }
        };
    }
    excess
}

/// The excess of a result of this size, made from inputs of descending (excess, size).
fn excess_of_join(inputs: &mut [(u64, u64)], result: u64) -> u64 {
    let (mut held, mut most) = (0u64, 0u64);
    for &mut (excess, size) in inputs {
        held = held.saturating_add(size);
        most = most.max(held.saturating_add(excess));
    }
    most.max(held.saturating_add(result)).saturating_sub(result)
}

/// A number that is the greater, the fewer tasks are below, one that several paths reach counted
/// once for each path.
pub(super) fn fewest_below(dag: &Dag, topological: &[u32]) -> Vec<u64> {
    let mut preference = vec![u64::MAX; dag.len()];
    for &task in topological {
        let below = |&dep: &u32| u64::MAX - preference[dep as usize];
        let sum = dag.deps(task).iter().map(below).fold(1, u64::saturating_add);
        preference[task as usize] = u64::MAX - sum;
    }
    preference
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excess_of(lists: &[&[u32]], sizes: Option<&[u64]>) -> Vec<u64> {
        let dag = Dag::from_lists(lists);
        excess(&dag, &topological(&dag).unwrap(), sizes)
    }

    #[test]
    fn a_join_needs_its_inputs_beside_its_result() {
        assert_eq!(excess_of(&[&[], &[], &[0, 1]], None), [0, 0, 2]);
        assert_eq!(excess_of(&[&[], &[0], &[1]], None), [0, 1, 1]);
        assert_eq!(excess_of(&[&[], &[], &[0, 1]], Some(&[10, 1, 100])), [0, 0, 11]);
    }

    #[test]
    fn the_input_that_shrinks_most_comes_first() {
        // 0 (size 100) → 1 (size 1); 2 (size 50): 1 first needs 101 in all, 2 first 151.
        let excess = excess_of(&[&[], &[0], &[], &[1, 2]], Some(&[100, 1, 50, 1]));
        assert_eq!(excess, [0, 100, 0, 100]);
    }

    #[test]
    fn a_tree_of_fan_in_two_needs_its_depth() {
        let dag =
            Dag::from_lists([vec![], vec![], vec![0, 1], vec![], vec![], vec![3, 4], vec![2, 5]]);
        // Four leaves: one half (1 held) while the other takes 3.
        assert_eq!(excess(&dag, &topological(&dag).unwrap(), None)[6], 3);
    }

    #[test]
    fn counting_paths_saturates() {
        // Each task needs the one before twice as often as a path: 2^200 paths in all.
        let lists = (0..400u32).map(|i| match i {
            0 => vec![],
            i if i % 2 == 1 => vec![i - 1],
            1.. => vec![i - 1, i - 2],
        });
        let dag = Dag::from_lists(lists);
        assert_eq!(fewest_below(&dag, &topological(&dag).unwrap())[399], 0);
    }
}

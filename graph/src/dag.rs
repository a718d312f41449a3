//! [`Dag`]: dependencies of densely numbered tasks, in both directions, as arrays.

/// A directed acyclic graph over tasks `0..len`, immutable, in compressed sparse rows both ways.
///
/// The dependencies of a task keep the order in which its function wants them, and may name
/// the same task twice (`add(x, x)`); the dependents of a task are ascending, one entry for each
/// mention.
///
/// Memory: 8 bytes a task and 8 bytes an edge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dag {
    dep_offsets: Vec<u32>,
    deps: Vec<u32>,
    dependent_offsets: Vec<u32>,
    dependents: Vec<u32>,
}

impl Dag {
    /// Builds both directions from the dependencies alone: those of task `i` are
    /// `deps[offsets[i]..offsets[i + 1]]`.
    ///
    /// `offsets` has one entry more than there are tasks, starts with 0, ascends and ends with
    /// `deps.len()`. Nothing is checked here about cycles: see [`Dag::find_cycle`].
    ///
    /// # Panics
    /// If `offsets` is empty or a dependency is not below the number of tasks.
    ///
    /// # Complexity
    /// O(tasks + edges) time and memory.
    pub fn from_deps(offsets: Vec<u32>, deps: Vec<u32>) -> Dag {
        assert!(!offsets.is_empty(), "offsets hold one entry more than there are tasks");
        let n = offsets.len() - 1;
        let mut dependent_offsets = vec![0u32; n + 1];
        for &dep in &deps {
            dependent_offsets[dep as usize + 1] += 1;
        }
        for i in 0..n {
            dependent_offsets[i + 1] += dependent_offsets[i];
        }
        let mut next = dependent_offsets.clone();
        let mut dependents = vec![0u32; deps.len()];
        for i in 0..n {
            for &dep in &deps[offsets[i] as usize..offsets[i + 1] as usize] {
                let at = &mut next[dep as usize];
                dependents[*at as usize] = i as u32;
                *at += 1;
            }
        }
        Dag { dep_offsets: offsets, deps, dependent_offsets, dependents }
    }

    /// Builds a graph from one list of dependencies a task; for tests and small graphs.
    pub fn from_lists<L: AsRef<[u32]>>(lists: impl IntoIterator<Item = L>) -> Dag {
        let (mut offsets, mut deps) = (vec![0u32], Vec::new());
        for list in lists {
            deps.extend_from_slice(list.as_ref());
            offsets.push(deps.len() as u32);
        }
        Dag::from_deps(offsets, deps)
    }

    /// Number of tasks.
    #[inline]
    pub fn len(&self) -> usize {
        self.dep_offsets.len().saturating_sub(1)
    }

    /// Whether there is no task at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of dependencies of all tasks together.
    pub fn n_edges(&self) -> usize {
        self.deps.len()
    }

    /// What `task` needs, in the order in which its function takes them.
    #[inline]
    pub fn deps(&self, task: u32) -> &[u32] {
        let i = task as usize;
        &self.deps[self.dep_offsets[i] as usize..self.dep_offsets[i + 1] as usize]
    }

    /// The tasks that need `task`, ascending, one entry for each mention.
    #[inline]
    pub fn dependents(&self, task: u32) -> &[u32] {
        let i = task as usize;
        &self.dependents[self.dependent_offsets[i] as usize..self.dependent_offsets[i + 1] as usize]
    }

    /// All task numbers.
    pub fn tasks(&self) -> std::ops::Range<u32> {
        0..self.len() as u32
    }

    /// The same graph with task `sequence[rank]` renumbered to `rank`.
    ///
    /// # Panics
    /// If `sequence` is not a permutation of all tasks.
    pub fn renumbered(&self, sequence: &[u32]) -> Dag {
        let rank = ranks(sequence);
        assert_eq!(rank.len(), self.len(), "the sequence must name every task once");
        let mut offsets = Vec::with_capacity(self.len() + 1);
        let mut deps = Vec::with_capacity(self.deps.len());
        offsets.push(0);
        for &task in sequence {
            deps.extend(self.deps(task).iter().map(|&dep| rank[dep as usize]));
            offsets.push(deps.len() as u32);
        }
        Dag::from_deps(offsets, deps)
    }

    /// Whether the numbering itself is a topological order: every dependency has a smaller number.
    pub fn is_topological(&self) -> bool {
        self.tasks().all(|task| self.deps(task).iter().all(|&dep| dep < task))
    }

    /// The tasks along one cycle, each needing the next and the last needing the first, or `None`.
    ///
    /// # Complexity
    /// O(tasks + edges), without recursion.
    pub fn find_cycle(&self) -> Option<Vec<u32>> {
        let mut pending: Vec<u32> = self.tasks().map(|t| self.deps(t).len() as u32).collect();
        let mut ready: Vec<u32> = self.tasks().filter(|&t| pending[t as usize] == 0).collect();
        let mut finished = 0;
        while let Some(task) = ready.pop() {
            finished += 1;
            for &dependent in self.dependents(task) {
                let left = &mut pending[dependent as usize];
                *left -= 1;
                if *left == 0 {
                    ready.push(dependent);
                }
            }
        }
        if finished == self.len() {
            return None;
        }
        // Every unfinished task has an unfinished dependency: following those must come back.
        let mut seen_at = vec![u32::MAX; self.len()];
        let mut path = Vec::new();
        let mut task = self.tasks().find(|&t| pending[t as usize] > 0)?;
        while seen_at[task as usize] == u32::MAX {
            seen_at[task as usize] = path.len() as u32;
            path.push(task);
            task = *self.deps(task).iter().find(|&&d| pending[d as usize] > 0)?;
        }
        Some(path.split_off(seen_at[task as usize] as usize))
    }
}

/// The inverse of a sequence: `ranks[sequence[i]] == i`.
///
/// # Panics
/// If `sequence` is not a permutation of `0..sequence.len()`.
pub fn ranks(sequence: &[u32]) -> Vec<u32> {
    let mut rank = vec![u32::MAX; sequence.len()];
    for (i, &task) in sequence.iter().enumerate() {
        assert_eq!(rank[task as usize], u32::MAX, "task {task} appears twice in the sequence");
        rank[task as usize] = i as u32;
    }
    rank
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependents_mirror_dependencies() {
        let dag = Dag::from_lists([vec![], vec![0], vec![0, 0], vec![2, 1]]);
        assert_eq!(dag.deps(3), [2, 1]);
        assert_eq!(dag.dependents(0), [1, 2, 2]);
        assert_eq!((dag.len(), dag.n_edges()), (4, 5));
    }

    #[test]
    fn renumbering_keeps_the_order_of_arguments() {
        let dag = Dag::from_lists([vec![1, 2], vec![], vec![]]);
        let renumbered = dag.renumbered(&[2, 1, 0]);
        assert_eq!(renumbered.deps(2), [1, 0]);
        assert!(renumbered.is_topological() && !dag.is_topological());
    }

    #[test]
    fn a_cycle_is_named_and_only_the_cycle() {
        let dag = Dag::from_lists([vec![2], vec![0], vec![1], vec![0], vec![]]);
        let cycle = dag.find_cycle().unwrap();
        assert_eq!(cycle.len(), 3);
        for (i, &task) in cycle.iter().enumerate() {
            assert!(dag.deps(task).contains(&cycle[(i + 1) % cycle.len()]));
        }
        assert_eq!(Dag::from_lists([vec![0u32]]).find_cycle(), Some(vec![0]));
        assert_eq!(Dag::from_lists([vec![], vec![0u32]]).find_cycle(), None);
        assert_eq!(Dag::from_lists(Vec::<Vec<u32>>::new()).find_cycle(), None);
    }
}

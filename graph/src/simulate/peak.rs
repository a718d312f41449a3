//! Memory held by a sequential run.

use crate::dag::Dag;
use std::fmt;

/// What is held and how much it counts; by default every result counts 1 and there is no output.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory<'a> {
    /// Tasks whose results are held to the end of the run, in any order.
    pub outputs: &'a [u32],
    /// Size of the result of each task, in bytes (or any other unit); 1 each where `None`.
    pub sizes: Option<&'a [u64]>,
    /// What each task needs beside its inputs and its result while it runs, in the unit of
    /// `sizes`; 0 each where `None`.
    pub scratch: Option<&'a [u64]>,
}

impl Memory<'_> {
    #[inline]
    pub(super) fn size(&self, task: u32) -> u64 {
        self.sizes.map_or(1, |sizes| sizes[task as usize])
    }

    #[inline]
    pub(super) fn scratch(&self, task: u32) -> u64 {
        self.scratch.map_or(0, |scratch| scratch[task as usize])
    }

    /// How often each result is still wanted: once for each mention, once more as an output.
    pub(super) fn wanted(&self, dag: &Dag) -> Vec<u32> {
        let mut wanted: Vec<u32> = dag.tasks().map(|t| dag.dependents(t).len() as u32).collect();
        for &output in self.outputs {
            wanted[output as usize] += 1;
        }
        wanted
    }
}

/// The most memory that a run holds at any time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Peak {
    /// Results held while [`Peak::task`] runs, counted with [`Memory::sizes`], its own result
    /// and scratch included; at most `u64::MAX`.
    pub live: u64,
    /// The first task that runs at this level; `None` for a graph without tasks.
    pub task: Option<u32>,
    /// What is held after a task, averaged over all tasks.
    pub mean: f64,
}

impl Peak {
    /// Whether this peak is preferable: lower, or as low with a lower mean.
    pub fn is_below(&self, other: &Peak) -> bool {
        self.live < other.live || (self.live == other.live && self.mean < other.mean)
    }
}

/// A sequence that cannot be run.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnOrder {
    /// The sequence does not name every task exactly once.
    NotAPermutation {
        /// Number of tasks of the graph.
        tasks: usize,
        /// Length of the sequence.
        length: usize,
        /// The first entry that is no task or names one again, if any.
        task: Option<u32>,
    },
    /// A task comes before one that it needs.
    Early {
        /// The task that comes too early.
        task: u32,
        /// A dependency that comes later.
        dependency: u32,
    },
    /// The durations do not name every task once.
    Durations {
        /// Number of tasks of the graph.
        tasks: usize,
        /// Number of durations.
        length: usize,
    },
}

impl fmt::Display for NotAnOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotAnOrder::NotAPermutation { tasks, length, task: None } => {
                write!(f, "a sequence of {length} tasks cannot name each of {tasks} tasks once")
            }
            NotAnOrder::NotAPermutation { tasks, task: Some(task), .. } => {
                write!(f, "task {task} appears twice or is not one of {tasks} tasks")
            }
            NotAnOrder::Early { task, dependency } => {
                write!(f, "task {task} comes before task {dependency}, which it needs")
            }
            NotAnOrder::Durations { tasks, length } => {
                write!(f, "{length} durations for {tasks} tasks")
            }
        }
    }
}

impl std::error::Error for NotAnOrder {}

/// The peak and mean of what is held when the tasks run one after the other in `sequence`.
///
/// ```
/// # use chunkwise_graph::{dag::Dag, simulate::{Memory, peak}};
/// // two chains 0 → 1 and 2 → 3, joined by 4
/// let dag = Dag::from_lists([vec![], vec![0], vec![], vec![2], vec![1, 3]]);
/// assert_eq!(peak(&dag, &[0, 1, 2, 3, 4], &Memory::default())?.live, 3);
/// # Ok::<(), chunkwise_graph::simulate::NotAnOrder>(())
/// ```
///
/// # Errors
/// - [`NotAnOrder::NotAPermutation`] if `sequence` does not name every task once.
/// - [`NotAnOrder::Early`] if a task comes before one of its dependencies.
///
/// # Panics
/// If an output is not a task, or the sizes or scratch are fewer than the tasks.
///
/// # Complexity
/// O(tasks + edges) time, 8 bytes a task.
pub fn peak(dag: &Dag, sequence: &[u32], memory: &Memory<'_>) -> Result<Peak, NotAnOrder> {
    let mut peak = Peak::default();
    let mut total = 0u128;
    walk(dag, sequence, memory, |step| {
        if peak.task.is_none() || step.during > peak.live {
            (peak.live, peak.task) = (step.during, Some(step.task));
        }
        total += u128::from(step.after);
    })?;
    peak.mean = if sequence.is_empty() { 0.0 } else { total as f64 / sequence.len() as f64 };
    Ok(peak)
}

/// What is held while each task of `sequence` runs, its own result and scratch included.
///
/// # Errors
/// As [`peak()`].
///
/// # Panics
/// As [`peak()`].
///
/// # Complexity
/// O(tasks + edges) time, 16 bytes a task.
pub fn pressure(dag: &Dag, sequence: &[u32], memory: &Memory<'_>) -> Result<Vec<u64>, NotAnOrder> {
    let mut curve = Vec::with_capacity(sequence.len());
    walk(dag, sequence, memory, |step| curve.push(step.during))?;
    Ok(curve)
}

/// One task of a sequential run.
pub(super) struct Step<'a> {
    pub(super) task: u32,
    /// Held while the task runs, its scratch included.
    pub(super) during: u64,
    /// Held once it has run.
    pub(super) after: u64,
    /// Results dropped after it, possibly its own.
    pub(super) dropped: &'a [u32],
}

/// Runs `sequence` and shows each step.
pub(super) fn walk(
    dag: &Dag,
    sequence: &[u32],
    memory: &Memory<'_>,
    mut step: impl FnMut(Step<'_>),
) -> Result<(), NotAnOrder> {
    const NOT_RUN: u32 = u32::MAX;
    let (tasks, length) = (dag.len(), sequence.len());
    if tasks != length {
        return Err(NotAnOrder::NotAPermutation { tasks, length, task: None });
    }
    let wanted = memory.wanted(dag);
    // Remaining uses of each result that exists.
    let mut left = vec![NOT_RUN; tasks];
    // Sums of sizes may exceed what is reported.
    let reported = |live: u128| u64::try_from(live).unwrap_or(u64::MAX);
    let mut live = 0u128;
    let mut dropped = Vec::new();
    for &task in sequence {
        let i = task as usize;
        if i >= tasks || left[i] != NOT_RUN {
            return Err(NotAnOrder::NotAPermutation { tasks, length, task: Some(task) });
        }
        dropped.clear();
        left[i] = wanted[i];
        live += u128::from(memory.size(task));
        let during = reported(live + u128::from(memory.scratch(task)));
        if left[i] == 0 {
            dropped.push(task);
        }
        for &dependency in dag.deps(task) {
            let uses = &mut left[dependency as usize];
            if *uses == NOT_RUN || dependency == task {
                return Err(NotAnOrder::Early { task, dependency });
            }
            *uses -= 1;
            if *uses == 0 {
                dropped.push(dependency);
            }
        }
        live -= dropped.iter().map(|&task| u128::from(memory.size(task))).sum::<u128>();
        step(Step { task, during, after: reported(live), dropped: &dropped });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diamond() -> Dag {
        Dag::from_lists([vec![], vec![0], vec![0], vec![1, 2]])
    }

    #[test]
    fn results_are_held_while_they_are_wanted() {
        let sequence = [0, 1, 2, 3];
        let counted = |memory: Memory<'_>| pressure(&diamond(), &sequence, &memory).unwrap();
        assert_eq!(counted(Memory::default()), [1, 2, 3, 3]);
        assert_eq!(counted(Memory { outputs: &[0], ..Memory::default() }), [1, 2, 3, 4]);
        let sizes = Some(&[8, 2, 1, 5][..]);
        assert_eq!(counted(Memory { sizes, ..Memory::default() }), [8, 10, 11, 8]);
        let scratch = Some(&[0, 20, 0, 0][..]);
        assert_eq!(counted(Memory { sizes, scratch, ..Memory::default() }), [8, 30, 11, 8]);
    }

    #[test]
    fn the_peak_names_its_first_task_and_the_mean_is_taken_after_tasks() {
        let peak = peak(&diamond(), &[0, 2, 1, 3], &Memory::default()).unwrap();
        assert_eq!(peak, Peak { live: 3, task: Some(1), mean: (1 + 2 + 2) as f64 / 4.0 });
        let none = super::peak(&Dag::default(), &[], &Memory::default()).unwrap();
        assert_eq!(none, Peak::default());
    }

    #[test]
    fn a_repeated_dependency_is_one_value() {
        let dag = Dag::from_lists([vec![], vec![0u32, 0]]);
        assert_eq!(pressure(&dag, &[0, 1], &Memory::default()), Ok(vec![1, 2]));
    }

    #[test]
    fn what_is_no_order_is_told() {
        let error = |sequence: &[u32]| {
            peak(&diamond(), sequence, &Memory::default()).unwrap_err().to_string()
        };
        assert_eq!(error(&[0, 1, 2]), "a sequence of 3 tasks cannot name each of 4 tasks once");
        assert_eq!(error(&[0, 1, 1, 3]), "task 1 appears twice or is not one of 4 tasks");
        assert_eq!(error(&[0, 1, 9, 3]), "task 9 appears twice or is not one of 4 tasks");
        assert_eq!(error(&[0, 1, 3, 2]), "task 3 comes before task 2, which it needs");
        let selfish = Dag::from_lists([vec![0u32]]);
        assert!(peak(&selfish, &[0], &Memory::default()).is_err());
    }
}

//! A sequential run seen from each task.

use super::peak::{Memory, NotAnOrder, walk};
use crate::dag::Dag;

/// What an order means for one task and its result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskDiagnosis {
    /// Position in the sequence.
    pub rank: u32,
    /// Tasks run from this one until its result is dropped; 0 if that is at once. Outputs, which
    /// are never dropped, count to the end of the run.
    pub age: u32,
    /// Memory held just before the task runs.
    pub held_when_run: u64,
    /// Memory held just before the task runs after which the result is dropped.
    pub held_when_released: u64,
    /// Inputs dropped once the task has run.
    pub releases: u32,
}

/// For each task, by number: when it runs, how long its result is held, and what it releases.
///
/// An old result is one that the order made too early or uses too late.
///
/// ```
/// # use chunkwise_graph::{dag::Dag, simulate::{Memory, diagnose}};
/// let dag = Dag::from_lists([vec![], vec![], vec![1], vec![0, 2]]);
/// let tasks = diagnose(&dag, &[0, 1, 2, 3], &Memory::default())?;
/// assert_eq!((tasks[0].age, tasks[1].age), (3, 1));
/// assert_eq!((tasks[3].held_when_run, tasks[3].releases), (2, 2));
/// # Ok::<(), chunkwise_graph::simulate::NotAnOrder>(())
/// ```
///
/// # Errors
/// As [`super::peak()`].
///
/// # Panics
/// As [`super::peak()`].
///
/// # Complexity
/// O(tasks + edges) time, 40 bytes a task.
pub fn diagnose(
    dag: &Dag,
    sequence: &[u32],
    memory: &Memory<'_>,
) -> Result<Vec<TaskDiagnosis>, NotAnOrder> {
    let mut tasks = vec![TaskDiagnosis::default(); dag.len()];
    let mut held = 0;
    let mut rank = 0;
    walk(dag, sequence, memory, |step| {
        let task = &mut tasks[step.task as usize];
        (task.rank, task.held_when_run) = (rank, held);
        for &dropped in step.dropped {
            let of = &mut tasks[dropped as usize];
            (of.age, of.held_when_released) = (rank - of.rank, held);
        }
        let releases = step.dropped.iter().filter(|&&dropped| dropped != step.task).count();
        tasks[step.task as usize].releases = releases as u32;
        held = step.after;
        rank += 1;
    })?;
    for &output in memory.outputs {
        let task = &mut tasks[output as usize];
        (task.age, task.held_when_released) = (rank - task.rank, held);
    }
    Ok(tasks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_age_to_the_end_and_unwanted_results_not_at_all() {
        let dag = Dag::from_lists([vec![], vec![0], vec![0u32]]);
        let memory = Memory { outputs: &[1], ..Memory::default() };
        let tasks = diagnose(&dag, &[0, 1, 2], &memory).unwrap();
        assert_eq!(tasks.iter().map(|task| task.age).collect::<Vec<_>>(), [2, 2, 0]);
        assert_eq!(tasks.iter().map(|task| task.releases).collect::<Vec<_>>(), [0, 0, 1]);
        assert_eq!(tasks[2].held_when_run, 2);
        assert_eq!(tasks[1].held_when_released, 1);
    }
}

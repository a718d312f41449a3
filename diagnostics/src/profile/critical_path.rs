//! [`CriticalPath`]: the chain of dependent tasks that took longest.

use super::record::Record;
use super::run_profile::RunProfile;
use std::time::Duration;

/// The chain of dependent tasks of a run whose measured times add up to the most.
///
/// Tasks that did not run, or were only counted, count as taking no time: then it is a lower
/// bound.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CriticalPath {
    /// The sum of their times.
    pub time: Duration,
    /// The tasks, each needed by the next.
    pub records: Vec<Record>,
}

/// No dependency, no record.
const NONE: u32 = u32::MAX;

impl CriticalPath {
    /// # Complexity
    /// O(tasks + dependencies) time, 16 bytes a task.
    pub(super) fn of(run: &RunProfile) -> CriticalPath {
        let dag = run.plan().dag();
        let mut record_of = vec![NONE; dag.len()];
        for (at, record) in run.records.iter().enumerate() {
            record_of[record.task as usize] = at as u32;
        }
        let record = |task: u32| run.records.get(record_of[task as usize] as usize);
        let (mut until, mut before) = (vec![0u64; dag.len()], vec![NONE; dag.len()]);
        let mut last = NONE;
        let mut longest = 0;
        // A dependency has a smaller number than what needs it.
        for task in dag.tasks() {
            let mut start = 0;
            for &dep in dag.deps(task) {
                if until[dep as usize] > start {
                    (start, before[task as usize]) = (until[dep as usize], dep);
                }
            }
            until[task as usize] = start + record(task).map_or(0, Record::nanoseconds);
            if until[task as usize] > longest {
                (longest, last) = (until[task as usize], task);
            }
        }
        let mut records = Vec::new();
        while last != NONE {
            records.extend(record(last).cloned());
            last = before[last as usize];
        }
        records.reverse();
        CriticalPath { time: Duration::from_nanos(longest), records }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use proptest::prelude::*;

    /// The longest time until the end of `task`, by trying every chain.
    fn slowly(run: &RunProfile, task: u32) -> u64 {
        let own = run.records.iter().find(|record| record.task == task).unwrap().nanoseconds();
        let deps = run.plan().dag().deps(task).iter();
        own + deps.map(|&dep| slowly(run, dep)).max().unwrap_or(0)
    }

    proptest! {
        #[test]
        fn it_is_the_longest_of_all_chains(
            tasks in prop::collection::vec((0u64..50, prop::collection::vec(0usize..12, 0..4)), 0..12),
        ) {
            let deps: Vec<Vec<usize>> = (tasks.iter().enumerate())
                .map(|(i, (_, deps))| deps.iter().copied().filter(|&dep| dep < i).collect())
                .collect();
            let plan = samples::plan(&deps);
            let time = |task| tasks[plan.task(task).key().index[0] as usize].0;
            let records =
                plan.dag().tasks().map(|task| samples::record(&plan, task, 100, 100 + time(task)));
            let run = samples::run(&plan, records.collect(), 1000);
            let path = CriticalPath::of(&run);
            let longest = plan.dag().tasks().map(|task| slowly(&run, task)).max().unwrap_or(0);
            prop_assert_eq!(path.time, Duration::from_nanos(longest));
            prop_assert_eq!(path.records.iter().map(Record::time).sum::<Duration>(), path.time);
            for pair in path.records.windows(2) {
                prop_assert!(plan.dag().deps(pair[1].task).contains(&pair[0].task));
            }
        }
    }
}

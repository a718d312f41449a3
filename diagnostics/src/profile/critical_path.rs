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

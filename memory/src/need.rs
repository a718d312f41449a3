//! [`Needs`]: what each task of a plan takes, as its bounds say, or as was measured of its like.

use crate::sync::{Mutex, lock};
use chunkwise_graph::{Bounds, MemoryNeed, Plan};
use smallvec::SmallVec;
use std::collections::HashMap;

/// The bytes of a plan's tasks.
pub(crate) struct Needs {
    /// What the result of each task takes, and what it takes besides; `UNKNOWN` where that is not
    /// known.
    outputs: Vec<u64>,
    scratches: Vec<u64>,
    n_unknown: usize,
    /// What tasks of one operation took at most, where their bounds are not known.
    measured: Mutex<HashMap<Box<str>, u64>>,
    /// What is assumed of an operation of which nothing has been measured.
    assumed: u64,
}

const UNKNOWN: u64 = u64::MAX;

impl Needs {
    /// Of a plan that will run under so many bytes on so many workers.
    ///
    /// # Complexity
    /// One call of `Blocks::bytes` a task; 16 bytes a task.
    pub(crate) fn of(plan: &Plan, limit: u64, n_workers: usize) -> Needs {
        let bounds = |task: u32| -> Bounds {
            match plan.task(task).constant() {
                Some(_) => Bounds::output(0),
                None => plan.bytes(task),
            }
        };
        let (outputs, scratches): (Vec<u64>, Vec<u64>) = plan
            .dag()
            .tasks()
            .map(|task| {
                let Bounds { output, scratch } = bounds(task);
                (output.unwrap_or(UNKNOWN), scratch.unwrap_or(UNKNOWN))
            })
            .unzip();
        let is_unknown =
            |(output, scratch): (&u64, &u64)| *output == UNKNOWN || *scratch == UNKNOWN;
        let n_unknown = outputs.iter().zip(&scratches).filter(|&task| is_unknown(task)).count();
        // A quarter of what each worker may hold: the first tasks of an unknown kind run beside
        // others, and a wrong guess is seen before many more have started.
        let assumed = limit / (4 * n_workers.max(1) as u64);
        Needs { outputs, scratches, n_unknown, measured: Mutex::default(), assumed }
    }

    /// Tasks of which something is not known.
    pub(crate) fn n_unknown(&self) -> usize {
        self.n_unknown
    }

    /// The result of a task, in bytes; 0 where that is not known.
    pub(crate) fn output(&self, task: u32) -> u64 {
        known(self.outputs[task as usize])
    }

    /// What a task takes besides inputs and result, in bytes; 0 where that is not known.
    pub(crate) fn scratch(&self, task: u32) -> u64 {
        known(self.scratches[task as usize])
    }

    /// The results of all tasks together, and the most that `n_workers` tasks hold besides.
    pub(crate) fn of_all(&self, n_workers: usize) -> u64 {
        let outputs = self.outputs.iter().map(|&bytes| known(bytes)).fold(0, u64::saturating_add);
        let scratch = self.scratches.iter().map(|&bytes| known(bytes)).max().unwrap_or(0);
        outputs.saturating_add(scratch.saturating_mul(n_workers as u64))
    }

    /// The most that one task takes besides its inputs.
    pub(crate) fn largest(&self) -> u64 {
        let both = self.outputs.iter().zip(&self.scratches);
        both.map(|(&output, &scratch)| known(output).saturating_add(known(scratch)))
            .max()
            .unwrap_or(0)
    }

    /// What a task is taken to need besides its inputs: its bounds, or what its like took.
    pub(crate) fn expected(&self, plan: &Plan, task: u32) -> MemoryNeed {
        let (output, scratch) = (self.outputs[task as usize], self.scratches[task as usize]);
        let guess = || match lock(&self.measured).get(&*plan.task(task).op_name()) {
            Some(&bytes) => bytes,
            None => self.assumed,
        };
        let need = MemoryNeed::default();
        match (output, scratch) {
            (UNKNOWN, UNKNOWN) => MemoryNeed { output: guess(), ..need },
            (UNKNOWN, scratch) => MemoryNeed { output: guess(), scratch, ..need },
            // What a closure takes besides is likely no more than what it gives.
            (output, UNKNOWN) => MemoryNeed { output, scratch: output, ..need },
            (output, scratch) => MemoryNeed { output, scratch, ..need },
        }
    }

    /// Remembers what the result of a task took, for others of its operation.
    pub(crate) fn measured(&self, plan: &Plan, task: u32, bytes: u64) {
        if self.outputs[task as usize] == UNKNOWN {
            let operation = plan.task(task).op_name();
            let mut measured = lock(&self.measured);
            match measured.get_mut(&*operation) {
                Some(most) => *most = bytes.max(*most),
                None => {
                    measured.insert(operation.into(), bytes);
                }
            }
        }
    }

    /// Whether the bounds of a task said how large its result may be.
    pub(crate) fn states_output(&self, task: u32) -> bool {
        self.outputs[task as usize] != UNKNOWN
    }
}

/// The tasks of a list, each once, in ascending order.
pub(crate) fn distinct(tasks: &[u32]) -> SmallVec<[u32; 8]> {
    let mut distinct: SmallVec<[u32; 8]> = SmallVec::from_slice(tasks);
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

fn known(bytes: u64) -> u64 {
    if bytes == UNKNOWN { 0 } else { bytes }
}

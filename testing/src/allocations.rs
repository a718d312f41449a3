//! [`AllocationCheck`]: runs a plan task by task, and compares what each allocates with what it
//! said that it would.

use chunkwise_graph::{Bounds, BoxError, InOrder, Plan, Run, TaskRef, Value};
use std::sync::Arc;

/// Allocations that no bound counts: small vectors of shapes, positions and inputs, boxed values.
pub const SLACK: u64 = 4096;
/// As [`SLACK`], for each value that the task is given.
pub const SLACK_AN_INPUT: u64 = 256;

/// What a thread allocated while something ran.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Allocated {
    /// The most bytes at one time, less what was freed of what had been there before.
    pub peak: u64,
    /// What was left of them in the end; negative if more was freed.
    pub kept: i64,
}

/// Calls a function, and counts what the thread allocates meanwhile.
///
/// A test binary has one allocator, which is its own affair: with `allocation-counter` among its
/// dependencies this is a call of `measure`.
pub type Measure = fn(&mut dyn FnMut()) -> Allocated;

/// Runs plans in the calling thread, and compares what each task allocates with its bounds.
///
/// Each task runs three times: once for what its thread keeps for later tasks (buffers of matrix
/// products, plans of transforms), which is not the task's; once while somebody else holds its
/// inputs, so that none can be changed in place or freed early, when it allocates the most; and once
/// with those as its own that nobody needs any more, as in a run.
#[derive(Clone, Copy, Debug)]
pub struct AllocationCheck {
    measure: Measure,
    is_cold: bool,
}

/// A task of a plan: what it may allocate, and what it did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counted {
    /// What it does.
    pub name: String,
    /// What it said.
    pub bounds: Bounds,
    /// The most bytes at one time, in the greater of its runs.
    pub peak: u64,
    /// What was left when it had run.
    pub kept: u64,
    /// What its value says that it takes.
    pub nbytes: u64,
    /// Number of values that it was given.
    pub n_inputs: usize,
}

impl Counted {
    /// The bytes that its bounds allow at one time; `None` where these are not known.
    pub fn bound(&self) -> Option<u64> {
        let Bounds { scratch, output } = self.bounds;
        scratch.zip(output).map(|(scratch, output)| scratch.saturating_add(output))
    }

    /// What it did that its bounds do not allow.
    pub fn fault(&self) -> Option<String> {
        let slack = SLACK + SLACK_AN_INPUT * self.n_inputs as u64;
        let above = |found: u64, bound: Option<u64>| bound.is_some_and(|bound| found > bound);
        let with_slack = |bound: Option<u64>| bound.map(|bound| bound.saturating_add(slack));
        let what = if above(self.nbytes, self.bounds.output) {
            format!("gave {} bytes", self.nbytes)
        } else if above(self.kept, with_slack(self.bounds.output)) {
            format!("left {} bytes", self.kept)
        } else if above(self.peak, with_slack(self.bound())) {
            format!("allocated {} bytes", self.peak)
        } else {
            return None;
        };
        Some(format!("{} {what}, and said {:?}", self.name, self.bounds))
    }
}

/// What came of a plan.
#[derive(Debug, Default)]
pub struct Counts {
    /// The values of the outputs.
    pub values: Vec<Value>,
    /// The tasks that had something to do, in the order of the plan.
    pub tasks: Vec<Counted>,
}

impl Counts {
    /// What the tasks do whose bounds are not known; each once, sorted.
    pub fn unknown(&self) -> Vec<&str> {
        let unknown = self.tasks.iter().filter(|task| !task.bounds.is_known());
        let mut names: Vec<&str> = unknown.map(|task| &*task.name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What tasks did that their bounds do not allow.
    pub fn faults(&self) -> Vec<String> {
        self.tasks.iter().filter_map(Counted::fault).collect()
    }
}

impl AllocationCheck {
    /// With the allocator of the test binary.
    pub const fn new(measure: Measure) -> AllocationCheck {
        AllocationCheck { measure, is_cold: false }
    }

    /// Counts what a task's thread keeps for later tasks as the task's: as if it were the first one
    /// on its thread.
    #[must_use]
    pub const fn cold(self) -> AllocationCheck {
        AllocationCheck { is_cold: true, ..self }
    }

    /// Runs a plan.
    ///
    /// # Errors
    /// The first error of a task.
    pub fn run(&self, plan: &Plan) -> Result<Counts, BoxError> {
        // Graphs that tasks compute are counted with the tasks: they stay in this thread.
        let around = Run::new().scheduler(Arc::new(InOrder));
        around.enter(|| self.run_all(plan))
    }

    fn run_all(&self, plan: &Plan) -> Result<Counts, BoxError> {
        let mut values = Values::new(plan);
        let mut counts = Counts::default();
        for task in plan.tasks() {
            let deps = plan.dag().deps(task.id());
            let inputs: Vec<Value> = deps.iter().map(|dep| values.hand_out(*dep)).collect();
            let (value, counted) = self.run_task(task, inputs)?;
            values.values[task.id() as usize] = value;
            counts.tasks.extend(counted);
        }
        let outputs = plan.outputs().iter();
        counts.values = outputs.map(|output| values.hand_out(*output)).collect();
        Ok(counts)
    }

    fn run_task(
        &self,
        task: TaskRef<'_>,
        mut inputs: Vec<Value>,
    ) -> Result<(Value, Option<Counted>), BoxError> {
        // Constants are there before the run, so that handing them out needs no memory.
        if let Some(value) = task.constant() {
            return Ok((value.clone(), None));
        }
        let first = match self.is_cold {
            true => on_a_new_thread(|| self.measured(task, &mut inputs.clone()))?.1,
            false => Allocated::default(),
        };
        self.measured(task, &mut inputs.clone())?;
        let (_, shared) = self.measured(task, &mut inputs.clone())?;
        let (value, owned) = self.measured(task, &mut inputs)?;
        let counted = Counted {
            name: task.op_name().into_owned(),
            bounds: task.plan().bytes(task.id()),
            peak: first.peak.max(shared.peak).max(owned.peak),
            kept: u64::try_from(shared.kept).unwrap_or(0),
            nbytes: value.nbytes() as u64,
            n_inputs: inputs.len(),
        };
        Ok((value, Some(counted)))
    }

    fn measured(
        &self,
        task: TaskRef<'_>,
        inputs: &mut [Value],
    ) -> Result<(Value, Allocated), BoxError> {
        let mut result = Ok(Value::unit());
        let allocated = (self.measure)(&mut || {
            result = task.plan().run_task(task.id(), inputs);
            inputs.iter_mut().for_each(|input| drop(input.take()));
        });
        Ok((result?, allocated))
    }
}

fn on_a_new_thread<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| scope.spawn(f).join()).expect("it does not panic")
}

/// The values of a run, each dropped when the last task that needs it has taken it.
struct Values {
    left: Vec<usize>,
    values: Vec<Value>,
}

impl Values {
    fn new(plan: &Plan) -> Values {
        let dag = plan.dag();
        let mut left: Vec<usize> = dag.tasks().map(|task| dag.dependents(task).len()).collect();
        plan.outputs().iter().for_each(|&output| left[output as usize] += 1);
        Values { left, values: vec![Value::unit(); plan.len()] }
    }

    fn hand_out(&mut self, task: u32) -> Value {
        let (left, value) = (&mut self.left[task as usize], &mut self.values[task as usize]);
        *left -= 1;
        if *left == 0 { value.take() } else { value.clone() }
    }
}

//! Starting a task: its inputs are brought into memory, it runs, its result is kept.

use super::Governed;
use super::state::{Fetch, State};
use crate::budget::Reservation;
use crate::current;
use crate::need::distinct;
use crate::sync::lock;
use chunkwise_graph::{Error, Plan, Result, Value, WorkerId};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

impl Governed {
    /// What a task needs besides the inputs that are in memory, in bytes.
    pub(super) fn need_of(&self, state: &State, task: u32) -> u64 {
        let need = self.needs.expected(&self.plan, task);
        let own = need.scratch.saturating_add(need.output);
        let (mut missing, mut to_fetch) = (0u64, 0u64);
        for input in distinct(self.plan.dag().deps(task)) {
            let (fetch, nbytes) = state.fetch(input);
            missing = missing.saturating_add(nbytes);
            to_fetch = to_fetch.max(match fetch {
                Fetch::Here => 0,
                // The bytes as they are on disk, while they are decoded.
                Fetch::FromDisk(_) => nbytes,
                Fetch::Again => self.needs.scratch(input),
            });
        }
        missing.saturating_add(own.max(to_fetch))
    }

    /// Runs a task that has begun, with the bytes that were reserved for it, and makes ready what
    /// waited for it.
    pub(super) fn start(&self, task: u32, reserved: Reservation, worker: WorkerId) {
        let result = self.run_to_end(task, reserved, worker);
        let mut state = lock(&self.state);
        match result {
            Ok(()) => state.release_dependents(&self.plan, task),
            Err(error) => state.fail(rank(task, &error), error),
        }
        // Only now: a run without running and ready tasks is over.
        state.has_ended(task);
    }

    fn run_to_end(&self, task: u32, mut reserved: Reservation, worker: WorkerId) -> Result<()> {
        let run = || self.run_task(task, &mut reserved, worker);
        // `Run::execute` answers for the task's own panics; this for values that panic when dropped.
        let result = catch_unwind(AssertUnwindSafe(run));
        let result = result.unwrap_or_else(|panic| Err(self.run.panicked(&self.plan, task, panic)));
        let mut released = lock(&self.state).unpin_inputs(&self.plan, task);
        if result? == IsNeeded::No {
            released.push(task);
        }
        match self.run.is_observed() {
            true => self.run.released(&self.plan, &released, task),
            false => Ok(()),
        }
    }

    fn run_task(
        &self,
        task: u32,
        reserved: &mut Reservation,
        worker: WorkerId,
    ) -> Result<IsNeeded> {
        for input in distinct(self.plan.dag().deps(task)) {
            self.fetch(input, reserved, worker)?;
        }
        let mut values = self.hand_out(task);
        let since = Instant::now();
        let result = self.execute(task, &mut values, worker);
        let seconds = since.elapsed().as_secs_f32();
        drop(values);
        Ok(self.keep(task, result?, reserved, seconds))
    }

    fn execute(&self, task: u32, values: &mut [Value], worker: WorkerId) -> Result<Value> {
        let _working = self.budget.working();
        current::enter(&self.budget, || self.run.execute(&self.plan, task, values, worker))
    }

    /// Brings one input into memory, if it is not there.
    fn fetch(&self, input: u32, reserved: &mut Reservation, worker: WorkerId) -> Result<()> {
        let (fetch, nbytes) = lock(&self.state).fetch(input);
        let value = match fetch {
            Fetch::Here => return Ok(()),
            Fetch::FromDisk(copy) => copy.read().map_err(|error| Error::Spill {
                key: Box::new(self.plan.task(input).key()),
                source: Arc::new(error),
            })?,
            Fetch::Again => {
                lock(&self.state).measured.n_recomputed += 1;
                let mut constants = constants(&self.plan, input);
                self.execute(input, &mut constants, worker)?
            }
        };
        lock(&self.state).fetched(input, value, reserved.split(nbytes));
        Ok(())
    }

    /// The inputs of a task, which are all in memory.
    fn hand_out(&self, task: u32) -> Vec<Value> {
        let mut state = lock(&self.state);
        self.plan.dag().deps(task).iter().map(|&dep| state.hand_out(dep)).collect()
    }

    /// Keeps what a task gave, with as many bytes as it takes.
    fn keep(&self, task: u32, value: Value, reserved: &mut Reservation, seconds: f32) -> IsNeeded {
        let is_constant = self.plan.task(task).constant().is_some();
        let nbytes = if is_constant { 0 } else { value.nbytes() as u64 };
        self.needs.measured(&self.plan, task, nbytes);
        let mut of_value = reserved.split(nbytes);
        let beyond = nbytes - of_value.bytes();
        if beyond > 0 {
            of_value.merge(self.budget.force(beyond));
        }
        let can_run_again = self.can_run_again(task).then_some(seconds);
        let mut state = lock(&self.state);
        if self.needs.states_output(task) && nbytes > self.needs.output(task) {
            state.exceeded(task, nbytes - self.needs.output(task));
        }
        let unused = state.keep(&self.plan, task, value, of_value, can_run_again);
        drop(state);
        match unused {
            Some(_) => IsNeeded::No,
            None => IsNeeded::Yes,
        }
    }

    /// Whether nothing has to be kept for a task to run again: it needs constants only.
    fn can_run_again(&self, task: u32) -> bool {
        self.plan.task(task).deps().all(|dep| dep.constant().is_some())
    }

    /// One of the outputs, in memory.
    pub(super) fn output(&self, output: u32) -> Result<Value> {
        let nbytes = lock(&self.state).fetch(output).1;
        let mut reserved = self.budget.force(nbytes);
        self.fetch(output, &mut reserved, WorkerId(0))?;
        Ok(lock(&self.state).hand_out(output))
    }
}

/// Which of several failures is told: that of the smallest number. A result that cannot be stored
/// ends the run, whoever else might fail.
fn rank(task: u32, error: &Error) -> u32 {
    match error {
        Error::Spill { .. } => 0,
        _ => task,
    }
}

/// Whether anybody needs a result.
#[derive(Clone, Copy, PartialEq, Eq)]
enum IsNeeded {
    Yes,
    No,
}

fn constants(plan: &Plan, task: u32) -> Vec<Value> {
    plan.task(task).deps().map(|dep| dep.constant().cloned().unwrap_or_default()).collect()
}

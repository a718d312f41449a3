//! Running one task in a worker.

use super::queue::Queued;
use super::{Worker, lock};
use crate::clock::now;
use crate::failure::Failure;
use crate::frames::{append, encode, read_inline};
use crate::message::{Done, Input, Outcome, Task};
use crate::published::{Lost, read_shared};
use chunkwise_graph::{Block, BoxError, Value, describe_all, panic_message};
use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering::{Relaxed, Release};

/// Results of at most this many bytes are sent to the parent, which sends them on with the tasks
/// that need them; larger ones stay here.
pub(crate) const INLINE_BYTES: usize = 1 << 13;

impl Worker {
    pub(super) fn execute(&self, queued: Queued, thread: u32) -> io::Result<()> {
        let task = queued.task.task;
        let start = now();
        let outcome = if self.current.may_start(task) {
            self.note(thread, start, task + 1);
            let outcome = catch_unwind(AssertUnwindSafe(|| self.outcome(&queued)));
            self.note(thread, start, 0);
            // Also what is asked of values besides may be a user's code.
            outcome.unwrap_or_else(|panic| {
                let message = panic_message(&*panic);
                let step = queued.task.last_step();
                Ended::Outcome(Outcome::Panicked { step, inputs: Vec::new(), message })
            })
        } else {
            Ended::Outcome(Outcome::Skipped)
        };
        let last_step = queued.task.last_step();
        drop(queued);
        let mut outbox = lock(&self.outbox);
        let outcome = match outcome {
            Ended::Outcome(outcome) => outcome,
            Ended::Small { value, frames } => match append(&value, &frames, outbox.blob()) {
                Ok(frames) => Outcome::Inline { frames },
                Err(error) => failure(last_step, &[], &error),
            },
        };
        outbox.push(Done { task, thread, start, end: now(), outcome })
    }

    /// Says in shared memory what a thread is doing: the parent looks there when tasks take long, and
    /// when the worker has died.
    fn note(&self, thread: u32, since: u64, running: u32) {
        let (region, thread) = (self.region.mapping(), thread as usize);
        if let (Some(at), Some(time)) = (region.running(thread), region.running_since(thread)) {
            time.store(since, Relaxed);
            at.store(running, Release);
        }
    }

    fn outcome(&self, queued: &Queued) -> Ended {
        let mut inputs = match self.inputs(queued) {
            Ok(inputs) => inputs,
            Err(error) if error.is::<Lost>() => return Ended::Outcome(Outcome::InputLost),
            Err(error) => return failed(0, &[], &error),
        };
        let (scope, step) = (self.current.scope(), Cell::new(0));
        let result = catch_unwind(AssertUnwindSafe(|| {
            scope.enter(|| {
                let value = self.run_steps(&queued.task, &mut inputs, &step)?;
                // While a panic of theirs is still caught.
                inputs.iter_mut().for_each(|input| drop(input.take()));
                Ok(value)
            })
        }));
        // Only the first step is given what other tasks gave.
        let n_deps = if step.get() == 0 { queued.task.n_deps as usize } else { 0 };
        let deps = inputs.get(..n_deps).unwrap_or_default();
        match result {
            Ok(Ok(value)) => self.keep(&queued.task, value),
            Ok(Err(error)) => failed(step.get(), deps, &error),
            Err(panic) => Ended::Outcome(Outcome::Panicked {
                step: step.get(),
                inputs: describe_all(deps),
                message: panic_message(&*panic),
            }),
        }
    }

    fn inputs(&self, queued: &Queued) -> Result<Vec<Value>, BoxError> {
        let mut bytes = queued.bytes();
        let mut values = Vec::with_capacity(queued.task.inputs.len());
        for input in &queued.task.inputs {
            let (value, keep) = match input {
                Input::Stored { task, take: true } => (self.store.take(*task), None),
                Input::Stored { task, take: false } => (self.store.get(*task), None),
                Input::Inline { frames, keep } => (Some(read_inline(frames, &mut bytes)?), *keep),
                Input::Shared { published, keep } => {
                    // SAFETY: the parent keeps it published until this task has ended.
                    (Some(unsafe { read_shared(published, &self.arena, &|| true)? }), *keep)
                }
            };
            let value = value.ok_or("the worker does not have a value that it should have")?;
            if let Some(task) = keep {
                self.store.put(task, value.clone());
            }
            values.push(value);
        }
        Ok(values)
    }

    /// The kernels of a chain, each on the result of the one before and on what is its own; `at` says
    /// which one is running.
    fn run_steps(
        &self,
        task: &Task,
        inputs: &mut [Value],
        at: &Cell<u32>,
    ) -> Result<Value, BoxError> {
        let mut rest = inputs;
        let mut result = None;
        for (step, number) in task.steps.iter().zip(0u32..) {
            at.set(number);
            let program = self.programs.get(step.program)?;
            let n_own = (step.n_inputs as usize).min(rest.len());
            let (own, others) = std::mem::take(&mut rest).split_at_mut(n_own);
            rest = others;
            let block = Block { number: step.block, grid: &program.grid };
            result = Some(match result.take() {
                None => program.kernel.call(block, own)?,
                Some(before) => {
                    let mut arguments = vec![before];
                    arguments.extend(own.iter_mut().map(Value::take));
                    program.kernel.call(block, &mut arguments)?
                }
            });
        }
        Ok(result.unwrap_or_default())
    }

    /// Sends a small result, and keeps a large one.
    fn keep(&self, task: &Task, value: Value) -> Ended {
        let is_small = value.known_nbytes().is_some_and(|nbytes| nbytes <= INLINE_BYTES);
        if is_small && value.info().codec().is_some() {
            match encode(&value) {
                Ok(frames) if frames.nbytes() <= 2 * INLINE_BYTES => {
                    return Ended::Small { value, frames };
                }
                Ok(_) => {}
                Err(error) => return failed(task.last_step(), &[], &error),
            }
        }
        let published =
            match task.publish.then(|| self.region.publish(task.task, &value)).transpose() {
                Ok(published) => published,
                Err(error) => return failed(task.last_step(), &[], &error),
            };
        let (nbytes, text) = (value.nbytes() as u64, value.describe());
        self.store.put(task.task, value);
        Ended::Outcome(Outcome::Held { nbytes, text, published })
    }
}

/// How a task ended; a small result is written beside the message that tells of it.
enum Ended {
    Outcome(Outcome),
    Small { value: Value, frames: chunkwise_graph::Frames },
}

fn failed(step: u32, inputs: &[Value], error: &BoxError) -> Ended {
    Ended::Outcome(failure(step, inputs, error))
}

fn failure(step: u32, inputs: &[Value], error: &BoxError) -> Outcome {
    Outcome::Failed { step, inputs: describe_all(inputs), failure: Failure::of(&**error) }
}

impl Task {
    fn last_step(&self) -> u32 {
        (self.steps.len() as u32).saturating_sub(1)
    }
}

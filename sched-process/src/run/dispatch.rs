//! Sending ready tasks to workers with room.

use super::PlanRun;
use super::lane::Flight;
use super::ledger::{Bytes, Holders, Phase, Place};
use super::programs::Work;
use crate::clock::now;
use crate::frames::{append, encode};
use crate::message::{Input, Published, Step, Task, ToWorker};
use crate::worker::INLINE_BYTES;
use chunkwise_graph::{BoxError, Result, Value};
use smallvec::SmallVec;
use std::sync::Arc;

/// A worker is given as many tasks as take about this long, in nanoseconds: so that it need not
/// wait for the next ones, and others can have what it does not get to.
const AHEAD: u64 = 400_000;

/// At most so many, whatever they take.
const MOST_AHEAD: u64 = 256;

/// From this duration on, one task at a time: being without one for a moment costs little, and a
/// task that waits behind a long one much.
pub(super) const LONG: u64 = 5_000_000;

/// Values of more bytes are kept by a worker that may need them again.
const KEEP_BYTES: usize = 128;

/// What goes to one worker in one message.
#[derive(Default)]
struct Batch {
    tasks: Vec<Task>,
    blob: Vec<u8>,
}

/// Where a value goes along with a task.
enum Sent {
    Inline(Arc<Bytes>),
    Shared(Published),
}

impl PlanRun<'_> {
    /// Gives every worker with room as many ready tasks as it should have.
    pub(super) fn fill(&mut self) -> Result<()> {
        if self.ready.is_empty() {
            return Ok(());
        }
        let n_ahead = self.n_ahead();
        let share = self.ready.len().div_ceil(self.lanes.len().max(1));
        let mut lanes: SmallVec<[usize; 16]> = (0..self.lanes.len()).collect();
        lanes.sort_by_key(|&lane| self.lanes[lane].flights.len());
        for lane in lanes {
            let is_there = self.pool.workers[lane].is_some() && self.lanes[lane].ended.is_none();
            if is_there && !self.is_old(lane) {
                let n_threads = self.pool.options.n_threads;
                let n_ahead = if self.is_held_up(lane) { n_threads } else { n_ahead };
                let room = n_ahead.saturating_sub(self.lanes[lane].flights.len());
                self.fill_lane(lane, room.min(share))?;
            }
        }
        Ok(())
    }

    /// How many tasks a worker should have.
    fn n_ahead(&self) -> usize {
        let n_threads = self.pool.options.n_threads;
        match self.pace {
            None => n_threads,
            Some(pace) if pace >= LONG => n_threads,
            Some(pace) => {
                n_threads + (AHEAD / pace.max(1)).clamp(1, MOST_AHEAD) as usize * n_threads
            }
        }
    }

    fn fill_lane(&mut self, lane: usize, room: usize) -> Result<()> {
        let mut batch = Batch::default();
        let was_idle = self.lanes[lane].is_idle();
        let is_busy = |lane: &super::Lane| !lane.is_idle();
        let busy: SmallVec<[bool; 16]> = self.lanes.iter().map(is_busy).collect();
        // Values are not brought together long before anybody has time for them.
        let most_waiting = 2 * self.lanes.len() * self.pool.options.n_threads;
        while batch.tasks.len() < room && self.transfers.n_waiting() < most_waiting {
            let Some(task) = self.ready.pop(lane, &self.ledger, &busy) else { break };
            self.start(task, lane, &mut batch)?;
        }
        if !batch.tasks.is_empty() {
            if was_idle {
                self.lanes[lane].heard = now();
            }
            self.say(lane, &ToWorker::Tasks(batch.tasks), &batch.blob);
        }
        Ok(())
    }

    /// Does what is to be done for a task: takes its value if that is known, has its inputs fetched
    /// if they are elsewhere, or adds it to what the worker is sent.
    fn start(&mut self, task: u32, lane: usize, batch: &mut Batch) -> Result<()> {
        let plan = self.plan;
        let (work, first_argument) = self.programs.work(plan.task(task));
        match work {
            Work::Known(value) => {
                let value = value.clone();
                self.known(task, value);
                Ok(())
            }
            Work::Here => self.start_here(task),
            Work::There { steps, arguments } => {
                let steps = SmallVec::from_slice(steps);
                let arguments: SmallVec<[Value; 2]> = arguments.iter().cloned().collect();
                if self.fetch(task, Some(lane)) {
                    return Ok(());
                }
                let arguments = self.arguments(first_argument, &arguments);
                let sent = arguments.and_then(|sent| self.add(task, lane, steps, &sent, batch));
                if let Err(source) = sent {
                    let error = self.run.failed_elsewhere(plan, task, Vec::new(), source);
                    self.fail(task, error);
                }
                Ok(())
            }
        }
    }

    fn add(
        &mut self,
        task: u32,
        lane: usize,
        steps: SmallVec<[Step; 1]>,
        arguments: &[Sent],
        batch: &mut Batch,
    ) -> Result<(), BoxError> {
        self.send_programs(lane, &steps);
        let mut flight = Flight { task, kept: SmallVec::new(), taken: SmallVec::new() };
        let mut inputs = Vec::with_capacity(self.plan.dag().deps(task).len() + arguments.len());
        let (n_bytes, plan) = (batch.blob.len(), self.plan);
        for &dep in plan.dag().deps(task) {
            match self.input(dep, lane, &mut flight, &mut batch.blob) {
                Ok(input) => inputs.push(input),
                Err(error) => {
                    batch.blob.truncate(n_bytes);
                    return Err(error);
                }
            }
        }
        inputs.extend(arguments.iter().map(|argument| argument.input(None, &mut batch.blob)));
        let publish = self.outputs.is_wanted(task);
        let n_deps = plan.dag().deps(task).len() as u32;
        batch.tasks.push(Task { task, steps, inputs, n_deps, publish });
        self.ledger.set_phase(task, Phase::Flying);
        self.lanes[lane].flights.push_back(flight);
        Ok(())
    }

    /// Sends a worker the programs that it has not got yet. They come before the tasks of the batch
    /// that is being made.
    fn send_programs(&mut self, lane: usize, steps: &[Step]) {
        for step in steps {
            if self.lanes[lane].programs.insert(step.program) {
                let program = self.programs.program(step.program);
                let (grid, parts) = (program.grid.clone(), program.parts.clone());
                let message = ToWorker::Program { number: step.program, grid, parts };
                self.say(lane, &message, &[]);
            }
        }
    }

    fn input(
        &mut self,
        dep: u32,
        lane: usize,
        flight: &mut Flight,
        blob: &mut Vec<u8>,
    ) -> Result<Input, BoxError> {
        let left = self.ledger.left(dep);
        if self.ledger.place(dep).holders().contains(&(lane as u32)) {
            let take = left == 1;
            if take {
                flight.taken.push(dep);
            }
            return Ok(Input::Stored { task: dep, take });
        }
        let sent = self.sent(dep)?;
        let keep = left > 1 && sent.is_worth_keeping() && !flight.kept.contains(&dep);
        if keep {
            flight.kept.push(dep);
        }
        Ok(sent.input(keep.then_some(dep), blob))
    }

    /// A value that is here or in shared memory, as it goes along with a task.
    fn sent(&mut self, dep: u32) -> Result<Sent, BoxError> {
        let (value, holders) = match self.ledger.place(dep) {
            Place::Bytes(bytes, _) => return Ok(Sent::Inline(bytes.clone())),
            Place::Held(held) => {
                let published = held.published.clone().ok_or("a value was not fetched")?;
                return Ok(Sent::Shared(published));
            }
            Place::Nowhere => return Err("a value is lost that is needed".into()),
            Place::Here(value, holders) => (value.clone(), holders.clone()),
        };
        let sent = self.send_own(dep, &value)?;
        if let (Sent::Inline(bytes), false) = (&sent, self.outputs.has(dep)) {
            // It need not be encoded again.
            *self.ledger.place_mut(dep) = Place::Bytes(bytes.clone(), holders);
        }
        Ok(sent)
    }

    /// A value of this process: small ones go along with the task, large ones into shared memory.
    fn send_own(&mut self, number: u32, value: &Value) -> Result<Sent, BoxError> {
        let small = value.known_nbytes().is_none_or(|nbytes| nbytes <= INLINE_BYTES);
        if small {
            let frames = encode(value)?;
            if frames.nbytes() <= 2 * INLINE_BYTES {
                let mut bytes = Vec::new();
                let frames = append(value, &frames, &mut bytes)?;
                return Ok(Sent::Inline(Arc::new(Bytes { frames, bytes })));
            }
        }
        Ok(Sent::Shared(self.pool.own_region.publish(number, value)?))
    }

    /// What a task is given besides its inputs. Large values are put into shared memory under
    /// numbers beyond those of tasks.
    fn arguments(&mut self, first: u32, values: &[Value]) -> Result<SmallVec<[Sent; 2]>, BoxError> {
        let n_tasks = self.plan.len() as u32;
        let numbered = values.iter().zip(n_tasks.saturating_add(first)..);
        numbered.map(|(value, number)| self.send_own(number, value)).collect()
    }

    /// A task whose value is known.
    fn known(&mut self, task: u32, value: Value) {
        if self.tell_known(task, &value) {
            self.finish(task, Place::Here(value, Holders::new()));
        }
    }
}

impl Sent {
    fn input(&self, keep: Option<u32>, blob: &mut Vec<u8>) -> Input {
        match self {
            Sent::Inline(bytes) => {
                blob.extend_from_slice(&bytes.bytes);
                Input::Inline { frames: bytes.frames.clone(), keep }
            }
            Sent::Shared(published) => Input::Shared { published: published.clone(), keep },
        }
    }

    fn is_worth_keeping(&self) -> bool {
        match self {
            Sent::Inline(bytes) => bytes.bytes.len() > KEEP_BYTES,
            Sent::Shared(_) => true,
        }
    }
}

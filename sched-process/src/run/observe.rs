//! Telling observers what happens on workers.

use super::PlanRun;
use super::ledger::Bytes;
use crate::clock::now;
use crate::frames::read_inline;
use crate::message::Done;
use chunkwise_graph::{Data, Heard, Value, WorkerId};
use std::collections::HashSet;
use std::sync::atomic::Ordering::Acquire;

/// Tasks of whose start observers were told before their end.
#[derive(Default)]
pub(super) struct Told(HashSet<u32>);

/// What stands for a value that a worker keeps: observers see its size and description.
struct Elsewhere {
    nbytes: u64,
    text: String,
}

impl Data for Elsewhere {
    fn nbytes(&self) -> usize {
        self.nbytes as usize
    }

    fn describe(&self) -> String {
        self.text.clone()
    }
}

impl PlanRun<'_> {
    fn worker(&self, lane: usize, thread: u32) -> WorkerId {
        WorkerId(lane as u32 * self.pool.options.n_threads as u32 + thread)
    }

    /// The number of this process among the workers.
    pub(super) fn own_worker(&self) -> WorkerId {
        self.worker(self.lanes.len(), 0)
    }

    /// Tells of a start, unless that was told before.
    pub(super) fn tell_start(&mut self, lane: usize, done: &Done) -> bool {
        if !self.run.is_observed() || self.told.0.remove(&done.task) {
            return true;
        }
        let worker = self.worker(lane, done.thread);
        let heard = Heard { at: self.clock.instant(done.start), worker };
        let told = self.run.started_elsewhere(self.plan, done.task, heard);
        self.or_fail(done.task, told)
    }

    fn tell_end(&mut self, lane: usize, done: &Done, value: &Value) -> bool {
        if !self.tell_start(lane, done) {
            return false;
        }
        let worker = self.worker(lane, done.thread);
        let heard = Heard { at: self.clock.instant(done.end), worker };
        let told = self.run.ended_elsewhere(self.plan, done.task, value, heard);
        self.or_fail(done.task, told)
    }

    fn or_fail(&mut self, task: u32, told: chunkwise_graph::Result<()>) -> bool {
        match told {
            Ok(()) => true,
            Err(error) => {
                self.ledger.set_phase(task, super::ledger::Phase::Waiting);
                self.fail(task, error);
                false
            }
        }
    }

    pub(super) fn tell_inline(&mut self, lane: usize, done: &Done, bytes: &Bytes) -> bool {
        if !self.run.is_observed() {
            return true;
        }
        match read_inline(&bytes.frames, &mut &bytes.bytes[..]) {
            Ok(value) => self.tell_end(lane, done, &value),
            Err(source) => {
                let told = self.run.failed_elsewhere(self.plan, done.task, Vec::new(), source);
                self.or_fail(done.task, Err(told))
            }
        }
    }

    pub(super) fn tell_held(
        &mut self,
        lane: usize,
        done: &Done,
        nbytes: u64,
        text: String,
    ) -> bool {
        if !self.run.is_observed() {
            return true;
        }
        self.tell_end(lane, done, &Value::data(Elsewhere { nbytes, text }))
    }

    /// A value that was known counts as a task of this process.
    pub(super) fn tell_known(&mut self, task: u32, value: &Value) -> bool {
        if !self.run.is_observed() {
            return true;
        }
        let heard = |at| Heard { at, worker: self.own_worker() };
        let at = self.clock.instant(now());
        let started = self.run.started_elsewhere(self.plan, task, heard(at));
        let ended =
            started.and_then(|()| self.run.ended_elsewhere(self.plan, task, value, heard(at)));
        self.or_fail(task, ended)
    }

    /// Tells of starts of tasks that take long, so that they show before they end.
    pub(super) fn tell_running(&mut self) {
        if !self.run.is_observed() {
            return;
        }
        for lane in 0..self.lanes.len() {
            let running = self.running_on(lane);
            let mut new = Vec::new();
            for flight in &self.lanes[lane].flights {
                // What has ended and was not heard of yet comes first.
                let Some(&running) = running.iter().find(|at| at.task == flight.task) else {
                    break;
                };
                if self.told.0.insert(flight.task) {
                    new.push(running);
                }
            }
            for Running { thread, task, since } in new {
                let worker = self.worker(lane, thread);
                let heard = Heard { at: self.clock.instant(since), worker };
                let told = self.run.started_elsewhere(self.plan, task, heard);
                self.or_told(task, told);
            }
        }
    }

    /// An observer that panics fails a task that runs: what it gives is not wanted any more.
    fn or_told(&mut self, task: u32, told: chunkwise_graph::Result<()>) {
        if let Err(error) = told {
            self.fail(task, error);
        }
    }

    /// A task that was lost with its worker starts anew, also for observers.
    pub(super) fn forget_start(&mut self, task: u32) {
        self.told.0.remove(&task);
    }

    /// What a worker is running, as it says in shared memory.
    pub(super) fn running_on(&self, lane: usize) -> Vec<Running> {
        let Some(process) = &self.pool.workers[lane] else { return Vec::new() };
        let Ok(region) = self.pool.arena.region(process.region) else { return Vec::new() };
        let running = (0..self.pool.options.n_threads).filter_map(|thread| {
            let task = region.running(thread)?;
            let before = task.load(Acquire);
            let since = region.running_since(thread)?.load(Acquire);
            // What changes meanwhile is of a task that was not asked for.
            let is_same = task.load(Acquire) == before;
            let task = before.checked_sub(1).filter(|_| is_same)?;
            Some(Running { thread: thread as u32, task, since })
        });
        running.collect()
    }
}

/// A task that a thread of a worker is running.
#[derive(Clone, Copy, Debug)]
pub(super) struct Running {
    pub(super) thread: u32,
    pub(super) task: u32,
    /// In nanoseconds of the monotonic clock.
    pub(super) since: u64,
}

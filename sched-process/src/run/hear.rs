//! Taking in what workers say.

use super::PlanRun;
use super::lane::{Flight, Nudged};
use super::ledger::{Bytes, Held, Holders, Phase, Place};
use crate::clock::now;
use crate::message::{Done, FromWorker, Outcome};
use crate::wire::Wait;
use chunkwise_graph::{Error, Result};
use smallvec::smallvec;
use std::io;
use std::sync::Arc;

impl PlanRun<'_> {
    /// Reads everything that a worker has said; `false` if it is gone.
    pub(super) fn listen(&mut self, lane: usize) -> io::Result<bool> {
        let Some(process) = &mut self.pool.workers[lane] else { return Ok(true) };
        let is_open = process.data_in.read(Wait::No)? & process.control_in.read(Wait::No)?;
        let mut messages = Vec::new();
        while let Some(message) = process.data_in.next()? {
            messages.push(message);
        }
        while let Some(message) = process.control_in.next()? {
            messages.push(message);
        }
        for (message, blob) in messages {
            self.hear(lane, message, &blob)?;
        }
        Ok(is_open && !self.lanes[lane].is_broken)
    }

    fn hear(&mut self, lane: usize, message: FromWorker, blob: &[u8]) -> io::Result<()> {
        match message {
            FromWorker::Done(all) => {
                self.lanes[lane].heard = now();
                let mut rest = blob;
                for done in all {
                    self.landed(lane, done, &mut rest)?;
                }
                self.lanes[lane].nudged = Nudged::Nothing;
            }
            FromWorker::Published { run, .. }
            | FromWorker::Released { run, .. }
            | FromWorker::Recalled { run, .. }
                if run != self.number => {}
            FromWorker::Published { task, result, .. } => self.published(task, result),
            FromWorker::Released { tasks, .. } => self.released_by(lane, &tasks),
            FromWorker::Recalled { tasks, .. } => {
                self.lanes[lane].nudged = Nudged::Nothing;
                for task in tasks {
                    if self.lanes[lane].land(task).is_some() {
                        self.ledger.set_phase(task, Phase::Ready);
                        self.ready.push(task);
                    }
                }
            }
            FromWorker::Ended { run } => self.lanes[lane].is_done |= run == self.number,
        }
        Ok(())
    }

    /// A task has ended on a worker.
    fn landed(&mut self, lane: usize, done: Done, blob: &mut &[u8]) -> io::Result<()> {
        let bytes = match &done.outcome {
            Outcome::Inline { frames } => {
                let len = frames.len() as usize;
                let (bytes, rest) = blob
                    .split_at_checked(len)
                    .ok_or_else(|| io::Error::other("a result is cut short"))?;
                *blob = rest;
                bytes
            }
            _ => &[],
        };
        let Some(flight) = self.lanes[lane].land(done.task) else { return Ok(()) };
        if let Some(process) = &mut self.pool.workers[lane] {
            process.n_done += 1;
        }
        let took = done.end.saturating_sub(done.start);
        if !matches!(done.outcome, Outcome::Skipped | Outcome::InputLost) {
            self.pace = Some(self.pace.map_or(took, |pace| (pace * 7 + took) / 8));
        }
        self.keep_notes(lane, &flight);
        let task = done.task;
        match done.outcome {
            Outcome::Skipped => self.ledger.set_phase(task, Phase::Ready),
            Outcome::InputLost => {
                if self.ledger.again(task) {
                    self.push_ready(task);
                }
            }
            Outcome::Failed { step, ref inputs, ref failure } => {
                self.tell_start(lane, &done);
                let (inputs, source) = (inputs.clone(), failure.clone().into_error());
                self.ledger.set_phase(task, Phase::Waiting);
                let error = self.run.failed_elsewhere(self.plan, task, inputs, source);
                self.fail(task, self.at_step(error, task, step));
            }
            Outcome::Panicked { step, ref inputs, ref message } => {
                self.tell_start(lane, &done);
                let (inputs, message) = (inputs.clone(), message.clone());
                self.ledger.set_phase(task, Phase::Waiting);
                let error = self.run.panicked_elsewhere(self.plan, task, inputs, message);
                self.fail(task, self.at_step(error, task, step));
            }
            Outcome::Inline { ref frames } => {
                let (frames, bytes) = (frames.clone(), bytes.to_vec());
                let bytes = Arc::new(Bytes { frames, bytes });
                if self.tell_inline(lane, &done, &bytes) {
                    self.finish(task, Place::Bytes(bytes, Holders::new()));
                }
            }
            Outcome::Held { nbytes, ref text, ref published } => {
                let (text, published) = (text.clone(), published.clone());
                if self.tell_held(lane, &done, nbytes, text) {
                    let holders = smallvec![lane as u32];
                    self.finish(task, Place::Held(Box::new(Held { holders, nbytes, published })));
                    self.take_home(task);
                }
            }
        }
        Ok(())
    }

    /// The error, naming the link of a chain that failed: as it would be if each were a task.
    fn at_step(&self, mut error: Error, task: u32, step: u32) -> Error {
        if let Error::Task { site, .. } | Error::Panic { site, .. } = &mut error {
            let links = self.plan.task(task).blocks().filter(|link| link.constant().is_none());
            if let Some(link) = links.into_iter().nth(step as usize) {
                let inputs = std::mem::take(&mut site.inputs);
                **site = link.site();
                site.inputs = inputs;
            }
        }
        error
    }

    /// Which values the worker has now, and has not any more.
    fn keep_notes(&mut self, lane: usize, flight: &Flight) {
        let lane = lane as u32;
        for &value in &flight.kept {
            if let Some(holders) = self.ledger.place_mut(value).holders_mut()
                && !holders.contains(&lane)
            {
                holders.push(lane);
            }
        }
        for &value in &flight.taken {
            if let Some(holders) = self.ledger.place_mut(value).holders_mut() {
                holders.retain(|holder| *holder != lane);
            }
        }
    }

    /// A task has given its value: its inputs are done with, and tasks that need it may start.
    pub(super) fn finish(&mut self, task: u32, place: Place) {
        let (plan, mut ready) = (self.plan, Vec::new());
        self.ledger.done(task, place, |task| ready.push(task));
        // It has shown that it can; if it runs again, that is because its value was lost.
        self.attempts.remove(&task);
        for &dep in plan.dag().deps(task) {
            if self.ledger.used(dep) {
                self.release(dep, task);
            }
        }
        if self.ledger.left(task) == 0 {
            self.release(task, task);
        }
        ready.into_iter().for_each(|task| self.push_ready(task));
    }

    /// A task may start: where most of its large inputs are, if it has any.
    pub(super) fn push_ready(&mut self, task: u32) {
        let mut best: Option<(u64, u32)> = None;
        for &dep in self.plan.dag().deps(task) {
            if let Place::Held(held) = self.ledger.place(dep)
                && let Some(&holder) = held.holders.first()
                && best.is_none_or(|(nbytes, _)| held.nbytes > nbytes)
            {
                best = Some((held.nbytes, holder));
            }
        }
        match best {
            Some((_, holder)) => self.ready.push_for(holder as usize, task),
            None => self.ready.push(task),
        }
    }

    /// Results of one task after the other, here or from a worker that says nonsense.
    pub(super) fn heard_or_lost(&mut self, lane: usize) -> Result<()> {
        match self.listen(lane) {
            Ok(true) => Ok(()),
            // A worker that says nonsense is as good as gone.
            Ok(false) | Err(_) => self.lost(lane),
        }
    }
}

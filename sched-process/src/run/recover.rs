//! A lost worker costs its task only.

use super::PlanRun;
use super::lane::{Ended, Lane};
use super::ledger::Place;
use crate::error::ProcessError;
use crate::message::{Order, Published};
use chunkwise_graph::Result;

impl PlanRun<'_> {
    /// A worker is gone: what it had is given to others, what it kept is made again, and another
    /// one is started in its place.
    pub(super) fn lost(&mut self, lane: usize) -> Result<()> {
        let running: Vec<u32> = self.running_on(lane).iter().map(|at| at.task).collect();
        let Some(mut process) = self.pool.take(lane) else { return Ok(()) };
        let region = process.region;
        let (end, stderr) = process.post_mortem();
        drop(process);
        let was = std::mem::take(&mut self.lanes[lane]);
        self.released_by_loss(lane);
        let waiting = self.transfers.lost_with(lane);
        self.lose_values(lane, region);
        for task in waiting {
            if self.ledger.again(task) {
                self.push_ready(task);
            }
        }
        for flight in &was.flights {
            self.forget_start(flight.task);
            if running.contains(&flight.task)
                && let Some(error) = self.blame(flight.task, &was, end, &stderr)
            {
                self.ledger.set_phase(flight.task, super::ledger::Phase::Waiting);
                let error =
                    self.run.failed_elsewhere(self.plan, flight.task, Vec::new(), error.into());
                self.fail(flight.task, error);
            } else if self.ledger.again(flight.task) {
                self.push_ready(flight.task);
            }
        }
        self.unburied.insert(region);
        self.bury_if_empty(region);
        if self.is_over() {
            return Ok(());
        }
        self.n_restarts += 1;
        if let Some(limit) = self.pool.options.restarts
            && self.n_restarts > limit
        {
            return Err(ProcessError::TooManyRestarts { end, limit, stderr }.into());
        }
        self.pool.restart(lane)?;
        self.begin(lane);
        Ok(())
    }

    /// The worker was running the task when it ended: the error, if it was tried often enough.
    fn blame(
        &mut self,
        task: u32,
        lane: &Lane,
        end: crate::error::End,
        stderr: &[String],
    ) -> Option<ProcessError> {
        let options = &self.pool.options;
        if let (Some(Ended::TimedOut { task: late }), Some(limit)) =
            (lane.ended, options.task_timeout)
        {
            // Others that it ran beside are not to blame.
            return (task == late).then_some(ProcessError::TimedOut { limit });
        }
        let attempts = self.attempts.entry(task).or_default();
        *attempts += 1;
        let attempts = *attempts;
        if attempts <= options.retries {
            return None;
        }
        Some(match (lane.ended, options.memory_limit) {
            (Some(Ended::Memory { resident }), Some(limit)) => {
                ProcessError::Memory { limit, resident, attempts }
            }
            _ => ProcessError::Died { end, attempts, stderr: stderr.to_vec() },
        })
    }

    /// What only this worker had, and what is needed of it is made again.
    pub(super) fn lose_values(&mut self, lane: usize, region: u32) {
        let mut lost = Vec::new();
        for value in self.plan.dag().tasks() {
            let place = self.ledger.place_mut(value);
            let mut is_touched = false;
            if let Some(holders) = place.holders_mut() {
                let n = holders.len();
                holders.retain(|holder| *holder as usize != lane);
                is_touched = holders.len() < n;
            }
            if let Place::Held(held) = place
                && let Some(published) = &held.published
                && published.progress.region == region
                && !published.is_whole(&self.pool.arena)
            {
                // Whoever is waiting for the rest must be told; and whoever was sent to wait for it
                // will look there yet.
                published.give_up(&self.pool.arena);
                self.haunted.insert(region);
                held.published = None;
                is_touched = true;
            }
            if is_touched && self.ledger.place(value).is_lost_without_holders() {
                lost.push(value);
            }
        }
        for value in lost {
            if self.come_home(value) {
                continue;
            }
            let mut ready = Vec::new();
            self.ledger.revive(value, |task| ready.push(task));
            ready.into_iter().for_each(|task| self.push_ready(task));
        }
    }

    /// A released value was in shared memory of a worker that is gone: perhaps the last one.
    pub(super) fn bury(&mut self, published: Option<&Published>) {
        if let Some(published) = published {
            self.bury_if_empty(published.progress.region);
        }
    }

    /// Gives the memory of a region back if its worker is gone and nothing of it is needed.
    pub(super) fn bury_if_empty(&mut self, region: u32) {
        if !self.unburied.contains(&region) || self.haunted.contains(&region) {
            return;
        }
        let is_in_it = |value: u32| match self.ledger.place(value) {
            Place::Held(held) => {
                let published = held.published.as_ref();
                published.is_some_and(|published| published.progress.region == region)
            }
            _ => false,
        };
        if self.plan.dag().tasks().any(is_in_it) {
            return;
        }
        self.bury_regions(vec![region]);
    }

    /// Gives the memory of regions back of which nothing is needed, or whose run is over.
    pub(super) fn bury_regions(&mut self, regions: Vec<u32>) {
        for region in &regions {
            self.unburied.remove(region);
            self.pool.bury(*region);
        }
        for lane in 0..self.lanes.len() {
            self.order(lane, Order::Forget { regions: regions.clone() });
        }
    }
}

//! Replacing workers that have run as many tasks as they may.

use super::PlanRun;
use super::lane::Lane;
use super::ledger::Place;
use chunkwise_graph::Result;

impl PlanRun<'_> {
    /// Whether a worker has run as many tasks as it may: it is given no more.
    pub(super) fn is_old(&self, lane: usize) -> bool {
        let Some(limit) = self.pool.options.recycle_after else { return false };
        self.pool.workers[lane].as_ref().is_some_and(|process| process.n_done >= limit)
    }

    /// Replaces old workers that have nothing to do, once what only they have is in shared memory,
    /// which outlives them.
    pub(super) fn recycle(&mut self) -> Result<()> {
        if self.pool.options.recycle_after.is_none() {
            return Ok(());
        }
        for lane in 0..self.lanes.len() {
            if self.is_old(lane) && self.lanes[lane].is_idle() && !self.rescue(lane) {
                self.replace(lane)?;
            }
        }
        Ok(())
    }

    /// Has values put into shared memory that only this worker has; whether some are not there whole.
    fn rescue(&mut self, lane: usize) -> bool {
        let Some(region) = self.pool.workers[lane].as_ref().map(|process| process.region) else {
            return false;
        };
        let is_only_there = |value: &u32| match self.ledger.place(*value) {
            Place::Held(held) => match &held.published {
                // It is said where a value will be before it is there.
                Some(published) => {
                    published.progress.region == region && !published.is_whole(&self.pool.arena)
                }
                None => held.holders[..] == [lane as u32],
            },
            _ => false,
        };
        let values: Vec<u32> = self.plan.dag().tasks().filter(is_only_there).collect();
        for &value in &values {
            if matches!(self.ledger.place(value), Place::Held(held) if held.published.is_none()) {
                self.ask_for(value, lane, None);
            }
        }
        !values.is_empty()
    }

    fn replace(&mut self, lane: usize) -> Result<()> {
        self.send_releases();
        let Some(process) = self.pool.take(lane) else { return Ok(()) };
        let region = process.region;
        drop(process);
        self.lanes[lane] = Lane::default();
        self.released_by_loss(lane);
        self.unburied.insert(region);
        self.lose_values(lane, region);
        self.bury_if_empty(region);
        self.pool.restart(lane)?;
        self.begin(lane);
        Ok(())
    }

    /// The run is over: old workers end, to be replaced by the next run.
    pub(super) fn retire_old(&mut self) {
        for lane in 0..self.lanes.len() {
            if self.is_old(lane)
                && let Some(process) = self.pool.take(lane)
            {
                let region = process.region;
                drop(process);
                self.pool.bury(region);
            }
        }
    }
}

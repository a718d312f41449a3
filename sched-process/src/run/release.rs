//! Letting values go that nobody needs any more.

use super::PlanRun;
use super::ledger::Place;
use crate::message::{Order, ToWorker};
use chunkwise_graph::Error;
use smallvec::SmallVec;
use std::collections::HashMap;

/// Values to be let go by workers.
#[derive(Default)]
pub(super) struct Releases {
    /// By lane, to be sent with the next message.
    to_send: HashMap<usize, Vec<u32>>,
    /// Values that observers are told of once they are gone: from which lanes, and which task ran
    /// last that needed them.
    expected: HashMap<u32, (SmallVec<[usize; 2]>, u32)>,
}

impl Releases {
    /// Whether nobody is waited for.
    pub(super) fn is_empty(&self) -> bool {
        self.expected.is_empty()
    }
}

impl PlanRun<'_> {
    /// Nobody needs a value any more; `by` ran last of those that did.
    pub(super) fn release(&mut self, value: u32, by: u32) {
        let place = std::mem::take(self.ledger.place_mut(value));
        let mut lanes: SmallVec<[usize; 2]> =
            place.holders().iter().map(|&lane| lane as usize).collect();
        match &place {
            Place::Held(held) => {
                // Its owner may have given the value away and still have it in shared memory.
                let region = held.published.as_ref().map(|published| published.progress.region);
                lanes.extend(region.and_then(|region| self.lane_of_region(region)));
                lanes.sort_unstable();
                lanes.dedup();
                self.bury(held.published.as_ref());
            }
            Place::Here(..) | Place::Bytes(..) => self.pool.own_region.release(value),
            Place::Nowhere => {}
        }
        drop(place);
        lanes.retain(|lane| self.pool.workers[*lane].is_some());
        for &lane in &lanes {
            self.releases.to_send.entry(lane).or_default().push(value);
        }
        if !self.run.is_observed() {
            return;
        }
        if lanes.is_empty() {
            self.tell_released(value, by);
        } else {
            self.releases.expected.insert(value, (lanes, by));
        }
    }

    fn lane_of_region(&self, region: u32) -> Option<usize> {
        let is_it = |worker: &Option<crate::spawn::Process>| {
            worker.as_ref().is_some_and(|process| process.region == region)
        };
        self.pool.workers.iter().position(is_it)
    }

    pub(super) fn send_releases(&mut self) {
        if self.releases.to_send.is_empty() {
            return;
        }
        let answer = self.run.is_observed();
        for (lane, tasks) in std::mem::take(&mut self.releases.to_send) {
            let tasks_are_short = self.pace.is_none_or(|pace| pace < super::dispatch::LONG);
            let is_prompt = tasks_are_short && !self.is_held_up(lane);
            if is_prompt || self.lanes[lane].is_idle() {
                let run = self.number;
                self.say(lane, &ToWorker::Release { run, tasks, answer }, &[]);
            } else {
                self.order(lane, Order::Release { tasks, answer });
            }
        }
    }

    /// Values are gone from a worker.
    pub(super) fn released_by(&mut self, lane: usize, values: &[u32]) {
        for value in values {
            let Some((lanes, by)) = self.releases.expected.get_mut(value) else { continue };
            lanes.retain(|other| *other != lane);
            if lanes.is_empty() {
                let by = *by;
                self.releases.expected.remove(value);
                self.tell_released(*value, by);
            }
        }
    }

    /// A worker is gone, and with it what it was to let go.
    pub(super) fn released_by_loss(&mut self, lane: usize) {
        self.releases.to_send.remove(&lane);
        let expected = self.releases.expected.iter();
        let of_lane = expected.filter(|(_, (lanes, _))| lanes.contains(&lane));
        let mut values: Vec<u32> = of_lane.map(|(&value, _)| value).collect();
        values.sort_unstable();
        self.released_by(lane, &values);
    }

    fn tell_released(&mut self, value: u32, by: u32) {
        let told: Result<(), Error> = self.run.released(self.plan, &[value], by);
        if let Err(error) = told {
            self.fail(by, error);
        }
    }
}

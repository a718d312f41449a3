//! Having values put into shared memory that are needed on another worker, or here.

use super::PlanRun;
use super::ledger::{Phase, Place};
use crate::failure::Failure;
use crate::message::{Order, Published};
use std::collections::HashMap;

/// Values on their way into shared memory.
#[derive(Default)]
pub(super) struct Transfers {
    /// By task: the lane that was asked, and the tasks that wait for it.
    asked: HashMap<u32, Transfer>,
    /// For each task that waits: for how many values.
    waiting: HashMap<u32, usize>,
}

struct Transfer {
    lane: usize,
    waiting: Vec<u32>,
}

impl Transfers {
    /// How many tasks wait for values.
    pub(super) fn n_waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The transfers that a lane was asked for, with the tasks that wait for them; all of these
    /// tasks wait for nothing any more.
    pub(super) fn lost_with(&mut self, lane: usize) -> Vec<u32> {
        let lost = self.asked.iter().filter(|(_, transfer)| transfer.lane == lane);
        let lost: Vec<u32> = lost.map(|(&value, _)| value).collect();
        let waiting = lost.iter().filter_map(|value| self.asked.remove(value));
        let mut tasks: Vec<u32> = waiting.flat_map(|transfer| transfer.waiting).collect();
        tasks.sort_unstable();
        tasks.dedup();
        for task in &tasks {
            self.waiting.remove(task);
            for transfer in self.asked.values_mut() {
                transfer.waiting.retain(|waiting| waiting != task);
            }
        }
        tasks
    }
}

impl PlanRun<'_> {
    /// Has the inputs of a task put into shared memory that are neither on its lane (none: this
    /// process) nor here nor there; whether there are any, so that the task has to wait.
    pub(super) fn fetch(&mut self, task: u32, lane: Option<usize>) -> bool {
        let plan = self.plan;
        let mut n_missing = 0;
        for (at, &dep) in plan.dag().deps(task).iter().enumerate() {
            let Place::Held(held) = self.ledger.place(dep) else { continue };
            let is_there = lane.is_some_and(|lane| held.holders.contains(&(lane as u32)));
            let again = plan.dag().deps(task)[..at].contains(&dep);
            if is_there || held.published.is_some() || again {
                continue;
            }
            let Some(&holder) = held.holders.first() else { continue };
            n_missing += 1;
            self.ask_for(dep, holder as usize, Some(task));
        }
        if n_missing > 0 {
            self.transfers.waiting.insert(task, n_missing);
            self.ledger.set_phase(task, Phase::Fetching);
        }
        n_missing > 0
    }

    /// Has a value put into shared memory, for a task that waits for it or to have it there.
    pub(super) fn ask_for(&mut self, value: u32, holder: usize, for_task: Option<u32>) {
        if let Some(transfer) = self.transfers.asked.get_mut(&value) {
            transfer.waiting.extend(for_task);
            return;
        }
        let waiting = for_task.into_iter().collect();
        self.transfers.asked.insert(value, Transfer { lane: holder, waiting });
        self.order(holder, Order::Publish { task: value });
    }

    /// A worker has put a value into shared memory, or could not.
    pub(super) fn published(&mut self, value: u32, result: Result<Published, Failure>) {
        let Some(transfer) = self.transfers.asked.remove(&value) else { return };
        match result {
            Ok(published) => {
                if let Place::Held(held) = self.ledger.place_mut(value) {
                    held.published = Some(published);
                }
            }
            Err(failure) => {
                // Whoever needs the value fails: it is the fault of the task that made it.
                let source = failure.into_error();
                let error = self.run.failed_elsewhere(self.plan, value, Vec::new(), source);
                self.fail(value, error);
            }
        }
        for task in transfer.waiting {
            let Some(n) = self.transfers.waiting.get_mut(&task) else { continue };
            *n -= 1;
            if *n == 0 {
                self.transfers.waiting.remove(&task);
                if self.ledger.phase(task) == Phase::Fetching {
                    self.ledger.set_phase(task, Phase::Ready);
                    self.ready.push(task);
                }
            }
        }
    }
}

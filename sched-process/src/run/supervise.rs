//! Looking after workers that take long: what is done is asked for, tasks behind a long one are
//! given to others, and what takes too much time or memory is ended.

use super::PlanRun;
use super::lane::{Ended, Nudged};
use crate::clock::now;
use crate::message::Order;
use chunkwise_graph::Result;
use std::time::Duration;

/// A worker that has said nothing for so long, in nanoseconds, is asked what it has done.
const QUIET: u64 = 2_000_000;

/// How often it is looked at what workers have taken, of time and of memory.
const ROUND: Duration = Duration::from_millis(20);

impl PlanRun<'_> {
    /// How long to wait at most until [`PlanRun::supervise`] is called again.
    pub(super) fn round(&self) -> Option<Duration> {
        let n_threads = self.pool.options.n_threads;
        let any_queued = self.lanes.iter().any(|lane| lane.flights.len() > n_threads);
        let any_busy = self.lanes.iter().any(|lane| !lane.is_idle());
        let options = &self.pool.options;
        if any_queued || (any_busy && self.run.is_observed()) {
            return Some(Duration::from_millis(2));
        }
        if (0..self.lanes.len()).any(|lane| self.is_old(lane)) {
            // What an old worker is still writing is not told of when it is there.
            return Some(Duration::from_millis(1));
        }
        let is_limited = options.memory_limit.is_some() || options.task_timeout.is_some();
        (any_busy && is_limited).then_some(ROUND)
    }

    pub(super) fn supervise(&mut self) -> Result<()> {
        self.tell_running();
        let now = now();
        let looks_at_memory = now.saturating_sub(self.looked_at_memory) > ROUND.as_nanos() as u64;
        if looks_at_memory {
            self.looked_at_memory = now;
        }
        for lane in 0..self.lanes.len() {
            if self.lanes[lane].is_idle() || self.pool.workers[lane].is_none() {
                continue;
            }
            let quiet = now.saturating_sub(self.lanes[lane].heard);
            if quiet > QUIET {
                self.nudge(lane);
            }
            self.limit_time(lane, now);
            if looks_at_memory {
                self.limit_memory(lane);
            }
        }
        Ok(())
    }

    /// Asks for what is done, and for what has not started if somebody else could do it.
    fn nudge(&mut self, lane: usize) {
        let n_threads = self.pool.options.n_threads;
        if self.lanes[lane].flights.len() <= n_threads {
            return;
        }
        let somebody_is_idle = self.lanes.iter().any(|other| other.flights.len() < n_threads);
        let recall = somebody_is_idle && self.ready.is_empty();
        let nudged = if recall { Nudged::Recall } else { Nudged::Done };
        if nudged > self.lanes[lane].nudged {
            self.lanes[lane].nudged = nudged;
            self.order(lane, Order::Nudge { recall });
        }
    }

    /// Whether a worker has been at something for long: it is given no more for the time being.
    pub(super) fn is_held_up(&self, lane: usize) -> bool {
        let lane = &self.lanes[lane];
        !lane.is_idle() && now().saturating_sub(lane.heard) > QUIET
    }

    /// Ends a worker that runs one task for longer than it may.
    fn limit_time(&mut self, lane: usize, now: u64) {
        let Some(limit) = self.pool.options.task_timeout else { return };
        let running = self.running_on(lane);
        let late = running
            .iter()
            .find(|running| u128::from(now.saturating_sub(running.since)) > limit.as_nanos());
        if let Some(late) = late {
            self.put_down(lane, Ended::TimedOut { task: late.task });
        }
    }

    fn limit_memory(&mut self, lane: usize) {
        let Some(limit) = self.pool.options.memory_limit else { return };
        let Some(process) = &self.pool.workers[lane] else { return };
        if let Some(resident) = resident_bytes(process.id())
            && resident > limit
        {
            self.put_down(lane, Ended::Memory { resident });
        }
    }

    /// Ends a worker; that it has ended is noticed as if it had by itself.
    fn put_down(&mut self, lane: usize, why: Ended) {
        if self.lanes[lane].ended.is_some() {
            return;
        }
        if let Some(process) = &mut self.pool.workers[lane] {
            process.kill();
            self.lanes[lane].ended = Some(why);
        }
    }
}

/// Bytes of memory that a process has to itself, shared memory not counted.
fn resident_bytes(id: u32) -> Option<u64> {
    let pages = std::fs::read_to_string(format!("/proc/{id}/statm")).ok()?;
    let mut pages = pages.split(' ').skip(1).map(str::parse::<u64>);
    let (resident, shared) = (pages.next()?.ok()?, pages.next()?.ok()?);
    Some(resident.saturating_sub(shared) * rustix::param::page_size() as u64)
}

//! Waiting until somebody says something, and the end of a run.

use super::PlanRun;
use super::lane::Lane;
use crate::message::ToWorker;
use crate::wire::{AWAKE, Wait};
use chunkwise_graph::{Error, Key, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

impl PlanRun<'_> {
    /// Waits until a worker has said something, this process has run a task, the run is cancelled,
    /// or it is time to look after the workers; takes in what was said.
    pub(super) fn wait(&mut self) -> Result<()> {
        let at_most = self.round();
        self.wait_at_most(at_most)
    }

    fn wait_at_most(&mut self, at_most: Option<Duration>) -> Result<()> {
        for lane in self.poll(at_most) {
            self.heard_or_lost(lane)?;
        }
        self.hear_here();
        Ok(())
    }

    /// The lanes that have something to say. Where tasks are short, something is about to be said: it
    /// is looked for again and again for a while.
    fn poll(&mut self, at_most: Option<Duration>) -> Vec<usize> {
        if self.pace.is_some_and(|pace| u128::from(pace) < AWAKE.as_nanos()) {
            let since = Instant::now();
            while since.elapsed() < AWAKE {
                if let Some(speaking) = self.poll_once(Some(Duration::ZERO)) {
                    return speaking;
                }
                std::thread::yield_now();
            }
        }
        self.poll_once(at_most).unwrap_or_default()
    }

    /// `None` if nothing has happened: no lane has something to say, and nobody woke this thread.
    fn poll_once(&mut self, at_most: Option<Duration>) -> Option<Vec<usize>> {
        let mut sockets = Vec::with_capacity(2 * self.lanes.len() + 1);
        let mut lanes = Vec::with_capacity(self.lanes.len());
        for (lane, process) in self.pool.workers.iter().enumerate() {
            let Some(process) = process else { continue };
            let flags = |is_pending| match is_pending {
                true => PollFlags::IN | PollFlags::OUT,
                false => PollFlags::IN,
            };
            let (data, control) = process.sockets();
            sockets.push(PollFd::from_borrowed_fd(data, flags(process.data_out.is_pending())));
            sockets
                .push(PollFd::from_borrowed_fd(control, flags(process.control_out.is_pending())));
            lanes.push(lane);
        }
        sockets.push(PollFd::from_borrowed_fd(self.pool.wake.as_fd(), PollFlags::IN));
        let timeout = at_most.map(|at_most| Timespec {
            tv_sec: at_most.as_secs() as i64,
            tv_nsec: at_most.subsec_nanos().into(),
        });
        match poll(&mut sockets, timeout.as_ref()) {
            // Interrupted: look around, and come back.
            Ok(_) | Err(Errno::INTR) => {}
            // What cannot be polled is gone, which reading finds out.
            Err(_) => return Some(lanes),
        }
        let events: Vec<PollFlags> = sockets.iter().map(PollFd::revents).collect();
        drop(sockets);
        let is_woken = events.last().is_some_and(|woken| !woken.is_empty());
        if is_woken {
            let _ = rustix::io::read(&*self.pool.wake, &mut [0u8; 8]);
        }
        let mut speaking = Vec::new();
        for (&lane, events) in lanes.iter().zip(events.chunks(2)) {
            let of_both = events.iter().fold(PollFlags::empty(), |all, events| all | *events);
            if of_both.contains(PollFlags::OUT)
                && let Some(process) = &mut self.pool.workers[lane]
            {
                let data = process.data_out.flush(Wait::No);
                let control = process.control_out.flush(Wait::No);
                self.lanes[lane].is_broken |= data.and(control).is_err();
            }
            if of_both.intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR) {
                speaking.push(lane);
            }
        }
        let broken = self.lanes.iter().enumerate().filter(|(_, lane)| lane.is_broken);
        speaking.extend(broken.map(|(lane, _)| lane));
        speaking.dedup();
        (is_woken || !speaking.is_empty()).then_some(speaking)
    }

    /// The run is cancelled: waits a while for tasks that have started, then ends their workers.
    pub(super) fn cancel(&mut self) -> Error {
        self.limit = 0;
        self.ledger.limit(0);
        self.ready.drop_from(0);
        for lane in 0..self.lanes.len() {
            self.order(lane, crate::message::Order::Cancel);
        }
        if let Some(here) = &self.here {
            here.limit(0);
        }
        let since = Instant::now();
        while !self.is_over() {
            let left = self.pool.options.patience.saturating_sub(since.elapsed());
            if left.is_zero() {
                break;
            }
            if self.wait_at_most(Some(left.min(Duration::from_millis(10)))).is_err() {
                break;
            }
        }
        let running = self.still_running();
        // Workers that are still at it are started anew for the next run.
        for lane in 0..self.lanes.len() {
            if !self.lanes[lane].is_idle() {
                self.put_away(lane);
            }
        }
        Error::Cancelled { running }
    }

    fn still_running(&self) -> Vec<Key> {
        let lanes = (0..self.lanes.len()).filter(|&lane| !self.lanes[lane].is_idle());
        let mut running: Vec<u32> =
            lanes.flat_map(|lane| self.running_on(lane)).map(|at| at.task).collect();
        running.extend(self.here.as_ref().and_then(super::here::Here::running));
        running.sort_unstable();
        running.into_iter().map(|task| self.plan.task(task).key()).collect()
    }

    /// Ends a worker for good.
    fn put_away(&mut self, lane: usize) {
        if let Some(mut process) = self.pool.take(lane) {
            process.kill();
            let region = process.region;
            drop(process);
            self.pool.bury(region);
        }
        self.lanes[lane] = Lane::default();
    }

    /// Waits until nothing of the run is left with any worker.
    pub(super) fn end(&mut self) {
        self.outputs_before_end();
        let end = ToWorker::End { run: self.number };
        for lane in 0..self.lanes.len() {
            if self.lanes[lane].is_idle() {
                self.say(lane, &end, &[]);
            } else {
                // Only where something went wrong besides tasks.
                self.put_away(lane);
            }
        }
        let since = Instant::now();
        const PATIENCE: Duration = Duration::from_secs(30);
        loop {
            let is_left =
                |lane: &usize| self.pool.workers[*lane].is_some() && !self.lanes[*lane].is_done;
            let left: Vec<usize> = (0..self.lanes.len()).filter(is_left).collect();
            if left.is_empty() {
                break;
            }
            if since.elapsed() > PATIENCE {
                left.into_iter().for_each(|lane| self.put_away(lane));
                break;
            }
            for lane in self.poll(Some(Duration::from_millis(100))) {
                if !matches!(self.listen(lane), Ok(true)) {
                    self.put_away(lane);
                }
            }
        }
        self.pool.own_region.clear(&self.pool.arena, 0);
        if !self.unburied.is_empty() {
            let mut regions: Vec<u32> = self.unburied.iter().copied().collect();
            regions.sort_unstable();
            self.bury_regions(regions);
        }
        self.retire_old();
    }

    /// Outputs that are still in shared memory come home before it is given up.
    fn outputs_before_end(&mut self) {
        if self.failure.is_some() || self.run.is_cancelled() {
            return;
        }
        let outputs = self.plan.outputs().to_vec();
        for output in outputs {
            let is_held = matches!(self.ledger.place(output), super::ledger::Place::Held(_));
            if is_held && !self.outputs.has(output) {
                self.take_home(output);
            }
        }
    }
}

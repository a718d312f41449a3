//! [`Pool`]: the worker processes that a scheduler keeps from run to run.

use crate::arena::Arena;
use crate::error::ProcessError;
use crate::image::StaticRef;
use crate::options::Options;
use crate::own_region::OwnRegion;
use crate::spawn::Process;
use crate::worker::PROBE;
use rustix::event::{EventfdFlags, eventfd};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, PoisonError};

/// The parent's region; workers have the ones after it.
const OWN_REGION: u32 = 0;

pub(crate) struct Pool {
    pub(crate) options: Options,
    pub(crate) arena: Arena,
    pub(crate) own_region: OwnRegion,
    /// By worker; `None` for one that ended and was not started again yet.
    pub(crate) workers: Vec<Option<Process>>,
    /// Wakes the run that goes on.
    pub(crate) wake: Arc<OwnedFd>,
    /// The number of the last run.
    pub(crate) n_runs: u64,
    next_region: u32,
    /// The process ids of the workers.
    pub(crate) ids: Arc<Mutex<Vec<Option<u32>>>>,
}

impl Pool {
    pub(crate) fn start(options: Options) -> Result<Pool, ProcessError> {
        StaticRef::to(&PROBE).map_err(|_| ProcessError::SharedLibrary)?;
        let arena = Arena::new()?;
        arena.grow_to(OWN_REGION)?;
        let mapping = arena.region(OWN_REGION)?;
        let own_region = OwnRegion::new(OWN_REGION, mapping, arena.region_len());
        let wake = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK);
        let wake = Arc::new(wake.map_err(std::io::Error::from)?);
        let workers = (0..options.n_workers).map(|_| None).collect();
        let next_region = OWN_REGION + 1;
        let ids = Arc::new(Mutex::new(vec![None; options.n_workers]));
        let mut pool =
            Pool { options, arena, own_region, workers, wake, n_runs: 0, next_region, ids };
        pool.start_missing()?;
        Ok(pool)
    }

    /// Starts the workers that there are not, all at a time.
    pub(crate) fn start_missing(&mut self) -> Result<(), ProcessError> {
        let mut started = Vec::new();
        for number in 0..self.workers.len() {
            if self.workers[number].is_none() {
                started.push((number, self.start_process(number)?));
            }
        }
        for (number, mut process) in started {
            process.greet()?;
            self.put(number, process);
        }
        Ok(())
    }

    /// Starts one worker anew and waits for it. Whatever ends workers may end it before it is ready,
    /// so that it is tried more than once.
    pub(crate) fn restart(&mut self, number: usize) -> Result<(), ProcessError> {
        const ATTEMPTS: u32 = 5;
        let mut attempt = 1;
        loop {
            let mut process = self.start_process(number)?;
            match process.greet() {
                Ok(()) => {
                    self.put(number, process);
                    return Ok(());
                }
                Err(ProcessError::DiedAtStart { .. }) if attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    fn put(&mut self, number: usize, process: Process) {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids[number] = Some(process.id());
        self.workers[number] = Some(process);
    }

    /// A region of its own for each process that ever started: what one has written may be read
    /// after it has ended.
    fn start_process(&mut self, number: usize) -> Result<Process, ProcessError> {
        let region = self.next_region;
        self.next_region += 1;
        self.arena.grow_to(region)?;
        Process::start(number, region, &self.arena, &self.options)
    }

    /// Takes a worker that has ended, or is to.
    pub(crate) fn take(&mut self, number: usize) -> Option<Process> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)[number] = None;
        self.workers[number].take()
    }

    /// Whether the process that writes a region has not ended.
    pub(crate) fn is_region_written(&self, region: u32) -> bool {
        let owner = self.workers.iter().flatten().find(|process| process.region == region);
        region == OWN_REGION || owner.is_some_and(Process::is_alive)
    }

    /// Nothing of a region will be read again, and its process has ended.
    pub(crate) fn bury(&self, region: u32) {
        self.arena.forget(region);
        // What the system does not take back now it takes back with the file.
        let _ = self.arena.give_region_back(region);
    }
}

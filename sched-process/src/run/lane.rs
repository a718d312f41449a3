//! [`Lane`]: what one worker has been given to do.

use smallvec::SmallVec;
use std::collections::{HashSet, VecDeque};

/// A task that a worker was sent and has not told the end of.
pub(super) struct Flight {
    pub(super) task: u32,
    /// Inputs that the worker keeps once the task has ended.
    pub(super) kept: SmallVec<[u32; 2]>,
    /// Inputs that the task takes from the worker's store.
    pub(super) taken: SmallVec<[u32; 2]>,
}

#[derive(Default)]
pub(super) struct Lane {
    /// In the order in which they were sent.
    pub(super) flights: VecDeque<Flight>,
    /// The programs that the worker was sent.
    pub(super) programs: HashSet<u32>,
    /// When the worker last said something, or was given something while it had nothing, in
    /// nanoseconds of the monotonic clock.
    pub(super) heard: u64,
    /// What it was asked for since it last said something.
    pub(super) nudged: Nudged,
    /// It could not be told something: it is gone, and reading will say so.
    pub(super) is_broken: bool,
    /// It was ended on purpose, and why: its end is no surprise.
    pub(super) ended: Option<Ended>,
    /// The run is over for it.
    pub(super) is_done: bool,
}

/// What a quiet worker was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub(super) enum Nudged {
    #[default]
    Nothing,
    /// To say what is done.
    Done,
    /// And to give back what has not started.
    Recall,
}

/// Why a worker was ended on purpose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Ended {
    /// It ran this task for too long.
    TimedOut {
        task: u32,
    },
    Memory {
        resident: u64,
    },
}

impl Lane {
    pub(super) fn is_idle(&self) -> bool {
        self.flights.is_empty()
    }

    /// The task has ended, or was given back.
    pub(super) fn land(&mut self, task: u32) -> Option<Flight> {
        let at = self.flights.iter().position(|flight| flight.task == task)?;
        self.flights.remove(at)
    }
}

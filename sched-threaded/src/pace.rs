//! [`Pace`]: how long tasks take at present, as one worker sees it.

use crate::cursor::MAX_CLAIM;
use std::time::{Duration, Instant};

/// Estimates the duration of a task from the last few, at the price of one clock reading for
/// [`SAMPLE`] of them; from that follows how many tasks to claim at a time and whether it pays to
/// wake a sleeping worker for one.
pub(crate) struct Pace {
    since: Instant,
    executed: u32,
    /// Nanoseconds a task.
    estimate: u64,
}

const SAMPLE: u32 = 16;

/// A claim should take about this long: much for a shared counter, little for everything else.
const CLAIM: u64 = 20_000;

/// Waking a worker costs some microseconds; handing a task to another core some tenths of one.
const TINY: u64 = 500;

impl Pace {
    pub(crate) fn new() -> Pace {
        // Before anything is known, tasks count as long: claimed singly, shared at once.
        Pace { since: Instant::now(), executed: 0, estimate: CLAIM }
    }

    /// A task has run.
    #[inline]
    pub(crate) fn count(&mut self) {
        self.executed += 1;
        if self.executed == SAMPLE {
            self.measure();
        }
    }

    #[cold]
    fn measure(&mut self) {
        let now = Instant::now();
        let nanoseconds = (now - self.since).as_nanos() as u64;
        self.estimate = nanoseconds / u64::from(self.executed.max(1));
        self.since = now;
        self.executed = 0;
    }

    /// How many tasks to claim now.
    pub(crate) fn claim(&mut self) -> u32 {
        // A model checker replays schedules, which must not depend on clocks.
        if cfg!(shuttle) {
            return 2;
        }
        if self.executed > 0 {
            self.measure();
        }
        (CLAIM / self.estimate.max(1)).clamp(1, u64::from(MAX_CLAIM)) as u32
    }

    /// Whether handing a task to another worker costs more than the task itself.
    pub(crate) fn is_tiny(&self) -> bool {
        !cfg!(shuttle) && self.estimate < TINY
    }
}

/// How long a worker without work looks out for some before it leaves, when tasks are not tiny:
/// longer than it takes to be woken again.
pub(crate) const LINGER: Duration = Duration::from_micros(20);

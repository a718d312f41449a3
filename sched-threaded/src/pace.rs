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
    /// Tasks passed since the last claim, and how many of them could be run at once.
    passed: u32,
    ready: u32,
}

const SAMPLE: u32 = 16;

/// A claim should take about this long: much for a shared counter, little for everything else.
const CLAIM: u64 = 20_000;

/// Waking a worker costs some microseconds; handing a task to another core some tenths of one.
const TINY: u64 = 500;

impl Pace {
    pub(crate) fn new() -> Pace {
        // Before anything is known, tasks count as long: claimed singly, shared at once.
        Pace { since: Instant::now(), executed: 0, estimate: CLAIM, passed: 0, ready: 0 }
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

    /// A task was passed, and it was ready or not.
    #[inline]
    pub(crate) fn count_passed(&mut self, ready: bool) {
        self.passed += 1;
        self.ready += u32::from(ready);
    }

    /// Whether the tasks that were passed last were tiny and waited for what others were running:
    /// then another worker is of no use here, and costs the others their caches.
    pub(crate) fn is_in_the_way(&self) -> bool {
        self.is_tiny() && self.passed >= SAMPLE && 2 * self.ready < self.passed
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
        (self.passed, self.ready) = (0, 0);
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

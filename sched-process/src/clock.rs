//! The machine's monotonic clock, which all its processes share.

use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, Instant};

/// Nanoseconds of the machine's monotonic clock.
pub(crate) fn now() -> u64 {
    let time = clock_gettime(ClockId::Monotonic);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Translates times of that clock, from any process, to [`Instant`]s of this one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    instant: Instant,
    nanos: u64,
}

impl Clock {
    pub(crate) fn new() -> Clock {
        Clock { instant: Instant::now(), nanos: now() }
    }

    pub(crate) fn instant(&self, nanos: u64) -> Instant {
        match nanos.checked_sub(self.nanos) {
            Some(later) => self.instant + Duration::from_nanos(later),
            None => {
                let earlier = Duration::from_nanos(self.nanos - nanos);
                self.instant.checked_sub(earlier).unwrap_or(self.instant)
            }
        }
    }
}

//! [`Resident`]: how much memory the process has, as the system counts it.

use crate::sync::{Mutex, lock};
use std::time::{Duration, Instant};

/// The growth of the process since a run began; looked at now and then, between tasks.
pub(super) struct Resident {
    base: Option<u64>,
    seen: Mutex<Seen>,
}

struct Seen {
    peak: u64,
    at: Instant,
}

impl Resident {
    pub(super) fn new() -> Resident {
        let base = resident();
        let seen = Seen { peak: base.unwrap_or(0), at: Instant::now() };
        Resident { base, seen: Mutex::new(seen) }
    }

    /// Looks, unless somebody did a moment ago: asking the system takes microseconds.
    pub(super) fn sample(&self) {
        const PAUSE: Duration = Duration::from_millis(1);
        let Ok(mut seen) = self.seen.try_lock() else { return };
        if self.base.is_some() && seen.at.elapsed() > PAUSE {
            seen.peak = seen.peak.max(resident().unwrap_or(0));
            seen.at = Instant::now();
        }
    }

    /// Looks now.
    pub(super) fn look(&self) {
        let mut seen = lock(&self.seen);
        seen.peak = seen.peak.max(resident().unwrap_or(0));
    }

    /// By how many bytes the process grew at most.
    pub(super) fn growth(&self) -> Option<u64> {
        self.base.map(|base| lock(&self.seen).peak.saturating_sub(base))
    }
}

/// Bytes of this process that are in memory; `None` where the system does not say.
pub(crate) fn resident() -> Option<u64> {
    // Pages, the second number: https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html
    const PAGE_BYTES: u64 = 4096;
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(pages * PAGE_BYTES)
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use super::*;

    #[test]
    fn what_is_touched_is_resident() {
        let Some(before) = resident() else { return };
        let touched = std::hint::black_box(vec![1u8; 256 << 20]);
        let after = resident().unwrap();
        // Tests beside this one give memory back meanwhile.
        assert!(after >= before + (128 << 20), "{before} to {after}");
        drop(touched);
    }
}

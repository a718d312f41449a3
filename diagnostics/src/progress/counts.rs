//! [`Counts`]: how far a run is; the part of a bar that workers touch.

use super::screen::Screen;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};

/// How far a run is.
pub(super) struct Counts {
    /// One bit a task: one that runs again, as its result was lost, does not count again.
    done: Box<[AtomicU64]>,
    /// The task that was started last, `NONE` before the first.
    current: AtomicU32,
    /// Threads that remember these counts look for others: the plan may run again.
    over: AtomicBool,
}

const NONE: u32 = u32::MAX;

impl Counts {
    pub(super) fn new(n_tasks: usize) -> Counts {
        Counts {
            done: std::iter::repeat_with(AtomicU64::default).take(n_tasks.div_ceil(64)).collect(),
            current: AtomicU32::new(NONE),
            over: AtomicBool::new(false),
        }
    }

    pub(super) fn started(&self, task: u32) {
        self.current.store(task, Relaxed);
    }

    pub(super) fn done(&self, task: u32) {
        if let Some(bits) = self.done.get(task as usize / 64) {
            bits.fetch_or(1 << (task % 64), Relaxed);
        }
    }

    pub(super) fn end(&self) {
        self.over.store(true, Relaxed);
    }

    /// Reads one bit a task: for the thread that draws.
    pub(super) fn n_done(&self) -> u64 {
        self.done.iter().map(|bits| u64::from(bits.load(Relaxed).count_ones())).sum()
    }

    pub(super) fn current(&self) -> Option<u32> {
        Some(self.current.load(Relaxed)).filter(|&task| task != NONE)
    }
}

/// What a thread counted last.
struct Last {
    bar: u64,
    plan: u64,
    counts: Arc<Counts>,
}

thread_local! {
    static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
}

/// Lets `f` count for the run of `plan` that `bar` draws on `screen`: without a lock as long as
/// the thread works at one run.
#[inline]
pub(super) fn count(bar: u64, screen: &Screen, plan: u64, f: impl FnOnce(&Counts)) {
    // A thread that is being torn down runs no tasks: it has nothing to count.
    let _ = LAST.try_with(|last| {
        let mut last = last.borrow_mut();
        let known = last
            .as_ref()
            .filter(|last| (last.bar, last.plan) == (bar, plan) && !last.counts.over.load(Relaxed));
        if let Some(last) = known {
            return f(&last.counts);
        }
        if let Some(counts) = screen.counts_of(plan) {
            f(&counts);
            *last = Some(Last { bar, plan, counts });
        }
    });
}

/// A number that was not given before in this process.
pub(super) fn unique_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Relaxed)
}

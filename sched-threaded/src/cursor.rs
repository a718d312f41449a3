//! [`Cursor`]: passing the tasks in order of priority, a few at a time.

use crate::sync::{AtomicU32, AtomicU64, Ordering};
use crossbeam_utils::CachePadded;

/// Deals out the tasks `0..n` in order. Workers claim runs of consecutive tasks, so that tiny
/// tasks do not fight for one cache line, and so that neighbours, which often need each other,
/// stay on one core. What a worker has claimed and not begun others can take over.
#[derive(Debug)]
pub(crate) struct Cursor {
    next: CachePadded<AtomicU32>,
    n: u32,
    claims: Vec<CachePadded<Claim>>,
}

/// The most tasks in a claim: enough to make the shared counter free, few enough that the order
/// of priority holds to within some dozens of tasks.
pub(crate) const MAX_CLAIM: u32 = 64;

impl Cursor {
    pub(crate) fn new(n: u32, n_workers: usize) -> Cursor {
        let claims = (0..n_workers).map(|_| CachePadded::new(Claim::empty())).collect();
        Cursor { next: CachePadded::new(AtomicU32::new(0)), n, claims }
    }

    /// Whether all tasks are dealt out.
    pub(crate) fn is_at_end(&self) -> bool {
        self.next.load(Ordering::Relaxed) >= self.n
    }

    /// The next task of what `worker` has claimed.
    #[inline]
    pub(crate) fn claimed(&self, worker: usize) -> Option<u32> {
        self.claims[worker].pop()
    }

    /// Claims up to `wanted` tasks for `worker`, whose claim must be used up. Whether there were
    /// any left.
    pub(crate) fn claim(&self, worker: usize, wanted: u32) -> bool {
        let passed = self.next.load(Ordering::Relaxed);
        if passed >= self.n {
            return false;
        }
        // Towards the end less, so that all workers end together.
        let fair = (self.n - passed) / (2 * self.claims.len() as u32);
        let wanted = wanted.min(fair).max(1);
        let first = self.next.fetch_add(wanted, Ordering::Relaxed);
        let end = first.saturating_add(wanted).min(self.n);
        if first < end {
            self.claims[worker].fill(first, end);
        }
        first < end
    }

    /// A task that another worker has claimed and fallen far behind with: it is in the middle of
    /// a long one. Looks at a few workers only, others each time.
    pub(crate) fn left_behind(&self, worker: usize, at: &mut usize) -> Option<u32> {
        const LOOKED_AT: usize = 4;
        let n_workers = self.claims.len();
        let distance = 2 * MAX_CLAIM * n_workers as u32;
        let passed = self.next.load(Ordering::Relaxed);
        for _ in 0..LOOKED_AT.min(n_workers - 1) {
            *at = (*at + 1) % n_workers;
            if *at != worker && self.claims[*at].lags(passed, distance) {
                return self.claims[*at].pop();
            }
        }
        None
    }

    /// Any task that somebody has claimed and not begun.
    pub(crate) fn any_claimed(&self) -> Option<u32> {
        self.claims.iter().find_map(|claim| claim.pop())
    }
}

/// A run of consecutive tasks: the next one in the high half, the end in the low half.
#[derive(Debug)]
struct Claim(AtomicU64);

impl Claim {
    fn empty() -> Claim {
        Claim(AtomicU64::new(0))
    }

    fn split(both: u64) -> (u32, u32) {
        ((both >> 32) as u32, both as u32)
    }

    /// Takes the next task, for its owner or for a thief; each task goes to one of them.
    #[inline]
    fn pop(&self) -> Option<u32> {
        // Looking first keeps the counter from running away when many look into an empty claim.
        let (next, end) = Claim::split(self.0.load(Ordering::Relaxed));
        if next >= end {
            return None;
        }
        let (next, end) = Claim::split(self.0.fetch_add(1 << 32, Ordering::AcqRel));
        (next < end).then_some(next)
    }

    /// Gives the owner new tasks; the claim is used up. A thief that comes at the same time takes
    /// from the old one (nothing) or from the new one (a task): both are fine.
    fn fill(&self, first: u32, end: u32) {
        self.0.swap(u64::from(first) << 32 | u64::from(end), Ordering::AcqRel);
    }

    fn lags(&self, passed: u32, distance: u32) -> bool {
        let (next, end) = Claim::split(self.0.load(Ordering::Relaxed));
        next < end && next.saturating_add(distance) < passed
    }
}

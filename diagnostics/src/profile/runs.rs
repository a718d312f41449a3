//! [`Runs`]: which plan is which run.

use super::lane::lock;
use super::run_profile::Outcome;
use chunkwise_graph::{Error, Plan};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Acquire, Ordering::Release};

/// The number of runs that are not kept one by one.
pub(super) const UNLISTED: u32 = u32::MAX - 1;
/// The number of no run.
pub(super) const NO_RUN: u32 = u32::MAX;

/// Runs that are kept one by one: a task that runs a graph may do so a million times.
const MAX_RUNS: usize = 100_000;

/// A run as it was told.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) plan: Plan,
    pub(super) start: u64,
    pub(super) end: Option<u64>,
    pub(super) outcome: Outcome,
}

/// The runs of a profile.
pub(super) struct Runs {
    /// Goes up with every change, so that threads may remember what they looked up.
    epoch: AtomicU64,
    /// How often all was forgotten.
    clears: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The number of the first listed run: numbers go on after all was forgotten, so that what
    /// threads still write for forgotten runs is not taken for that of new ones.
    first: u32,
    listed: Vec<Run>,
    n_unlisted: u64,
    /// Plan and run of those that go on.
    active: Vec<(u64, u32)>,
}

impl Runs {
    pub(super) fn new() -> Runs {
        Runs { epoch: AtomicU64::new(0), clears: AtomicU64::new(0), state: Mutex::default() }
    }

    #[inline]
    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Acquire)
    }

    #[inline]
    pub(super) fn clears(&self) -> u64 {
        self.clears.load(Acquire)
    }

    pub(super) fn start(&self, plan: &Plan, now: u64) {
        let mut state = lock(&self.state);
        let is_listed = state.listed.len() < MAX_RUNS && state.first < UNLISTED - MAX_RUNS as u32;
        let number = if is_listed {
            let plan = plan.clone();
            state.listed.push(Run { plan, start: now, end: None, outcome: Outcome::Running });
            state.first + state.listed.len() as u32 - 1
        } else {
            state.n_unlisted += 1;
            UNLISTED
        };
        state.active.push((plan.id(), number));
        self.epoch.fetch_add(1, Release);
    }

    pub(super) fn finish(&self, plan: &Plan, error: Option<&Error>, now: u64) {
        let mut state = lock(&self.state);
        let Some(at) = state.active.iter().rposition(|&(id, _)| id == plan.id()) else { return };
        let (_, number) = state.active.remove(at);
        let at = number.wrapping_sub(state.first) as usize;
        if let Some(run) = state.listed.get_mut(at) {
            run.end = Some(now);
            run.outcome = Outcome::of(error);
        }
        self.epoch.fetch_add(1, Release);
    }

    /// The run of a plan that goes on; the last of several.
    pub(super) fn run_of(&self, plan: u64) -> Option<u32> {
        let state = lock(&self.state);
        let active = state.active.iter().rev().find(|&&(id, _)| id == plan);
        active.map(|&(_, number)| number)
    }

    /// Whether a run goes on.
    pub(super) fn is_active(&self, plan: u64, run: u32) -> bool {
        lock(&self.state).active.contains(&(plan, run))
    }

    pub(super) fn clear(&self) {
        let mut state = lock(&self.state);
        let first = state.first + state.listed.len() as u32;
        *state = State { first, ..State::default() };
        drop(state);
        self.clears.fetch_add(1, Release);
        self.epoch.fetch_add(1, Release);
    }

    pub(super) fn len(&self) -> usize {
        lock(&self.state).listed.len()
    }

    /// The number of the first listed run, the listed runs, and how many others there were.
    pub(super) fn all(&self) -> (u32, Vec<Run>, u64) {
        let state = lock(&self.state);
        (state.first, state.listed.clone(), state.n_unlisted)
    }
}

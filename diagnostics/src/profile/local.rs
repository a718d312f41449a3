//! [`Local`]: the calling thread's end of a lane; what each event does.
//!
//! A thread has one lane for what it does itself, where tasks are open inside each other, and one
//! for each worker elsewhere that it tells of: what happens on several of them is told in turns.

use super::Profile;
use super::lane::{BYTES, END, INSIDE, Lane, ReleaseChunk, START, TaskChunk};
use super::runs::{NO_RUN, UNLISTED};
use super::totals::Totals;
use chunkwise_graph::{TaskRef, WorkerId};
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

thread_local! {
    /// One for each profile that the thread recorded for.
    static LOCALS: RefCell<Vec<Local>> = const { RefCell::new(Vec::new()) };
    /// One for each profile and each worker elsewhere that the thread told it of.
    static ELSEWHERE: RefCell<Vec<(WorkerId, Local)>> = const { RefCell::new(Vec::new()) };
}

/// Calls `f` with the calling thread's end of its lane in `profile`.
///
/// `None` while the thread is torn down, when it runs no tasks.
#[inline]
pub(super) fn with_local<R>(profile: &Profile, f: impl FnOnce(&mut Local) -> R) -> Option<R> {
    let work = |locals: &RefCell<Vec<Local>>| {
        let mut locals = locals.borrow_mut();
        let at = locals.iter().position(|local| local.profile == profile.id);
        let at = at.unwrap_or_else(|| join(&mut locals, profile));
        let local = &mut locals[at];
        if local.epoch != profile.runs.epoch() {
            local.catch_up(profile);
        }
        f(local)
    };
    LOCALS.try_with(work).ok()
}

/// Calls `f` with the calling thread's end of the lane in `profile` of a worker elsewhere.
#[cold]
pub(super) fn with_local_of<R>(
    profile: &Profile,
    worker: WorkerId,
    f: impl FnOnce(&mut Local) -> R,
) -> Option<R> {
    let work = |locals: &RefCell<Vec<(WorkerId, Local)>>| {
        let mut locals = locals.borrow_mut();
        let is_it = |(of, local): &(WorkerId, Local)| *of == worker && local.profile == profile.id;
        let at = locals.iter().position(is_it).unwrap_or_else(|| {
            locals.retain(|(_, local)| local.is_wanted());
            locals.push((worker, Local::new(profile, Some(worker))));
            locals.len() - 1
        });
        let (_, local) = &mut locals[at];
        if local.epoch != profile.runs.epoch() {
            local.catch_up(profile);
        }
        f(local)
    };
    ELSEWHERE.try_with(work).ok()
}

#[cold]
fn join(locals: &mut Vec<Local>, profile: &Profile) -> usize {
    locals.retain(Local::is_wanted);
    locals.push(Local::new(profile, None));
    locals.len() - 1
}

pub(super) struct Local {
    profile: u64,
    lane: Arc<Lane>,
    /// What of the profile's runs is known here.
    epoch: u64,
    clears: u64,
    /// The plan that was looked up last, and its run.
    of_plan: (u64, u32),
    /// The tasks that this thread is in, each inside the one before. Of a worker elsewhere, those
    /// that have started and of whose end nothing is known: the one that it is in, and such as
    /// failed or were lost with it.
    open: Vec<Open>,
    /// Those that open tasks are in, and the one to fill.
    chunks: Vec<Arc<TaskChunk>>,
    releases: Option<Arc<ReleaseChunk>>,
    /// When the task ended after which nothing has started.
    last_end: Option<u64>,
}

struct Open {
    plan: u64,
    run: u32,
    task: u32,
    start: u64,
    /// Time in tasks that ran inside it.
    inside: u64,
    /// Where it is recorded: number in `chunks` and row; `None` if there was no room.
    at: Option<(u32, u32)>,
}

/// A task that is to be counted, as it could not be recorded.
pub(super) struct ToCount {
    lane: Arc<Lane>,
    run: u32,
    one: Totals,
}

impl ToCount {
    pub(super) fn add(self, task: TaskRef<'_>) {
        self.lane.count(self.run, task, &self.one);
    }
}

impl Local {
    fn new(profile: &Profile, elsewhere: Option<WorkerId>) -> Local {
        Local {
            profile: profile.id,
            lane: profile.lanes.join(elsewhere),
            epoch: u64::MAX,
            clears: profile.runs.clears(),
            of_plan: (u64::MAX, NO_RUN),
            open: Vec::new(),
            chunks: Vec::new(),
            releases: None,
            last_end: None,
        }
    }

    /// Lanes that only this thread holds are of profiles that were dropped.
    fn is_wanted(&self) -> bool {
        Arc::strong_count(&self.lane) > 1
    }

    /// Runs have started or ended, or the profile was cleared.
    #[cold]
    fn catch_up(&mut self, profile: &Profile) {
        let (epoch, clears) = (profile.runs.epoch(), profile.runs.clears());
        self.of_plan = (u64::MAX, NO_RUN);
        // It may have been of another run.
        self.last_end = None;
        if self.clears != clears {
            self.chunks.clear();
            self.releases = None;
            self.open.clear();
        } else {
            // Tasks that failed are left behind by their runs.
            self.open.retain(|open| profile.runs.is_active(open.plan, open.run));
        }
        (self.epoch, self.clears) = (epoch, clears);
    }

    /// The run of `plan` that goes on.
    #[inline]
    fn run_of(&mut self, profile: &Profile, plan: u64) -> Option<u32> {
        if self.of_plan.0 != plan {
            self.of_plan = (plan, profile.runs.run_of(plan)?);
        }
        Some(self.of_plan.1)
    }

    #[inline]
    pub(super) fn pretask(
        &mut self,
        profile: &Profile,
        task: TaskRef<'_>,
        worker: WorkerId,
        now: impl FnOnce() -> u64,
    ) {
        let depth = self.open.len() as u64;
        self.begin(profile, task, (worker, depth), now);
    }

    /// On a worker elsewhere, where tasks do not run inside each other.
    pub(super) fn pretask_elsewhere(
        &mut self,
        profile: &Profile,
        task: TaskRef<'_>,
        worker: WorkerId,
        at: u64,
    ) {
        self.begin(profile, task, (worker, 0), || at);
    }

    #[inline(always)]
    fn begin(
        &mut self,
        profile: &Profile,
        task: TaskRef<'_>,
        (worker, depth): (WorkerId, u64),
        now: impl FnOnce() -> u64,
    ) {
        let plan = task.plan().id();
        let Some(run) = self.run_of(profile, plan) else { return };
        if depth == 0 {
            self.lane.worker.store(worker.0, Relaxed);
        }
        let place = u64::from(worker.0) | depth << 32;
        let at = self.record(profile, run, [id(run, task.id()), place, u64::MAX, 0, 0, 0]);
        self.last_end = None;
        let start = now();
        if let Some((chunk, row)) = at {
            self.chunks[chunk as usize].set(row as usize, START, start);
        }
        self.open.push(Open { plan, run, task: task.id(), start, inside: 0, at });
    }

    /// Writes a row, in a new chunk if need be; `None` if there is no more room.
    #[inline]
    fn record(&mut self, profile: &Profile, run: u32, row: [u64; 6]) -> Option<(u32, u32)> {
        if run == UNLISTED {
            return None;
        }
        loop {
            if let Some(at) = self.chunks.last().and_then(|chunk| chunk.push(row)) {
                return Some((self.chunks.len() as u32 - 1, at as u32));
            }
            let chunk = profile.lanes.more_tasks(&self.lane)?;
            if self.open.is_empty() {
                self.chunks.clear();
            }
            self.chunks.push(chunk);
        }
    }

    #[inline]
    pub(super) fn posttask(&mut self, task: TaskRef<'_>, now: u64, bytes: u64) -> Option<ToCount> {
        // Those above it failed, in a run that their task caught.
        let depth = self.position(task)?;
        self.open.truncate(depth + 1);
        let open = self.open.pop()?;
        let time = now.saturating_sub(open.start);
        match self.open.last_mut() {
            Some(outer) => outer.inside += time,
            None => self.lane.busy.store(self.lane.busy.load(Relaxed) + time, Relaxed),
        }
        self.end(open, now, bytes)
    }

    /// On a worker elsewhere: others that are open failed or were lost, or end later.
    pub(super) fn posttask_elsewhere(
        &mut self,
        task: TaskRef<'_>,
        at: u64,
        bytes: u64,
    ) -> Option<ToCount> {
        let position = self.position(task)?;
        let open = self.open.remove(position);
        self.lane.busy.fetch_add(at.saturating_sub(open.start), Relaxed);
        self.end(open, at, bytes)
    }

    #[inline(always)]
    fn position(&self, task: TaskRef<'_>) -> Option<usize> {
        let of = (task.plan().id(), task.id());
        self.open.iter().rposition(|open| (open.plan, open.task) == of)
    }

    #[inline(always)]
    fn end(&mut self, open: Open, now: u64, bytes: u64) -> Option<ToCount> {
        self.last_end = Some(now);
        let Some((chunk, row)) = open.at else {
            let one = Totals::one(now.saturating_sub(open.start), open.inside, bytes);
            return Some(ToCount { lane: self.lane.clone(), run: open.run, one });
        };
        let (chunk, row) = (&self.chunks[chunk as usize], row as usize);
        chunk.set(row, BYTES, bytes);
        chunk.set(row, INSIDE, open.inside);
        chunk.set_last(row, END, now);
        None
    }

    /// The time of a release is the end of the task that it follows; of one that follows none, now.
    #[inline]
    pub(super) fn released(&mut self, profile: &Profile, task: TaskRef<'_>) {
        let Some(run) = self.run_of(profile, task.plan().id()) else { return };
        let time = self.last_end.unwrap_or_else(|| profile.clock.now());
        let row = [id(run, task.id()), time];
        let mut is_written = self.releases.as_ref().is_some_and(|chunk| chunk.push(row).is_some());
        if !is_written && run != UNLISTED {
            self.releases = profile.lanes.more_releases(&self.lane);
            is_written = self.releases.as_ref().is_some_and(|chunk| chunk.push(row).is_some());
        }
        if !is_written {
            self.lane.lose_release(run);
        }
    }
}

/// Run and number of a task in one number.
#[inline]
fn id(run: u32, task: u32) -> u64 {
    u64::from(run) << 32 | u64::from(task)
}

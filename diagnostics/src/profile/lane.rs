//! [`Lane`]: what one thread recorded of itself or of a worker elsewhere, and [`Lanes`]: all of
//! them.

use super::chunk::Chunk;
use super::totals::Totals;
use chunkwise_graph::{Name, NameMap, TaskRef, WorkerId};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{
    AtomicU32, AtomicU64, AtomicUsize, Ordering::Acquire, Ordering::Relaxed, fence,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A task: run and number, worker and depth, start, end (0 until then), bytes, time of the tasks
/// inside it.
pub(super) type TaskChunk = Chunk<6>;
pub(super) const ID: usize = 0;
pub(super) const PLACE: usize = 1;
pub(super) const START: usize = 2;
pub(super) const END: usize = 3;
pub(super) const BYTES: usize = 4;
pub(super) const INSIDE: usize = 5;

/// A release: run and number of the task, time.
pub(super) type ReleaseChunk = Chunk<2>;

/// Rows that a thread sets aside at a time: 12 kB of tasks.
const CHUNK: usize = 256;

/// More room for releases than for tasks, so that threads which set some aside do not take it from
/// others while all tasks fit.
const SLACK: usize = 64 * CHUNK;

/// What one thread records of itself or of one worker elsewhere; after its end, what the next new
/// thread goes on with.
pub(super) struct Lane {
    pub(super) number: u32,
    /// The worker elsewhere that it is of.
    pub(super) elsewhere: Option<WorkerId>,
    /// The name of the thread; none of a worker elsewhere.
    pub(super) thread: Mutex<Option<String>>,
    /// The worker that it was when it last started a task that is inside no other one.
    pub(super) worker: AtomicU32,
    /// Time in finished tasks that are inside no other one.
    pub(super) busy: AtomicU64,
    pub(super) tasks: Mutex<Vec<Arc<TaskChunk>>>,
    pub(super) releases: Mutex<Vec<Arc<ReleaseChunk>>>,
    pub(super) counted: Mutex<Counted>,
}

/// Tasks that are counted instead of recorded.
#[derive(Default)]
pub(super) struct Counted {
    pub(super) groups: NameMap<Name, HashMap<Box<str>, Totals>>,
    pub(super) by_run: HashMap<u32, u64>,
    /// Runs of which not all releases are known.
    pub(super) without_releases: HashSet<u32>,
}

impl Lane {
    fn new(number: u32, elsewhere: Option<WorkerId>) -> Lane {
        Lane {
            number,
            elsewhere,
            thread: Mutex::default(),
            worker: AtomicU32::new(0),
            busy: AtomicU64::new(0),
            tasks: Mutex::default(),
            releases: Mutex::default(),
            counted: Mutex::default(),
        }
    }

    /// Counts a task that there is no room to record.
    #[cold]
    pub(super) fn count(&self, run: u32, task: TaskRef<'_>, one: &Totals) {
        let operation = super::record::operation_of(task);
        let mut counted = lock(&self.counted);
        *counted.by_run.entry(run).or_insert(0) += 1;
        let operations = match counted.groups.get_mut(task.layer()) {
            Some(operations) => operations,
            None => counted.groups.entry(task.layer().clone()).or_default(),
        };
        match operations.get_mut(&*operation) {
            Some(totals) => totals.add(one),
            None => operations.entry(operation.into()).or_default().add(one),
        }
    }

    /// Remembers that a release could not be recorded.
    #[cold]
    pub(super) fn lose_release(&self, run: u32) {
        lock(&self.counted).without_releases.insert(run);
    }

    fn clear(&self) {
        lock(&self.tasks).clear();
        lock(&self.releases).clear();
        *lock(&self.counted) = Counted::default();
        self.busy.store(0, Relaxed);
    }
}

/// The lanes of all threads, and the room that is left.
pub(super) struct Lanes {
    lanes: Mutex<Vec<Arc<Lane>>>,
    limit: usize,
    room: AtomicUsize,
    room_for_releases: AtomicUsize,
}

impl Lanes {
    pub(super) fn new(limit: usize) -> Lanes {
        Lanes {
            lanes: Mutex::default(),
            limit,
            room: AtomicUsize::new(limit),
            room_for_releases: AtomicUsize::new(limit.saturating_add(SLACK)),
        }
    }

    /// A lane for the calling thread, or for a worker elsewhere that it hears from: that of a
    /// thread that has ended, or a new one.
    pub(super) fn join(&self, elsewhere: Option<WorkerId>) -> Arc<Lane> {
        let mut lanes = lock(&self.lanes);
        // Only its thread holds a lane besides this list.
        let is_left =
            |lane: &&Arc<Lane>| Arc::strong_count(lane) == 1 && lane.elsewhere == elsewhere;
        let left = lanes.iter().find(is_left);
        let lane = match left {
            Some(lane) => {
                // What that thread wrote last is seen from here on.
                fence(Acquire);
                lane.clone()
            }
            None => {
                let lane = Arc::new(Lane::new(lanes.len() as u32, elsewhere));
                lanes.push(lane.clone());
                lane
            }
        };
        if elsewhere.is_none() {
            *lock(&lane.thread) = std::thread::current().name().map(str::to_owned);
        }
        lane
    }

    /// Room for some more tasks in `lane`, if there is any.
    pub(super) fn more_tasks(&self, lane: &Lane) -> Option<Arc<TaskChunk>> {
        more(&self.room, &lane.tasks)
    }

    /// Room for some more releases in `lane`, if there is any.
    pub(super) fn more_releases(&self, lane: &Lane) -> Option<Arc<ReleaseChunk>> {
        more(&self.room_for_releases, &lane.releases)
    }

    pub(super) fn all(&self) -> Vec<Arc<Lane>> {
        lock(&self.lanes).clone()
    }

    pub(super) fn clear(&self) {
        let lanes = lock(&self.lanes);
        lanes.iter().for_each(|lane| lane.clear());
        self.room.store(self.limit, Relaxed);
        self.room_for_releases.store(self.limit.saturating_add(SLACK), Relaxed);
    }
}

/// The last chunk if it has room (a thread that ended left it), else a new one.
fn more<const N: usize>(
    room: &AtomicUsize,
    chunks: &Mutex<Vec<Arc<Chunk<N>>>>,
) -> Option<Arc<Chunk<N>>> {
    let mut chunks = lock(chunks);
    if let Some(last) = chunks.last().filter(|last| !last.is_full()) {
        return Some(last.clone());
    }
    let take = |room: usize| (room > 0).then(|| room - room.min(CHUNK));
    let before = room.fetch_update(Relaxed, Relaxed, take).ok()?;
    let chunk = Arc::new(Chunk::new(before.min(CHUNK)));
    chunks.push(chunk.clone());
    Some(chunk)
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! [`Profile`]: when and where each task ran, and what it gave.
//!
//! Each thread writes into a lane of its own ([`lane`]), and what it hears of workers elsewhere
//! into one for each of them; [`runs`] knows which plan is which run.
//! Nothing is worked out before it is asked for: [`snapshot`] joins the lanes into records, the
//! other modules look at those.

mod chunk;
mod critical_path;
mod lane;
mod local;
mod peak;
mod record;
mod repeats;
mod run_profile;
mod runs;
#[cfg(test)]
mod samples;
mod snapshot;
mod summary;
mod table;
mod text;
mod totals;
mod trace;
mod trace_file;

pub use critical_path::CriticalPath;
pub use peak::Peak;
pub use record::Record;
pub use run_profile::{Outcome, RunProfile};
pub use summary::{GroupSummary, Summary, WorkerSummary};

use crate::error::DiagnosticsError;
use chunkwise_graph::{Error, Heard, Observer, Plan, TaskRef, Value, WorkerId, heard};
use lane::Lanes;
use local::{with_local, with_local_of};
use runs::Runs;
use snapshot::Snapshot;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Records when and where each task ran, and how large its result was.
///
/// ```
/// use chunkwise_diagnostics::Profile;
/// use chunkwise_graph::{InOrder, SchedulerExt, TaskDict, with_observer};
/// use std::sync::Arc;
///
/// let mut graph = TaskDict::new();
/// graph.value("x", 20i64).task("y", |x: i64| x + 1, ["x"]).task("z", |y: i64| y * 2, ["y"]);
///
/// let profile = Arc::new(Profile::new());
/// with_observer(profile.clone(), || InOrder.get::<i64>(&graph, "z"))?;
///
/// let runs = profile.runs();
/// let keys: Vec<_> = runs[0].records().iter().map(|record| record.key().to_string()).collect();
/// assert_eq!(keys, ["x", "y", "z"]);
/// assert_eq!(runs[0].peak().unwrap().results, 2);
/// println!("{profile}");
/// # Ok::<(), chunkwise_graph::Error>(())
/// ```
///
/// # What is measured
/// - The time of a task is that from `pretask` to `posttask`. A task that runs a graph of its own
///   includes the tasks of that graph which ran on its thread; [`Record::own_time`] does not.
/// - A task that failed, or had not returned when its run ended, lasts until the end of the run
///   and is [not finished](Record::finished).
/// - Its result is released at the end of the last task that needed it, as the scheduler told.
/// - Times of tasks in other processes are those that the scheduler tells ([`heard`]); results are
///   released when this process hears of it.
/// - A task that was lost with its worker process is [recorded as lost](Record::lost), and once
///   more for each further try; sums leave lost tries out. One that runs again, as its result was
///   lost, counts again: it took its time again.
/// - Two runs of one [`Plan`] at the same time cannot be told apart: the later one gets all.
///
/// # Memory
/// 64 bytes a task for the first million tasks; what comes after is only counted by operation,
/// and everything that is shown says so. [`Profile::with_limit`] sets another number. A profile
/// keeps the plans of its runs, and so the values that were put into their graphs, until it is
/// [cleared](Profile::clear) or dropped.
///
/// # Complexity
/// Two readings of the clock and some twenty stores to memory of the thread's own a task; no
/// lock, no allocation but every 256 tasks.
pub struct Profile {
    /// A number that no other profile of this process has.
    id: u64,
    clock: Clock,
    runs: Runs,
    lanes: Lanes,
}

/// The most tasks that are recorded one by one, unless another number is chosen.
const DEFAULT_LIMIT: usize = 1_000_000;

impl Profile {
    /// Records the first million tasks one by one and counts the others.
    pub fn new() -> Profile {
        Profile::with_limit(DEFAULT_LIMIT)
    }

    /// Records at most `n_tasks` tasks one by one, of all runs together, and counts the others.
    ///
    /// Threads set room aside for 256 tasks at a time, so that some of it may be left when the
    /// first task is only counted.
    pub fn with_limit(n_tasks: usize) -> Profile {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Profile {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            clock: Clock(Instant::now()),
            runs: Runs::new(),
            lanes: Lanes::new(n_tasks),
        }
    }

    /// The runs, in the order in which they started, with their records.
    ///
    /// # Complexity
    /// O(n log n) time and O(n) memory for n recorded tasks, here and in all that shows them.
    pub fn runs(&self) -> Vec<RunProfile> {
        self.snapshot().runs
    }

    /// What is known of each task, run after run, by start time.
    pub fn records(&self) -> Vec<Record> {
        self.snapshot().runs.into_iter().flat_map(RunProfile::into_records).collect()
    }

    /// Time, number and bytes of the tasks of each operation, the longest total first.
    pub fn summary(&self) -> Summary {
        self.snapshot().by_operation()
    }

    /// The same for each layer, named by the layers' names.
    pub fn summary_by_layer(&self) -> Summary {
        self.snapshot().by_layer()
    }

    /// Forgets all runs, those that go on too.
    pub fn clear(&self) {
        self.lanes.clear();
        self.runs.clear();
    }

    /// Writes all records as a timeline in Chrome's trace-event format (JSON), for
    /// `chrome://tracing` and `ui.perfetto.dev`: one row a thread and a worker in another process,
    /// the runs above them, live results and their bytes as curves.
    ///
    /// The text goes to a temporary name in the same folder, is forced to the disk and then
    /// renamed: a reader sees the old file or the new one, never a part.
    ///
    /// # Errors
    /// [`DiagnosticsError::Write`] if the file system refuses.
    ///
    /// # Complexity
    /// Some 250 bytes of file a task; they are not held in memory.
    pub fn write_chrome_trace(&self, path: impl AsRef<Path>) -> Result<(), DiagnosticsError> {
        let path = path.as_ref();
        let snapshot = self.snapshot();
        trace_file::replace(path, |file| trace::write(&snapshot, file))
            .map_err(|source| DiagnosticsError::Write { path: path.to_owned(), source })
    }

    #[cold]
    fn pretask_elsewhere(&self, task: TaskRef<'_>, Heard { at, worker }: Heard) {
        let at = self.clock.at(at);
        with_local_of(self, worker, |local| local.pretask_elsewhere(self, task, worker, at));
    }

    #[cold]
    fn posttask_elsewhere(&self, task: TaskRef<'_>, value: &Value, Heard { at, worker }: Heard) {
        let (at, bytes) = (self.clock.at(at), value.nbytes() as u64);
        let counted =
            with_local_of(self, worker, |local| local.posttask_elsewhere(task, at, bytes));
        if let Some(counted) = counted.flatten() {
            counted.add(task);
        }
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot::take(&self.runs, &self.lanes, self.clock.now())
    }
}

/// Nanoseconds since the profile was made.
struct Clock(Instant);

impl Clock {
    /// Never 0, which stands for "not yet" in records.
    #[inline]
    fn now(&self) -> u64 {
        (self.0.elapsed().as_nanos() as u64).max(1)
    }

    /// Of a time that was heard.
    fn at(&self, time: Instant) -> u64 {
        (time.saturating_duration_since(self.0).as_nanos() as u64).max(1)
    }
}

impl Observer for Profile {
    fn start(&self, plan: &Plan) {
        self.runs.start(plan, self.clock.now());
    }

    #[inline]
    fn pretask(&self, task: TaskRef<'_>, worker: WorkerId) {
        if let Some(heard) = heard() {
            return self.pretask_elsewhere(task, heard);
        }
        // The clock is read last, so that the task does not pay for being recorded.
        with_local(self, |local| local.pretask(self, task, worker, || self.clock.now()));
    }

    #[inline]
    fn posttask(&self, task: TaskRef<'_>, value: &Value, _worker: WorkerId) {
        if let Some(heard) = heard() {
            return self.posttask_elsewhere(task, value, heard);
        }
        let now = self.clock.now();
        let bytes = value.nbytes() as u64;
        let counted = with_local(self, |local| local.posttask(task, now, bytes)).flatten();
        if let Some(counted) = counted {
            counted.add(task);
        }
    }

    #[inline]
    fn released(&self, task: TaskRef<'_>) {
        with_local(self, |local| local.released(self, task));
    }

    fn finish(&self, plan: &Plan, error: Option<&Error>) {
        self.runs.finish(plan, error, self.clock.now());
    }
}

/// Threads remember their lanes: what those hold goes now.
impl Drop for Profile {
    fn drop(&mut self) {
        self.lanes.clear();
    }
}

impl Default for Profile {
    fn default() -> Profile {
        Profile::new()
    }
}

/// A table of the operations, the workers' shares, the critical path and the peak.
impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.snapshot().fmt(f)
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile").field("runs", &self.runs.len()).finish_non_exhaustive()
    }
}

//! [`LiveResults`]: how many results are held, now and at most.

use chunkwise_graph::{Error, Observer, Plan, TaskRef, Value, WorkerId, format_bytes};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Counts the results that a run holds: those that were given and that a task, or the caller,
/// still needs. Their peak shows what the order of the tasks is worth.
///
/// ```
/// use chunkwise_diagnostics::LiveResults;
/// use chunkwise_graph::{InOrder, SchedulerExt, TaskDict, with_observer};
/// use std::sync::Arc;
///
/// let mut graph = TaskDict::new();
/// graph.value("a", 1i64).task("b", |x: i64| x + 1, ["a"]).task("c", |x: i64| x * 2, ["b"]);
/// let live = Arc::new(LiveResults::new());
/// with_observer(live.clone(), || InOrder.get::<i64>(&graph, "c"))?;
/// assert_eq!((live.live(), live.peak()), (0, 2));
/// assert_eq!(live.peak_bytes(), 16);
/// # Ok::<(), chunkwise_graph::Error>(())
/// ```
///
/// A result counts from its `posttask` to its `released`, so the inputs of a task count until
/// the task is done, also where it changes them in place. What a run still holds when it ends
/// (its outputs; all that is left after an error) belongs to the caller or is dropped, and does
/// not count any longer. Runs at the same time are counted together; two of one
/// [`Plan`] at the same time cannot be told apart, so that a result that both hold counts once.
///
/// Of tasks in other processes only sizes are asked for, as what they gave may have stayed there.
/// Their results count by when this process hears that they were given and let go of, a little after
/// the fact; one that several processes have counts once, and one that was lost with its worker
/// counts on while it is made again.
///
/// # Complexity
/// Every event takes one lock: exact, at some 60 ns a task. Memory: 8 bytes a task of the plans
/// that run.
#[derive(Default)]
pub struct LiveResults {
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    /// By [`Plan::id`].
    runs: HashMap<u64, Held>,
    live: u64,
    bytes: u64,
    peak: u64,
    peak_bytes: u64,
}

/// What the runs of one plan hold.
struct Held {
    /// How many of them there are.
    n_runs: usize,
    /// For each task the bytes of its result + 1, or 0 when it is not held.
    sizes: Vec<u64>,
}

impl LiveResults {
    /// Nothing counted yet.
    pub fn new() -> LiveResults {
        LiveResults::default()
    }

    /// Results that are held now.
    pub fn live(&self) -> u64 {
        self.counts().live
    }

    /// Bytes of the results that are held now.
    pub fn live_bytes(&self) -> u64 {
        self.counts().bytes
    }

    /// The most results that were held at any time.
    pub fn peak(&self) -> u64 {
        self.counts().peak
    }

    /// The most bytes of results that were held at any time; not always when most were held.
    pub fn peak_bytes(&self) -> u64 {
        self.counts().peak_bytes
    }

    /// Forgets the peaks: they start again from what is held now.
    pub fn clear(&self) {
        let mut counts = self.counts();
        (counts.peak, counts.peak_bytes) = (counts.live, counts.bytes);
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    fn gained(&mut self, plan: u64, task: u32, bytes: u64) {
        let held = self.runs.get_mut(&plan).and_then(|held| held.sizes.get_mut(task as usize));
        if let Some(size @ 0) = held {
            *size = bytes.saturating_add(1);
            self.live += 1;
            self.bytes = self.bytes.saturating_add(bytes);
            self.peak = self.peak.max(self.live);
            self.peak_bytes = self.peak_bytes.max(self.bytes);
        }
    }

    fn lost(&mut self, size: u64) {
        if size > 0 {
            self.live -= 1;
            self.bytes = self.bytes.saturating_sub(size - 1);
        }
    }
}

impl Observer for LiveResults {
    fn start(&self, plan: &Plan) {
        let none = || Held { n_runs: 0, sizes: vec![0; plan.len()] };
        self.counts().runs.entry(plan.id()).or_insert_with(none).n_runs += 1;
    }

    fn posttask(&self, task: TaskRef<'_>, value: &Value, _worker: WorkerId) {
        let bytes = value.nbytes() as u64;
        self.counts().gained(task.plan().id(), task.id(), bytes);
    }

    fn released(&self, task: TaskRef<'_>) {
        let mut counts = self.counts();
        let held = counts.runs.get_mut(&task.plan().id());
        let size = held.and_then(|held| held.sizes.get_mut(task.id() as usize));
        let size = size.map_or(0, std::mem::take);
        counts.lost(size);
    }

    fn finish(&self, plan: &Plan, _error: Option<&Error>) {
        let mut counts = self.counts();
        let Some(held) = counts.runs.get_mut(&plan.id()) else { return };
        held.n_runs -= 1;
        if held.n_runs == 0 {
            let held = counts.runs.remove(&plan.id());
            held.into_iter().flat_map(|held| held.sizes).for_each(|size| counts.lost(size));
        }
    }
}

impl fmt::Display for LiveResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { live, bytes, peak, peak_bytes, .. } = *self.counts();
        let (bytes, peak_bytes) = (format_bytes(bytes), format_bytes(peak_bytes));
        write!(f, "{live} live results ({bytes}), at most {peak} ({peak_bytes})")
    }
}

impl fmt::Debug for LiveResults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LiveResults({self})")
    }
}

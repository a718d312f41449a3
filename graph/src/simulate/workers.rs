//! Several workers in virtual time.

use super::peak::{Memory, NotAnOrder, walk};
use super::ready::Ready;
use crate::dag::Dag;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::num::NonZeroUsize;

/// How idle workers choose among ready tasks.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Policy {
    /// The ready task that comes first in the sequence: one shared priority queue.
    Priority,
    /// What the threaded scheduler does. A shared cursor walks the sequence; a task that was not
    /// ready when the cursor passed is run by the worker that finishes its last dependency (of
    /// several the first in the sequence next, the others may be stolen), all others wait for the
    /// cursor.
    TokenCursor,
    /// A worker runs what it made ready last, then tasks without dependencies by sequence, then
    /// steals the oldest from another: fork-join pools.
    LifoStealing,
    /// The task that became ready first.
    Fifo,
}

impl Policy {
    /// All policies.
    pub const ALL: [Policy; 4] =
        [Policy::Priority, Policy::TokenCursor, Policy::LifoStealing, Policy::Fifo];
}

/// Who runs the tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workers {
    /// Number of workers, each running one task at a time.
    pub count: NonZeroUsize,
    /// How they choose.
    pub policy: Policy,
}

/// What a run will take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// Most results that exist at once, those of running tasks included.
    pub peak_live: u64,
    /// Most memory held at once in the unit of [`Memory::sizes`], with the scratch of running
    /// tasks; equal to `peak_live` if neither is given.
    pub peak_memory: u64,
    /// Time from the start to the end, in the unit of the durations.
    pub makespan: u64,
    /// Sum of the durations.
    pub busy: u64,
    /// `busy / (makespan * workers)`: 1 if nobody ever waits, or nothing takes time.
    pub utilisation: f64,
}

/// Predicts memory and time of a run on several workers.
///
/// `sequence` gives the priorities, `durations` the time of each task by number. Moving tasks and
/// values costs nothing. Deterministic: events of the same time happen in the order in which
/// their tasks began.
///
/// ```
/// # use chunkwise_graph::{shapes, simulate::{Memory, Policy, Workers, workers}};
/// # use std::num::NonZeroUsize;
/// let dag = shapes::fan_in(9);
/// let sequence: Vec<u32> = dag.tasks().collect();
/// let four = Workers { count: NonZeroUsize::new(4).unwrap(), policy: Policy::TokenCursor };
/// let run = workers(&dag, &sequence, &[10; 9], four, &Memory::default())?;
/// assert_eq!((run.makespan, run.peak_live), (30, 9));
/// # Ok::<(), chunkwise_graph::simulate::NotAnOrder>(())
/// ```
///
/// # Errors
/// - [`NotAnOrder::Durations`] if there is not one duration for each task.
/// - Those of [`super::peak()`].
///
/// # Panics
/// As [`super::peak()`].
///
/// # Complexity
/// O((tasks + edges) log tasks) time, and for the stealing policies O(workers) for each task that
/// is looked for elsewhere.
pub fn workers(
    dag: &Dag,
    sequence: &[u32],
    durations: &[u64],
    workers: Workers,
    memory: &Memory<'_>,
) -> Result<Prediction, NotAnOrder> {
    if durations.len() != dag.len() {
        return Err(NotAnOrder::Durations { tasks: dag.len(), length: durations.len() });
    }
    walk(dag, sequence, memory, |_| ())?;
    let mut run = Run::new(dag, sequence, durations, workers, memory);
    while run.start_idle_worker() {}
    while let Some(Reverse((time, _, worker, rank))) = run.running.pop() {
        run.now = time;
        run.finish(worker, rank);
        // The worker that made tasks ready chooses before others may steal.
        if !run.start(worker) {
            run.idle.push(worker);
        }
        while run.start_idle_worker() {}
    }
    Ok(run.prediction(workers.count))
}

/// The state of a run; tasks are numbered by their rank in the sequence.
struct Run<'a> {
    dag: Dag,
    sequence: &'a [u32],
    durations: &'a [u64],
    memory: &'a Memory<'a>,
    missing: Vec<u32>,
    left: Vec<u32>,
    ready: Ready,
    made_ready: Vec<u32>,
    /// End, number of the start, worker, rank.
    running: BinaryHeap<Reverse<(u64, u64, usize, u32)>>,
    idle: Vec<usize>,
    started: u64,
    now: u64,
    busy: u64,
    live: Level,
    held: Level,
}

/// A quantity and the most it has been.
#[derive(Default)]
struct Level {
    now: u64,
    most: u64,
}

impl Level {
    fn rise(&mut self, by: u64) {
        self.now = self.now.saturating_add(by);
        self.most = self.most.max(self.now);
    }

    fn fall(&mut self, by: u64) {
        self.now = self.now.saturating_sub(by);
    }
}

impl<'a> Run<'a> {
    fn new(
        dag: &Dag,
        sequence: &'a [u32],
        durations: &'a [u64],
        workers: Workers,
        memory: &'a Memory<'a>,
    ) -> Run<'a> {
        let wanted = memory.wanted(dag);
        let dag = dag.renumbered(sequence);
        let missing: Vec<u32> = dag.tasks().map(|rank| dag.deps(rank).len() as u32).collect();
        let sources = dag.tasks().filter(|&rank| missing[rank as usize] == 0);
        Run {
            ready: Ready::new(workers, sources),
            left: sequence.iter().map(|&task| wanted[task as usize]).collect(),
            dag,
            sequence,
            durations,
            memory,
            missing,
            made_ready: Vec::new(),
            running: BinaryHeap::new(),
            idle: (0..workers.count.get()).rev().collect(),
            started: 0,
            now: 0,
            busy: 0,
            live: Level::default(),
            held: Level::default(),
        }
    }

    /// Starts a task on one idle worker; false if nobody is idle or nothing is ready.
    fn start_idle_worker(&mut self) -> bool {
        let Some(worker) = self.idle.pop() else { return false };
        let started = self.start(worker);
        if !started {
            self.idle.push(worker);
        }
        started
    }

    fn start(&mut self, worker: usize) -> bool {
        let Some(rank) = self.ready.take(worker, &self.missing) else { return false };
        let task = self.sequence[rank as usize];
        let duration = self.durations[task as usize];
        self.busy = self.busy.saturating_add(duration);
        let end = self.now.saturating_add(duration);
        self.running.push(Reverse((end, self.started, worker, rank)));
        self.started += 1;
        self.live.rise(1);
        self.held.rise(self.memory.size(task).saturating_add(self.memory.scratch(task)));
        true
    }

    fn finish(&mut self, worker: usize, rank: u32) {
        self.held.fall(self.memory.scratch(self.sequence[rank as usize]));
        if self.left[rank as usize] == 0 {
            self.release(rank);
        }
        for i in 0..self.dag.deps(rank).len() {
            let dep = self.dag.deps(rank)[i];
            self.left[dep as usize] -= 1;
            if self.left[dep as usize] == 0 {
                self.release(dep);
            }
        }
        self.made_ready.clear();
        for &dependent in self.dag.dependents(rank) {
            self.missing[dependent as usize] -= 1;
            if self.missing[dependent as usize] == 0 {
                self.made_ready.push(dependent);
            }
        }
        self.ready.add(worker, &self.made_ready);
    }

    fn release(&mut self, rank: u32) {
        self.live.fall(1);
        self.held.fall(self.memory.size(self.sequence[rank as usize]));
    }

    fn prediction(&self, workers: NonZeroUsize) -> Prediction {
        let available = self.now as f64 * workers.get() as f64;
        Prediction {
            peak_live: self.live.most,
            peak_memory: self.held.most,
            makespan: self.now,
            busy: self.busy,
            utilisation: if self.now == 0 { 1.0 } else { self.busy as f64 / available },
        }
    }
}

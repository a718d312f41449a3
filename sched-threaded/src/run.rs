//! [`PlanRun`]: one run of a plan, shared by its workers.

use crate::cursor::Cursor;
use crate::gate::Gate;
use crate::pace::{LINGER, Pace};
use crate::slot::Slot;
use crate::spare::Spare;
use crate::sync::{AtomicU32, Mutex, Ordering, lock};
use crate::turn::Turn;
use chunkwise_graph::{Error, Key, Plan, Result, Run, Value, WorkerId};
use crossbeam_utils::CachePadded;
use smallvec::SmallVec;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// One run of a plan. Workers come and go; the run is over when the last one leaves.
pub(crate) struct PlanRun {
    pub(crate) plan: Plan,
    pub(crate) run: Run,
    nodes: Vec<Node>,
    cursor: Cursor,
    /// Tasks of this number and above do not start any more: all of them at first, fewer once one
    /// has failed, none once the run is cancelled.
    limit: CachePadded<AtomicU32>,
    spare: Spare,
    pub(crate) gate: Gate,
    failure: Mutex<Option<(u32, Error)>>,
    /// What each worker is running; `IDLE` for nothing.
    current: Vec<CachePadded<AtomicU32>>,
    /// For each task, how many of those that use its value have not finished; kept only where
    /// observers want to know when a value is released.
    unreleased: Vec<AtomicU32>,
    /// Whether somebody calls `supervise` now and then.
    supervised: bool,
}

/// How a worker stops working.
enum Leaving {
    /// It is still counted as inside.
    NothingToDo,
    /// It is not, because others go on.
    HasLeft,
}

/// What a worker knows besides the run.
struct Worker<'a> {
    id: WorkerId,
    pace: Pace,
    /// The worker whose claim it looked at last.
    looked_at: usize,
    more_workers: &'a dyn Fn(usize),
}

struct Node {
    turn: Turn,
    slot: Slot<Value>,
}

const IDLE: u32 = u32::MAX;

impl PlanRun {
    /// `supervised`: whether the caller will call [`PlanRun::supervise`] now and then.
    pub(crate) fn new(plan: &Plan, run: &Run, n_workers: usize, supervised: bool) -> PlanRun {
        let dag = plan.dag();
        let mut n_uses = plan.n_uses();
        let node = |(task, &n_uses): (u32, &u32)| Node {
            turn: Turn::new(dag.deps(task).len() as u32),
            slot: Slot::new(n_uses),
        };
        let nodes = dag.tasks().zip(&n_uses).map(node).collect();
        if !run.is_observed() {
            n_uses.clear();
        }
        PlanRun {
            plan: plan.clone(),
            run: run.clone(),
            nodes,
            cursor: Cursor::new(plan.len() as u32, n_workers),
            limit: CachePadded::new(AtomicU32::new(plan.len() as u32)),
            spare: Spare::new(),
            gate: Gate::new(),
            failure: Mutex::new(None),
            current: (0..n_workers).map(|_| CachePadded::new(AtomicU32::new(IDLE))).collect(),
            unreleased: n_uses.into_iter().map(AtomicU32::new).collect(),
            supervised,
        }
    }

    /// Works until nothing is left to start, or until this worker is of no use. `more_workers(n)`
    /// is asked for up to `n` more when more tasks are ready than workers are inside.
    pub(crate) fn work(&self, worker: WorkerId, more_workers: &dyn Fn(usize)) {
        self.gate.enter();
        let mut worker = Worker { id: worker, pace: Pace::new(), looked_at: 0, more_workers };
        loop {
            match self.run.enter(|| self.work_through(&mut worker)) {
                Leaving::HasLeft => return,
                Leaving::NothingToDo => self.gate.leave(),
            }
            // Tasks may have been spared between the last look and leaving, by somebody who
            // counted on this worker.
            if self.spare.is_empty() || self.limit.load(Ordering::Relaxed) == 0 {
                return;
            }
            self.gate.enter();
        }
    }

    fn work_through(&self, worker: &mut Worker<'_>) -> Leaving {
        loop {
            if let Some(task) = self.spare.pop() {
                self.run_from(task, worker);
            } else if let Some(task) = self.cursor.claimed(worker.id.0 as usize) {
                self.pass(task, worker);
            } else if self.supervised && worker.pace.is_in_the_way() && self.gate.leave_to_others()
            {
                return Leaving::HasLeft;
            } else if let Some(task) = self.next_task(worker) {
                self.pass(task, worker);
            } else if !self.linger(worker) {
                return Leaving::NothingToDo;
            }
        }
    }

    /// The cursor passes a task: runs it, if it waited for nothing else.
    #[inline]
    fn pass(&self, task: u32, worker: &mut Worker<'_>) {
        if task < self.limit.load(Ordering::Relaxed) {
            let ready = self.nodes[task as usize].turn.cursor_passed();
            worker.pace.count_passed(ready);
            if ready {
                self.run_from(task, worker);
            }
        }
    }

    /// The next task to pass, when the own claim is used up: of somebody's who is held up, of a
    /// new claim, or, when all are dealt out, of anybody's.
    fn next_task(&self, worker: &mut Worker<'_>) -> Option<u32> {
        let id = worker.id.0 as usize;
        if self.limit.load(Ordering::Relaxed) == 0 {
            return None;
        }
        if let Some(task) = self.cursor.left_behind(id, &mut worker.looked_at) {
            return Some(task);
        }
        while self.cursor.claim(id, worker.pace.claim()) {
            if !worker.pace.is_tiny() && !self.cursor.is_at_end() {
                self.call_workers(usize::MAX, worker.more_workers);
            }
            // Others may have taken all of it already.
            if let Some(task) = self.cursor.claimed(id) {
                return Some(task);
            }
        }
        self.cursor.any_claimed()
    }

    /// Looks out for tasks that others spare, for a while. Whether there are some.
    fn linger(&self, worker: &Worker<'_>) -> bool {
        if cfg!(shuttle) || worker.pace.is_tiny() || self.gate.inside() == 1 {
            return false;
        }
        let since = Instant::now();
        while since.elapsed() < LINGER {
            if !self.spare.is_empty() {
                return true;
            }
            std::hint::spin_loop();
        }
        false
    }

    /// Runs a task that it is the caller's turn to run, and goes on with what that makes ready.
    fn run_from(&self, mut task: u32, worker: &mut Worker<'_>) {
        let mut spare: SmallVec<[u32; 16]> = SmallVec::new();
        loop {
            if task >= self.limit.load(Ordering::Relaxed) || !self.run_one(task, worker.id) {
                return;
            }
            worker.pace.count();
            let mut next = None;
            for &dependent in self.plan.dag().dependents(task) {
                if self.nodes[dependent as usize].turn.dependency_finished() {
                    match next {
                        None => next = Some(dependent),
                        Some(_) => spare.push(dependent),
                    }
                }
            }
            if !spare.is_empty() {
                self.share(&spare, worker);
                spare.clear();
            }
            match next {
                Some(dependent) => task = dependent,
                None => return,
            }
        }
    }

    /// Offers tasks to other workers, and wakes some if that pays.
    fn share(&self, tasks: &[u32], worker: &Worker<'_>) {
        /// So many tiny tasks are worth a worker.
        const HEAP: usize = 64;
        let n_spare = self.spare.push(tasks);
        if !worker.pace.is_tiny() || n_spare >= HEAP {
            self.call_workers(n_spare, worker.more_workers);
        }
    }

    fn call_workers(&self, n_wanted: usize, more_workers: &dyn Fn(usize)) {
        let n_idle = self.current.len().saturating_sub(self.gate.inside());
        if n_idle > 0 && n_wanted > 0 {
            more_workers(n_idle.min(n_wanted));
        }
    }

    /// Wakes workers that left because tasks were too tiny to share, in case somebody has run into
    /// a long one since. The waiting caller asks for it now and then.
    pub(crate) fn supervise(&self, more_workers: &dyn Fn(usize)) {
        let n_wanted = if self.cursor.is_at_end() { self.spare.len() } else { usize::MAX };
        self.call_workers(n_wanted, more_workers);
    }

    /// Runs one task; whether it gave a value.
    #[inline]
    fn run_one(&self, task: u32, worker: WorkerId) -> bool {
        // `Run::execute` answers for the task's own panics; this one for values that panic when
        // they are dropped, which must not tear down a thread that is not ours.
        let result = catch_unwind(AssertUnwindSafe(|| self.execute(task, worker)));
        let result = result.unwrap_or_else(|panic| Err(self.run.panicked(&self.plan, task, panic)));
        result.map_err(|error| self.fail(task, error)).is_ok()
    }

    #[inline]
    fn execute(&self, task: u32, worker: WorkerId) -> Result<()> {
        let mut inputs: SmallVec<[Value; 4]> = SmallVec::new();
        for &dep in self.plan.dag().deps(task) {
            // SAFETY: `task` runs once, after its dependencies (`Turn`), and asks once for each
            // mention; that is what the slot was made for.
            inputs.push(unsafe { self.nodes[dep as usize].slot.hand_out() });
        }
        let current = &self.current[worker.0 as usize];
        // A task that waits for rayon may find itself running another one of the same run.
        let outer = current.load(Ordering::Relaxed);
        current.store(task, Ordering::Relaxed);
        let result = self.run.execute(&self.plan, task, &mut inputs, worker);
        current.store(outer, Ordering::Relaxed);
        drop(inputs);
        // SAFETY: `task` runs once, and its dependents are told afterwards (`Turn`).
        let unused = unsafe { self.nodes[task as usize].slot.put(result?) };
        if !self.unreleased.is_empty() {
            let released = self.released_by(task, unused.is_some());
            drop(unused);
            self.run.released(&self.plan, &released, task)?;
        }
        Ok(())
    }

    /// The tasks whose values nobody holds any more now that `task` has finished.
    fn released_by(&self, task: u32, is_unused: bool) -> SmallVec<[u32; 4]> {
        let deps = self.plan.dag().deps(task).iter().copied();
        let is_last =
            |dep: &u32| self.unreleased[*dep as usize].fetch_sub(1, Ordering::AcqRel) == 1;
        deps.filter(is_last).chain(is_unused.then_some(task)).collect()
    }

    /// Keeps the failure of the smallest number, whatever the timing: tasks below it go on.
    #[cold]
    fn fail(&self, task: u32, error: Error) {
        let mut failure = lock(&self.failure);
        if failure.as_ref().is_none_or(|(first, _)| task < *first) {
            *failure = Some((task, error));
        }
        self.limit.fetch_min(task, Ordering::Relaxed);
    }

    /// Lets no task start any more and wakes whoever waits for the run.
    pub(crate) fn cancel(&self) {
        self.limit.store(0, Ordering::Relaxed);
        self.gate.call();
    }

    /// What a run gives whose workers have all left.
    ///
    /// # Safety
    /// The gate was empty after at least one worker had come, so that nobody runs a task any more.
    pub(crate) unsafe fn finish(&self) -> Result<Vec<Value>> {
        let failure = lock(&self.failure).take();
        let failure = match failure {
            Some((_, error)) => Some(error),
            None if self.limit.load(Ordering::Relaxed) < self.plan.len() as u32 => {
                Some(Error::Cancelled { running: Vec::new() })
            }
            None => None,
        };
        match failure {
            None => {
                // SAFETY: nobody else is there (the caller's promise), every task has run, and
                // each slot counts the outputs that it is.
                let output = |&task: &u32| unsafe { self.nodes[task as usize].slot.hand_out() };
                Ok(self.plan.outputs().iter().map(output).collect())
            }
            Some(error) => {
                for node in &self.nodes {
                    // SAFETY: nobody else is there (the caller's promise).
                    drop(unsafe { node.slot.take() });
                }
                Err(error)
            }
        }
    }

    /// The tasks that workers are in the middle of.
    pub(crate) fn running(&self) -> Vec<Key> {
        let tasks = self.current.iter().map(|task| task.load(Ordering::Relaxed));
        tasks.filter(|&task| task != IDLE).map(|task| self.plan.task(task).key()).collect()
    }
}

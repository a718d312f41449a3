//! [`Governed`]: a run that keeps to a memory budget.
//!
//! Workers ask for a task, run it and hand in its result; which task is next, and what has to leave
//! memory first, is decided under one lock. A scheduler brings the threads. Parts:
//!
//! - `state`: which tasks are ready, where results are, what is decided about them;
//! - `start`: bringing a task's inputs into memory, from disk or by computing them again;
//! - `writer`: the thread that writes results to disk;
//! - `resident`: what the system says that the process holds.
//!
//! Why no run waits for ever is argued in `README.md`.

mod resident;
mod start;
mod state;
mod writer;

use crate::allowance::usable;
use crate::budget::{Budget, Reclaim, Reservation};
use crate::current;
use crate::forecast::forecast;
use crate::need::Needs;
use crate::sync::{Condvar, Mutex, MutexGuard, lock};
use chunkwise_graph::{Error, Forecast, Key, MemoryUse, Plan, Result, Run, Value, WorkerId};
use resident::Resident;
use state::{Evicting, State};
use std::sync::{Arc, OnceLock, PoisonError, Weak};
use std::time::Duration;

/// A run of a plan that keeps to a budget: shared by the workers of a scheduler.
pub struct Governed {
    plan: Plan,
    run: Run,
    /// This run's part of the budget, of the size that was forecast.
    budget: Budget,
    needs: Needs,
    forecast: Forecast,
    n_workers: usize,
    /// Whether this run is inside a task of another one, whose memory it may not wait for.
    nested: bool,
    state: Mutex<State>,
    changed: Condvar,
    resident: Resident,
    this: Weak<Governed>,
    call: OnceLock<Box<dyn Fn(usize) + Send + Sync>>,
}

/// How a run is to keep to the budget that is set for it.
pub enum Admission {
    /// There is no limit, or everything fits at once: run as if there were none.
    Free,
    /// Tasks start when their bytes can be reserved.
    Governed(Arc<Governed>),
}

impl Admission {
    /// Decides how `plan` is run on `n_workers` workers.
    ///
    /// # Errors
    /// [`Error::OverBudget`] if it cannot run within its budget.
    ///
    /// # Complexity
    /// One call of `Blocks::bytes` a task where a budget is set; for plans that may not fit, as
    /// [`chunkwise_graph::MemoryBudget::forecast`].
    pub fn of(plan: &Plan, run: &Run, n_workers: usize) -> Result<Admission> {
        let around = current::current_budget();
        let Some(set) = run.budget() else { return Ok(Admission::Free) };
        let Some(budget) = around.or_else(|| Budget::of(&*set)) else {
            // Some other kind of budget: all that is known of it is what it says of the plan.
            run.within_budget(plan, n_workers)?;
            return Ok(Admission::Free);
        };
        let free = budget.limit().saturating_sub(budget.kept());
        let needs = Needs::of(plan, free, n_workers);
        let is_small = needs.of_all(n_workers) <= usable(free);
        if is_small && (needs.n_unknown() == 0 || !budget.is_strict()) {
            return Ok(Admission::Free);
        }
        Ok(Admission::Governed(Governed::new(plan, run, &budget, needs, free, n_workers)?))
    }
}

impl Governed {
    fn new(
        plan: &Plan,
        run: &Run,
        budget: &Budget,
        needs: Needs,
        free: u64,
        n_workers: usize,
    ) -> Result<Arc<Governed>> {
        let (forecast, cap) = forecast(plan, &needs, free, n_workers)?;
        let governed = Arc::new_cyclic(|this: &Weak<Governed>| Governed {
            plan: plan.clone(),
            run: run.clone(),
            budget: budget.child(cap),
            needs,
            forecast,
            n_workers,
            nested: current::current_budget().is_some(),
            state: Mutex::new(State::new(plan)),
            changed: Condvar::default(),
            resident: Resident::new(),
            this: this.clone(),
            call: OnceLock::new(),
        });
        let holder: Weak<dyn Reclaim> = Arc::<Governed>::downgrade(&governed);
        budget.register(holder);
        Ok(governed)
    }

    /// What was predicted.
    pub fn forecast(&self) -> &Forecast {
        &self.forecast
    }

    /// Sets what is called, with a number, when so many more workers would find something to do.
    /// Called once, before any worker comes; not needed where one worker does it all.
    pub fn on_work(&self, call: impl Fn(usize) + Send + Sync + 'static) {
        self.call.get_or_init(|| Box::new(call));
    }

    /// Works as long as there is a task that can start, then leaves: it never waits, so that it may
    /// be a job of a thread pool, even one that runs on top of a task.
    pub fn work(&self, worker: WorkerId) {
        if !lock(&self.state).come(self.n_workers) {
            return;
        }
        self.run.enter(|| {
            while let Some((task, reserved)) = self.next_task() {
                self.start(task, reserved, worker);
                self.resident.sample();
                self.call_workers();
            }
        });
        self.changed.notify_all();
    }

    /// Works to the end in the calling thread, alone.
    pub fn work_alone(&self) {
        while !self.wait_over(Duration::ZERO) {
            self.work(WorkerId(0));
            self.wait_change();
        }
    }

    /// Whether the run is over: nothing runs, and nothing will be ready any more.
    pub fn is_over(&self) -> bool {
        lock(&self.state).is_over()
    }

    /// Waits until the run is over, for some time at most; whether it is.
    pub fn wait_over(&self, at_most: Duration) -> bool {
        let state = lock(&self.state);
        let going_on = |state: &mut State| !state.is_over();
        let waited = self.changed.wait_timeout_while(state, at_most, going_on);
        waited.unwrap_or_else(PoisonError::into_inner).0.is_over()
    }

    fn wait_change(&self) {
        let state = lock(&self.state);
        if !state.is_over() {
            drop(self.wait(state));
        }
    }

    /// Calls workers if there is something for them. The waiting caller asks for it now and then:
    /// memory that others gave back is not told of.
    pub fn call_workers(&self) {
        let state = lock(&self.state);
        let n = state.n_wanted(self.n_workers);
        drop(state);
        if let (Some(call), true) = (self.call.get(), n > 0) {
            call(n);
        }
        self.changed.notify_all();
    }

    /// A task to run and the bytes for it; `None` when there is none that can start now, and the
    /// worker is counted as gone.
    fn next_task(&self) -> Option<(u32, Reservation)> {
        let mut state = lock(&self.state);
        loop {
            if self.run.is_cancelled() {
                state.stop();
            }
            let Some(task) = state.first_ready() else {
                state.leave();
                return None;
            };
            if let Some(reserved) = self.begin(&mut state, task) {
                return Some((task, reserved));
            }
            // Blobs that tasks of this run have made: no forecast knows how much they are.
            let missing = self.budget.missing(self.need_of(&state, task));
            drop(state);
            let given_back = self.budget.reclaim_own(missing);
            state = lock(&self.state);
            if given_back > 0 || state.first_ready() != Some(task) {
                continue;
            }
            // Something may have been written, or have ended, meanwhile.
            if let Some(reserved) = self.begin(&mut state, task) {
                return Some((task, reserved));
            }
            let need = self.need_of(&state, task);
            let missing = self.budget.missing(need);
            if self.forecast.evicted == 0 && !state.running_is_empty() {
                // It all fits in the order of the plan: what runs ahead of it will end.
                state.leave();
                return None;
            }
            let evicted = self.evict(&mut state, missing, task);
            if evicted.dropped > 0 {
                continue;
            }
            if evicted.writing > 0 || state.is_busy() {
                state.leave();
                return None;
            }
            let stuck_for = state.stuck_for();
            drop(state);
            let found = self.without_room(task, need, missing, stuck_for);
            state = lock(&self.state);
            match found {
                // Others may have begun it meanwhile: its bytes go back.
                Ok(Some(reserved))
                    if state.first_ready() == Some(task)
                        && self.need_of(&state, task) <= reserved.bytes() =>
                {
                    state.begin(&self.plan, task);
                    return Some((task, reserved));
                }
                Ok(_) => {
                    state.leave();
                    return None;
                }
                Err(error) => state.fail(0, error),
            }
        }
    }

    /// Begins a task if its bytes can be reserved.
    fn begin(&self, state: &mut State, task: u32) -> Option<Reservation> {
        let reserved = self.budget.try_reserve(self.need_of(state, task))?;
        state.begin(&self.plan, task);
        Some(reserved)
    }

    /// Nothing of this run can leave memory or is about to end, and yet a task does not fit: the
    /// rest is held by others.
    fn without_room(
        &self,
        task: u32,
        need: u64,
        missing: u64,
        stuck_for: Duration,
    ) -> Result<Option<Reservation>> {
        const PATIENCE: Duration = Duration::from_millis(100);
        if self.budget.reclaim(missing) > 0 {
            return Ok(self.budget.try_reserve(need));
        }
        // A graph inside a task may not wait for others, who may wait for that task.
        if !self.nested && self.budget.is_worked_with() {
            return Ok(None);
        }
        if self.nested || self.forecast.n_unknown > 0 {
            // What a forecast could not know is reported instead.
            lock(&self.state).exceeded(task, missing);
            return Ok(Some(self.budget.force(need)));
        }
        if stuck_for < PATIENCE {
            return Ok(None);
        }
        let mut needs = self.needs.expected(&self.plan, task);
        needs.kept = self.budget.limit().saturating_add(missing).saturating_sub(need);
        let site = Box::new(self.plan.task(task).site());
        Err(Error::OverBudget { site, needs, limit: self.budget.limit() })
    }

    /// Waits until something has changed; looks by itself now and then, since others share the
    /// budget.
    fn wait<'a>(&'a self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        const ROUND: Duration = Duration::from_millis(2);
        let waited = self.changed.wait_timeout(state, ROUND);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Makes about `bytes` of room for `task`: results that are needed after it leave memory, the
    /// last needed first.
    fn evict(&self, state: &mut State, bytes: u64, task: u32) -> Evicting {
        // A little more than is missing, so that others do not wait at once again.
        let bytes = bytes.max(self.budget.limit() / 32);
        let evicting = state.evict(bytes, task, &self.rates());
        if state.needs_writer()
            && let Err(error) = self.start_writer()
        {
            let key = Box::new(self.plan.task(task).key());
            state.no_writer(&self.plan);
            state.fail(0, Error::Spill { key, source: Arc::new(error) });
        }
        evicting
    }

    fn rates(&self) -> state::Rates {
        let statistics = self.budget.spill().statistics();
        let (write, read) = (statistics.write_rate(), statistics.read_rate());
        state::Rates { write, read, n_workers: self.n_workers as f64 }
    }

    /// Waits until nothing is being written any more: the writer holds the run.
    fn finish_writing(&self) {
        let mut state = lock(&self.state);
        state.forget_queue(&self.plan);
        while state.is_writing() {
            state = self.wait(state);
        }
    }

    /// Lets no task start any more.
    pub fn cancel(&self) {
        lock(&self.state).stop();
        self.changed.notify_all();
    }

    /// The tasks that workers are in the middle of.
    pub fn running(&self) -> Vec<Key> {
        let state = lock(&self.state);
        state.running().map(|task| self.plan.task(task).key()).collect()
    }

    /// What the run gives, once all workers have left; observers are told what it held.
    ///
    /// # Errors
    /// The failing task with the smallest number; [`Error::Cancelled`]; [`Error::Spill`] if an
    /// output cannot be read back.
    pub fn finish(&self) -> Result<Vec<Value>> {
        self.finish_writing();
        let result = self.outputs();
        lock(&self.state).clear();
        self.resident.look();
        self.run.measured(&self.plan, &self.measured());
        result
    }

    fn outputs(&self) -> Result<Vec<Value>> {
        if let Some(error) = lock(&self.state).failure(self.plan.len()) {
            return Err(error);
        }
        self.plan.outputs().iter().map(|&output| self.output(output)).collect()
    }

    /// What was predicted, and what was held.
    pub fn measured(&self) -> MemoryUse {
        let state = lock(&self.state);
        let mut memory = state.measured.clone();
        memory.limit = self.forecast.limit;
        memory.predicted = (self.forecast.n_unknown == 0).then_some(self.forecast.peak);
        memory.accounted = self.budget.peak();
        memory.resident = self.resident.growth();
        memory.exceeded_by = state.exceeded_by().map(|task| self.plan.task(task).key());
        memory
    }
}

/// Others who share the budget, or a task of this run that needs more than it said, ask for memory:
/// results that can leave go.
impl Reclaim for Governed {
    fn reclaim(&self, bytes: u64) -> u64 {
        let mut state = lock(&self.state);
        let before = state.evicted_bytes();
        // Not what the next task needs.
        let next = state.first_ready().unwrap_or(0);
        self.evict(&mut state, bytes, next);
        while state.is_writing() && state.evicted_bytes() - before < bytes {
            state = self.wait(state);
        }
        state.evicted_bytes() - before
    }
}

impl std::fmt::Debug for Governed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Governed({:?}, {:?})", self.plan, self.budget)
    }
}

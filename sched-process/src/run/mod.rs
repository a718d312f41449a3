//! [`PlanRun`]: one run of a plan on the workers, as the calling thread conducts it.
//!
//! The thread waits for what the workers say, keeps book of what is done and where values are
//! (`ledger`), sends ready tasks to workers with room (`dispatch`), takes in results (`hear`), and
//! sees to it that a lost worker costs its task only (`recover`).

mod dispatch;
mod hear;
mod here;
mod lane;
mod ledger;
mod observe;
mod outputs;
mod programs;
mod ready;
mod recover;
mod recycle;
mod release;
mod supervise;
mod transfer;
mod wait;

pub(crate) use programs::parts_of;

use crate::clock::Clock;
use crate::message::{Control, Order, ToWorker};
use crate::pool::Pool;
use chunkwise_graph::{Error, OnCancel, Plan, Result, Run, Value};
use here::Here;
use lane::Lane;
use ledger::Ledger;
use observe::Told;
use outputs::Outputs;
use programs::Programs;
use ready::Ready;
use release::Releases;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use transfer::Transfers;

pub(crate) struct PlanRun<'a> {
    plan: &'a Plan,
    run: &'a Run,
    pool: &'a mut Pool,
    /// Tells this run from others of the pool.
    number: u64,
    clock: Clock,
    programs: Programs,
    ledger: Ledger,
    ready: Ready,
    lanes: Vec<Lane>,
    here: Option<Here>,
    transfers: Transfers,
    releases: Releases,
    outputs: Outputs,
    told: Told,
    /// Tasks of this number and above do not start any more.
    limit: u32,
    failure: Option<Error>,
    n_restarts: u32,
    /// Regions of lost workers that hold values which are still needed.
    unburied: HashSet<u32>,
    /// Those of them where tasks that have been sent may still look for a value that is lost.
    haunted: HashSet<u32>,
    /// When it was last looked at how much memory workers have, in nanoseconds of the monotonic clock.
    looked_at_memory: u64,
    /// How long tasks have taken lately, in nanoseconds.
    pace: Option<u64>,
    /// How often a worker was lost while it ran a task, since the task last gave a value.
    attempts: HashMap<u32, u32>,
}

impl<'a> PlanRun<'a> {
    /// Checks that every task can run in another process; nothing has run if one cannot.
    pub(crate) fn new(plan: &'a Plan, run: &'a Run, pool: &'a mut Pool) -> Result<PlanRun<'a>> {
        let programs = Programs::new(plan, pool.options.not_portable)?;
        let here = programs.any_here().then(|| Here::start(plan, run, pool)).transpose()?;
        pool.start_missing()?;
        pool.n_runs += 1;
        let lanes = pool.workers.iter().map(|_| Lane::default()).collect();
        Ok(PlanRun {
            plan,
            run,
            number: pool.n_runs,
            clock: Clock::new(),
            ledger: Ledger::new(plan),
            ready: Ready::new(pool.workers.len()),
            lanes,
            here,
            transfers: Transfers::default(),
            releases: Releases::default(),
            outputs: Outputs::new(plan),
            told: Told::default(),
            limit: u32::MAX,
            failure: None,
            n_restarts: 0,
            unburied: HashSet::new(),
            haunted: HashSet::new(),
            looked_at_memory: 0,
            pace: None,
            attempts: HashMap::new(),
            programs,
            pool,
        })
    }

    /// Runs the plan and gives the values of its outputs.
    pub(crate) fn run(mut self) -> Result<Vec<Value>> {
        let _guard = self.on_cancel();
        (0..self.lanes.len()).for_each(|lane| self.begin(lane));
        self.ledger.initially_ready().for_each(|task| self.ready.push(task));
        let result = self.conduct();
        self.end();
        result?;
        match self.failure.take() {
            Some(error) => Err(error),
            None => self.take_outputs(),
        }
    }

    fn conduct(&mut self) -> Result<()> {
        loop {
            if self.run.is_cancelled() {
                return Err(self.cancel());
            }
            self.fill()?;
            self.send_releases();
            if self.is_over() {
                return Ok(());
            }
            self.wait()?;
            self.supervise()?;
            self.recycle()?;
        }
    }

    /// Whether nothing is left to wait for.
    fn is_over(&self) -> bool {
        self.ledger.n_open_below(self.limit) == 0
            && self.lanes.iter().all(Lane::is_idle)
            && self.here.as_ref().is_none_or(Here::is_idle)
            && self.releases.is_empty()
    }

    /// Wakes this thread when the run is cancelled.
    fn on_cancel(&self) -> Option<OnCancel> {
        let wake = Arc::clone(&self.pool.wake);
        let token = self.run.cancel_token()?;
        Some(token.on_cancel(move || {
            // It fails only if it was woken very often already.
            let _ = rustix::io::write(&*wake, &1u64.to_ne_bytes());
        }))
    }

    /// Tells a worker that the run begins, and of types that were registered since it was told.
    fn begin(&mut self, lane: usize) {
        let Some(process) = &mut self.pool.workers[lane] else { return };
        let types = chunkwise_graph::registered();
        let errors = chunkwise_graph::registered_errors();
        if types.len() > process.n_types || errors.len() > process.n_errors {
            let register = ToWorker::Register {
                types: programs::references(&types[process.n_types..]),
                errors: programs::references(&errors[process.n_errors..]),
            };
            (process.n_types, process.n_errors) = (types.len(), errors.len());
            self.say(lane, &register, &[]);
        }
        self.say(lane, &ToWorker::Begin { run: self.number }, &[]);
    }

    /// Says something to a worker, in order with its tasks. If the worker is gone, waiting for it
    /// finds out.
    fn say(&mut self, lane: usize, message: &ToWorker, blob: &[u8]) {
        if let Some(process) = &mut self.pool.workers[lane] {
            let put = process.data_out.put(message, blob);
            if put.and_then(|()| process.data_out.flush(crate::wire::Wait::No)).is_err() {
                self.lanes[lane].is_broken = true;
            }
        }
    }

    /// Says something to a worker that it is to hear at once.
    fn order(&mut self, lane: usize, order: Order) {
        if let Some(process) = &mut self.pool.workers[lane] {
            let put = process.control_out.put(&Control { run: self.number, order }, &[]);
            if put.and_then(|()| process.control_out.flush(crate::wire::Wait::No)).is_err() {
                self.lanes[lane].is_broken = true;
            }
        }
    }

    /// Keeps the failure of the smallest number, whatever the timing: tasks below it go on.
    fn fail(&mut self, task: u32, error: Error) {
        if task >= self.limit {
            return;
        }
        self.limit = task;
        self.ledger.limit(task);
        self.failure = Some(error);
        self.ready.drop_from(task);
        if let Some(here) = &self.here {
            here.limit(task);
        }
        for lane in 0..self.lanes.len() {
            self.order(lane, Order::Limit { task });
        }
    }
}

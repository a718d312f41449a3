//! [`Here`]: a thread of this process for tasks that cannot run in another one.

use super::PlanRun;
use super::ledger::{Holders, Phase, Place};
use crate::nested::Nested;
use crate::pool::Pool;
use chunkwise_graph::{Error, Plan, Result, Run, Value, WorkerId};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

pub(super) struct Here {
    to_do: Sender<(u32, Vec<Value>)>,
    done: Receiver<(u32, Option<Result<Value>>)>,
    shared: Arc<Shared>,
    n_given: usize,
}

struct Shared {
    /// Tasks of this number and above do not start.
    limit: AtomicU32,
    /// The task that runs, plus one.
    running: AtomicU32,
}

impl Here {
    pub(super) fn start(plan: &Plan, run: &Run, pool: &Pool) -> Result<Here> {
        let ((to_do, inbox), (outbox, done)) = (channel(), channel());
        let limit = AtomicU32::new(u32::MAX);
        let shared = Arc::new(Shared { limit, running: AtomicU32::new(0) });
        let thread = Thread {
            plan: plan.clone(),
            run: run.clone(),
            worker: WorkerId((pool.options.n_workers * pool.options.n_threads) as u32),
            shared: shared.clone(),
            outbox,
            wake: pool.wake.clone(),
        };
        let builder = thread::Builder::new().name("chunkwise here".into());
        let spawned =
            builder.stack_size(pool.options.stack_bytes).spawn(move || thread.work(&inbox));
        spawned.map_err(|error| Error::from(crate::ProcessError::from(error)))?;
        Ok(Here { to_do, done, shared, n_given: 0 })
    }

    pub(super) fn is_idle(&self) -> bool {
        self.n_given == 0
    }

    pub(super) fn limit(&self, task: u32) {
        self.shared.limit.fetch_min(task, SeqCst);
    }

    pub(super) fn running(&self) -> Option<u32> {
        self.shared.running.load(SeqCst).checked_sub(1)
    }
}

struct Thread {
    plan: Plan,
    run: Run,
    worker: WorkerId,
    shared: Arc<Shared>,
    outbox: Sender<(u32, Option<Result<Value>>)>,
    wake: Arc<OwnedFd>,
}

impl Thread {
    /// Runs tasks until the run lets go of its end.
    fn work(self, inbox: &Receiver<(u32, Vec<Value>)>) {
        let inner = self.run.clone().scheduler(Arc::new(Nested));
        while let Ok((task, mut inputs)) = inbox.recv() {
            let result = (task < self.shared.limit.load(SeqCst)).then(|| {
                self.shared.running.store(task + 1, SeqCst);
                let execute = || self.run.execute(&self.plan, task, &mut inputs, self.worker);
                let result = inner.enter(execute);
                self.shared.running.store(0, SeqCst);
                result
            });
            drop(inputs);
            if self.outbox.send((task, result)).is_err() {
                return;
            }
            // It fails only if the run was woken very often already.
            let _ = rustix::io::write(&*self.wake, &1u64.to_ne_bytes());
        }
    }
}

impl PlanRun<'_> {
    /// Gives a task to the thread of this process, once its inputs are here.
    pub(super) fn start_here(&mut self, task: u32) -> Result<()> {
        if self.fetch(task, None) {
            return Ok(());
        }
        let plan = self.plan;
        let mut inputs = Vec::new();
        for &dep in plan.dag().deps(task) {
            let value = match self.read_for_here(dep) {
                Ok(value) => value,
                Err(source) => {
                    let error = self.run.failed_elsewhere(plan, task, Vec::new(), source);
                    self.fail(task, error);
                    return Ok(());
                }
            };
            inputs.push(value);
        }
        self.ledger.set_phase(task, Phase::Flying);
        if let Some(here) = &mut self.here {
            here.n_given += 1;
            // The thread ends after the run.
            let _ = here.to_do.send((task, inputs));
        }
        Ok(())
    }

    /// A value for a task of this process: the value itself if nobody else will ask for it.
    fn read_for_here(&mut self, dep: u32) -> Result<Value, chunkwise_graph::BoxError> {
        let is_last = self.ledger.left(dep) == 1;
        match self.ledger.place_mut(dep) {
            Place::Here(value, _) if is_last => Ok(value.take()),
            _ => self.read(dep),
        }
    }

    /// Takes in what the thread of this process has done.
    pub(super) fn hear_here(&mut self) {
        loop {
            let Some(here) = &mut self.here else { return };
            let Ok((task, result)) = here.done.try_recv() else { return };
            here.n_given -= 1;
            match result {
                None => self.ledger.set_phase(task, Phase::Ready),
                Some(Ok(value)) => self.finish(task, Place::Here(value, Holders::new())),
                Some(Err(error)) => {
                    self.ledger.set_phase(task, Phase::Waiting);
                    self.fail(task, error);
                }
            }
        }
    }
}

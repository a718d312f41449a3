//! What a worker process does: it waits for tasks, runs them, and keeps their results.

mod current;
mod execute;
mod outbox;
mod programs;
mod queue;
mod service;
mod setup;
mod store;

pub(crate) use execute::INLINE_BYTES;
pub(crate) use setup::{PROBE, serve};

use crate::arena::Arena;
use crate::image::StaticRef;
use crate::message::{FromWorker, ToWorker};
use crate::own_region::OwnRegion;
use crate::wire::{AWAKE, Inlet};
use current::Current;
use outbox::Outbox;
use programs::Programs;
use queue::Queue;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::Store;

/// Memory of the region that is kept from run to run, so that it need not be touched anew.
const KEEP_BYTES: u64 = 256 << 20;

/// One worker process: what its threads share.
struct Worker {
    arena: Arena,
    region: OwnRegion,
    inlet: Mutex<Inlet>,
    outbox: Mutex<Outbox>,
    queue: Queue,
    programs: Programs,
    store: Store,
    current: Current,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Worker {
    /// Runs tasks until the parent is gone.
    fn work(&self, thread: u32) -> io::Result<()> {
        loop {
            match self.queue.pop() {
                Some(queued) => self.execute(queued, thread)?,
                None => {
                    lock(&self.outbox).flush()?;
                    if !self.listen()? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Waits for a message, unless another thread has just got one; `false` at the end.
    fn listen(&self) -> io::Result<bool> {
        let mut inlet = lock(&self.inlet);
        if !self.queue.is_empty() {
            return Ok(true);
        }
        let awake = if lock(&self.outbox).tasks_are_short() { AWAKE } else { Duration::ZERO };
        let Some((message, blob)) = inlet.wait(awake)? else { return Ok(false) };
        self.handle(message, blob)?;
        Ok(true)
    }

    /// Takes in what has come, without waiting for more. Does nothing while another thread waits:
    /// then nothing has come.
    fn look(&self) -> io::Result<()> {
        let Ok(mut inlet) = self.inlet.try_lock() else { return Ok(()) };
        inlet.read(crate::wire::Wait::No)?;
        while let Some((message, blob)) = inlet.next()? {
            self.handle(message, blob)?;
        }
        Ok(())
    }

    fn handle(&self, message: ToWorker, blob: Vec<u8>) -> io::Result<()> {
        match message {
            ToWorker::Register { types, errors } => {
                types.into_iter().filter_map(StaticRef::find).for_each(chunkwise_graph::register);
                let errors = errors.into_iter().filter_map(StaticRef::find);
                errors.for_each(chunkwise_graph::register_error_info);
            }
            ToWorker::Begin { run } => self.current.begin(run),
            ToWorker::Program { number, grid, parts } => self.programs.add(number, grid, &parts),
            ToWorker::Tasks(tasks) => self.queue.push(tasks, blob),
            ToWorker::Release { run, tasks, answer } => {
                self.release(&tasks);
                if answer {
                    lock(&self.outbox).say(&FromWorker::Released { run, tasks })?;
                }
            }
            ToWorker::End { run } => {
                self.store.clear();
                self.programs.clear();
                self.region.clear(&self.arena, KEEP_BYTES);
                lock(&self.outbox).say(&FromWorker::Ended { run })?;
            }
        }
        Ok(())
    }
}

//! The thread that hears what concerns a worker at once, while others run tasks.

use super::{Worker, lock};
use crate::failure::Failure;
use crate::message::{Control, FromWorker, Order};
use crate::wire::{Inlet, Outlet, Wait};
use chunkwise_graph::BoxError;
use std::io;
use std::time::Duration;

impl Worker {
    /// Does as the parent says until it is gone.
    pub(super) fn serve_control(&self, inlet: &mut Inlet, outlet: &mut Outlet) -> io::Result<()> {
        while let Some((Control { run, order }, _)) = inlet.wait(Duration::ZERO)? {
            if let Order::Publish { task } = order {
                self.publish(run, task, outlet)?;
            } else if let Some(answer) = self.obey(run, order)? {
                outlet.put(&answer, &[])?;
                outlet.flush(Wait::Yes)?;
            }
        }
        Ok(())
    }

    /// Says where a value will be in shared memory, and then writes it there, so that who needs it
    /// reads it at the same time.
    fn publish(&self, run: u64, task: u32, outlet: &mut Outlet) -> io::Result<()> {
        let value = self.store.get(task).filter(|_| self.current.is(run));
        let value = value.ok_or_else(|| BoxError::from("the value is gone"));
        let started = value.and_then(|value| self.region.start_publishing(task, &value));
        let (result, to_write) = match started {
            Ok((published, to_write)) => (Ok(published), to_write),
            Err(error) => (Err(Failure::of(&*error)), None),
        };
        outlet.put(&FromWorker::Published { run, task, result }, &[])?;
        outlet.flush(Wait::Yes)?;
        match to_write {
            // Only a mapping that is not there could fail.
            Some(to_write) => to_write.write().map_err(io::Error::other),
            None => Ok(()),
        }
    }

    /// Drops values, and gives up their places in shared memory.
    pub(super) fn release(&self, tasks: &[u32]) {
        for &task in tasks {
            self.store.release(task);
            self.region.release(task);
        }
    }

    fn obey(&self, run: u64, order: Order) -> io::Result<Option<FromWorker>> {
        Ok(match order {
            Order::Publish { .. } => None,
            Order::Release { tasks, answer } => {
                if self.current.is(run) {
                    self.release(&tasks);
                }
                answer.then_some(FromWorker::Released { run, tasks })
            }
            Order::Limit { task } => {
                self.current.limit(run, task);
                None
            }
            Order::Cancel => {
                self.current.cancel(run);
                None
            }
            Order::Nudge { recall } => {
                // A late order must not take the tasks of the next run.
                let recall = recall && self.current.is(run);
                let tasks = if recall {
                    self.look()?;
                    self.queue.drain()
                } else {
                    Vec::new()
                };
                lock(&self.outbox).flush()?;
                recall.then_some(FromWorker::Recalled { run, tasks })
            }
            Order::Forget { regions } => {
                regions.into_iter().for_each(|region| self.arena.forget(region));
                None
            }
        })
    }
}

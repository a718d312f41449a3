//! The thread that hears what concerns a worker at once, while others run tasks.

use super::{Worker, lock};
use crate::failure::Failure;
use crate::message::{Control, FromWorker, Order};
use crate::wire::{Inlet, Outlet, Wait};
use std::io;

impl Worker {
    /// Does as the parent says until it is gone.
    pub(super) fn serve_control(&self, inlet: &mut Inlet, outlet: &mut Outlet) -> io::Result<()> {
        while let Some((Control { run, order }, _)) = inlet.wait()? {
            if let Some(answer) = self.obey(run, order)? {
                outlet.put(&answer, &[])?;
                outlet.flush(Wait::Yes)?;
            }
        }
        Ok(())
    }

    /// Drops values, and gives up their places in shared memory.
    pub(super) fn release(&self, tasks: &[u32]) {
        for &task in tasks {
            drop(self.store.take(task));
            self.region.release(task);
        }
    }

    fn obey(&self, run: u64, order: Order) -> io::Result<Option<FromWorker>> {
        Ok(match order {
            Order::Publish { task } => {
                let published = self.store.get(task).ok_or("the value is gone".into());
                let published = published.and_then(|value| self.region.publish(task, &value));
                let result = published.map_err(|error| Failure::of(&*error));
                Some(FromWorker::Published { task, result })
            }
            Order::Release { tasks, answer } => {
                if self.current.is(run) {
                    self.release(&tasks);
                }
                answer.then_some(FromWorker::Released { tasks })
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
                let tasks = if recall {
                    self.look()?;
                    self.queue.drain()
                } else {
                    Vec::new()
                };
                lock(&self.outbox).flush()?;
                recall.then_some(FromWorker::Recalled { tasks })
            }
            Order::Forget { regions } => {
                regions.into_iter().for_each(|region| self.arena.forget(region));
                None
            }
        })
    }
}

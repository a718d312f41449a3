//! The thread that writes results to disk, so that workers go on meanwhile. It starts when there is
//! something to write and ends when there is nothing any more.

use super::Governed;
use crate::sync::{lock, spawn};
use chunkwise_graph::Error;
use std::io;
use std::sync::Arc;

impl Governed {
    /// Starts the writer, unless it is there; the caller has queued results, and marked it as there.
    pub(super) fn start_writer(&self) -> io::Result<()> {
        let Some(run) = self.this.upgrade() else { return Ok(()) };
        spawn("chunkwise-spill", move || run.write_queued())
    }

    fn write_queued(&self) {
        loop {
            let next = lock(&self.state).next_to_write(&self.plan);
            let Some((task, value)) = next else { break };
            let result = self.budget.spill().write_value(&value);
            // Its memory is free only when nobody has it any more.
            drop(value);
            let mut state = lock(&self.state);
            match result {
                Ok(on_disk) => state.written(&self.plan, task, on_disk),
                Err(error) => {
                    state.not_written(&self.plan, task);
                    let key = Box::new(self.plan.task(task).key());
                    state.fail(0, Error::Spill { key, source: Arc::new(error) });
                }
            }
            drop(state);
            self.call_workers();
        }
        self.changed.notify_all();
    }
}

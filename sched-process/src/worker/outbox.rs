//! [`Outbox`]: what a worker has to tell, several results at a time.

use crate::clock::now;
use crate::message::{Done, FromWorker};
use crate::wire::{Outlet, Wait};
use serde::Serialize;
use std::io;

/// Results wait for others at most this long while tasks are short.
const LATENESS: u64 = 200_000;

/// Results that are told at once.
const AT_ONCE: usize = 128;

/// Bytes that are told at once.
const BYTES_AT_ONCE: usize = 1 << 18;

pub(super) struct Outbox {
    outlet: Outlet,
    done: Vec<Done>,
    blob: Vec<u8>,
    /// When results were told last.
    told: u64,
    /// How long the last task took.
    took: u64,
}

impl Outbox {
    pub(super) fn new(outlet: Outlet) -> Outbox {
        Outbox { outlet, done: Vec::new(), blob: Vec::new(), told: 0, took: u64::MAX }
    }

    /// Adds a result, whose bytes were appended to [`Outbox::blob`]. It is told now or soon: who
    /// has nothing else to do flushes.
    pub(super) fn push(&mut self, done: Done) -> io::Result<()> {
        let late = done.end.saturating_sub(self.told) > LATENESS;
        self.took = done.end.saturating_sub(done.start);
        self.done.push(done);
        if late || self.done.len() >= AT_ONCE || self.blob.len() >= BYTES_AT_ONCE {
            self.flush()?;
        }
        Ok(())
    }

    /// Whether the next task may come any moment.
    pub(super) fn tasks_are_short(&self) -> bool {
        self.took < LATENESS
    }

    pub(super) fn blob(&mut self) -> &mut Vec<u8> {
        &mut self.blob
    }

    /// Tells everything.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.done.is_empty() {
            return Ok(());
        }
        let done = FromWorker::Done(std::mem::take(&mut self.done));
        self.outlet.put(&done, &self.blob)?;
        self.blob.clear();
        self.told = now();
        self.outlet.flush(Wait::Yes)
    }

    /// Tells something else, after the results so far.
    pub(super) fn say(&mut self, message: &impl Serialize) -> io::Result<()> {
        self.flush()?;
        self.outlet.put(message, &[])?;
        self.outlet.flush(Wait::Yes)
    }
}

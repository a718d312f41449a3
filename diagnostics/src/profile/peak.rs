//! [`Peak`]: the most results that a run held, and how that number went.

use super::record::Record;
use super::run_profile::RunProfile;

/// The most results that a run held at any time, as observed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peak {
    /// The most results.
    pub results: u64,
    /// The most bytes of results; not always when most were held.
    pub bytes: u64,
}

/// A result comes or goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    pub(super) time: u64,
    /// Ordered after the gains of the same moment: a task holds its inputs until it is done.
    pub(super) is_loss: bool,
    pub(super) bytes: u64,
}

/// How many results are held, and their bytes.
#[derive(Clone, Copy, Default)]
pub(super) struct Level {
    pub(super) results: u64,
    pub(super) bytes: u64,
}

impl Level {
    pub(super) fn change(&mut self, change: &Change) {
        if change.is_loss {
            self.results = self.results.saturating_sub(1);
            self.bytes = self.bytes.saturating_sub(change.bytes);
        } else {
            self.results += 1;
            self.bytes = self.bytes.saturating_add(change.bytes);
        }
    }
}

impl Peak {
    pub(super) fn of(run: &RunProfile) -> Peak {
        let mut changes = changes_of(&run.records);
        changes.sort_unstable();
        let (mut level, mut peak) = (Level::default(), Peak::default());
        for change in &changes {
            level.change(change);
            peak.results = peak.results.max(level.results);
            peak.bytes = peak.bytes.max(level.bytes);
        }
        peak
    }
}

/// The comings and goings of the results of some tasks, in no order.
pub(super) fn changes_of(records: &[Record]) -> Vec<Change> {
    let mut changes = Vec::with_capacity(2 * records.len());
    for record in records.iter().filter(|record| record.is_finished) {
        let bytes = record.bytes;
        changes.push(Change { time: record.end, is_loss: false, bytes });
        if let Some(released) = record.released {
            changes.push(Change { time: released.max(record.end), is_loss: true, bytes });
        }
    }
    changes
}

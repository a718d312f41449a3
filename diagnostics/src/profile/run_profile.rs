//! [`RunProfile`]: what is known of one run.

use super::critical_path::CriticalPath;
use super::peak::Peak;
use super::record::Record;
use super::runs::Run;
use chunkwise_graph::{Error, Plan};
use std::fmt;
use std::time::Duration;

/// How a run went.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It has not ended.
    Running,
    /// It gave its outputs.
    Finished,
    /// It was cancelled.
    Cancelled,
    /// It gave this error.
    Failed(Error),
}

impl Outcome {
    pub(super) fn of(error: Option<&Error>) -> Outcome {
        match error {
            None => Outcome::Finished,
            Some(Error::Cancelled { .. }) => Outcome::Cancelled,
            Some(error) => Outcome::Failed(error.clone()),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Running => f.write_str("running"),
            Outcome::Finished => f.write_str("finished"),
            Outcome::Cancelled => f.write_str("cancelled"),
            Outcome::Failed(error) => match error.key() {
                Some(key) => write!(f, "failed: {key}"),
                None => f.write_str("failed"),
            },
        }
    }
}

/// What a [`Profile`](crate::Profile) knows of one run.
#[derive(Clone)]
pub struct RunProfile {
    pub(super) run: Run,
    /// When the profile was looked at, if the run went on then, else the end of the run.
    pub(super) end: u64,
    /// By start.
    pub(super) records: Vec<Record>,
    pub(super) n_counted: u64,
    pub(super) is_missing_releases: bool,
}

impl RunProfile {
    /// What ran.
    pub fn plan(&self) -> &Plan {
        &self.run.plan
    }

    /// How it went.
    pub fn outcome(&self) -> &Outcome {
        &self.run.outcome
    }

    /// When it started, counted from when the profile was made.
    pub fn start(&self) -> Duration {
        Duration::from_nanos(self.run.start)
    }

    /// How long it took, or takes until now.
    pub fn time(&self) -> Duration {
        Duration::from_nanos(self.end.saturating_sub(self.run.start))
    }

    /// Its tasks that were recorded, by start time. One that was [lost](Record::lost) with its
    /// worker process, or whose result was, is there as often as it was started.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Tries that were lost.
    pub(super) fn n_lost(&self) -> u64 {
        self.records.iter().filter(|record| record.is_lost).count() as u64
    }

    pub(super) fn into_records(self) -> Vec<Record> {
        self.records
    }

    /// Tasks that finished or failed but were only counted: see
    /// [`Profile::with_limit`](crate::Profile::with_limit).
    pub fn n_counted(&self) -> u64 {
        self.n_counted
    }

    /// The chain of dependent tasks that took longest: no number of workers makes the run shorter.
    pub fn critical_path(&self) -> CriticalPath {
        CriticalPath::of(self)
    }

    /// The most results that the run held; `None` if tasks were only counted.
    pub fn peak(&self) -> Option<Peak> {
        (self.n_counted == 0 && !self.is_missing_releases).then(|| Peak::of(self))
    }
}

impl fmt::Debug for RunProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, time) = (self.records.len(), self.time());
        write!(f, "RunProfile({n} records in {time:?}, {})", self.run.outcome)
    }
}

//! The workloads that Chunkwise implements, one file a family.

mod arrays;
mod tasks;

use std::error::Error;
use std::path::Path;

use serde_json::Value;

use crate::error::CompareError;

/// One workload: what the peers' script calls by the same name.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// Size of the problem, for the report.
    pub(crate) size: &'static str,
    /// The systems in which the peers' script has it.
    pub(crate) peers: &'static [&'static str],
    /// Files and folders, relative to the data folder, that must exist.
    pub(crate) data: &'static [&'static str],
    /// Relative tolerance for floats in the answer.
    pub(crate) tolerance: f64,
    pub(crate) shape: AnswerShape,
    /// Does the work; all of it is timed.
    pub(crate) run: fn(&Path) -> WorkloadResult,
}

/// The answer, or why there is none.
pub(crate) type WorkloadResult = Result<Value, Box<dyn Error + Send + Sync>>;

/// What the answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AnswerShape {
    /// All of it is compared.
    Whole,
    /// `{"answer", "us_per_task"}`: the first is compared, the second is a second time.
    PerTask,
}

impl AnswerShape {
    /// The part of the answer on which systems have to agree.
    pub(crate) fn compared(self, answer: &Value) -> &Value {
        match self {
            Self::Whole => answer,
            Self::PerTask => &answer["answer"],
        }
    }

    /// Microseconds a task, where the answer tells them.
    pub(crate) fn us_per_task(self, answer: &Value) -> Option<f64> {
        match self {
            Self::Whole => None,
            Self::PerTask => answer["us_per_task"].as_f64(),
        }
    }
}

/// Every workload, in the order of `compare list`.
pub(crate) const ALL: &[&Workload] = &[
    &tasks::SYNC,
    &tasks::THREADED,
    #[cfg(target_os = "linux")]
    &tasks::PROCESS,
    &arrays::SUM,
    &arrays::COUNT,
    &arrays::NORMAL_MEAN,
    &arrays::WEATHER_MEAN,
    &arrays::WEATHER_SUBSAMPLE,
    &arrays::ELEMENTWISE,
    &arrays::MATMUL,
];

/// Tolerance for floats unless a workload says otherwise.
pub(crate) const TOLERANCE: f64 = 1e-6;

impl Workload {
    /// Finds a workload by its name.
    ///
    /// # Errors
    /// When there is none; the error lists those that there are.
    pub(crate) fn named(name: &str) -> Result<&'static Self, CompareError> {
        ALL.iter().copied().find(|workload| workload.name == name).ok_or_else(|| {
            let known = ALL.iter().map(|workload| workload.name).collect();
            CompareError::UnknownWorkload { name: name.to_owned(), known }
        })
    }

    /// Checks that a peer has this workload.
    ///
    /// # Errors
    /// When it has not; the error lists those that have.
    pub(crate) fn check_peer(&self, peer: &str) -> Result<(), CompareError> {
        if self.peers.contains(&peer) {
            return Ok(());
        }
        let (workload, known) = (self.name, self.peers);
        Err(CompareError::UnknownPeer { workload, peer: peer.to_owned(), known })
    }

    /// Checks that the data is there.
    ///
    /// # Errors
    /// The first file or folder that is missing.
    pub(crate) fn check_data(&self, folder: &Path) -> Result<(), CompareError> {
        match self.data.iter().map(|name| folder.join(name)).find(|path| !path.exists()) {
            Some(path) => Err(CompareError::MissingData { workload: self.name, path }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_unique_and_every_workload_has_a_peer() {
        let names: HashSet<_> = ALL.iter().map(|workload| workload.name).collect();
        assert_eq!(names.len(), ALL.len());
        assert!(ALL.iter().all(|workload| !workload.peers.is_empty()));
        assert!(ALL.iter().all(|workload| Workload::named(workload.name).is_ok()));
    }

    #[test]
    fn unknown_names_list_the_known() {
        let error = Workload::named("tasks").err().unwrap().to_string();
        assert!(error.contains("tasks_sync, tasks_threaded"), "{error}");
        let error = tasks::SYNC.check_peer("polars").unwrap_err().to_string();
        assert_eq!(error, "tasks_sync has no peer named \"polars\"; there are: dask");
    }

    #[test]
    fn missing_data_is_named() {
        let workload = Workload { data: &["accounts.0.csv"], ..tasks::SYNC };
        let error = workload.check_data(Path::new("nowhere")).unwrap_err().to_string();
        assert!(error.contains("nowhere") && error.contains("accounts.0.csv"), "{error}");
        assert!(tasks::SYNC.check_data(Path::new("nowhere")).is_ok());
    }

    #[test]
    fn shapes_take_their_part() {
        let answer = json!({"answer": 7, "us_per_task": 0.25});
        assert_eq!(AnswerShape::Whole.compared(&answer), &answer);
        assert_eq!(AnswerShape::PerTask.compared(&answer), &json!(7));
        assert_eq!(AnswerShape::PerTask.us_per_task(&answer), Some(0.25));
        assert_eq!(AnswerShape::Whole.us_per_task(&answer), None);
        assert_eq!(AnswerShape::PerTask.us_per_task(&json!(7)), None);
    }
}

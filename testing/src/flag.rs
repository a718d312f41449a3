//! [`Flag`]: a signal between a test and its tasks, in whatever process they run.

use crate::within::{LIMIT, eventually};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Raised once, seen by everybody: a file that is there or not. Clones, and copies that travelled
/// as serde values, are the same flag, as long as the first one or a clone of it lives.
///
/// ```
/// use chunkwise_testing::Flag;
/// let flag = Flag::new();
/// assert!(!flag.is_raised());
/// flag.clone().raise();
/// assert!(flag.is_raised());
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Flag {
    path: PathBuf,
    /// Removes the file, in the process that made the flag.
    #[serde(skip)]
    _folder: Option<Arc<TempDir>>,
}

impl Flag {
    /// Not raised.
    ///
    /// # Panics
    /// If there is no temporary folder to be had.
    #[allow(clippy::new_without_default, reason = "it makes a folder")]
    pub fn new() -> Flag {
        let folder = tempfile::Builder::new().prefix("chunkwise-flag-").tempdir();
        let folder = folder.expect("there is room for a temporary folder");
        Flag { path: folder.path().join("raised"), _folder: Some(Arc::new(folder)) }
    }

    /// The flag that another copy calls by this path.
    pub fn at(path: PathBuf) -> Flag {
        Flag { path, _folder: None }
    }

    /// What other copies find it by.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Raises it; again is the same as once.
    ///
    /// # Panics
    /// If nobody holds the flag any longer in the process that made it.
    pub fn raise(&self) {
        File::create(&self.path).expect("the flag's folder is there");
    }

    /// Whether it is raised.
    pub fn is_raised(&self) -> bool {
        self.path.exists()
    }

    /// Waits until it is raised.
    ///
    /// # Panics
    /// If it is not within [`LIMIT`].
    pub fn wait(&self) {
        eventually("the flag is raised", || self.is_raised());
    }

    /// Whether it is raised before this time is over; waits no longer than needed.
    pub fn is_raised_within(&self, limit: Duration) -> bool {
        let start = Instant::now();
        let limit = limit.min(LIMIT);
        loop {
            if self.is_raised() {
                return true;
            }
            if start.elapsed() > limit {
                return false;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Locks a file of the flag's until the result is dropped, or the process that holds it ends in
    /// whatever way: so a test sees that a process has ended. `None` if somebody else holds it.
    ///
    /// # Panics
    /// As [`Flag::raise`].
    pub fn try_lock(&self) -> Option<File> {
        let file = File::create(self.path.with_extension("lock"));
        let file = file.expect("the flag's folder is there");
        file.try_lock().ok()?;
        Some(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_that_travelled_is_the_same_flag() {
        let flag = Flag::new();
        let there: Flag = postcard::from_bytes(&postcard::to_stdvec(&flag).unwrap()).unwrap();
        assert!(!flag.is_raised_within(Duration::from_millis(2)));
        there.raise();
        flag.wait();
        assert!(flag.is_raised() && there.is_raised_within(LIMIT));
    }

    #[test]
    fn one_holds_the_lock_at_a_time() {
        let flag = Flag::new();
        let held = flag.try_lock();
        assert!(held.is_some() && flag.try_lock().is_none());
        drop(held);
        assert!(flag.try_lock().is_some());
    }

    #[test]
    fn nothing_is_left_of_a_flag() {
        let flag = Flag::new();
        flag.raise();
        let path = flag.path.clone();
        drop(flag);
        assert!(!path.exists() && !path.parent().unwrap().exists());
    }
}

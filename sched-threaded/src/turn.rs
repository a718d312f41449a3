//! [`Turn`]: who runs a task, decided without a queue.

use crate::sync::{AtomicU32, Ordering};

/// Counts what a task still waits for: its dependencies, and the cursor that passes the tasks in
/// order of priority. Whoever brings the count to zero runs the task, so that no task starts
/// before the cursor has passed it and none starts twice.
#[derive(Debug)]
pub(crate) struct Turn(AtomicU32);

/// The cursor's share; the dependencies are counted below it.
const TOKEN: u32 = 1 << 30;

impl Turn {
    pub(crate) fn new(n_dependencies: u32) -> Turn {
        debug_assert!(n_dependencies < TOKEN);
        Turn(AtomicU32::new(n_dependencies + TOKEN))
    }

    /// One mention of a dependency is finished. Whether the caller is to run the task.
    #[inline]
    #[must_use]
    pub(crate) fn dependency_finished(&self) -> bool {
        // With 1 left nobody else will come any more, so the costly read-modify-write can be
        // spared. Acquire: the values of the other dependencies were written before their counts.
        self.0.load(Ordering::Acquire) == 1 || self.0.fetch_sub(1, Ordering::AcqRel) == 1
    }

    /// The cursor passes. Whether the caller is to run the task.
    #[inline]
    #[must_use]
    pub(crate) fn cursor_passed(&self) -> bool {
        self.0.load(Ordering::Acquire) == TOKEN
            || self.0.fetch_sub(TOKEN, Ordering::AcqRel) == TOKEN
    }
}

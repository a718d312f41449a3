//! [`Workers`]: the worker processes that the chapters share.

use chunkwise::graph::Error;
use chunkwise::prelude::*;

/// Worker processes of this program, as many as cores; those of all clones. Only Linux has them.
#[cfg(target_os = "linux")]
#[derive(Debug, Clone)]
pub(crate) struct Workers(Processes);

#[cfg(target_os = "linux")]
impl Workers {
    /// Starts them.
    ///
    /// # Errors
    /// Why they did not start.
    pub(super) fn start() -> Result<Option<Self>, Error> {
        Ok(Some(Self(Processes::builder().build()?)))
    }

    /// What runs tasks in them.
    pub(super) fn scheduler(&self) -> &dyn Scheduler {
        &self.0
    }

    /// Their process ids, which change when one of them is started again.
    pub(super) fn ids(&self) -> Vec<u32> {
        self.0.worker_ids()
    }
}

/// Nothing: this system has no worker processes.
#[cfg(not(target_os = "linux"))]
#[derive(Debug, Clone)]
pub(crate) enum Workers {}

#[cfg(not(target_os = "linux"))]
impl Workers {
    /// None.
    ///
    /// # Errors
    /// None.
    pub(super) fn start() -> Result<Option<Self>, Error> {
        Ok(None)
    }

    /// Of no use.
    pub(super) fn scheduler(&self) -> &dyn Scheduler {
        match *self {}
    }

    /// Of no use.
    pub(super) fn ids(&self) -> Vec<u32> {
        match *self {}
    }
}

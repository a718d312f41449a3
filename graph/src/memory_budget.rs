//! [`MemoryBudget`]: what a run may hold, and what it held.
//!
//! This crate carries a budget to the runs that it is for and knows no more of it: counting,
//! admitting and spilling are the work of `chunkwise-memory`.

use crate::error::Result;
use crate::explain::format_bytes;
use crate::key::Key;
use crate::plan::Plan;
use std::any::Any;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

/// A number of bytes that runs share, set around them by
/// [`with_memory_budget`](crate::with_memory_budget) or as the default of the process.
///
/// The one there is is `chunkwise_memory::Budget`. A scheduler that finds another kind of budget
/// than it knows runs as [`InOrder`](crate::InOrder) does: within the limit, or not at all.
pub trait MemoryBudget: Any + Send + Sync {
    /// The whole budget, in bytes.
    fn limit(&self) -> u64;

    /// Counts bytes that stay when a run is over (what `persist` keeps) until the result is dropped.
    fn hold(&self, bytes: u64) -> HeldBytes;

    /// What running a plan under this budget on so many workers would need.
    ///
    /// # Errors
    /// [`Error::OverBudget`](crate::Error::OverBudget) if the plan cannot run within it.
    fn forecast(&self, plan: &Plan, n_workers: usize) -> Result<Forecast>;
}

/// Bytes that are counted until this is dropped.
pub type HeldBytes = Box<dyn Any + Send + Sync>;

/// What running a plan under a budget will need, known before it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forecast {
    /// The budget, in bytes.
    pub limit: u64,
    /// The workers that share it.
    pub n_workers: usize,
    /// By how many bytes the process will grow at most: the run keeps to it. Where the bounds of some
    /// tasks are not known, what the others will take at least.
    pub peak: u64,
    /// Bytes of intermediates that have to leave memory and come back, by disk or by being computed
    /// again.
    pub evicted: u64,
    /// Tasks whose bounds are not known: what they take is measured while they run.
    pub n_unknown: usize,
}

impl Forecast {
    /// Nothing is needed, of `limit` bytes for `n_workers`.
    pub fn new(limit: u64, n_workers: usize) -> Forecast {
        Forecast { limit, n_workers, peak: 0, evicted: 0, n_unknown: 0 }
    }
}

impl fmt::Display for Forecast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [limit, peak] = [self.limit, self.peak].map(format_bytes);
        write!(f, "predicted peak with {} of {limit} allowed", Workers(self.n_workers))?;
        write!(f, ": {}{peak}", if self.n_unknown > 0 { "at least " } else { "" })?;
        if self.n_unknown > 0 {
            write!(f, " ({} tasks of unknown size)", self.n_unknown)?;
        }
        match self.evicted {
            0 => Ok(()),
            bytes => {
                write!(f, "; {} go to disk or are computed again", format_bytes(bytes))
            }
        }
    }
}

struct Workers(usize);

impl fmt::Display for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, if self.0 == 1 { "worker" } else { "workers" })
    }
}

/// What a run under a budget held: told to observers, see
/// [`Observer::measured`](crate::Observer::measured).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryUse {
    /// The budget, in bytes.
    pub limit: u64,
    /// The peak that was predicted; `None` where the bounds of some tasks are not known.
    pub predicted: Option<u64>,
    /// The most bytes that the run had reserved at any time, by its own count.
    pub accounted: u64,
    /// By how much the memory of the process grew during the run at most, as the system counts it;
    /// `None` where that is not told.
    pub resident: Option<u64>,
    /// Bytes of results that were written to disk, as they were in memory.
    pub spilled: u64,
    /// How many results that were.
    pub n_spilled: u64,
    /// Bytes of results that were dropped to be computed again.
    pub dropped: u64,
    /// Tasks that ran again because their result had been dropped.
    pub n_recomputed: u64,
    /// Bytes that tasks held beyond what their bounds said.
    pub exceeded: u64,
    /// The first task that did.
    pub exceeded_by: Option<Key>,
}

impl fmt::Display for MemoryUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let predicted = self.predicted.map_or_else(|| "not known".to_owned(), format_bytes);
        write!(f, "memory of {}: {predicted} predicted, ", format_bytes(self.limit))?;
        write!(f, "{} accounted", format_bytes(self.accounted))?;
        if let Some(resident) = self.resident {
            write!(f, ", {} resident", format_bytes(resident))?;
        }
        if self.n_spilled > 0 {
            write!(f, "; {} spilled in {} results", format_bytes(self.spilled), self.n_spilled)?;
        }
        if self.n_recomputed > 0 {
            write!(f, "; {} tasks computed again", self.n_recomputed)?;
        }
        match &self.exceeded_by {
            Some(task) => {
                write!(f, "; {} more than {task} had stated", format_bytes(self.exceeded))
            }
            None => Ok(()),
        }
    }
}

struct Chosen {
    is_chosen: bool,
    budget: Option<Arc<dyn MemoryBudget>>,
}

static DEFAULT: RwLock<Chosen> = RwLock::new(Chosen { is_chosen: false, budget: None });

/// The budget of runs for which none is set; none until one is chosen.
pub fn default_memory_budget() -> Option<Arc<dyn MemoryBudget>> {
    DEFAULT.read().unwrap_or_else(PoisonError::into_inner).budget.clone()
}

/// Chooses the budget of runs for which none is set, in the whole process; `None` for no limit.
pub fn set_default_memory_budget(budget: Option<Arc<dyn MemoryBudget>>) {
    *DEFAULT.write().unwrap_or_else(PoisonError::into_inner) = Chosen { is_chosen: true, budget };
}

/// As [`set_default_memory_budget`], unless one (or none) was chosen before: for facades, which must
/// not overrule what their user chose.
///
/// # Errors
/// What `make` reports; nothing is chosen then.
pub fn init_default_memory_budget(
    make: impl FnOnce() -> Result<Option<Arc<dyn MemoryBudget>>>,
) -> Result<()> {
    if !DEFAULT.read().unwrap_or_else(PoisonError::into_inner).is_chosen {
        let mut default = DEFAULT.write().unwrap_or_else(PoisonError::into_inner);
        if !default.is_chosen {
            *default = Chosen { is_chosen: true, budget: make()? };
        }
    }
    Ok(())
}

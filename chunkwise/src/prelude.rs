//! What most programs need: `use chunkwise::prelude::*;`.

pub use crate::CollectionExt;
#[cfg(feature = "hdf5")]
pub use chunkwise_array::open_hdf5;
#[cfg(feature = "array")]
pub use chunkwise_array::{Array, Axes, concatenate, s, stack, where_};
#[cfg(feature = "image")]
pub use chunkwise_array::{Colormap, ImageOptions};
pub use chunkwise_delayed::{Delayed, collect, delayed, lit, value};
pub use chunkwise_diagnostics::{Profile, ProgressBar};
pub use chunkwise_graph::{
    CancelToken, Collection, Key, Scheduler, SchedulerExt, TaskDict, Value, args, by_ref, list,
    literal, with_cancel, with_observer, with_observers, with_scheduler,
};
#[cfg(feature = "serde")]
pub use chunkwise_graph::{register_error, register_serde};
pub use chunkwise_memory::{LimitMemory, with_memory_limit};
#[cfg(all(feature = "processes", target_os = "linux"))]
pub use chunkwise_sched_process::Processes;
pub use chunkwise_sched_sync::Synchronous;
pub use chunkwise_sched_threaded::Threaded;

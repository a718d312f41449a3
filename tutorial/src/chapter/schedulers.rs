//! The schedulers that the chapters compare.

use chunkwise::graph::Error;
use chunkwise::prelude::*;

use super::ChapterError;
use crate::report::Way;

/// Computes one answer on each scheduler.
pub(super) fn on_each<'a, T>(
    compute: impl Fn(&dyn Scheduler) -> Result<T, Error> + Clone + 'a,
) -> Vec<Way<'a, T, ChapterError>>
where
    T: 'a,
{
    let threaded = Threaded::new();
    let n_threads = threaded.n_threads();
    let many = format!("on {n_threads} thread{}", if n_threads == 1 { "" } else { "s" });
    let on_one = compute.clone();
    vec![
        Way::new("synchronous", move || Ok(on_one(&Synchronous)?)),
        Way::new(many, move || Ok(compute(&threaded)?)),
    ]
}

//! The schedulers that the chapters compare.

use chunkwise::graph::Error;
use chunkwise::prelude::*;

use super::{ChapterError, Workers};
use crate::report::Way;

/// Computes one answer on each scheduler.
pub(super) fn on_each<'a, T>(
    workers: Option<&'a Workers>,
    compute: impl Fn(&dyn Scheduler) -> Result<T, Error> + Clone + 'a,
) -> Vec<Way<'a, T, ChapterError>>
where
    T: 'a,
{
    let threaded = Threaded::new();
    let many = format!("on {}", counted(threaded.n_threads(), "thread", "threads"));
    let (on_one, on_threads) = (compute.clone(), compute.clone());
    let mut ways = vec![
        Way::new("synchronous", move || Ok(on_one(&Synchronous)?)),
        Way::new(many, move || Ok(on_threads(&threaded)?)),
    ];
    if let Some(workers) = workers {
        let name = format!("in {}", counted(workers.ids().len(), "process", "processes"));
        let way = Way::new(name, move || Ok(compute(workers.scheduler())?));
        ways.push(way.with_workers(|| workers.ids()));
    }
    ways
}

/// `1 thread`, `2 threads`.
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

//! Our side of the comparison: the shapes, the order and the simulator of `chunkwise-graph`.

use std::time::Instant;

use chunkwise_graph::dag::Dag;
use chunkwise_graph::shapes;
use chunkwise_graph::simulate::{Memory, peak};

use crate::error::CompareError;

use super::graph_file::GraphFile;

/// An order of one graph.
#[derive(Debug)]
pub(crate) struct Ordered {
    /// Wall time of each run.
    pub(crate) seconds: Vec<f64>,
    /// The tasks, the first to run first.
    pub(crate) order: Vec<u32>,
}

/// Orders a graph `runs` times.
///
/// # Errors
/// When the graph has a cycle, which reading a file refuses already.
pub(crate) fn order(file: &GraphFile, runs: u32) -> Result<Ordered, CompareError> {
    let mut ordered = Ordered { seconds: Vec::new(), order: Vec::new() };
    for _ in 0..runs {
        let start = Instant::now();
        ordered.order = order_once(&file.dag)
            .ok_or_else(|| CompareError::Order { graph: file.name.clone() })?;
        ordered.seconds.push(start.elapsed().as_secs_f64());
    }
    Ok(ordered)
}

/// Largest number of intermediates alive at once when the tasks run in this order, one at a time.
///
/// # Errors
/// When the order misses or repeats a task, or runs one before what it needs.
pub(crate) fn live_peak(dag: &Dag, order: &[u32]) -> Result<u64, String> {
    peak(dag, order, &Memory::default()).map(|peak| peak.live).map_err(|error| error.to_string())
}

/// The synthetic graphs, of about `size` tasks each.
pub(crate) fn shapes(size: usize) -> [(&'static str, Dag); 4] {
    [
        ("tree", shapes::tree(size)),
        ("chain", shapes::chain(size)),
        ("lattice", shapes::lattice(size)),
        ("random", shapes::random(size, 1000, 0)),
    ]
}

/// The one call of this program that orders tasks; `None` if the graph has a cycle.
fn order_once(dag: &Dag) -> Option<Vec<u32>> {
    chunkwise_graph::order::order(dag, None)
}

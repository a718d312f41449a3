//! Both orders of one graph, judged by one simulator.

use serde::Serialize;

use crate::error::CompareError;
use crate::statistics::Summary;
use crate::table::{Align, Table};

use super::dask::Reply;
use super::graph_file::GraphFile;
use super::ours::{Ordered, live_peak};

/// Where a graph comes from; on real ones our peak must not be above Dask's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Origin {
    Real,
    Synthetic,
}

/// Our peak beside the lowest of Dask's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    Lower,
    Equal,
    Above,
}

impl Verdict {
    fn of(ours: u64, dask: u64) -> Self {
        match ours.cmp(&dask) {
            std::cmp::Ordering::Less => Self::Lower,
            std::cmp::Ordering::Equal => Self::Equal,
            std::cmp::Ordering::Greater => Self::Above,
        }
    }
}

/// The orders of one graph: peaks of live intermediates, and median times.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Compared {
    graph: String,
    origin: Origin,
    tasks: usize,
    /// Lowest and highest over Dask's runs.
    dask_peaks: (u64, u64),
    our_peak: u64,
    dask_us_per_task: Option<f64>,
    our_ns_per_task: Option<f64>,
    verdict: Verdict,
}

impl Compared {
    /// Simulates all orders.
    ///
    /// # Errors
    /// When an order misses a task, repeats one, or runs one before what it needs; or when Dask
    /// made none.
    pub(crate) fn new(
        file: &GraphFile,
        origin: Origin,
        dask: &[Reply],
        ours: &Ordered,
    ) -> Result<Self, CompareError> {
        let peak = |whose, order: &[u32]| {
            live_peak(&file.dag, order).map_err(|what| CompareError::InvalidOrder {
                graph: file.name.clone(),
                whose,
                what,
            })
        };
        let peaks = dask.iter().map(|reply| peak("Dask", &reply.order));
        let peaks: Vec<u64> = peaks.collect::<Result<_, _>>()?;
        let (Some(&lowest), Some(&highest)) = (peaks.iter().min(), peaks.iter().max()) else {
            return Err(CompareError::DaskReply { what: "holds no order", source: None });
        };
        let our_peak = peak("Chunkwise", &ours.order)?;
        let tasks = file.dag.len();
        Ok(Self {
            graph: file.name.clone(),
            origin,
            tasks,
            dask_peaks: (lowest, highest),
            our_peak,
            dask_us_per_task: per_task(dask.iter().map(|reply| reply.seconds), tasks, 1e6),
            our_ns_per_task: per_task(ours.seconds.iter().copied(), tasks, 1e9),
            verdict: Verdict::of(our_peak, lowest),
        })
    }

    /// Whether this is a real graph on which our order needs more.
    pub(crate) fn fails(&self) -> bool {
        self.origin == Origin::Real && self.verdict == Verdict::Above
    }
}

/// Median time a task in units of `1 / scale` seconds; `None` for a graph without tasks.
fn per_task(seconds: impl IntoIterator<Item = f64>, tasks: usize, scale: f64) -> Option<f64> {
    let median = Summary::of(seconds)?.median;
    (tasks > 0).then(|| scale * median / tasks as f64)
}

/// One row a graph.
pub(crate) fn table(compared: &[Compared]) -> Table<8> {
    let mut table = Table::new([
        ("graph", Align::Left),
        ("origin", Align::Left),
        ("tasks", Align::Right),
        ("Dask's peak", Align::Right),
        ("our peak", Align::Right),
        ("Dask us/task", Align::Right),
        ("our ns/task", Align::Right),
        ("our peak is", Align::Left),
    ]);
    let time = |value: Option<f64>, digits| {
        value.map(|value| format!("{value:.digits$}")).unwrap_or_default()
    };
    for graph in compared {
        let origin = match graph.origin {
            Origin::Real => "real",
            Origin::Synthetic => "synthetic",
        };
        let verdict = match graph.verdict {
            Verdict::Lower => "lower",
            Verdict::Equal => "equal",
            Verdict::Above if graph.fails() => "ABOVE",
            Verdict::Above => "above",
        };
        table.row([
            graph.graph.clone(),
            origin.to_owned(),
            graph.tasks.to_string(),
            match graph.dask_peaks {
                (lowest, highest) if lowest == highest => lowest.to_string(),
                (lowest, highest) => format!("{lowest}-{highest}"),
            },
            graph.our_peak.to_string(),
            time(graph.dask_us_per_task, 1),
            time(graph.our_ns_per_task, 0),
            verdict.to_owned(),
        ]);
    }
    table
}

/// How often our peak is lower, equal and above.
pub(crate) fn summary(compared: &[Compared]) -> String {
    let count = |verdict| compared.iter().filter(|graph| graph.verdict == verdict).count();
    let [lower, equal, above] = [Verdict::Lower, Verdict::Equal, Verdict::Above].map(count);
    let failed = compared.iter().filter(|graph| graph.fails()).count();
    format!("our peak is lower on {lower}, equal on {equal}, above on {above} (real: {failed})")
}

#[cfg(test)]
mod tests {
    use chunkwise_graph::dag::Dag;

    use super::*;

    fn compared(origin: Origin, dask: &[&[u32]], ours: &[u32]) -> Result<Compared, CompareError> {
        // Three leaves, a task on each, their sum.
        let dag =
            Dag::from_lists([vec![], vec![], vec![], vec![0], vec![1], vec![2], vec![3, 4, 5]]);
        let file = GraphFile { name: "comb".into(), path: "comb.adj".into(), dag };
        let seconds = [0.007, 0.014, 0.7];
        let replies = dask.iter().zip(seconds);
        let replies: Vec<Reply> =
            replies.map(|(order, seconds)| Reply { seconds, order: order.to_vec() }).collect();
        let ours = Ordered { seconds: vec![7e-6], order: ours.to_vec() };
        Compared::new(&file, origin, &replies, &ours)
    }

    const BREADTH: [u32; 7] = [0, 1, 2, 3, 4, 5, 6];
    const DEPTH: [u32; 7] = [2, 5, 1, 4, 0, 3, 6];
    const REPEATED: [u32; 7] = [0, 1, 2, 3, 4, 3, 6];
    const EARLY: [u32; 7] = [3, 0, 1, 2, 4, 5, 6];

    #[test]
    fn all_orders_follow_one_rule() {
        let graph = compared(Origin::Real, &[&BREADTH], &DEPTH).unwrap();
        assert_eq!((graph.dask_peaks, graph.our_peak, graph.verdict), ((4, 4), 4, Verdict::Equal));
        assert!(!graph.fails());
    }

    #[test]
    fn lowest_of_dask_counts_and_times_are_medians() {
        // Two leaves joined twice over: running one join before the third leaf holds less.
        let dag =
            Dag::from_lists([vec![], vec![], vec![], vec![], vec![0, 1], vec![2, 3], vec![4, 5]]);
        let file = GraphFile { name: "joins".into(), path: "joins.adj".into(), dag };
        let wide = [0, 1, 2, 3, 4, 5, 6];
        let narrow = [0, 1, 4, 2, 3, 5, 6];
        let reply = |seconds, order: [u32; 7]| Reply { seconds, order: order.to_vec() };
        let replies = [reply(0.7, wide), reply(0.014, narrow), reply(0.007, wide)];
        let ours = |order: [u32; 7]| Ordered { seconds: vec![7e-6], order: order.to_vec() };
        let graph = Compared::new(&file, Origin::Real, &replies, &ours(wide)).unwrap();
        assert_eq!((graph.dask_peaks, graph.our_peak), ((4, 5), 5));
        assert!(graph.fails());
        assert_eq!((graph.dask_us_per_task, graph.our_ns_per_task), (Some(2000.0), Some(1000.0)));
        assert!(table(&[graph]).to_string().contains("  4-5  "));
        let graph = Compared::new(&file, Origin::Real, &replies, &ours(narrow)).unwrap();
        assert_eq!((graph.our_peak, graph.verdict), (4, Verdict::Equal));
        assert!(Compared::new(&file, Origin::Real, &[], &ours(narrow)).is_err());
    }

    #[test]
    fn only_real_graphs_fail() {
        let mut graph = compared(Origin::Real, &[&BREADTH], &BREADTH).unwrap();
        graph.verdict = Verdict::of(4, 3);
        assert!(graph.fails());
        let text = table(std::slice::from_ref(&graph)).to_string();
        assert!(text.ends_with("ABOVE\n"), "{text}");
        assert!(summary(std::slice::from_ref(&graph)).ends_with("above on 1 (real: 1)"));
        graph.origin = Origin::Synthetic;
        assert!(!graph.fails());
    }

    #[test]
    fn invalid_orders_are_refused_on_either_side() {
        for bad in [&REPEATED[..], &EARLY, &BREADTH[..4], &[0, 1, 2, 3, 4, 5, 9]] {
            let whose = |result: Result<Compared, CompareError>| match result {
                Err(CompareError::InvalidOrder { whose, .. }) => whose,
                other => panic!("{other:?}"),
            };
            assert_eq!(whose(compared(Origin::Real, &[&BREADTH, bad], &BREADTH)), "Dask");
            assert_eq!(whose(compared(Origin::Real, &[&BREADTH], bad)), "Chunkwise");
        }
    }
}

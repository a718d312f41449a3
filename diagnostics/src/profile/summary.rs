//! [`Summary`]: tasks of one kind taken together.

use super::record::Record;
use super::snapshot::Snapshot;
use super::totals::Totals;
use chunkwise_graph::WorkerId;
use std::collections::HashMap;
use std::time::Duration;

/// The finished tasks of a profile by operation or by layer; prints as a table.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Summary {
    /// What the groups are: `operation` or `layer`.
    pub grouped_by: &'static str,
    /// The groups, that with the longest own time first.
    pub groups: Vec<GroupSummary>,
}

/// The finished tasks of one operation or layer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GroupSummary {
    /// The operation, or the name of the layer.
    pub name: String,
    /// How many tasks there were.
    pub n_tasks: u64,
    /// How many of them were only counted: the percentiles are without them.
    pub n_counted: u64,
    /// The sum of their times.
    pub total: Duration,
    /// The sum without the tasks of other runs that ran inside them.
    pub own: Duration,
    /// Their own time as a share, 0 to 1, of that of all tasks.
    pub share: f64,
    /// The mean of their times.
    pub mean: Duration,
    /// The shortest.
    pub min: Duration,
    /// The longest.
    pub max: Duration,
    /// The time that half of them did not exceed.
    pub p50: Duration,
    /// The time that 95 of 100 did not exceed.
    pub p95: Duration,
    /// The sum of the bytes of their results.
    pub bytes: u64,
}

/// What one thread did, or one worker in another process.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WorkerSummary {
    /// The worker that it was last, as its run numbers them.
    pub worker: WorkerId,
    /// Its number: [`Record::thread`].
    pub thread: usize,
    /// Its name, if it has one and belongs to this process.
    pub thread_name: Option<String>,
    /// Time in tasks, also in such as failed or were lost.
    pub busy: Duration,
    /// That as a share, 0 to 1, of the time in which runs went on.
    pub share: f64,
}

#[derive(Default)]
struct Group {
    totals: Totals,
    n_counted: u64,
    times: Vec<u64>,
}

impl Snapshot {
    pub(super) fn by_operation(&self) -> Summary {
        self.grouped("operation", |record| record.operation().into_owned(), |_, op| op.to_owned())
    }

    pub(super) fn by_layer(&self) -> Summary {
        self.grouped("layer", |record| record.layer().to_string(), |layer, _| layer.to_owned())
    }

    fn grouped(
        &self,
        grouped_by: &'static str,
        of_record: impl Fn(&Record) -> String,
        of_counted: impl Fn(&str, &str) -> String,
    ) -> Summary {
        let mut groups: HashMap<String, Group> = HashMap::new();
        for record in self.records().filter(|record| record.is_finished) {
            let group = groups.entry(of_record(record)).or_default();
            group.totals.add(&record.totals());
            group.times.push(record.nanoseconds());
        }
        for (layer, operation, totals) in &self.counted {
            let name = of_counted(&layer.to_string(), operation);
            let group = groups.entry(name).or_default();
            group.totals.add(totals);
            group.n_counted += totals.n_tasks;
        }
        let own: u64 = groups.values().map(|group| group.totals.own).sum();
        let mut groups: Vec<GroupSummary> =
            groups.into_iter().map(|(name, group)| group.summary(name, own)).collect();
        groups.sort_by(|a, b| b.own.cmp(&a.own).then_with(|| a.name.cmp(&b.name)));
        Summary { grouped_by, groups }
    }
}

impl Group {
    fn summary(mut self, name: String, own_of_all: u64) -> GroupSummary {
        self.times.sort_unstable();
        let Totals { n_tasks, total, own, min, max, bytes } = self.totals;
        GroupSummary {
            name,
            n_tasks,
            n_counted: self.n_counted,
            total: Duration::from_nanos(total),
            own: Duration::from_nanos(own),
            share: if own_of_all == 0 { 0.0 } else { own as f64 / own_of_all as f64 },
            mean: Duration::from_nanos(total / n_tasks.max(1)),
            min: Duration::from_nanos(min),
            max: Duration::from_nanos(max),
            p50: percentile(&self.times, 50),
            p95: percentile(&self.times, 95),
            bytes,
        }
    }
}

/// The nearest-rank percentile of sorted times; 0 of none.
fn percentile(sorted: &[u64], percent: usize) -> Duration {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    Duration::from_nanos(sorted.get(rank - 1).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let times: Vec<u64> = (1..=20).collect();
        let of = |times: &[u64], percent| percentile(times, percent).as_nanos();
        assert_eq!((of(&times, 50), of(&times, 95)), (10, 19));
        assert_eq!((of(&[7], 50), of(&[7], 95)), (7, 7));
        assert_eq!((of(&[1, 2, 3], 50), of(&[], 95)), (2, 0));
    }
}

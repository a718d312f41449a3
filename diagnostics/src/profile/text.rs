//! A profile and its summaries as text.

use super::critical_path::CriticalPath;
use super::record::Record;
use super::run_profile::{Outcome, RunProfile};
use super::snapshot::Snapshot;
use super::summary::{GroupSummary, Summary, WorkerSummary};
use super::table::{Table, shortened};
use crate::units::format_duration;
use chunkwise_graph::format_bytes;
use std::fmt;
use std::time::Duration;

/// Groups, runs and workers that are shown one by one.
const SHOWN_GROUPS: usize = 30;
const SHOWN_RUNS: usize = 8;
const SHOWN_WORKERS: usize = 16;

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_head(f)?;
        if self.runs.is_empty() {
            return Ok(());
        }
        write!(f, "\n{}\n", self.by_operation())?;
        self.write_runs(f)?;
        self.write_workers(f)?;
        if let Some(longest) = self.runs.iter().max_by_key(|run| run.time()) {
            write_critical_path(f, longest)?;
        }
        self.write_unfinished(f)
    }
}

impl Snapshot {
    fn write_head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n_recorded = self.records().filter(|record| !record.is_lost).count() as u64;
        let n_counted = self.n_counted();
        let n_runs = self.runs.len() as u64 + self.n_unlisted_runs;
        let tasks = plural(n_recorded + n_counted, "task");
        writeln!(f, "{tasks} in {}, {}", plural(n_runs, "run"), nanoseconds(self.wall))?;
        if n_counted > 0 {
            writeln!(
                f,
                "{n_counted} of them were only counted: the limit of the profile was reached"
            )?;
        }
        match self.n_unlisted_runs {
            0 => {}
            1 => writeln!(f, "1 run is not listed: of its tasks only the sums are known")?,
            n => writeln!(f, "{n} runs are not listed: of their tasks only the sums are known")?,
        }
        Ok(())
    }

    fn write_runs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut longest: Vec<(usize, &RunProfile)> = self.runs.iter().enumerate().collect();
        longest.sort_by_key(|(_, run)| std::cmp::Reverse(run.time()));
        longest.truncate(SHOWN_RUNS);
        longest.sort_by_key(|(number, _)| *number);
        let head =
            ["run", "tasks", "time", "critical path", "peak results", "peak bytes", "outcome"];
        let mut table = Table::new(head);
        for (number, run) in longest {
            let peak = run.peak();
            table.row([
                number.to_string(),
                (run.records.len() as u64 - run.n_lost() + run.n_counted).to_string(),
                format_duration(run.time()),
                format_duration(run.critical_path().time),
                peak.map_or("?".to_owned(), |peak| peak.results.to_string()),
                peak.map_or("?".to_owned(), |peak| format_bytes(peak.bytes)),
                shortened(&run.outcome().to_string()),
            ]);
        }
        write!(f, "{table}")?;
        if self.runs.len() > SHOWN_RUNS {
            writeln!(f, "({} shorter runs are not shown)", self.runs.len() - SHOWN_RUNS)?;
        }
        writeln!(f)
    }

    fn write_workers(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_busy = |worker: &&WorkerSummary| !worker.busy.is_zero();
        let mut busiest: Vec<&WorkerSummary> = self.workers.iter().filter(is_busy).collect();
        busiest.sort_by_key(|worker| std::cmp::Reverse(worker.busy));
        let (shown, others) = busiest.split_at(busiest.len().min(SHOWN_WORKERS));
        let mut shown = shown.to_vec();
        shown.sort_by_key(|worker| (worker.worker, worker.thread));
        for worker in shown {
            writeln!(f, "{worker}")?;
        }
        if !others.is_empty() {
            let share = 100.0 * others.iter().map(|worker| worker.share).sum::<f64>();
            writeln!(f, "{} less busy workers: {share:.1}% busy together", others.len())?;
        }
        Ok(())
    }

    fn write_unfinished(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_left = |run: &&RunProfile| !matches!(run.outcome(), Outcome::Running);
        let left = self.runs.iter().filter(is_left).flat_map(|run| &run.records);
        let (lost, left): (Vec<&Record>, Vec<&Record>) =
            left.filter(|record| !record.is_finished).partition(|record| record.is_lost);
        if !left.is_empty() {
            writeln!(f, "not finished: {}", keys(&left, ", "))?;
        }
        if !lost.is_empty() {
            writeln!(f, "lost with a worker and started again: {}", keys(&lost, ", "))?;
        }
        Ok(())
    }
}

fn write_critical_path(f: &mut fmt::Formatter<'_>, run: &RunProfile) -> fmt::Result {
    let CriticalPath { time, records } = run.critical_path();
    if records.is_empty() {
        return Ok(());
    }
    let share = if run.time().is_zero() { 0.0 } else { time.div_duration_f64(run.time()) };
    let at_least = if run.n_counted > 0 { "at least " } else { "" };
    let n = plural(records.len() as u64, "task");
    let share = 100.0 * share;
    write!(
        f,
        "critical path: {at_least}{} ({share:.0}% of the run), {n}: ",
        format_duration(time)
    )?;
    writeln!(f, "{}", keys(&records.iter().collect::<Vec<_>>(), " -> "))
}

/// The keys of some tasks, those in the middle left out if there are many.
fn keys(records: &[&Record], separator: &str) -> String {
    let text = |record: &&Record| shortened(&record.key().to_string());
    let mut keys: Vec<String> = Vec::new();
    if records.len() <= 6 {
        keys.extend(records.iter().map(text));
    } else {
        keys.extend(records[..3].iter().map(text));
        keys.push(format!("({} more)", records.len() - 5));
        keys.extend(records[records.len() - 2..].iter().map(text));
    }
    keys.join(separator)
}

/// `worker 0 (main): 98.2% busy, 1.20 s`.
impl fmt::Display for WorkerSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "worker {}", self.worker)?;
        self.thread_name.iter().try_for_each(|name| write!(f, " ({name})"))?;
        write!(f, ": {:.1}% busy, {}", 100.0 * self.share, format_duration(self.busy))
    }
}

/// The groups as a table.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = [
            self.grouped_by,
            "tasks",
            "total",
            "share",
            "mean",
            "min",
            "p50",
            "p95",
            "max",
            "bytes",
        ];
        let mut table = Table::new(head);
        self.groups.iter().take(SHOWN_GROUPS).for_each(|group| table.row(group.cells()));
        write!(f, "{table}")?;
        match self.groups.len().saturating_sub(SHOWN_GROUPS) {
            0 => Ok(()),
            more => writeln!(f, "({more} more of less time are not shown)"),
        }
    }
}

impl GroupSummary {
    fn cells(&self) -> [String; 10] {
        [
            self.name.clone(),
            self.n_tasks.to_string(),
            format_duration(self.total),
            format!("{:.1}%", 100.0 * self.share),
            format_duration(self.mean),
            format_duration(self.min),
            self.percentile(self.p50),
            self.percentile(self.p95),
            format_duration(self.max),
            format_bytes(self.bytes),
        ]
    }

    fn percentile(&self, time: Duration) -> String {
        if self.n_counted == self.n_tasks { "?".to_owned() } else { format_duration(time) }
    }
}

fn nanoseconds(time: u64) -> String {
    format_duration(Duration::from_nanos(time))
}

fn plural(n: u64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::super::totals::Totals;
    use chunkwise_graph::Name;

    #[test]
    fn a_profile_reads_well() {
        let text = samples::load_and_sum().to_string();
        let expected = "\
4 tasks in 1 run, 1.50 s

operation                tasks    total  share     mean      min      p50      p95      max    bytes
load                         2   1.80 s  80.0%   900 ms   800 ms   800 ms   1.00 s   1.00 s  16.0 MB
sum                          1   450 ms  20.0%   450 ms   450 ms   450 ms   450 ms   450 ms      8 B
closure in load_and_sum      1  1.00 ms   0.0%  1.00 ms  1.00 ms  1.00 ms  1.00 ms  1.00 ms      8 B

run  tasks    time  critical path  peak results  peak bytes   outcome
0        4  1.50 s         1.45 s             3     16.0 MB  finished

worker 0 (main): 96.7% busy, 1.45 s
worker 1 (pool): 53.3% busy, 800 ms
critical path: 1.45 s (97% of the run), 3 tasks: x -> sum -> last
";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_was_left_out_is_said() {
        let mut snapshot = samples::load_and_sum();
        let mut totals = Totals::one(1000, 0, 8);
        totals.add(&Totals::one(3000, 0, 8));
        snapshot.counted.push((Name::given("layer"), "tiny".into(), totals));
        snapshot.runs[0].n_counted = 2;
        snapshot.n_unlisted_runs = 1;
        let text = snapshot.to_string();
        for line in [
            "6 tasks in 2 runs, 1.50 s",
            "2 of them were only counted: the limit of the profile was reached",
            "1 run is not listed: of its tasks only the sums are known",
            "critical path: at least 1.45 s",
        ] {
            assert!(text.contains(line), "{text}");
        }
        let tiny = text.lines().find(|line| line.starts_with("tiny")).unwrap();
        let cells: Vec<&str> = tiny.split_whitespace().collect();
        let expected = "tiny 2 4.00 µs 0.0% 2.00 µs 1.00 µs ? ? 3.00 µs 16 B";
        assert_eq!(cells.join(" "), expected);
    }
}

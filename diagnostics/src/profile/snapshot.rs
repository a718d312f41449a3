//! [`Snapshot`]: the lanes joined into records, runs and workers.

use super::lane::{BYTES, Counted, END, ID, INSIDE, Lane, Lanes, PLACE, START, lock};
use super::record::Record;
use super::repeats;
use super::run_profile::RunProfile;
use super::runs::{Run, Runs};
use super::summary::WorkerSummary;
use super::totals::Totals;
use chunkwise_graph::{Name, WorkerId};
use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// All that a profile knew at one moment.
pub(super) struct Snapshot {
    pub(super) runs: Vec<RunProfile>,
    pub(super) n_unlisted_runs: u64,
    pub(super) workers: Vec<WorkerSummary>,
    /// Tasks that were only counted: their layer and operation.
    pub(super) counted: Vec<(Name, Box<str>, Totals)>,
    /// Nanoseconds in which at least one run went on.
    pub(super) wall: u64,
}

impl Snapshot {
    pub(super) fn take(runs: &Runs, lanes: &Lanes, now: u64) -> Snapshot {
        let lanes = lanes.all();
        let (first, listed, n_unlisted_runs) = runs.all();
        let end = |run: &Run| run.end.unwrap_or(now);
        let mut runs: Vec<RunProfile> = listed
            .into_iter()
            .map(|run| RunProfile {
                end: end(&run),
                run,
                records: Vec::new(),
                n_counted: 0,
                is_missing_releases: false,
            })
            .collect();
        let at = |run: u64| (run as u32).wrapping_sub(first) as usize;
        let mut counted: HashMap<(Name, Box<str>), Totals> = HashMap::new();
        for lane in &lanes {
            for row in tasks_of(lane) {
                if let Some(run) = runs.get_mut(at(row[ID] >> 32)) {
                    run.records.extend(record(run, lane, &row));
                }
            }
            let lane_counted = lock(&lane.counted);
            for (&run, n) in &lane_counted.by_run {
                runs.get_mut(at(run.into())).into_iter().for_each(|run| run.n_counted += n);
            }
            for &run in &lane_counted.without_releases {
                runs.get_mut(at(run.into()))
                    .into_iter()
                    .for_each(|run| run.is_missing_releases = true);
            }
            add_counted(&lane_counted, &mut counted);
        }
        add_releases(&lanes, &mut runs, at);
        for run in &mut runs {
            run.records.sort_by_key(|record| (record.start, record.task));
            repeats::settle(run);
        }
        let wall = wall(&runs);
        let workers = workers(&lanes, &runs, wall);
        let counted = counted.into_iter().map(|((layer, op), totals)| (layer, op, totals));
        Snapshot { n_unlisted_runs, workers, counted: counted.collect(), wall, runs }
    }

    pub(super) fn n_counted(&self) -> u64 {
        self.counted.iter().map(|(_, _, totals)| totals.n_tasks).sum()
    }

    pub(super) fn records(&self) -> impl Iterator<Item = &Record> {
        self.runs.iter().flat_map(|run| &run.records)
    }
}

fn tasks_of(lane: &Lane) -> Vec<[u64; 6]> {
    let chunks = lock(&lane.tasks).clone();
    chunks.iter().flat_map(|chunk| chunk.rows::<END>()).collect()
}

fn record(run: &RunProfile, lane: &Lane, row: &[u64; 6]) -> Option<Record> {
    let task = row[ID] as u32;
    let is_finished = row[END] != 0;
    // A task of which nothing but the beginning is written yet starts now.
    let start = row[START].min(run.end);
    let end = if is_finished { row[END] } else { run.end };
    ((task as usize) < run.run.plan.len()).then(|| Record {
        plan: run.run.plan.clone(),
        task,
        worker: row[PLACE] as u32,
        thread: lane.number,
        depth: (row[PLACE] >> 32) as u32,
        is_elsewhere: lane.elsewhere.is_some(),
        is_finished,
        is_lost: false,
        start,
        end,
        inside: row[INSIDE],
        bytes: row[BYTES],
        released: None,
    })
}

fn add_counted(from: &Counted, to: &mut HashMap<(Name, Box<str>), Totals>) {
    for (layer, operations) in &from.groups {
        for (operation, totals) in operations {
            to.entry((layer.clone(), operation.clone())).or_default().add(totals);
        }
    }
}

fn add_releases(
    lanes: &[std::sync::Arc<Lane>],
    runs: &mut [RunProfile],
    at: impl Fn(u64) -> usize,
) {
    let mut times: Vec<HashMap<u32, u64>> = vec![HashMap::new(); runs.len()];
    for lane in lanes {
        let chunks = lock(&lane.releases).clone();
        for [id, time] in chunks.iter().flat_map(|chunk| chunk.rows::<1>()) {
            times.get_mut(at(id >> 32)).into_iter().for_each(|times| {
                times.insert(id as u32, time);
            });
        }
    }
    for (run, times) in runs.iter_mut().zip(times) {
        for record in &mut run.records {
            record.released = times.get(&record.task).copied();
        }
    }
}

/// How long at least one run went on.
fn wall(runs: &[RunProfile]) -> u64 {
    let mut spans: Vec<(u64, u64)> = runs.iter().map(|run| (run.run.start, run.end)).collect();
    spans.sort_unstable();
    let (mut wall, mut covered) = (0, 0);
    for (start, end) in spans {
        wall += end.saturating_sub(start.max(covered));
        covered = covered.max(end);
    }
    wall
}

fn workers(lanes: &[std::sync::Arc<Lane>], runs: &[RunProfile], wall: u64) -> Vec<WorkerSummary> {
    let mut busy: Vec<u64> = lanes.iter().map(|lane| lane.busy.load(Relaxed)).collect();
    let mut is_used: Vec<bool> = busy.iter().map(|&busy| busy > 0).collect();
    // Lanes count what has finished.
    for record in runs.iter().flat_map(|run| &run.records) {
        is_used.get_mut(record.thread as usize).into_iter().for_each(|is_used| *is_used = true);
        if !record.is_finished && record.depth == 0 {
            busy.get_mut(record.thread as usize).into_iter().for_each(|busy| {
                *busy += record.nanoseconds();
            });
        }
    }
    let used = lanes.iter().zip(busy).zip(is_used).filter(|(_, is_used)| *is_used);
    let summaries = used.map(|((lane, busy), _)| WorkerSummary {
        worker: WorkerId(lane.worker.load(Relaxed)),
        thread: lane.number as usize,
        thread_name: lock(&lane.thread).clone(),
        busy: Duration::from_nanos(busy),
        share: if wall == 0 { 0.0 } else { busy as f64 / wall as f64 },
    });
    summaries.collect()
}

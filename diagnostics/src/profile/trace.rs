//! A profile in Chrome's trace-event format.
//!
//! The format is that of "Trace Event Format" (Google, 2016), JSON object form: complete events
//! (`X`) for tasks, async events (`b`, `e`) for runs, counters (`C`) for live results, metadata
//! (`M`) for names. Events come by time; they are made one by one while they are written.

use super::peak::{Change, Level, changes_of};
use super::record::Record;
use super::run_profile::RunProfile;
use super::snapshot::Snapshot;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use std::io::{self, BufWriter, Write};

/// Writes the whole trace.
pub(super) fn write(snapshot: &Snapshot, file: impl Write) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(1 << 16, file);
    serde_json::to_writer(&mut file, &Trace(snapshot))?;
    file.write_all(b"\n")?;
    file.flush()
}

struct Trace<'a>(&'a Snapshot);

impl Serialize for Trace<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut file = serializer.serialize_map(Some(3))?;
        file.serialize_entry("displayTimeUnit", "ms")?;
        let other = Other {
            written_by: concat!("chunkwise-diagnostics ", env!("CARGO_PKG_VERSION")),
            tasks_not_shown: self.0.n_counted(),
            runs_not_shown: self.0.n_unlisted_runs,
        };
        file.serialize_entry("otherData", &other)?;
        file.serialize_entry("traceEvents", &Events(self.0))?;
        file.end()
    }
}

#[derive(Serialize)]
struct Other {
    written_by: &'static str,
    tasks_not_shown: u64,
    runs_not_shown: u64,
}

/// One event; fields that a kind of event does not have are left out.
#[derive(Serialize)]
struct Event<'a> {
    name: &'a str,
    ph: &'static str,
    pid: u32,
    tid: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    cat: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    /// Microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<f64>,
    /// Microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<f64>,
    args: Args<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Args<'a> {
    Name { name: &'a str },
    Number { sort_index: usize },
    Bytes { bytes: u64 },
    Results { results: u64 },
    Task(TaskArgs<'a>),
    Run { tasks: usize, outcome: &'a str },
}

#[derive(Serialize)]
struct TaskArgs<'a> {
    key: &'a str,
    run: usize,
    bytes: u64,
    worker: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<bool>,
}

struct Events<'a>(&'a Snapshot);

/// What happens, and when.
enum Happening<'a> {
    RunStarts(usize, &'a RunProfile),
    RunEnds(usize, &'a RunProfile),
    Task(usize, &'a Record),
    Results(Change),
}

impl Serialize for Events<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut events =
            Writer { events: serializer.serialize_seq(None)?, pid: std::process::id() };
        events.names(self.0)?;
        let mut happenings = happenings(self.0);
        happenings.sort_by_key(|&(time, rank, _)| (time, rank));
        let mut level = Level::default();
        for (time, _, happening) in &happenings {
            match happening {
                Happening::RunStarts(number, run) => events.run("b", *time, *number, run)?,
                Happening::RunEnds(number, run) => events.run("e", *time, *number, run)?,
                Happening::Task(run, record) => events.task(*run, record)?,
                Happening::Results(change) => {
                    level.change(change);
                    events.level(*time, level)?;
                }
            }
        }
        events.events.end()
    }
}

/// All that happens, with the order of what happens at the same time: a run starts first and ends
/// last; of tasks the longer one encloses the shorter; results come before others go.
fn happenings(snapshot: &Snapshot) -> Vec<(u64, u64, Happening<'_>)> {
    let mut all = Vec::new();
    for (number, run) in snapshot.runs.iter().enumerate() {
        all.push((run.run.start, 0, Happening::RunStarts(number, run)));
        all.push((run.end, u64::MAX, Happening::RunEnds(number, run)));
        for record in &run.records {
            let rank = (u64::MAX / 2).saturating_sub(record.nanoseconds()).max(1);
            all.push((record.start, rank, Happening::Task(number, record)));
        }
        if run.peak().is_none() {
            // Releases are missing: the curve would only rise.
            continue;
        }
        let mut changes = changes_of(&run.records);
        // What is left at the end belongs to the caller.
        changes.extend(run.records.iter().filter(|r| r.is_finished && r.released.is_none()).map(
            |record| Change { time: run.end.max(record.end), is_loss: true, bytes: record.bytes },
        ));
        all.extend(changes.into_iter().map(|change| {
            let rank = u64::MAX / 2 + 1 + u64::from(change.is_loss);
            (change.time, rank, Happening::Results(change))
        }));
    }
    all
}

struct Writer<Q> {
    events: Q,
    pid: u32,
}

impl<Q: SerializeSeq> Writer<Q> {
    fn event<'a>(&self, name: &'a str, ph: &'static str, args: Args<'a>) -> Event<'a> {
        Event { name, ph, pid: self.pid, tid: 0, cat: None, id: None, ts: None, dur: None, args }
    }

    fn names(&mut self, snapshot: &Snapshot) -> Result<(), Q::Error> {
        let process = self.event("process_name", "M", Args::Name { name: "chunkwise" });
        self.events.serialize_element(&process)?;
        for worker in &snapshot.workers {
            let name = match &worker.thread_name {
                Some(thread) => format!("worker {} ({thread})", worker.worker),
                None => format!("worker {}", worker.worker),
            };
            let tid = worker.thread as u32;
            let name = Event { tid, ..self.event("thread_name", "M", Args::Name { name: &name }) };
            self.events.serialize_element(&name)?;
            let at = Args::Number { sort_index: worker.thread };
            let at = Event { tid, ..self.event("thread_sort_index", "M", at) };
            self.events.serialize_element(&at)?;
        }
        Ok(())
    }

    fn run(
        &mut self,
        ph: &'static str,
        time: u64,
        number: usize,
        run: &RunProfile,
    ) -> Result<(), Q::Error> {
        let outcome = run.outcome().to_string();
        let args = Args::Run { tasks: run.plan().len(), outcome: &outcome };
        let name = format!("run {number}");
        let event = self.event(&name, ph, args);
        let (cat, id, ts) = (Some("run"), Some(number), Some(microseconds(time)));
        self.events.serialize_element(&Event { cat, id, ts, ..event })
    }

    fn task(&mut self, run: usize, record: &Record) -> Result<(), Q::Error> {
        let (key, operation) = (record.key().to_string(), record.operation());
        // Left out where it says nothing new.
        let finished = (!record.is_finished).then_some(false);
        let lost = record.is_lost.then_some(true);
        let (bytes, worker) = (record.bytes, record.worker);
        let args = TaskArgs { key: &key, run, bytes, worker, finished, lost };
        let event = Event {
            tid: record.thread,
            cat: Some("task"),
            ts: Some(microseconds(record.start)),
            dur: Some(microseconds(record.nanoseconds())),
            ..self.event(&operation, "X", Args::Task(args))
        };
        self.events.serialize_element(&event)
    }

    fn level(&mut self, time: u64, level: Level) -> Result<(), Q::Error> {
        let ts = Some(microseconds(time));
        let bytes = Args::Bytes { bytes: level.bytes };
        let bytes = Event { ts, ..self.event("live bytes", "C", bytes) };
        self.events.serialize_element(&bytes)?;
        let results = Args::Results { results: level.results };
        let results = Event { ts, ..self.event("live results", "C", results) };
        self.events.serialize_element(&results)
    }
}

/// Exact to the nanosecond for the first hundred days; finite always.
fn microseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1000.0
}

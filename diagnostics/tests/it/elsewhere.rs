use crate::driver::{inc, parts, plan_of, watched};
use crate::profile::check;
use crate::progress::terminal;
use crate::trace::{check as check_trace, of_kind, written};
use chunkwise_diagnostics::{LiveResults, Profile, Record};
use chunkwise_graph::{Heard, InOrder, Plan, Run, SchedulerExt, TaskDict, Value, WorkerId};
use std::sync::Arc;
use std::time::{Duration, Instant};

const MS: Duration = Duration::from_millis(1);

/// A run of which one thread tells.
struct Told<'a> {
    plan: &'a Plan,
    run: Run,
    since: Instant,
}

impl Told<'_> {
    fn heard(&self, worker: u32, ms: u32) -> Heard {
        Heard { at: self.since + ms * MS, worker: WorkerId(worker) }
    }

    fn task(&self, key: &str) -> u32 {
        self.plan.tasks().find(|task| task.key() == key.into()).unwrap().id()
    }

    fn start(&self, key: &str, worker: u32, ms: u32) {
        self.run.started_elsewhere(self.plan, self.task(key), self.heard(worker, ms)).unwrap();
    }

    fn end(&self, key: &str, worker: u32, ms: u32) {
        let heard = self.heard(worker, ms);
        self.run.ended_elsewhere(self.plan, self.task(key), &Value::new(7i64), heard).unwrap();
    }

    fn release(&self, key: &str, by: &str) {
        self.run.released(self.plan, &[self.task(key)], self.task(by)).unwrap();
    }
}

/// `a` and `b`, and `c` of both.
fn three() -> Plan {
    let mut graph = TaskDict::new();
    graph.task("a", || 1i64, ()).task("b", || 2i64, ());
    graph.task("c", |a: i64, b: i64| a + b, ["a", "b"]);
    plan_of(&graph, "c")
}

/// Tells of a run that takes 100 ms, at its end.
fn tell(plan: &Plan, run: Run, tell: impl FnOnce(&Told<'_>)) {
    run.started(plan);
    let told = Told { plan, run, since: Instant::now() };
    std::thread::sleep(100 * MS);
    tell(&told);
    told.run.finished(plan, None);
}

fn the<'a>(records: &'a [Record], key: &str) -> Vec<&'a Record> {
    records.iter().filter(|record| record.key() == key.into()).collect()
}

#[test]
fn events_of_several_workers_that_one_thread_tells_in_turns() {
    let (profile, plan) = (Arc::new(Profile::new()), three());
    // What this thread does itself is kept apart, and its times are not mixed in.
    watched(&InOrder, &plan_of(&parts(2), "total"), profile.clone()).unwrap();
    tell(&plan, Run::new().observer(profile.clone()), |told| {
        told.start("a", 0, 10);
        told.start("b", 1, 20);
        told.end("a", 0, 50);
        told.end("b", 1, 60);
        told.start("c", 0, 70);
        told.end("c", 0, 90);
        told.release("a", "c");
        told.release("b", "c");
    });
    check(&profile);
    let run = profile.runs().pop().unwrap();
    let records = run.records();
    assert_eq!(records.len(), 3);
    for (key, worker, ms) in [("a", 0, 40), ("b", 1, 40), ("c", 0, 20)] {
        let record = the(records, key)[0];
        assert_eq!((record.worker(), record.depth()), (WorkerId(worker), 0), "{key}");
        assert_eq!((record.time(), record.own_time()), (ms * MS, ms * MS), "{key}");
    }
    let starts = the(records, "b")[0].start() - the(records, "a")[0].start();
    assert_eq!(starts, 10 * MS);
    assert_eq!(the(records, "a")[0].thread(), the(records, "c")[0].thread());
    assert_ne!(the(records, "a")[0].thread(), the(records, "b")[0].thread());
    let text = profile.to_string();
    assert!(text.contains("\nworker 0: ") && text.contains("% busy, 60.0 ms"), "{text}");
    assert!(text.contains("\nworker 1: ") && text.contains("% busy, 40.0 ms"), "{text}");
    let trace = written(&profile);
    check_trace(&trace);
    let workers = of_kind(&trace, "X").into_iter().rev().take(3);
    let workers: Vec<_> = workers.map(|event| event["args"]["worker"].as_u64().unwrap()).collect();
    assert_eq!(workers, [0, 1, 0]);
}

#[test]
fn a_task_that_is_told_of_again_counts_once() {
    let (profile, live) = (Arc::new(Profile::new()), Arc::new(LiveResults::new()));
    let ((terminal, bar), plan) = (terminal(), three());
    let run = Run::new().observer(profile.clone()).observer(live.clone()).observer(Arc::new(bar));
    tell(&plan, run, |told| {
        told.start("a", 0, 10);
        told.end("a", 0, 15);
        told.start("b", 0, 20); // and worker 0 is lost, and the result of `a`
        told.start("b", 1, 40);
        told.start("a", 0, 40);
        told.end("a", 0, 50);
        told.start("c", 0, 50); // failed to start, or is told of too early
        told.end("b", 1, 55);
        told.start("c", 0, 60);
        told.end("c", 0, 80);
        told.release("a", "c");
        told.release("b", "c");
        assert_eq!(live.live(), 1);
    });
    let run = profile.runs().pop().unwrap();
    let of = |key| {
        let records = the(run.records(), key).into_iter();
        records.map(|r| (r.time().as_millis(), r.finished(), r.lost())).collect::<Vec<_>>()
    };
    assert_eq!(of("a"), [(5, true, false), (10, true, false)]);
    assert_eq!(of("b"), [(20, false, true), (15, true, false)]);
    assert_eq!(of("c"), [(10, false, true), (20, true, false)]);
    assert!(run.records().iter().all(|record| record.depth() == 0));
    // The one that was lost is held no longer than until it is made again.
    assert_eq!(run.peak().unwrap().results, 3);
    assert_eq!((live.live(), live.peak()), (0, 3));
    let text = profile.to_string();
    assert!(text.starts_with("4 tasks in 1 run"), "{text}");
    assert!(text.contains("lost with a worker and started again: b, c\n"), "{text}");
    assert!(text.contains("\nworker 0: ") && text.contains("% busy, 65.0 ms"), "{text}");
    assert!(!text.contains("not finished"), "{text}");
    assert_eq!(profile.summary().groups.iter().map(|group| group.n_tasks).sum::<u64>(), 4);
    let trace = written(&profile);
    check_trace(&trace);
    let lost: Vec<_> =
        of_kind(&trace, "X").into_iter().filter(|event| event["args"]["lost"] == true).collect();
    assert_eq!((lost.len(), &lost[0]["args"]["finished"]), (2, &false.into()));
    assert!(terminal.contents().contains("100%  3/3  "), "{}", terminal.contents());
}

#[test]
fn what_was_only_counted_and_what_was_cleared() {
    let (profile, plan) = (Arc::new(Profile::with_limit(0)), three());
    tell(&plan, Run::new().observer(profile.clone()), |told| {
        told.start("a", 0, 10);
        told.start("b", 1, 10);
        told.end("a", 0, 20);
        told.end("b", 1, 30);
    });
    assert_eq!((profile.records().len(), profile.runs()[0].n_counted()), (0, 2));
    assert_eq!(profile.summary().groups.iter().map(|group| group.total).sum::<Duration>(), 30 * MS);
    tell(&plan, Run::new().observer(profile.clone()), |told| {
        told.start("a", 0, 10);
        profile.clear();
        told.end("a", 0, 20);
    });
    assert!(profile.summary().groups.is_empty());
}

/// What was told last in one run is no time of the next one.
#[test]
fn releases_are_not_of_the_time_of_an_earlier_run() {
    let (profile, mut graph) = (Arc::new(Profile::new()), TaskDict::new());
    graph.value("x", 1i64).task("y", inc, ["x"]);
    chunkwise_graph::with_observer(profile.clone(), || InOrder.get::<i64>(&graph, "y")).unwrap();
    let plan = three();
    tell(&plan, Run::new().observer(profile.clone()), |told| {
        told.start("a", 0, 0);
        told.end("a", 0, 0);
        told.release("a", "a");
    });
    let run = profile.runs().pop().unwrap();
    assert!(run.records()[0].released().unwrap() >= run.start());
}

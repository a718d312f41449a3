use crate::driver::{parts, plan_of, watched};
use crate::profile::check;
use crate::progress::terminal;
use crate::trace::{check as check_trace, of_kind, written};
use chunkwise_diagnostics::{Callbacks, LiveResults, Profile, Record, RunProfile};
use chunkwise_graph::{Key, Run, Scheduler, TaskDict, WorkerId, args, list, literal};
use chunkwise_sched_process::{NotPortable, Processes, ProcessesBuilder};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const SLEEP: Duration = Duration::from_millis(100);
/// On a machine that is busy with other things.
const FOREVER: Duration = Duration::from_secs(60);

fn workers(n: usize) -> ProcessesBuilder {
    Processes::builder().workers(n).silent()
}

fn nap(i: i64) -> i64 {
    std::thread::sleep(SLEEP);
    i
}

/// `n` tasks that sleep, and their sum.
fn naps(n: i64) -> TaskDict {
    let mut graph = TaskDict::new();
    for i in 0..n {
        graph.value(("i", i), i).task(("nap", i), nap, [("i", i)]);
    }
    let all: Vec<Key> = (0..n).map(|i| ("nap", i).into()).collect();
    graph.task("sum", |all: Vec<i64>| all.iter().sum::<i64>(), [list(all)]);
    graph
}

fn of_layer<'a>(run: &'a RunProfile, name: &'a str) -> impl Iterator<Item = &'a Record> {
    run.records().iter().filter(move |record| record.key().to_string().starts_with(name))
}

fn check_naps(run: &RunProfile) {
    for record in of_layer(run, "nap") {
        assert!(record.finished() && record.depth() == 0);
        assert!(record.time() > SLEEP / 2 && record.time() < FOREVER, "{record:?}");
        assert!(run.start() <= record.start() && record.start() <= record.end());
        assert!(record.end() <= run.start() + run.time());
    }
}

#[test]
fn each_worker_process_has_a_lane() {
    let (profile, plan) = (Arc::new(Profile::new()), plan_of(&naps(8), "sum"));
    watched(&workers(2).build().unwrap(), &plan, profile.clone()).unwrap();
    check(&profile);
    let run = profile.runs().pop().unwrap();
    assert_eq!(run.records().len(), plan.len());
    check_naps(&run);
    let mut lanes: BTreeMap<WorkerId, BTreeSet<usize>> = BTreeMap::new();
    for record in run.records() {
        lanes.entry(record.worker()).or_default().insert(record.thread());
        // Known values are tasks of this process.
        let is_here = record.key().to_string().starts_with("i[");
        assert_eq!(record.worker() == WorkerId(2), is_here, "{record:?}");
    }
    assert!(lanes.keys().copied().eq([0, 1, 2].map(WorkerId)), "{lanes:?}");
    assert!(lanes.values().all(|threads| threads.len() == 1), "{lanes:?}");
    assert_eq!(lanes.values().flatten().collect::<BTreeSet<_>>().len(), 3);
    for worker in [0, 1] {
        let naps = of_layer(&run, "nap").filter(|record| record.worker() == WorkerId(worker));
        let naps: Vec<&Record> = naps.collect();
        assert!(naps.len() >= 2);
        assert!(naps.windows(2).all(|pair| pair[0].end() <= pair[1].start()), "{naps:?}");
    }
    let busy: Duration = of_layer(&run, "nap").map(Record::time).sum();
    assert!(busy.div_duration_f64(run.time()) > 1.5, "{busy:?} in {:?}", run.time());
    let text = profile.to_string();
    for worker in ["\nworker 0: ", "\nworker 1: "] {
        let line = text.split(worker).nth(1).unwrap();
        let share: f64 = line.split('%').next().unwrap().parse().unwrap();
        assert!(share > 50.0 && share <= 100.0, "{text}");
    }
    assert!(!text.contains("worker 2"), "{text}");
}

#[test]
fn the_trace_has_a_row_for_each_worker() {
    let profile = Arc::new(Profile::new());
    watched(&workers(2).build().unwrap(), &plan_of(&naps(6), "sum"), profile.clone()).unwrap();
    let trace = written(&profile);
    check_trace(&trace);
    let spans = of_kind(&trace, "X");
    assert_eq!(spans.len(), 13);
    let mut rows: BTreeMap<u64, u64> = BTreeMap::new();
    for span in &spans {
        let (row, worker) =
            (span["tid"].as_u64().unwrap(), span["args"]["worker"].as_u64().unwrap());
        assert_eq!(*rows.entry(row).or_insert(worker), worker);
        if span["args"]["key"].as_str().unwrap().starts_with("nap") {
            assert!(span["dur"].as_f64().unwrap() > 50_000.0 && worker < 2);
        }
    }
    assert_eq!(rows.values().copied().collect::<BTreeSet<_>>(), BTreeSet::from([0, 1, 2]));
    for (row, worker) in rows {
        let names = of_kind(&trace, "M");
        let mut names =
            names.iter().filter(|event| event["tid"] == row && event["name"] == "thread_name");
        assert!(names.any(|event| event["args"]["name"] == format!("worker {worker}")));
    }
}

#[test]
fn threads_of_a_worker_process_are_workers() {
    let profile = Arc::new(Profile::new());
    let processes = workers(2).threads_per_worker(2).build().unwrap();
    watched(&processes, &plan_of(&naps(12), "sum"), profile.clone()).unwrap();
    let run = profile.runs().pop().unwrap();
    check_naps(&run);
    let ran: BTreeSet<WorkerId> = of_layer(&run, "nap").map(Record::worker).collect();
    assert_eq!(ran, [0, 1, 2, 3].map(WorkerId).into());
    assert!(of_layer(&run, "i[").all(|record| record.worker() == WorkerId(4)));
}

#[test]
fn tasks_that_run_here_are_of_the_last_worker() {
    let (profile, mut graph) = (Arc::new(Profile::new()), naps(2));
    let bound = 5i64;
    graph.task("here", move |sum: i64| nap(sum + bound), ["sum"]);
    let processes = workers(2).not_portable(NotPortable::RunHere).build().unwrap();
    watched(&processes, &plan_of(&graph, "here"), profile.clone()).unwrap();
    check(&profile);
    let run = profile.runs().pop().unwrap();
    let here = of_layer(&run, "here").next().unwrap();
    assert_eq!((here.worker(), here.depth()), (WorkerId(2), 0));
    assert!(here.time() >= SLEEP);
    assert!(profile.to_string().contains("\nworker 2 (chunkwise here): "), "{profile}");
    check_trace(&written(&profile));
}

#[test]
fn the_bar_counts_to_the_end() {
    let processes = workers(2).build().unwrap();
    for (graph, key, n) in [(parts(300), "total", "901/901"), (naps(4), "sum", "9/9")] {
        let (terminal, bar) = terminal();
        watched(&processes, &plan_of(&graph, key), Arc::new(bar)).unwrap();
        let text = terminal.contents();
        assert!(text.contains(&format!("100%  {n}  ")) && text.lines().count() == 1, "{text}");
    }
}

/// Sleeps, and ends its worker the first time.
fn unlucky(folder: PathBuf) -> i64 {
    std::thread::sleep(2 * SLEEP);
    let flag = folder.join("flag");
    if !flag.exists() {
        std::fs::write(flag, b"").unwrap();
        std::process::abort();
    }
    1
}

fn with_unlucky(folder: &Path) -> TaskDict {
    let mut graph = naps(6);
    graph.task("unlucky", unlucky, [literal(folder.to_owned())]);
    graph.task("last", |x: i64, y: i64| x + y, ["unlucky", "sum"]);
    graph
}

#[test]
fn a_task_whose_worker_dies_once_is_counted_once() {
    let (folder, profile) = (tempfile::tempdir().unwrap(), Arc::new(Profile::new()));
    let ((terminal, bar), live) = (terminal(), Arc::new(LiveResults::new()));
    let plan = plan_of(&with_unlucky(folder.path()), "last");
    let run = Run::new().observer(profile.clone()).observer(Arc::new(bar)).observer(live.clone());
    let values = workers(2).build().unwrap().run(&plan, &run).unwrap();
    assert_eq!(values[0].get::<i64>().unwrap(), &(1 + 15));
    let run = profile.runs().pop().unwrap();
    check_naps(&run);
    let (lost, ended): (Vec<&Record>, Vec<&Record>) =
        of_layer(&run, "unlucky").partition(|record| record.lost());
    assert_eq!(ended.len(), 1);
    assert!(ended[0].finished() && ended[0].time() >= SLEEP);
    // The try that was lost is known if it was seen while it ran.
    assert!(lost.len() <= 1);
    for lost in lost {
        assert!(!lost.finished() && lost.end() <= ended[0].start());
        assert!(profile.to_string().contains("started again: unlucky"), "{profile}");
    }
    let n_tasks = profile.summary().groups.iter().map(|group| group.n_tasks).sum::<u64>();
    assert_eq!(n_tasks, plan.len() as u64);
    let head = format!("{n_tasks} tasks in 1 run");
    assert!(profile.to_string().starts_with(&head), "{profile}");
    check_trace(&written(&profile));
    assert!(terminal.contents().contains(&format!("100%  {n_tasks}/{n_tasks}  ")));
    assert_eq!((live.live(), live.live_bytes()), (0, 0));
}

fn large(i: u32) -> Vec<f64> {
    vec![f64::from(i); 50_000]
}

fn unlucky_sum(folder: PathBuf, all: Vec<Vec<f64>>) -> f64 {
    all.iter().map(|part| part[0]).sum::<f64>() + unlucky(folder) as f64
}

/// Large values stay with the workers that made them, and are lost with them.
#[test]
fn values_that_stay_elsewhere_are_told_by_their_size() {
    let folder = tempfile::tempdir().unwrap();
    let mut graph = TaskDict::new();
    for i in 0..4u32 {
        graph.task(("large", i), large, [literal(i)]);
    }
    let all = list((0..4u32).map(|i| ("large", i)));
    graph.task("sum", unlucky_sum, args![literal(folder.path().to_owned()), all]);
    let plan = plan_of(&graph, "sum");
    let (profile, live) = (Arc::new(Profile::new()), Arc::new(LiveResults::new()));
    let seen: Arc<Mutex<Vec<(usize, bool, bool)>>> = Arc::default();
    let told = seen.clone();
    let callbacks = Callbacks::new().on_posttask(move |task, value, _| {
        if task.key() != "sum".into() {
            let is_there = value.get::<Vec<f64>>().is_ok();
            told.lock().unwrap().push((value.nbytes(), value.describe().is_empty(), is_there));
        }
    });
    let (terminal, bar) = terminal();
    let run = Run::new().observer(profile.clone()).observer(live.clone());
    let run = run.observer(Arc::new(callbacks)).observer(Arc::new(bar));
    let values = workers(2).build().unwrap().run(&plan, &run).unwrap();
    assert_eq!(values[0].get::<f64>().unwrap(), &7.0);
    let seen = seen.lock().unwrap();
    assert!(seen.len() >= 4);
    assert!(seen.iter().all(|seen| *seen == (50_000 * 8 + 24, false, false)), "{seen:?}");
    let run = profile.runs().pop().unwrap();
    assert!(of_layer(&run, "large").all(|record| record.bytes() == 50_000 * 8 + 24));
    let peak = run.peak().unwrap();
    assert!((4..=5).contains(&peak.results) && (4..=5).contains(&live.peak()), "{profile}");
    assert!(live.peak_bytes() >= 4 * 50_000 * 8);
    assert_eq!((live.live(), live.live_bytes()), (0, 0));
    check_trace(&written(&profile));
    assert!(terminal.contents().contains("100%  5/5  "), "{}", terminal.contents());
}

fn fails(x: i64) -> Result<i64, String> {
    nap(x);
    Err("no".to_owned())
}

#[test]
fn a_task_that_fails_there_is_not_finished() {
    let (profile, mut graph) = (Arc::new(Profile::new()), TaskDict::new());
    graph.value("x", 1i64).try_task("fails", fails, ["x"]);
    let processes = workers(2).build().unwrap();
    for n_runs in 1..=2 {
        watched(&processes, &plan_of(&graph, "fails"), profile.clone()).unwrap_err();
        check(&profile);
        assert_eq!(profile.runs().len(), n_runs);
        let run = profile.runs().pop().unwrap();
        let failed = of_layer(&run, "fails").next().unwrap();
        assert!(!failed.finished() && !failed.lost() && failed.time() > SLEEP / 2);
        assert_eq!(failed.end(), run.start() + run.time());
    }
    check_trace(&written(&profile));
}

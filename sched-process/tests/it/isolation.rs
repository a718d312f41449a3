//! A worker that ends costs its task only; what was lost is made again.

use chunkwise_graph::{Error, Key, SchedulerExt, TaskDict, args, by_ref, list, literal};
use chunkwise_sched_process::{End, ProcessError, Processes};
use chunkwise_testing::within;
use rustix::process::{Signal, getpid, kill_process};
use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn processes(n: usize) -> Processes {
    Processes::builder().workers(n).silent().build().expect("workers start")
}

/// The error of the process that a task was lost with.
fn cause(error: &Error) -> &ProcessError {
    let source = error.source().and_then(|source| source.downcast_ref());
    source.unwrap_or_else(|| panic!("no process is to blame: {error:?}"))
}

fn end_by(signal: i32) -> i64 {
    let signal = Signal::from_named_raw(signal).expect("a signal of that number");
    eprintln!("about to end");
    kill_process(getpid(), signal).expect("a process can signal itself");
    std::thread::sleep(Duration::from_secs(30));
    0
}

/// Ends the worker as often as there is no file yet, of `n`.
fn end_some_times(folder: &Path, n: usize) {
    for at in 0..n {
        let flag = folder.join(at.to_string());
        if !flag.exists() {
            std::fs::write(flag, b"").expect("the folder is there");
            std::process::abort();
        }
    }
}

#[test]
fn a_task_that_ends_its_worker_is_reported_after_three_retries() {
    for (number, name) in [(11, "SIGSEGV"), (9, "SIGKILL"), (6, "SIGABRT")] {
        let mut graph = TaskDict::new();
        graph.task("bad", end_by, [literal(number)]).task("good", |x: i64| x + 1, [literal(1i64)]);
        // Under AddressSanitizer the signal is to stay one.
        let builder = Processes::builder().workers(2).env("ASAN_OPTIONS", "handle_segv=0");
        let processes = builder.silent().build().unwrap();
        let error = processes.get::<i64>(&graph, "bad").unwrap_err();
        assert_eq!(error.key().unwrap().to_string(), "bad");
        match cause(&error) {
            ProcessError::Died { end, attempts, stderr, .. } => {
                assert_eq!((*end, *attempts), (End::Signal { signal: number }, 4));
                assert_eq!(stderr, &["about to end"]);
            }
            other => panic!("{other:?}"),
        }
        assert!(format!("{error:?}").contains(name), "{error:?}");
        assert_eq!(processes.get::<i64>(&graph, "good").unwrap(), 2);
    }
}

#[test]
fn a_task_that_exits_is_reported_with_its_status() {
    let mut graph = TaskDict::new();
    graph.task("bad", || -> i64 { std::process::exit(7) }, ());
    let error = processes(1).get::<i64>(&graph, "bad").unwrap_err();
    match cause(&error) {
        ProcessError::Died { end: End::Exited { code: 7 }, .. } => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_task_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut graph = TaskDict::new();
    let unlucky = |folder: PathBuf| {
        end_some_times(&folder, 3);
        7i64
    };
    graph.task("a", unlucky, [literal(folder.path().to_owned())]);
    assert_eq!(processes(2).get::<i64>(&graph, "a").unwrap(), 7);
    let folder = tempfile::tempdir().unwrap();
    let mut graph = TaskDict::new();
    graph.task("a", unlucky, [literal(folder.path().to_owned())]);
    let few = Processes::builder().workers(1).retries(2).silent().build().unwrap();
    assert!(matches!(
        cause(&few.get::<i64>(&graph, "a").unwrap_err()),
        ProcessError::Died { attempts: 3, .. }
    ));
}

#[test]
fn others_do_not_notice() {
    let folder = tempfile::tempdir().unwrap();
    let mut graph = TaskDict::new();
    let unlucky = |folder: PathBuf| {
        end_some_times(&folder, 2);
        1i64
    };
    graph.task("bad", unlucky, [literal(folder.path().to_owned())]);
    for i in 0..200u32 {
        graph.task(("good", i), |i: u32| i64::from(i), [literal(i)]);
    }
    let goods: Vec<_> = (0..200u32).map(|i| ("good", i)).collect();
    graph.task(
        "sum",
        |bad: i64, goods: Vec<i64>| bad + goods.iter().sum::<i64>(),
        args!["bad", list(goods)],
    );
    assert_eq!(processes(2).get::<i64>(&graph, "sum").unwrap(), 1 + 199 * 200 / 2);
}

/// Large values stay with the worker that made them: those that it took along are made again, and
/// so is what they need.
#[test]
fn lost_inputs_are_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let mut graph = TaskDict::new();
    for i in 0..4u32 {
        graph.task(("x", i), |i: u32| vec![f64::from(i); 50_000], [literal(i)]);
        let next = by_ref(|x: &Vec<f64>| x.iter().map(|x| x + 1.0).collect::<Vec<f64>>());
        graph.task(("y", i), next, [("x", i)]);
    }
    let last = |path: PathBuf, all: Vec<Vec<f64>>| {
        end_some_times(&path, 3);
        all.iter().map(|x| x.iter().sum::<f64>()).sum::<f64>()
    };
    let all = (0..4u32).map(|i| ("y", i));
    graph.task("sum", last, args![literal(path), list(all)]);
    let sum: f64 =
        within(chunkwise_testing::LIMIT, move || processes(2).get(&graph, "sum").unwrap());
    assert_eq!(sum, 50_000.0 * (1.0 + 2.0 + 3.0 + 4.0));
}

#[test]
fn a_task_over_its_time_is_ended() {
    let mut graph = TaskDict::new();
    graph.task("slow", || std::thread::sleep(Duration::from_secs(60)), ());
    graph.task("quick", |x: i64| x, [literal(1i64)]);
    let limit = Duration::from_millis(100);
    let processes = Processes::builder().workers(2).task_timeout(limit).silent().build().unwrap();
    let error = processes.get::<()>(&graph, "slow").unwrap_err();
    assert_eq!(error.key().unwrap().to_string(), "slow");
    assert!(matches!(cause(&error), ProcessError::TimedOut { limit: told } if *told == limit));
    assert_eq!(processes.get::<i64>(&graph, "quick").unwrap(), 1);
}

/// Others that run in the same worker, and those that come and go there, change nothing.
#[test]
fn a_task_over_its_time_is_found_among_others() {
    let mut graph = TaskDict::new();
    graph.task("slow", || std::thread::sleep(Duration::from_secs(60)), ());
    let quick = |i: u32| {
        std::thread::sleep(Duration::from_millis(3));
        i
    };
    for i in 0..100u32 {
        graph.task(("quick", i), quick, [literal(i)]);
    }
    let limit = Duration::from_millis(100);
    let builder = Processes::builder().workers(1).threads_per_worker(2).silent();
    let processes = builder.task_timeout(limit).build().unwrap();
    let mut keys: Vec<Key> = (0..100u32).map(|i| ("quick", i).into()).collect();
    keys.push("slow".into());
    let error = processes.get_values(&graph, &keys).unwrap_err();
    assert_eq!(error.key().unwrap().to_string(), "slow");
    assert!(matches!(cause(&error), ProcessError::TimedOut { .. }));
}

#[test]
fn a_task_over_its_memory_is_ended() {
    let mut graph = TaskDict::new();
    let greedy = || {
        let all = vec![1u8; 400 << 20];
        std::thread::sleep(Duration::from_secs(30));
        all.len()
    };
    graph.task("greedy", greedy, ()).task("modest", |x: i64| x, [literal(1i64)]);
    let processes = Processes::builder()
        .workers(1)
        .memory_limit(200 << 20)
        .retries(1)
        .silent()
        .build()
        .unwrap();
    let error = processes.get::<usize>(&graph, "greedy").unwrap_err();
    match cause(&error) {
        ProcessError::Memory { limit, resident, attempts, .. } => {
            assert_eq!((*limit, *attempts), (200 << 20, 2));
            assert!(*resident > *limit);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(processes.get::<i64>(&graph, "modest").unwrap(), 1);
}

#[test]
fn restarts_can_be_limited() {
    let mut graph = TaskDict::new();
    graph.task("bad", end_by, [literal(9)]);
    let processes = Processes::builder().workers(1).restarts(1).silent().build().unwrap();
    let error = processes.get::<i64>(&graph, "bad").unwrap_err();
    let text = format!("{error:?}");
    assert!(matches!(cause(&error), ProcessError::TooManyRestarts { limit: 1, .. }), "{text}");
    graph.task("good", |x: i64| x, [literal(1i64)]);
    assert_eq!(processes.get::<i64>(&graph, "good").unwrap(), 1);
}

#[test]
fn workers_are_recycled() {
    let mut graph = TaskDict::new();
    graph.task("id", std::process::id, ());
    let processes = Processes::builder().workers(1).recycle_after(2).silent().build().unwrap();
    let ids: Vec<u32> = (0..6).map(|_| processes.get(&graph, "id").unwrap()).collect();
    assert_eq!((ids[0], ids[2], ids[4]), (ids[1], ids[3], ids[5]));
    assert!(ids[0] != ids[2] && ids[2] != ids[4]);
}

/// Within one run; what the old workers hold is not lost with them, and not made again.
#[test]
fn workers_are_recycled_within_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let mut graph = TaskDict::new();
    let make = |folder: PathBuf, i: u32| {
        let id = std::process::id();
        std::fs::write(folder.join(format!("{i} in {id}")), b"").unwrap();
        vec![i; 20_000]
    };
    for i in 0..60u32 {
        graph.task(("x", i), make, args![literal(path.clone()), literal(i)]);
    }
    let all = (0..60u32).map(|i| ("x", i));
    let sum =
        |all: Vec<Vec<u32>>| all.iter().map(|x| u64::from(x[0]) + x.len() as u64).sum::<u64>();
    graph.task("sum", sum, [list(all)]);
    let processes = Processes::builder().workers(2).recycle_after(5).silent().build().unwrap();
    let sum: u64 = processes.get(&graph, "sum").unwrap();
    assert_eq!(sum, 59 * 60 / 2 + 60 * 20_000);
    let made: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(made.len(), 60, "each is made once");
    let ids: std::collections::HashSet<&str> =
        made.iter().filter_map(|name| name.rsplit(' ').next()).collect();
    assert!(ids.len() >= 4, "{} workers took part", ids.len());
}

#[test]
fn a_worker_that_was_killed_between_runs_is_replaced() {
    let mut graph = TaskDict::new();
    graph.task("id", std::process::id, ());
    let processes = processes(2);
    for _ in 0..5 {
        let before = processes.worker_ids();
        let victim = rustix::process::Pid::from_raw(before[0] as i32).unwrap();
        kill_process(victim, Signal::KILL).unwrap();
        let id: u32 = processes.get(&graph, "id").unwrap();
        assert!(processes.worker_ids().contains(&id));
    }
}

//! Whatever happens, nothing is left: processes, descriptors, shared memory, files.

use chunkwise_graph::{SchedulerExt, TaskDict, args, by_ref, list, literal};
use chunkwise_sched_process::Processes;
use chunkwise_testing::{LIMIT, eventually, in_another_process};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::{Duration, Instant};

/// What this process has: descriptors, mappings of shared memory, threads and child processes.
#[derive(Debug, PartialEq)]
struct Possessions {
    descriptors: usize,
    shared_mappings: usize,
    threads: usize,
    children: BTreeSet<u32>,
    shared_files: BTreeSet<PathBuf>,
}

fn entries(folder: &str) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

fn possessions() -> Possessions {
    let mappings = std::fs::read_to_string("/proc/self/maps").unwrap();
    Possessions {
        descriptors: entries("/proc/self/fd").count(),
        shared_mappings: mappings.lines().filter(|line| line.contains("memfd:")).count(),
        threads: entries("/proc/self/task").count(),
        children: processes_with_parent(std::process::id()),
        shared_files: entries("/dev/shm").collect(),
    }
}

/// What this process has when it has had workers, and has none: what the first ones leave for ever
/// is the standard library's own.
fn before_anything() -> Possessions {
    let n_threads = possessions().threads;
    drop(silent(1));
    eventually("its threads end", || possessions().threads == n_threads);
    possessions()
}

/// Waits until this process has what it had before.
fn check_given_back(before: &Possessions) {
    let since = Instant::now();
    while possessions() != *before && since.elapsed() < LIMIT {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(possessions(), *before);
}

/// Also those that have ended and were not waited for.
fn processes_with_parent(parent: u32) -> BTreeSet<u32> {
    let ids = entries("/proc").filter_map(|path| path.file_name()?.to_str()?.parse::<u32>().ok());
    ids.filter(|id| parent_of(*id) == Some(parent)).collect()
}

fn parent_of(id: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name may hold anything; what follows its closing bracket does not.
    stat.rsplit_once(')')?.1.split(' ').nth(2)?.parse().ok()
}

fn is_alive(id: u32) -> bool {
    Pid::from_raw(id as i32).is_some_and(|id| test_kill_process(id).is_ok())
        && std::fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| {
            !stat.rsplit_once(')').is_some_and(|(_, rest)| rest.starts_with(" Z"))
        })
}

fn kill(id: u32) {
    if let Some(id) = Pid::from_raw(id as i32) {
        // It may have ended meanwhile.
        let _ = kill_process(id, Signal::KILL);
    }
}

fn silent(n: usize) -> Processes {
    Processes::builder().workers(n).silent().retries(30).build().expect("workers start")
}

/// Values small and large, made and needed on any worker, by tasks that take some time.
fn mixed(n: u32, micros: u64) -> (TaskDict, f64) {
    let mut graph = TaskDict::new();
    let make = |i: u32, len: usize, micros: u64| {
        std::thread::sleep(Duration::from_micros(micros));
        vec![f64::from(i); len]
    };
    for i in 0..n {
        let len = if i % 16 == 0 { 5000usize } else { 3 };
        graph.task(("x", i), make, args![literal(i), literal(len), literal(micros)]);
    }
    let total = by_ref(|x: &Vec<f64>, y: &Vec<f64>| x[0] + y[0]);
    for i in 0..n {
        graph.task(("y", i), total, [("x", i), ("x", (i + 7) % n)]);
    }
    let all = (0..n).map(|i| ("y", i));
    graph.task("sum", |all: Vec<f64>| all.iter().sum::<f64>(), [list(all)]);
    (graph, f64::from(n) * f64::from(n - 1))
}

#[test]
fn after_a_normal_end_and_after_failures() {
    in_another_process("nothing_left::after_a_normal_end_and_after_failures", || {
        let before = before_anything();
        for _ in 0..3 {
            let processes = silent(2);
            let (mut graph, sum) = mixed(100, 0);
            assert_eq!(processes.get::<f64>(&graph, "sum").unwrap(), sum);
            graph.task(
                "panic",
                |x: Vec<f64>| -> f64 { panic!("{} numbers", x.len()) },
                [("x", 16u32)],
            );
            assert!(processes.get::<f64>(&graph, "panic").is_err());
            assert_eq!(processes.get::<f64>(&graph, "sum").unwrap(), sum);
            drop(processes);
            check_given_back(&before);
        }
    });
}

#[test]
fn after_the_caller_panicked() {
    in_another_process("nothing_left::after_the_caller_panicked", || {
        // So that printing the next one leaves nothing for ever.
        drop(std::panic::catch_unwind(|| panic!("on purpose")));
        let before = before_anything();
        let caught = std::panic::catch_unwind(|| {
            let processes = silent(2);
            let (graph, _) = mixed(50, 0);
            processes.get::<f64>(&graph, "sum").unwrap();
            panic!("on purpose");
        });
        assert!(caught.is_err());
        check_given_back(&before);
    });
}

/// How many workers are to be killed within one run.
const KILLED: usize = 1000;

/// Kills a random worker every few milliseconds, until there were enough or it is told to stop; gives
/// their number.
fn kill_workers(processes: &Processes, stop: &AtomicBool) -> usize {
    let (mut random, mut n_killed) = (1u64, 0);
    while !stop.load(SeqCst) && n_killed < KILLED {
        // Knuth's linear congruential generator.
        random =
            random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_micros((random >> 33) % 6000));
        let victim = processes.worker_ids().get((random >> 40) as usize % 2).copied();
        if let Some(victim) = victim.filter(|&id| is_alive(id)) {
            kill(victim);
            n_killed += 1;
        }
    }
    n_killed
}

/// 1,000 workers are killed at random during one run of 20,001 tasks.
#[test]
fn a_thousand_workers_are_killed() {
    in_another_process("nothing_left::a_thousand_workers_are_killed", || {
        let before = before_anything();
        let processes = silent(2);
        let mut micros = 500;
        loop {
            let (graph, sum) = mixed(10_000, micros);
            let stop = AtomicBool::new(false);
            let n_killed = std::thread::scope(|scope| {
                let killer = scope.spawn(|| kill_workers(&processes, &stop));
                let got = processes.get::<f64>(&graph, "sum");
                stop.store(true, SeqCst);
                assert_eq!(got.unwrap(), sum);
                killer.join().unwrap()
            });
            println!("{n_killed} workers were killed");
            if n_killed == KILLED {
                break;
            }
            // The run was over too soon for a machine as slow as this.
            micros *= 2;
            assert!(micros < 20_000, "only {n_killed} workers could be killed");
        }
        drop(processes);
        check_given_back(&before);
    });
}

/// Starts this test again as a program of its own that runs workers and never ends.
fn endless_program(test: &str, folder: &Path) -> std::process::Child {
    // Whoever runs the tests in the background may have had the signal ignored.
    let mut command = Command::new("env");
    command.arg("--default-signal=INT").arg(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]).env("CHUNKWISE_ENDLESS", folder);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// In that program: tasks that say who they are, and then go on for ever.
fn run_endlessly(folder: PathBuf) {
    let endless = |folder: PathBuf, number: u32| {
        let mut child = Command::new("sleep").arg("1000").spawn().unwrap();
        let ids = format!("{} {}", std::process::id(), child.id());
        std::fs::write(folder.join(format!("{number}.part")), ids).unwrap();
        std::fs::rename(folder.join(format!("{number}.part")), folder.join(number.to_string()))
            .unwrap();
        let _ = child.wait();
        std::thread::sleep(Duration::from_secs(1000));
    };
    let mut graph = TaskDict::new();
    for number in 0..2u32 {
        graph.task(("endless", number), endless, args![literal(folder.clone()), literal(number)]);
    }
    let keys = (0..2u32).map(|number| ("endless", number));
    let _ = silent(2).get_all::<()>(&graph, keys);
}

fn check_end_of_parent(test: &str, end: impl FnOnce(&mut std::process::Child)) {
    if let Some(folder) = std::env::var_os("CHUNKWISE_ENDLESS") {
        return run_endlessly(folder.into());
    }
    let folder = tempfile::tempdir().unwrap();
    let mut parent = endless_program(test, folder.path());
    let told = |number: &str| std::fs::read_to_string(folder.path().join(number)).ok();
    eventually("both tasks run", || told("0").is_some() && told("1").is_some());
    let ids: Vec<u32> = ["0", "1"]
        .iter()
        .flat_map(|number| {
            told(number).unwrap().split(' ').map(|id| id.parse().unwrap()).collect::<Vec<u32>>()
        })
        .collect();
    assert!(ids.iter().all(|&id| is_alive(id)));
    end(&mut parent);
    eventually("workers, and what they started, end", || !ids.iter().any(|&id| is_alive(id)));
    let _ = parent.wait();
}

#[test]
fn after_the_parent_was_killed() {
    check_end_of_parent("nothing_left::after_the_parent_was_killed", |parent| {
        parent.kill().unwrap();
    });
}

#[test]
fn after_the_parent_was_interrupted() {
    check_end_of_parent("nothing_left::after_the_parent_was_interrupted", |parent| {
        let parent = Pid::from_raw(parent.id() as i32).unwrap();
        kill_process(parent, Signal::INT).unwrap();
    });
}

#[test]
fn what_a_task_starts_ends_with_its_worker() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("id");
    #[allow(clippy::zombie_processes, reason = "a task that forgets what it started")]
    let start = |file: PathBuf| {
        let child = Command::new("sleep").arg("1000").spawn().unwrap();
        std::fs::write(file, child.id().to_string()).unwrap();
    };
    let mut graph = TaskDict::new();
    graph.task("start", start, [literal(file.clone())]);
    let processes = silent(1);
    processes.get::<()>(&graph, "start").unwrap();
    let id: u32 = std::fs::read_to_string(&file).unwrap().parse().unwrap();
    assert!(is_alive(id));
    drop(processes);
    eventually("it ends", || !is_alive(id));
}

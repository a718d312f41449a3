//! What workers are like: their output, environment, start-up, threads; and what is seen of them.

use chunkwise_graph::{
    CancelToken, Codec, Data, Error, Observer, SchedulerExt, TaskDict, TaskRef, TypeInfo, Value,
    WorkerId, by_ref, cancelled, current_scheduler, heard, literal, register, register_serde,
    with_cancel, with_observer,
};
use chunkwise_sched_process::{NotPortable, ProcessError, Processes, Stream};
use chunkwise_testing::eventually;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};
use std::error::Error as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

#[test]
fn what_tasks_print_comes_line_by_line() {
    let lines: Arc<Mutex<Vec<(usize, Stream, String)>>> = Arc::default();
    let sink = lines.clone();
    let processes = Processes::builder().workers(1).output(move |line| {
        sink.lock().unwrap().push((line.worker, line.stream, line.text.to_owned()));
    });
    let processes = processes.build().unwrap();
    let mut graph = TaskDict::new();
    let talk = || {
        println!("one\ntwo");
        eprintln!("größe");
        print!("no end");
    };
    graph.task("talk", talk, ());
    processes.get::<()>(&graph, "talk").unwrap();
    drop(processes);
    let expected = [
        (0, Stream::Err, "größe".to_owned()),
        (0, Stream::Out, "no end".to_owned()),
        (0, Stream::Out, "one".to_owned()),
        (0, Stream::Out, "two".to_owned()),
    ];
    eventually("all lines come", || lines.lock().unwrap().len() == 4);
    let mut lines = lines.lock().unwrap().clone();
    lines.sort_by(|a, b| a.2.cmp(&b.2));
    let mut expected = expected.to_vec();
    expected.sort_by(|a, b| a.2.cmp(&b.2));
    assert_eq!(lines, expected);
}

#[test]
fn the_environment_can_be_set() {
    let mut graph = TaskDict::new();
    let read = |name: String| std::env::var(name).unwrap_or_default();
    for name in ["CHUNKWISE_ANIMAL", "CHUNKWISE_WORKER"] {
        graph.task(name, read, [literal(name.to_owned())]);
    }
    let processes = Processes::builder().workers(1).env("CHUNKWISE_ANIMAL", "Bär").build().unwrap();
    let values: Vec<String> =
        processes.get_all(&graph, ["CHUNKWISE_ANIMAL", "CHUNKWISE_WORKER"]).unwrap();
    // What a task starts is no worker.
    assert_eq!(values, ["Bär", ""]);
}

/// A program may be built anew, or taken away, while it runs.
#[test]
fn the_executable_may_be_gone() {
    const TEST: &str = "workers::the_executable_may_be_gone";
    const COPY: &str = "CHUNKWISE_COPY";
    if let Some(copy) = std::env::var_os(COPY) {
        std::fs::remove_file(copy).unwrap();
        let mut graph = TaskDict::new();
        graph.value("x", 20i64).task("y", |x: i64| x + 1, ["x"]);
        assert_eq!(Processes::new(2).unwrap().get::<i64>(&graph, "y").unwrap(), 21);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    std::fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
    let mut command = std::process::Command::new(&copy);
    let output = command.args([TEST, "--exact"]).env(COPY, &copy).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(!copy.exists());
}

static STARTED: AtomicU32 = AtomicU32::new(0);

#[test]
fn a_start_up_hook_is_called_in_each_worker() {
    let hook = || {
        STARTED.fetch_add(1, SeqCst);
    };
    let processes = Processes::builder().workers(2).start_up(hook).build().unwrap();
    let mut graph = TaskDict::new();
    for i in 0..20u32 {
        graph.task(("n", i), |_: u32| STARTED.load(SeqCst), [literal(i)]);
    }
    let seen: Vec<u32> = processes.get_all(&graph, (0..20u32).map(|i| ("n", i))).unwrap();
    assert_eq!(seen, [1; 20]);
    assert_eq!(STARTED.load(SeqCst), 0);
}

#[test]
fn a_start_up_hook_that_fails_is_told() {
    let builder = Processes::builder().workers(1).silent();
    let error = builder.start_up(|| panic!("no licence")).build().unwrap_err();
    let cause = error.source().unwrap().downcast_ref::<ProcessError>().unwrap();
    assert!(matches!(cause, ProcessError::StartUp { message } if message == "no licence"));
    let captured = std::hint::black_box(3);
    let hook = move || {
        std::hint::black_box(captured);
    };
    let error = Processes::builder().start_up(hook).build().unwrap_err();
    assert!(format!("{error:?}").contains("captures 4 bytes"), "{error:?}");
}

/// A chain is one task here; its error names the link that failed, as it would on threads.
#[test]
fn errors_name_the_link_of_a_chain() {
    let mut graph = TaskDict::new();
    let half = |x: i64| if x % 2 == 0 { Ok(x / 2) } else { Err(format!("{x} is odd")) };
    graph.value("a", 12i64).try_task("b", half, ["a"]);
    let line = line!() + 1;
    graph.try_task("c", half, ["b"]).try_task("d", half, ["c"]).try_task("e", half, ["d"]);
    graph.task("p", |x: i64| -> i64 { panic!("at {x}") }, ["c"]).task("q", |x: i64| x, ["p"]);
    let processes = Processes::builder().workers(1).silent().build().unwrap();
    let error = processes.get::<i64>(&graph, "e").unwrap_err();
    let Error::Task { site, source } = &error else { panic!("{error:?}") };
    assert_eq!((site.key.to_string().as_str(), site.made_at.line()), ("d", line));
    assert_eq!(source.to_string(), "3 is odd");
    let error = processes.get::<i64>(&graph, "q").unwrap_err();
    assert_eq!(error.to_string(), "task p panicked: at 3");
}

/// Codecs that panic, in a worker and here: an error of the task, and the worker goes on.
#[test]
fn a_codec_that_panics_fails_its_task() {
    struct Unwritable;
    #[derive(Clone)]
    struct Unreadable;
    impl Data for Unwritable {
        fn nbytes(&self) -> usize {
            0
        }
        const CODEC: Option<Codec> =
            Some(Codec { encode: |_, _| panic!("no words"), decode: |_| Ok(Value::unit()) });
    }
    impl Data for Unreadable {
        fn nbytes(&self) -> usize {
            0
        }
        const CODEC: Option<Codec> =
            Some(Codec { encode: |_, _| Ok(()), decode: |_| panic!("no glasses") });
    }
    register(TypeInfo::data::<Unwritable>());
    register(TypeInfo::data::<Unreadable>());
    let mut graph = TaskDict::new();
    graph.task("a", || Unwritable, ()).task("b", || Unreadable, ());
    graph.task("c", |_: Unreadable, _: Unreadable| 1i64, ["b", "b"]);
    let builder = Processes::builder().workers(1).threads_per_worker(2).silent();
    let processes = builder.build().unwrap();
    for _ in 0..3 {
        for (key, failing, text) in [
            ("a", "a", "a codec panicked: no words"),
            ("b", "b", "a codec panicked: no glasses"),
            ("c", "c", "a codec panicked: no glasses"),
        ] {
            let error = processes.get_values(&graph, &[key.into()]).unwrap_err();
            assert_eq!(error.key().unwrap().to_string(), failing);
            assert!(format!("{error:?}").contains(text), "{error:?}");
        }
    }
}

#[test]
fn a_worker_may_have_several_threads() {
    let processes = Processes::builder().workers(1).threads_per_worker(3).build().unwrap();
    let mut graph = TaskDict::new();
    // Each waits until all three are there.
    static HERE: AtomicU32 = AtomicU32::new(0);
    let meet = |_: u32| {
        HERE.fetch_add(1, SeqCst);
        eventually("all are here", || HERE.load(SeqCst) >= 3);
        std::process::id()
    };
    for i in 0..3u32 {
        graph.task(("meet", i), meet, [literal(i)]);
    }
    let ids: Vec<u32> = processes.get_all(&graph, (0..3u32).map(|i| ("meet", i))).unwrap();
    assert_eq!(ids, [processes.worker_ids()[0]; 3]);
}

#[test]
fn rayon_works_in_a_worker() {
    use rayon::prelude::*;
    let mut graph = TaskDict::new();
    graph.task("sum", |n: u64| (0..n).into_par_iter().sum::<u64>(), [literal(1000u64)]);
    assert_eq!(Processes::new(2).unwrap().get::<u64>(&graph, "sum").unwrap(), 499_500);
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Row {
    name: String,
    amount: i64,
}

#[test]
fn registered_types_cross() {
    let mut graph = TaskDict::new();
    let make = |name: String| vec![Row { name, amount: 3 }; 2];
    graph.task("rows", make, [literal("größe".to_owned())]);
    let processes = Processes::new(2).unwrap();
    let error = processes.get::<Vec<Row>>(&graph, "rows").unwrap_err();
    match &error {
        Error::NotShippable { site, why } => {
            assert_eq!(site.key.to_string(), "rows");
            assert!(why.contains("register_serde::<Vec<Row>>()"), "{why}");
        }
        other => panic!("{other:?}"),
    }
    // The workers run already.
    register_serde::<Vec<Row>>();
    let rows: Vec<Row> = processes.get(&graph, "rows").unwrap();
    assert_eq!(rows, vec![Row { name: "größe".into(), amount: 3 }; 2]);
}

/// What an observer was told: task, worker, when.
#[derive(Default)]
struct Told(Mutex<Vec<(u32, WorkerId, Instant, bool)>>);

impl Observer for Told {
    fn pretask(&self, task: TaskRef<'_>, worker: WorkerId) {
        let at = heard().expect("it happens elsewhere").at;
        self.0.lock().unwrap().push((task.id(), worker, at, true));
    }

    fn posttask(&self, task: TaskRef<'_>, value: &Value, worker: WorkerId) {
        let at = heard().expect("it happens elsewhere").at;
        assert!(value.nbytes() > 0, "{value:?}");
        self.0.lock().unwrap().push((task.id(), worker, at, false));
    }
}

#[test]
fn observers_know_who_ran_what_and_when() {
    let mut graph = TaskDict::new();
    let work = |i: u32| {
        std::thread::sleep(Duration::from_millis(5));
        vec![i; if i.is_multiple_of(2) { 2 } else { 20_000 }]
    };
    for i in 0..8u32 {
        graph.task(("x", i), work, [literal(i)]);
    }
    let processes = Processes::new(2).unwrap();
    let (told, start) = (Arc::new(Told::default()), Instant::now());
    let keys = (0..8u32).map(|i| ("x", i));
    let values =
        with_observer(told.clone(), || processes.get_all::<Vec<u32>>(&graph, keys)).unwrap();
    assert_eq!(values[3].len(), 20_000);
    let told = told.0.lock().unwrap();
    assert_eq!(told.len(), 16);
    let workers: HashSet<WorkerId> = told.iter().map(|(_, worker, _, _)| *worker).collect();
    assert_eq!(workers, HashSet::from([WorkerId(0), WorkerId(1)]));
    for task in 0..8 {
        let of = |starts: bool| {
            let found = told.iter().find(|(id, _, _, is_start)| (*id, *is_start) == (task, starts));
            *found.expect("told of start and end")
        };
        let ((_, worker, started, _), (_, same, ended, _)) = (of(true), of(false));
        assert_eq!(worker, same);
        let took = ended - started;
        assert!(started >= start && took >= Duration::from_millis(4), "{took:?}");
    }
}

/// Observers hear of a long task before it ends.
#[test]
fn a_long_task_shows_while_it_runs() {
    struct Flag(PathBuf);
    impl Observer for Flag {
        fn pretask(&self, _: TaskRef<'_>, _: WorkerId) {
            std::fs::write(&self.0, b"").unwrap();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let flag = folder.path().join("started");
    let mut graph = TaskDict::new();
    let wait = |flag: PathBuf| eventually("it is told that I run", || flag.exists());
    graph.task("long", wait, [literal(flag.clone())]);
    let processes = Processes::new(1).unwrap();
    with_observer(Arc::new(Flag(flag)), || processes.get::<()>(&graph, "long")).unwrap();
}

#[test]
fn a_long_task_does_not_hold_up_those_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let mut graph = TaskDict::new();
    // Many quick ones first, so that many are handed over at a time; then one that waits for all.
    let quick = |folder: PathBuf, i: u32| std::fs::write(folder.join(i.to_string()), b"").unwrap();
    let wait = |folder: PathBuf, n: usize| {
        eventually("all others have run", || std::fs::read_dir(&folder).unwrap().count() >= n);
    };
    for i in 0..400u32 {
        graph.task(("x", i), quick, chunkwise_graph::args![literal(path.clone()), literal(i)]);
        if i == 200 {
            graph.task(
                "wait",
                wait,
                chunkwise_graph::args![literal(path.clone()), literal(400usize)],
            );
        }
    }
    let mut keys: Vec<chunkwise_graph::Key> = (0..400u32).map(|i| ("x", i).into()).collect();
    keys.insert(201, "wait".into());
    Processes::new(2).unwrap().get_values(&graph, &keys).unwrap();
}

#[test]
fn tasks_hear_of_a_cancellation() {
    let folder = tempfile::tempdir().unwrap();
    let flag = folder.path().join("started");
    let mut graph = TaskDict::new();
    let wait = |flag: PathBuf| {
        std::fs::write(flag, b"").unwrap();
        eventually("it is told", cancelled);
    };
    graph.task("wait", wait, [literal(flag.clone())]);
    let (token, processes) = (CancelToken::new(), Processes::new(1).unwrap());
    let cancel = token.clone();
    let canceller = std::thread::spawn(move || {
        eventually("the task starts", || flag.exists());
        cancel.cancel();
    });
    let error = with_cancel(&token, || processes.get::<()>(&graph, "wait")).unwrap_err();
    canceller.join().unwrap();
    assert!(matches!(&error, Error::Cancelled { running } if running.is_empty()), "{error:?}");
}

#[test]
fn a_task_that_does_not_hear_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let flag = folder.path().join("started");
    let mut graph = TaskDict::new();
    let wait = |flag: PathBuf| {
        std::fs::write(flag, b"").unwrap();
        std::thread::sleep(Duration::from_secs(100));
    };
    graph.task("wait", wait, [literal(flag.clone())]).task("good", |x: i64| x, [literal(1i64)]);
    let patience = Duration::from_millis(20);
    let processes = Processes::builder().workers(1).patience(patience).build().unwrap();
    let token = CancelToken::new();
    let cancel = token.clone();
    let canceller = std::thread::spawn(move || {
        eventually("the task starts", || flag.exists());
        cancel.cancel();
    });
    let error = with_cancel(&token, || processes.get::<()>(&graph, "wait")).unwrap_err();
    canceller.join().unwrap();
    assert!(matches!(&error, Error::Cancelled { running } if running == &["wait".into()]));
    assert_eq!(processes.get::<i64>(&graph, "good").unwrap(), 1);
}

#[test]
fn what_cannot_cross_may_run_here() {
    let builder = Processes::builder().workers(2).not_portable(NotPortable::RunHere);
    let processes = builder.build().unwrap();
    let seen: Arc<Mutex<BTreeSet<u32>>> = Arc::default();
    let mut graph = TaskDict::new();
    for i in 0..6u32 {
        let seen = seen.clone();
        graph.task(("x", i), |i: u32| vec![i; 10_000], [literal(i)]);
        graph.task(
            ("y", i),
            by_ref(move |x: &Vec<u32>| {
                seen.lock().unwrap().insert(x[0]);
                (std::process::id(), x.len() as u32)
            }),
            [("x", i)],
        );
        graph.task(("z", i), |(id, len): (u32, u32)| (id, len, std::process::id()), [("y", i)]);
    }
    let plan = graph.graph(&(0..6u32).map(|i| ("z", i).into()).collect::<Vec<_>>());
    let plan = plan.and_then(|graph| graph.plan()).unwrap();
    let values = chunkwise_graph::Scheduler::run(&processes, &plan, &chunkwise_graph::Run::new());
    for value in values.unwrap() {
        let &(here, len, there) = value.get::<(u32, u32, u32)>().unwrap();
        assert_eq!((here, len), (std::process::id(), 10_000));
        assert!(processes.worker_ids().contains(&there));
    }
    assert_eq!(seen.lock().unwrap().len(), 6);
}

#[test]
fn a_task_may_compute_a_graph_of_its_own() {
    let nested = |n: i64| {
        let mut graph = TaskDict::new();
        graph.value("n", n).task("twice", |n: i64| 2 * n, ["n"]);
        let scheduler = current_scheduler();
        (scheduler.name().to_owned(), scheduler.get::<i64>(&graph, "twice").unwrap())
    };
    let mut graph = TaskDict::new();
    graph.task("outer", nested, [literal(4i64)]);
    let (name, twice): (String, i64) = Processes::new(1).unwrap().get(&graph, "outer").unwrap();
    assert_eq!((name.as_str(), twice), ("processes", 8));
}

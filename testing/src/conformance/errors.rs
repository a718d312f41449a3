//! Failing tasks: which error wins, and what it says.

use super::Subject;
use crate::Flag;
use crate::faults::{FailEvery, Faulty, Injected, PanicEvery};
use crate::generate::Seeded;
use crate::task_graph::TaskGraph;
use chunkwise_graph::{
    BoxError, Error, Observer, Plan, Run, Scheduler, SchedulerExt, TaskDict, TaskRef, TaskSite,
    Value, WorkerId, shapes,
};
use std::error::Error as _;
use std::panic::panic_any;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::thread::sleep;
use std::time::Duration;

/// The task that an error names, for errors of tasks.
pub(super) fn site(error: &Error) -> &TaskSite {
    match error {
        Error::Task { site, .. } | Error::Panic { site, .. } => site,
        other => panic!("not the error of a task: {other:?}"),
    }
}

/// Of the tasks that fail, by block, the one with the smallest number.
pub(super) fn first_failing(plan: &Plan, fails: impl Fn(u32) -> bool) -> Option<TaskRef<'_>> {
    plan.tasks().find(|task| fails(task.block()))
}

/// Several tasks fail after random times: always the first in plan order is reported.
pub fn the_first_failing_task_wins(subject: &Subject) {
    let scheduler = subject.scheduler();
    for repeat in 0..200u64 {
        let mut random = Seeded::new(repeat);
        let shape = [shapes::tree(60), shapes::fan_in(40), shapes::lattice(80)];
        let graph = TaskGraph::to_sinks(shape[repeat as usize % 3].clone());
        let n = graph.dag.len();
        let failing: Vec<u32> = (0..4).map(|_| random.below(n) as u32).collect();
        let delays: Vec<u64> = (0..n).map(|_| random.below(120) as u64).collect();
        let state = (failing.clone(), delays);
        let plan = graph.plan_with_state(state, |(failing, delays), block, _| {
            if delays[block as usize] > 60 {
                sleep(Duration::from_micros(delays[block as usize]));
            }
            match failing.contains(&block) {
                true if block % 2 == 0 => Err(Injected { block }.into()),
                true => panic!("block {block}"),
                false => Ok(Value::unit()),
            }
        });
        let error = scheduler.run(&plan, &Run::new()).expect_err("tasks fail");
        let first = first_failing(&plan, |block| failing.contains(&block)).unwrap();
        assert_eq!(site(&error).key, first.key(), "repeat {repeat}");
    }
}

/// The first of two failing tasks takes long: it is reported all the same.
pub fn a_slow_failure_before_a_fast_one_wins(subject: &Subject) {
    let graph = TaskGraph::of(vec![vec![]; 10], &(0..10).collect::<Vec<u32>>());
    let plan = graph.plan(|block, _| {
        if block < 2 {
            sleep(Duration::from_millis(if block == 0 { 30 } else { 0 }));
            return Err(Injected { block }.into());
        }
        Ok(Value::unit())
    });
    let first = first_failing(&plan, |block| block < 2).unwrap();
    for _ in 0..5 {
        let error = subject.run(&plan).expect_err("tasks fail");
        assert_eq!(site(&error).key, first.key());
    }
}

/// The task's own error is there, as it was.
pub fn the_source_is_kept(subject: &Subject) {
    let graph = TaskGraph::to_sinks(shapes::chain(5));
    let plan = graph.plan(|block, _| match block {
        3 => Err(Injected { block }.into()),
        _ => Ok(Value::unit()),
    });
    let error = subject.run(&plan).expect_err("a task fails");
    assert!(matches!(error, Error::Task { .. }));
    let source = error.source().and_then(|source| source.downcast_ref::<Injected>());
    assert_eq!(source, Some(&Injected { block: 3 }));
}

/// Key, operation, place and inputs of the failing task.
pub fn the_site_says_where(subject: &Subject) {
    fn explode(_: i64, _: String) -> i64 {
        panic!("boom")
    }
    let mut graph = TaskDict::new();
    graph.value("a", 7i64).value("b", String::from("text"));
    let line = line!() + 1;
    graph.task("both", explode, ["a", "b"]);
    graph.task("end", |x: i64| x, ["both"]);
    // As it was written: a scheduler may prepare a plan whose tasks are chains of these.
    let plan = graph.graph(&["end".into()]).unwrap().plan().unwrap();
    let error = subject.run(&plan).expect_err("a task panics");
    let site = site(&error);
    assert_eq!((site.key.to_string().as_str(), site.operation.as_str()), ("both", "explode"));
    assert_eq!((site.made_at.file(), site.made_at.line()), (file!(), line));
    assert_eq!(site.inputs.len(), 2);
    assert_eq!(error.to_string(), "task both panicked: boom");
}

/// Panics with every kind of payload.
pub fn panics_become_errors(subject: &Subject) {
    fn explode(kind: usize) -> Value {
        match kind {
            0 => panic!("a text"),
            1 => panic!("a {} text", "formatted"),
            2 => panic_any(7u32),
            _ => Value::new([1u8][std::hint::black_box(3)]),
        }
    }
    let texts =
        ["a text", "a formatted text", "(a panic without a message)", "index out of bounds"];
    for (kind, text) in texts.into_iter().enumerate() {
        let plan =
            TaskGraph::to_sinks(shapes::fan_in(4)).plan_with_state(kind, |&kind, block, _| {
                if block == 1 { Ok(explode(kind)) } else { Ok(Value::unit()) }
            });
        match subject.run(&plan).expect_err("a task panics") {
            Error::Panic { message, site } => {
                assert!(message.starts_with(text), "{message}");
                assert_eq!(site.key, first_failing(&plan, |block| block == 1).unwrap().key());
            }
            other => panic!("expected a panic: {other:?}"),
        }
    }
}

/// A task that is given a value of another type than it takes.
pub fn a_value_of_another_type(subject: &Subject) {
    let plan = TaskGraph::to_sinks(shapes::chain(2)).plan(|_, inputs| match inputs {
        [] => Ok(Value::new(1u8)),
        inputs => Ok(Value::new(inputs[0].get::<String>()?.len())),
    });
    let error = subject.run(&plan).expect_err("u8 is no String");
    let source = error.source().and_then(|source| source.downcast_ref::<Error>());
    assert!(matches!(source, Some(Error::Type { .. })), "{error:?}");
}

#[derive(Clone, Copy, PartialEq)]
enum Callback {
    Pre,
    Post,
    Released,
}

struct PanicIn(Callback);

impl PanicIn {
    fn called(&self, callback: Callback, task: TaskRef<'_>) {
        assert!(self.0 != callback || task.block() != 2, "an observer");
    }
}

impl Observer for PanicIn {
    fn pretask(&self, task: TaskRef<'_>, _worker: WorkerId) {
        self.called(Callback::Pre, task);
    }

    fn posttask(&self, task: TaskRef<'_>, _value: &Value, _worker: WorkerId) {
        self.called(Callback::Post, task);
    }

    fn released(&self, task: TaskRef<'_>) {
        self.called(Callback::Released, task);
    }
}

/// An observer that panics fails the task that it was called for, and the run ends well.
pub fn observers_that_panic(subject: &Subject) {
    for callback in [Callback::Pre, Callback::Post, Callback::Released] {
        let graph = TaskGraph::to_sinks(shapes::chain(5));
        let (alive, events) = (crate::Alive::new(5), Arc::new(crate::Events::new()));
        let plan =
            graph.plan_with_state(alive.clone(), |alive, block, inputs| alive.work(block, inputs));
        let run = Run::new().observer(events.clone()).observer(Arc::new(PanicIn(callback)));
        let error = subject.scheduler().run(&plan, &run).expect_err("an observer panics");
        assert!(matches!(&error, Error::Panic { message, .. } if message == "an observer"));
        // The value of task 2 is released when task 3 has run.
        let by = if callback == Callback::Released { 3 } else { 2 };
        assert_eq!(site(&error).key, plan.task(by).key());
        assert_eq!(events.of(&plan).last(), Some(&crate::Event::Finish(true)));
        subject.is_over("every value is dropped", || alive.n_alive() == 0);
    }
}

/// After failures a scheduler goes on as before.
pub fn a_scheduler_outlives_failures(subject: &Subject) {
    let scheduler = subject.scheduler();
    let graph = TaskGraph::to_sinks(shapes::tree(100));
    let work = |task, inputs: &mut [Value]| -> Result<Value, BoxError> {
        crate::mix_of_values(task, inputs)
    };
    for round in 0..20 {
        let blocks = graph.blocks(work);
        let blocks: Arc<dyn chunkwise_graph::Blocks> = if round % 2 == 0 {
            Arc::new(Faulty::new(blocks, FailEvery(7)))
        } else {
            Arc::new(Faulty::new(blocks, PanicEvery(9)))
        };
        let plan = graph.graph_of(blocks).plan().unwrap();
        scheduler.run(&plan, &Run::new()).expect_err("tasks fail");
        let values = scheduler.run(&graph.mixing(), &Run::new()).unwrap();
        assert_eq!(crate::task_graph::numbers(&values), graph.expected());
    }
}

/// A task that captures what only its own process has: it is refused by name, and nothing has run.
/// Of separate processes: where there is one, everything runs.
pub fn what_cannot_leave_is_refused(subject: &Subject) {
    if !subject.has_separate_processes() {
        return;
    }
    let started = Flag::new();
    let here = Arc::new(AtomicU32::new(0));
    let mut graph = TaskDict::new();
    graph.value("started", started.path().to_path_buf());
    graph.task("first", |path: PathBuf| Flag::at(path).raise(), ["started"]);
    let line = line!() + 1;
    graph.task("captures", move |()| here.fetch_add(1, SeqCst), ["first"]);
    let scheduler = subject.scheduler();
    let plan = graph.graph(&["captures".into()]).unwrap().plan().unwrap();
    let error = scheduler.run(&plan, &Run::new()).expect_err("it cannot leave the process");
    let Error::NotShippable { site, why } = &error else { panic!("not refused: {error:?}") };
    assert_eq!(site.key.to_string(), "captures");
    assert_eq!((site.made_at.file(), site.made_at.line()), (file!(), line));
    assert!(why.contains("captures 8 bytes"), "{why}");
    assert!(!started.is_raised(), "a task has run");
    // The rest of the graph is as good as ever.
    scheduler.get::<()>(&graph, "first").unwrap();
    assert!(started.is_raised());
}

/// A type that no codec is known of.
#[derive(Clone)]
struct Unwritten;

/// Values of a type without a codec: a constant is refused as its task would be; a result that is
/// first seen when it is there fails its task, with what to do about it.
pub fn what_has_no_codec_is_refused(subject: &Subject) {
    if !subject.has_separate_processes() {
        return;
    }
    let scheduler = subject.scheduler();
    let mut graph = TaskDict::new();
    graph.value("constant", Unwritten).task("end", |_: Unwritten| 1u32, ["constant"]);
    let error = scheduler.get::<u32>(&graph, "end").expect_err("it cannot be written");
    assert!(error.report().to_string().contains("Unwritten"), "{error:?}");
    let plan = TaskGraph::to_sinks(shapes::chain(2)).plan(|_, _| Ok(Value::new(Unwritten)));
    let error = scheduler.run(&plan, &Run::new()).expect_err("it cannot be written");
    assert!(error.report().to_string().contains("Unwritten"), "{error:?}");
}

//! What observers are told, in which order.

use super::Subject;
use crate::generate::task_graphs;
use crate::task_graph::TaskGraph;
use crate::{Event, Events, Flag};
use chunkwise_graph::{
    CancelToken, Error, Graph, Observer, Plan, Run, Scheduler, TaskRef, Value, WorkerId, shapes,
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

/// Where each kind of event of each task stands.
#[derive(Default)]
struct Places {
    pre: HashMap<u32, usize>,
    post: HashMap<u32, usize>,
    released: HashMap<u32, usize>,
}

/// Checks what holds for every run, and gives the places of the events.
fn check(plan: &Plan, events: &[Event], failed: bool) -> Places {
    assert_eq!(events.first(), Some(&Event::Start));
    assert_eq!(events.last(), Some(&Event::Finish(failed)));
    let mut places = Places::default();
    for (at, event) in events.iter().enumerate().take(events.len() - 1).skip(1) {
        let again = match *event {
            Event::Pre(task, _) => places.pre.insert(task, at),
            Event::Post(task, _) => places.post.insert(task, at),
            Event::Released(task) => places.released.insert(task, at),
            Event::Start | Event::Finish(_) => panic!("{event:?} in the middle"),
        };
        assert_eq!(again, None, "{event:?} twice");
    }
    for (task, &at) in &places.post {
        assert!(places.pre[task] < at, "task {task} ends before it starts");
    }
    for (&task, &at) in &places.pre {
        for dep in plan.dag().deps(task) {
            let ended = places.post.get(dep);
            assert!(ended.is_some_and(|&ended| ended < at), "task {task} starts before {dep} ends");
        }
    }
    for (&task, &at) in &places.released {
        assert!(!plan.outputs().contains(&task), "output {task} is released");
        for user in plan.dag().dependents(task) {
            let ended = places.post.get(user);
            assert!(
                ended.is_some_and(|&ended| ended < at),
                "task {task} is released before {user} ends"
            );
        }
    }
    places
}

/// Start, each task once, each intermediate released once after its last use, finish.
pub fn the_sequence_of_a_run(subject: &Subject) {
    let scheduler = subject.scheduler();
    subject.for_all(60, task_graphs(60), |graph| {
        let events = Arc::new(Events::new());
        let plan = graph.plan(|task, inputs| {
            if task % 7 == 3 {
                thread::sleep(Duration::from_micros(100));
            }
            crate::mix_of_values(task, inputs)
        });
        scheduler.run(&plan, &Run::new().observer(events.clone())).unwrap();
        let places = check(&plan, &events.of(&plan), false);
        assert_eq!((places.pre.len(), places.post.len()), (plan.len(), plan.len()));
        let is_inner = |task: &u32| !plan.outputs().contains(task);
        assert_eq!(places.released.len(), plan.dag().tasks().filter(is_inner).count());
    });
}

/// Without tasks there is a start and an end.
pub fn a_run_of_nothing(subject: &Subject) {
    let (events, plan) = (Arc::new(Events::new()), Graph::new([]).plan().unwrap());
    subject.scheduler().run(&plan, &Run::new().observer(events.clone())).unwrap();
    assert_eq!(events.of(&plan), [Event::Start, Event::Finish(false)]);
}

/// A task that fails starts and does not end; the run ends with the error.
pub fn a_failing_run(subject: &Subject) {
    let (events, graph) = (Arc::new(Events::new()), TaskGraph::to_sinks(shapes::chain(10)));
    let plan = graph.plan(|block, _| match block {
        6 => Err("on purpose".into()),
        _ => Ok(Value::unit()),
    });
    let outcome = subject.scheduler().run(&plan, &Run::new().observer(events.clone()));
    assert!(outcome.is_err());
    let places = check(&plan, &events.of(&plan), true);
    assert_eq!((places.pre.len(), places.post.len(), places.released.len()), (7, 6, 5));
}

/// A run that is cancelled before it starts has a start and an end.
pub fn a_cancelled_run(subject: &Subject) {
    let (events, token) = (Arc::new(Events::new()), CancelToken::new());
    token.cancel();
    let plan = TaskGraph::to_sinks(shapes::chain(10)).mixing();
    let run = Run::new().observer(events.clone()).cancel(token);
    assert!(subject.scheduler().run(&plan, &run).is_err());
    assert_eq!(events.of(&plan), [Event::Start, Event::Finish(true)]);
}

/// Several observers are told the same.
pub fn every_observer_is_told(subject: &Subject) {
    let observers = [(); 3].map(|()| Arc::new(Events::new()));
    let plan = TaskGraph::to_sinks(shapes::tree(100)).mixing();
    let run = observers.iter().fold(Run::new(), |run, events| run.observer(events.clone()));
    subject.scheduler().run(&plan, &run).unwrap();
    for events in observers {
        let places = check(&plan, &events.of(&plan), false);
        assert_eq!(places.post.len(), plan.len());
    }
}

/// A worker's events come in pairs, in one thread.
pub fn a_worker_runs_one_task_at_a_time(subject: &Subject) {
    let events = Arc::new(Events::new());
    let plan = TaskGraph::to_sinks(shapes::tree(400)).plan(|task, inputs| {
        thread::sleep(Duration::from_micros(u64::from(task % 50)));
        crate::mix_of_values(task, inputs)
    });
    subject.scheduler().run(&plan, &Run::new().observer(events.clone())).unwrap();
    let mut busy: HashMap<WorkerId, u32> = HashMap::new();
    for event in events.of(&plan) {
        match event {
            Event::Pre(task, worker) => assert_eq!(busy.insert(worker, task), None),
            Event::Post(task, worker) => assert_eq!(busy.remove(&worker), Some(task)),
            _ => {}
        }
    }
    assert!(busy.is_empty());
}

/// Which threads the callbacks come from.
#[derive(Default)]
struct Threads(Mutex<Vec<ThreadId>>);

impl Observer for Threads {
    fn start(&self, _plan: &Plan) {
        self.0.lock().unwrap().push(thread::current().id());
    }

    fn finish(&self, _plan: &Plan, _error: Option<&Error>) {
        self.0.lock().unwrap().push(thread::current().id());
    }
}

/// Start and finish come from the thread that called the run.
pub fn start_and_finish_come_from_the_caller(subject: &Subject) {
    let threads = Arc::new(Threads::default());
    let plan = TaskGraph::to_sinks(shapes::tree(100)).mixing();
    subject.scheduler().run(&plan, &Run::new().observer(threads.clone())).unwrap();
    assert_eq!(*threads.0.lock().unwrap(), [thread::current().id(); 2]);
}

/// Raises a flag at the first release.
struct Releases(Flag);

impl Observer for Releases {
    fn released(&self, _task: TaskRef<'_>) {
        self.0.raise();
    }
}

/// A value that two tasks hold is not released while the slower one still runs, whichever took it
/// first.
pub fn a_shared_value_is_released_after_all_uses(subject: &Subject) {
    if subject.has_one_worker() {
        return;
    }
    for slow in [1, 2] {
        let released = Flag::new();
        // Tasks 1 and 2 share the value of task 0; the slow one listens while it runs.
        let graph = TaskGraph::of([vec![], vec![0], vec![0], vec![1, 2]], &[3]);
        let state = (slow, released.clone());
        let plan = graph.plan_with_state(state, |(slow, released), task, inputs| {
            if task == *slow && released.is_raised_within(Duration::from_millis(100)) {
                return Err(format!("a value was released while {slow} used it").into());
            }
            crate::mix_of_values(task, inputs)
        });
        let run = Run::new().observer(Arc::new(Releases(released)));
        subject.scheduler().run(&plan, &run).unwrap();
    }
}

//! Values go with their last consumer, and nothing is held after a run.

use super::Subject;
use crate::generate::task_graphs;
use crate::task_graph::TaskGraph;
use crate::{Alive, Tracked, eventually};
use chunkwise_graph::{
    BoxError, Error, Observer, Plan, Run, Scheduler, TaskRef, Value, WorkerId, shapes,
};
use std::sync::{Arc, RwLock};

/// A plan of tracked values.
fn tracked(graph: &TaskGraph) -> (Plan, Alive) {
    let alive = Alive::new(graph.dag.len());
    let of_work = alive.clone();
    (graph.plan(move |task, inputs| of_work.work(task, inputs)), alive)
}

/// The outputs are all that is alive when a run returns, and then nothing.
pub fn nothing_is_alive_after_a_run(subject: &Subject) {
    subject.for_all(60, task_graphs(60), |graph| {
        let (plan, alive) = tracked(&graph);
        let values = subject.run(&plan).unwrap();
        let numbers: Vec<u64> =
            values.iter().map(|v| v.get::<Tracked>().unwrap().number()).collect();
        assert_eq!(numbers, graph.expected());
        for task in graph.dag.tasks() {
            assert_eq!(alive.is_alive(task), graph.outputs.contains(&task), "task {task}");
        }
        assert_eq!(alive.n_made(), plan.len() as i64, "each task makes one value");
        drop(values);
        assert_eq!(alive.n_alive(), 0);
    });
}

/// Before each task: of the tasks before it, exactly those are alive that it or a later one needs.
struct OnlyWhatIsNeeded(Alive);

impl Observer for OnlyWhatIsNeeded {
    fn pretask(&self, task: TaskRef<'_>, _worker: WorkerId) {
        let plan = task.plan();
        for earlier in (0..task.id()).map(|id| plan.task(id)) {
            let last_use = plan.dag().dependents(earlier.id()).last();
            let needed = last_use >= Some(&task.id()) || plan.outputs().contains(&earlier.id());
            assert_eq!(self.0.is_alive(earlier.block()), needed, "{earlier:?} before {task:?}");
        }
    }
}

/// Of one worker: nothing is held longer than until its last consumer has run.
pub fn a_value_goes_with_its_last_consumer(subject: &Subject) {
    if !subject.has_one_worker() {
        return;
    }
    subject.for_all(60, task_graphs(60), |graph| {
        let (plan, alive) = tracked(&graph);
        let run = Run::new().observer(Arc::new(OnlyWhatIsNeeded(alive)));
        subject.scheduler().run(&plan, &run).unwrap();
    });
}

/// A value that observers are told is released has been dropped.
struct ReleasedIsDropped(Alive);

impl Observer for ReleasedIsDropped {
    fn released(&self, task: TaskRef<'_>) {
        assert!(!self.0.is_alive(task.block()), "{task:?} is released and alive");
    }
}

/// With any number of workers: what is released is gone.
pub fn a_released_value_is_dropped(subject: &Subject) {
    subject.for_all(60, task_graphs(80), |graph| {
        let (plan, alive) = tracked(&graph);
        let run = Run::new().observer(Arc::new(ReleasedIsDropped(alive)));
        subject.scheduler().run(&plan, &run).unwrap();
    });
}

/// What a task wants to know of the plan that it is in.
struct Known {
    plan: Plan,
    /// For each block its task's number.
    number: Vec<u32>,
}

/// Checks that inputs which `owned` says are the task's own can be changed in place.
fn check_owned(
    subject: &Subject,
    graph: &TaskGraph,
    owned: impl Fn(&Plan, u32, u32) -> bool + Send + Sync + 'static,
) {
    let alive = Alive::new(graph.dag.len());
    let known: Arc<RwLock<Option<Known>>> = Arc::default();
    let (of_work, dag) = (known.clone(), graph.dag.clone());
    let plan = graph.plan(move |block, inputs| {
        let known = of_work.read().unwrap();
        let Known { plan, number } = known.as_ref().expect("set before the run");
        for (&dep, input) in dag.deps(block).iter().zip(inputs.iter_mut()) {
            if owned(plan, number[block as usize], number[dep as usize])
                && input.get_mut::<Tracked>().is_none()
            {
                return Err(BoxError::from(format!("{block} does not own {dep}")));
            }
        }
        alive.work(block, inputs)
    });
    let mut number = vec![u32::MAX; graph.dag.len()];
    for task in plan.tasks() {
        number[task.block() as usize] = task.id();
    }
    *known.write().unwrap() = Some(Known { plan: plan.clone(), number });
    let outcome = subject.run(&plan);
    // The work holds the plan, and the plan the work: else both would stay for ever.
    known.write().unwrap().take();
    outcome.unwrap();
}

/// A value that one task needs, once, is that task's own.
pub fn the_only_consumer_owns_its_input(subject: &Subject) {
    subject.for_all(60, task_graphs(60), |graph| {
        check_owned(subject, &graph, |plan, _, dep| {
            plan.dag().dependents(dep).len() == 1 && !plan.outputs().contains(&dep)
        });
    });
}

/// Of one worker: a value is the last task's own, when that mentions it once.
pub fn the_last_consumer_owns_its_input(subject: &Subject) {
    if !subject.has_one_worker() {
        return;
    }
    subject.for_all(60, task_graphs(60), |graph| {
        check_owned(subject, &graph, |plan, task, dep| {
            let dependents = plan.dag().dependents(dep);
            let mentions = dependents.iter().filter(|&&dependent| dependent == task).count();
            dependents.last() == Some(&task) && mentions == 1 && !plan.outputs().contains(&dep)
        });
    });
}

/// An output that is asked for once can be changed in place by the caller.
pub fn a_result_is_the_callers_alone(subject: &Subject) {
    let graph = TaskGraph::of([vec![], vec![0], vec![0, 1]], &[0, 1, 2]);
    for mut value in subject.run(&graph.mixing()).unwrap() {
        assert!(value.get_mut::<u64>().is_some());
    }
}

/// A run keeps neither the plan, nor what it captured, nor the observers: whether it gave values
/// or failed.
pub fn the_plan_is_let_go(subject: &Subject) {
    struct Silent;
    impl Observer for Silent {}
    let scheduler = subject.scheduler();
    for fails in [false, true] {
        let captured = Arc::new(0u64);
        let weak = Arc::downgrade(&captured);
        let plan = TaskGraph::to_sinks(shapes::tree(200)).plan(move |task, _| {
            if fails && task == 100 {
                return Err("on purpose".into());
            }
            Ok(Value::new(*captured))
        });
        let observer = Arc::new(Silent);
        let result = scheduler.run(&plan, &Run::new().observer(observer.clone()));
        assert_eq!(matches!(result, Err(Error::Task { .. })), fails);
        drop((plan, result));
        // A worker may be on its way out.
        eventually("the plan is dropped", || weak.strong_count() == 0);
        eventually("the observer is dropped", || Arc::strong_count(&observer) == 1);
    }
}

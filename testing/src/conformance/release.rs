//! Values go with their last consumer, and nothing is held after a run.

use super::Subject;
use crate::generate::task_graphs;
use crate::task_graph::TaskGraph;
use crate::{Alive, Tracked, eventually};
use chunkwise_graph::{
    BoxError, Error, Observer, Plan, Run, Scheduler, TaskRef, Value, WorkerId, shapes,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A plan of tracked values.
fn tracked(graph: &TaskGraph) -> (Plan, Alive) {
    let alive = Alive::new(graph.dag.len());
    let plan = graph.plan_with_state(alive.clone(), |alive, task, inputs| alive.work(task, inputs));
    (plan, alive)
}

/// The outputs are all that is alive when a run returns, and then nothing.
pub fn nothing_is_alive_after_a_run(subject: &Subject) {
    subject.for_all(60, task_graphs(60), |graph| {
        let (plan, alive) = tracked(&graph);
        let values = subject.run(&plan).unwrap();
        let numbers: Vec<u64> =
            values.iter().map(|v| v.get::<Tracked>().unwrap().number()).collect();
        assert_eq!(numbers, graph.expected());
        let is_output = |task: u32| graph.outputs.contains(&task);
        subject.is_over("all but the outputs is dropped", || {
            graph.dag.tasks().all(|task| alive.is_alive(task) == is_output(task))
        });
        assert_eq!(alive.n_made(), plan.len() as i64, "each task makes one value");
        drop(values);
        subject.is_over("the outputs are dropped", || alive.n_alive() == 0);
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

/// Of one worker: nothing is held longer than until its last consumer has run. In other processes
/// that shows a moment later: there the tasks that follow see it go.
pub fn a_value_goes_with_its_last_consumer(subject: &Subject) {
    if !subject.has_one_worker() {
        return;
    }
    if subject.has_separate_processes() {
        return tasks_see_values_go(subject, 60);
    }
    let scheduler = subject.scheduler();
    subject.for_all(60, task_graphs(60), |graph| {
        let (plan, alive) = tracked(&graph);
        let run = Run::new().observer(Arc::new(OnlyWhatIsNeeded(alive)));
        scheduler.run(&plan, &run).unwrap();
    });
}

/// For each task the tasks whose values nobody needs once it starts: all their consumers come
/// before it on a path to it.
fn gone_before(graph: &TaskGraph) -> Vec<Vec<u32>> {
    let dag = &graph.dag;
    let mut before: Vec<Option<BTreeSet<u32>>> = vec![None; dag.len()];
    let mut stack: Vec<u32> = dag.tasks().collect();
    while let Some(&task) = stack.last() {
        let unknown = dag.deps(task).iter().copied().filter(|&dep| before[dep as usize].is_none());
        let n = stack.len();
        stack.extend(unknown.collect::<Vec<u32>>());
        if stack.len() == n {
            stack.pop();
            let mut all = BTreeSet::new();
            for &dep in dag.deps(task) {
                all.insert(dep);
                all.extend(before[dep as usize].iter().flatten());
            }
            before[task as usize] = Some(all);
        }
    }
    let needed = graph.needed();
    let gone = |before: &BTreeSet<u32>| {
        let is_gone = |&&task: &&u32| {
            let consumers = dag.dependents(task).iter().filter(|&&user| needed[user as usize]);
            !graph.outputs.contains(&task) && { consumers }.all(|user| before.contains(user))
        };
        before.iter().filter(is_gone).copied().collect()
    };
    before.iter().map(|before| gone(before.as_ref().expect("all are known"))).collect()
}

/// Each task waits until the values are dropped that it knows nobody needs.
fn tasks_see_values_go(subject: &Subject, n_cases: u32) {
    let scheduler = subject.scheduler();
    subject.for_all(n_cases, task_graphs(80), |graph| {
        let alive = Alive::new(graph.dag.len());
        let state = (alive.clone(), gone_before(&graph));
        let plan = graph.plan_with_state(state, |(alive, gone), task, inputs| {
            for &earlier in &gone[task as usize] {
                eventually("what nobody needs is dropped", || !alive.is_alive(earlier));
            }
            alive.work(task, inputs)
        });
        drop(scheduler.run(&plan, &Run::new()).unwrap());
        eventually("the outputs are dropped", || alive.n_alive() == 0);
    });
}

/// A value that observers are told is released has been dropped.
struct ReleasedIsDropped(Alive);

impl Observer for ReleasedIsDropped {
    fn released(&self, task: TaskRef<'_>) {
        assert!(!self.0.is_alive(task.block()), "{task:?} is released and alive");
    }
}

/// With any number of workers: what is released is gone. In other processes, where that shows a
/// moment later, the tasks that follow see it go.
pub fn a_released_value_is_dropped(subject: &Subject) {
    if subject.has_separate_processes() {
        return tasks_see_values_go(subject, 60);
    }
    let scheduler = subject.scheduler();
    subject.for_all(60, task_graphs(80), |graph| {
        let (plan, alive) = tracked(&graph);
        let run = Run::new().observer(Arc::new(ReleasedIsDropped(alive)));
        scheduler.run(&plan, &run).unwrap();
    });
}

/// Checks that inputs which `owned` says are the task's own can be changed in place.
fn check_owned(subject: &Subject, graph: &TaskGraph, owned: impl Fn(&Plan, u32, u32) -> bool) {
    // For each block whether each of its inputs is to be its own, by a plan of the same order.
    let known = graph.mixing();
    let mut is_own: Vec<Vec<bool>> = vec![Vec::new(); graph.dag.len()];
    for task in known.tasks() {
        let deps = known.dag().deps(task.id());
        is_own[task.block() as usize] =
            deps.iter().map(|&dep| owned(&known, task.id(), dep)).collect();
    }
    let state = (Alive::new(graph.dag.len()), is_own);
    let plan = graph.plan_with_state(state, |(alive, is_own), block, inputs| {
        for (at, (input, is_own)) in inputs.iter_mut().zip(&is_own[block as usize]).enumerate() {
            if *is_own && input.get_mut::<Tracked>().is_none() {
                return Err(BoxError::from(format!("{block} does not own its input {at}")));
            }
        }
        alive.work(block, inputs)
    });
    let blocks = |plan: &Plan| plan.tasks().map(|task| task.block()).collect::<Vec<u32>>();
    assert_eq!(blocks(&plan), blocks(&known), "equal graphs have equal orders");
    subject.run(&plan).unwrap();
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

/// State that shows whether it is held, in this process alone.
#[derive(Serialize, Deserialize)]
struct Held {
    fails: bool,
    #[serde(skip)]
    _here: Arc<()>,
}

/// A run keeps neither the plan, nor what it captured, nor the observers: whether it gave values
/// or failed.
pub fn the_plan_is_let_go(subject: &Subject) {
    struct Silent;
    impl Observer for Silent {}
    let scheduler = subject.scheduler();
    for fails in [false, true] {
        let here = Arc::new(());
        let weak = Arc::downgrade(&here);
        let graph = TaskGraph::to_sinks(shapes::tree(200));
        let plan = graph.plan_with_state(Held { fails, _here: here }, |held, task, _| {
            if held.fails && task == 100 {
                return Err("on purpose".into());
            }
            Ok(Value::new(0u64))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_gone_before_tasks_that_all_their_consumers_lead_to() {
        let graph = TaskGraph::of([vec![], vec![0], vec![0], vec![2, 1], vec![3]], &[4]);
        assert_eq!(gone_before(&graph), [vec![], vec![], vec![], vec![0], vec![0, 1, 2]]);
        // Task 1 need not have run when task 3 does; task 4 is asked for by nobody.
        let lists = [vec![], vec![0], vec![0], vec![2], vec![0, 3]];
        let graph = TaskGraph::of(lists.clone(), &[1, 3]);
        assert!(gone_before(&graph)[3].is_empty());
        // An output stays.
        assert_eq!(gone_before(&TaskGraph::of(lists, &[2, 3]))[3], [0]);
    }
}

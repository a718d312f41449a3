//! Every way to choose a scheduler and a plan gives the same values.

use super::Subject;
use crate::Counting;
use crate::generate::{layered, task_dicts, task_graphs};
use crate::task_graph::numbers;
use chunkwise_graph::order::Strategy;
use chunkwise_graph::{
    CollectionExt, Ordering, PlanOptions, Run, Scheduler, SchedulerExt, current_scheduler,
    default_scheduler, set_default_scheduler, with_scheduler,
};
use std::sync::{Mutex, PoisonError};

/// Chosen for a scope.
pub fn a_scope(subject: &Subject) {
    let (counting, made) = (Counting::new(subject.scheduler()), layered(6, 1));
    let values = with_scheduler(counting.clone(), || made.compute()).unwrap();
    assert_eq!(values, made.expected());
    assert_eq!((counting.n_runs(), counting.n_prepared()), (1, 1));
    assert_eq!(current_scheduler().name(), default_scheduler().name());
}

/// Chosen for the process.
pub fn the_default(subject: &Subject) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let (counting, made) = (Counting::new(subject.scheduler()), layered(6, 2));
    let before = default_scheduler();
    set_default_scheduler(counting.clone());
    let outcome = made.compute();
    set_default_scheduler(before);
    assert_eq!(outcome.unwrap(), made.expected());
    assert!(counting.n_runs() >= 1);
}

/// Chosen for one call, over what is set around it.
pub fn per_call(subject: &Subject) {
    let made = layered(6, 3);
    let (chosen, around) = (Counting::new(subject.scheduler()), Counting::new(subject.scheduler()));
    let values = with_scheduler(around.clone(), || made.compute_with(&chosen)).unwrap();
    assert_eq!(values, made.expected());
    assert_eq!((chosen.n_runs(), around.n_runs()), (1, 0));
}

/// Every order of the tasks.
pub fn every_order(subject: &Subject) {
    let scheduler = subject.scheduler();
    subject.for_all(30, task_graphs(60), |graph| {
        for strategy in Strategy::ALL {
            let options = PlanOptions::default().order(Ordering::By(strategy));
            let scheduler = scheduler.clone().planned(options);
            let layers = graph.graph(|task, inputs| crate::mix_of_values(task, inputs));
            let plan = scheduler.prepare(&layers).unwrap();
            let values = scheduler.run(&plan, &Run::new()).unwrap();
            assert_eq!(numbers(&values), graph.expected(), "{strategy:?}");
        }
    });
}

/// Linear chains as single tasks.
pub fn fused_chains(subject: &Subject) {
    subject.for_all(60, task_graphs(60), |graph| {
        let options = PlanOptions::default().fuse_chains();
        let plan = graph.plan_with(&options, |task, inputs| crate::mix_of_values(task, inputs));
        assert!(plan.len() <= graph.mixing().len());
        assert_eq!(numbers(&subject.run(&plan).unwrap()), graph.expected());
    });
    subject.for_all(30, task_dicts(30), |made| {
        let scheduler = subject.scheduler().planned(PlanOptions::default().fuse_chains());
        let values = scheduler.get_all::<i64>(&made.dict, made.keys.clone()).unwrap();
        assert_eq!(values, made.values);
    });
}

/// Behind references, boxes and shared pointers.
pub fn a_wrapped_scheduler(subject: &Subject) {
    let made = layered(5, 4);
    let boxed: Box<dyn Scheduler> = Box::new(subject.scheduler());
    assert_eq!(made.compute_with(&boxed).unwrap(), made.expected());
    assert_eq!(made.compute_with(&&*boxed).unwrap(), made.expected());
    assert_eq!(boxed.name(), subject.scheduler().name());
}

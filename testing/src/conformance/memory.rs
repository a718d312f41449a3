//! Measured memory against what plans and layers promise.

use super::Subject;
use crate::generate::{layered_graphs, task_graphs};
use crate::{BoundsCheck, LiveCounter};
use chunkwise_graph::order::Strategy;
use chunkwise_graph::{CollectionExt, Ordering, PlanOptions, Run, Scheduler};
use std::collections::HashSet;
use std::sync::Arc;

/// Of one worker: as many results are held at the peak as the plan says, in every order.
pub fn the_measured_peak_is_the_predicted_one(subject: &Subject) {
    if !subject.has_one_worker() {
        return;
    }
    let scheduler = subject.scheduler();
    subject.for_all(40, task_graphs(60), |graph| {
        let orders = Strategy::ALL.map(Ordering::By);
        for order in orders.into_iter().chain([Ordering::LeastMemory]) {
            let options = PlanOptions::default().order(order);
            let plan = graph.plan_with(&options, |task, inputs| crate::mix_of_values(task, inputs));
            let live = Arc::new(LiveCounter::new());
            scheduler.run(&plan, &Run::new().observer(live.clone())).unwrap();
            assert_eq!(live.peak() as u64, plan.predicted_peak().live, "{order:?}");
        }
    });
}

/// Of any number of workers: when a run ends, all but the outputs has been released.
pub fn only_outputs_are_left(subject: &Subject) {
    let scheduler = subject.scheduler();
    subject.for_all(40, task_graphs(60), |graph| {
        let (plan, live) = (graph.mixing(), Arc::new(LiveCounter::new()));
        scheduler.run(&plan, &Run::new().observer(live.clone())).unwrap();
        let outputs: HashSet<u32> = plan.outputs().iter().copied().collect();
        assert_eq!(live.now(), outputs.len() as i64);
        assert!(live.peak() <= plan.len() as i64);
    });
}

/// No block is larger than its layer promised, before and after the passes.
pub fn results_keep_to_their_bounds(subject: &Subject) {
    let (scheduler, check) = (subject.scheduler(), Arc::new(BoundsCheck::new()));
    subject.for_all(40, layered_graphs(8), |made| {
        for plan in [made.graph().plan().unwrap(), made.plan().unwrap()] {
            scheduler.run(&plan, &Run::new().observer(check.clone())).unwrap();
        }
    });
    assert!(check.n_checked() > 500, "only {} bounds to check", check.n_checked());
}

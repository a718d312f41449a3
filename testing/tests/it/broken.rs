//! The suite finds what it is there to find: each defect of a scheduler fails the case about it.

use chunkwise_graph::{Error, Plan, Result, Run, Scheduler, Value, WorkerId};
use chunkwise_testing::conformance::{
    Case, Subject, cancellation, concurrency, errors, faulty, memory, nested, observers, release,
    values,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Defect {
    None,
    SwapsOutputs,
    SwapsArguments,
    ForgetsRepeats,
    HoldsIntermediates,
    NeverLetsGo,
    LastErrorWins,
    GoesOnWhenCancelled,
    DropsTheError,
    ForgetsTheScope,
    RunsOnAnother,
    TellsNobody,
    ReleasesOutputs,
    ReleasesEarly,
    StartsTwice,
    NeverFinishes,
}

struct Broken {
    defect: Defect,
    kept: Mutex<Vec<Value>>,
}

impl Broken {
    fn run_all(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        let dag = plan.dag();
        let mut values: Vec<Value> = vec![Value::unit(); plan.len()];
        let mut left: Vec<usize> = dag.tasks().map(|task| dag.dependents(task).len()).collect();
        plan.outputs().iter().for_each(|&output| left[output as usize] += 1);
        let mut failure = None;
        for task in dag.tasks() {
            if run.is_cancelled() && self.defect != Defect::GoesOnWhenCancelled {
                return Err(Error::Cancelled { running: Vec::new() });
            }
            let mut deps = dag.deps(task).to_vec();
            match self.defect {
                Defect::SwapsArguments => deps.reverse(),
                Defect::ForgetsRepeats => deps.dedup(),
                _ => {}
            }
            let mut released = Vec::new();
            let mut inputs: Vec<Value> = Vec::new();
            for dep in deps {
                let left = &mut left[dep as usize];
                *left -= 1;
                if *left == 0 {
                    released.push(dep);
                }
                let holds = self.defect == Defect::HoldsIntermediates;
                inputs.push(match *left == 0 && !holds {
                    true => values[dep as usize].take(),
                    false => values[dep as usize].clone(),
                });
            }
            if self.defect == Defect::ReleasesEarly {
                run.released(plan, &released, task)?;
            }
            match run.execute(plan, task, &mut inputs, WorkerId(0)) {
                Ok(value) => values[task as usize] = value,
                Err(error) if self.defect == Defect::LastErrorWins => failure = Some(error),
                Err(_) if self.defect == Defect::DropsTheError => return Ok(Vec::new()),
                Err(error) => return Err(error),
            }
            drop(inputs);
            if self.defect == Defect::ReleasesOutputs && plan.outputs().contains(&task) {
                released.push(task);
            }
            if self.defect != Defect::ReleasesEarly {
                run.released(plan, &released, task)?;
            }
        }
        if self.defect == Defect::NeverLetsGo {
            self.kept.lock().unwrap().extend(values.iter().cloned());
        }
        let mut outputs: Vec<u32> = plan.outputs().to_vec();
        if self.defect == Defect::SwapsOutputs {
            outputs.reverse();
        }
        match failure {
            Some(error) => Err(error),
            None => Ok(outputs.iter().map(|&output| values[output as usize].clone()).collect()),
        }
    }
}

impl Scheduler for Broken {
    fn name(&self) -> &'static str {
        "broken"
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        let nobody = Run::new();
        let run = if self.defect == Defect::TellsNobody { &nobody } else { run };
        run.started(plan);
        if self.defect == Defect::StartsTwice {
            run.started(plan);
        }
        let again = Broken { defect: self.defect, kept: Mutex::default() };
        let inner = match self.defect {
            Defect::ForgetsTheScope => Run::new().scheduler(Arc::new(again)),
            Defect::RunsOnAnother => run.clone().scheduler(Arc::new(chunkwise_graph::InOrder)),
            _ => run.clone().scheduler(Arc::new(again)),
        };
        let result = inner.enter(|| self.run_all(plan, run));
        if self.defect != Defect::NeverFinishes {
            run.finished(plan, result.as_ref().err());
        }
        result
    }
}

/// Whether a scheduler with this defect passes a case.
fn passes(defect: Defect, case: Case) -> bool {
    let subject = Subject::one_worker(move || Broken { defect, kept: Mutex::default() });
    catch_unwind(AssertUnwindSafe(|| case(&subject))).is_ok()
}

const FOUND_BY: [(Defect, &[Case]); 15] = [
    (Defect::SwapsOutputs, &[values::random_graphs, values::outputs_asked_twice]),
    (Defect::SwapsArguments, &[values::a_diamond, values::random_dicts, values::random_layers]),
    (Defect::ForgetsRepeats, &[values::repeated_arguments]),
    (
        Defect::HoldsIntermediates,
        &[
            release::a_value_goes_with_its_last_consumer,
            release::a_released_value_is_dropped,
            release::the_last_consumer_owns_its_input,
            release::the_only_consumer_owns_its_input,
        ],
    ),
    (Defect::NeverLetsGo, &[release::nothing_is_alive_after_a_run]),
    (Defect::LastErrorWins, &[errors::the_first_failing_task_wins]),
    (
        Defect::GoesOnWhenCancelled,
        &[cancellation::a_token_cancelled_before, cancellation::nothing_starts_afterwards],
    ),
    (Defect::DropsTheError, &[faulty::every_nth_task_fails, concurrency::failures_stay_apart]),
    (Defect::ForgetsTheScope, &[nested::observers_are_inherited, nested::the_token_is_inherited]),
    (Defect::RunsOnAnother, &[nested::the_scheduler_is_inherited]),
    (Defect::TellsNobody, &[observers::the_sequence_of_a_run, memory::only_outputs_are_left]),
    (Defect::ReleasesOutputs, &[observers::the_sequence_of_a_run, memory::only_outputs_are_left]),
    (Defect::ReleasesEarly, &[observers::the_sequence_of_a_run]),
    (Defect::StartsTwice, &[observers::the_sequence_of_a_run]),
    (Defect::NeverFinishes, &[observers::a_run_of_nothing]),
];

#[test]
fn each_defect_is_found() {
    for (defect, cases) in FOUND_BY {
        for (at, &case) in cases.iter().enumerate() {
            assert!(passes(Defect::None, case), "case {at} of {defect:?} fails without it");
            assert!(!passes(defect, case), "case {at} misses {defect:?}");
        }
    }
}

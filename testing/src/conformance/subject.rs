//! [`Subject`]: the scheduler under test, and what it promises beyond the contract.

use crate::task_graph::{TaskGraph, numbers};
use chunkwise_graph::{Plan, Result, Run, Scheduler, Value};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestRunner};
use std::fmt::Debug;
use std::sync::{Arc, OnceLock};

type Make = dyn Fn() -> Arc<dyn Scheduler> + Send + Sync;

/// The scheduler under test, and what it promises beyond the contract.
pub struct Subject {
    make: Box<Make>,
    impatient: Option<Box<Make>>,
    one_worker: bool,
    /// For [`Subject::run`]; it lives as long as the subject, so that what it keeps shows.
    shared: OnceLock<Arc<dyn Scheduler>>,
}

fn shared<S: Scheduler + 'static>(make: impl Fn() -> S + Send + Sync + 'static) -> Box<Make> {
    Box::new(move || Arc::new(make()))
}

impl Subject {
    /// A scheduler with any number of workers.
    pub fn new<S: Scheduler + 'static>(make: impl Fn() -> S + Send + Sync + 'static) -> Subject {
        Subject { make: shared(make), impatient: None, one_worker: false, shared: OnceLock::new() }
    }

    /// A scheduler that runs one task after the other, in plan order.
    pub fn one_worker<S: Scheduler + 'static>(
        make: impl Fn() -> S + Send + Sync + 'static,
    ) -> Subject {
        Subject { one_worker: true, ..Subject::new(make) }
    }

    /// The same scheduler when it waits only a moment for tasks of a cancelled run; without this
    /// it is taken to wait for ever.
    #[must_use]
    pub fn impatient<S: Scheduler + 'static>(
        self,
        make: impl Fn() -> S + Send + Sync + 'static,
    ) -> Subject {
        Subject { impatient: Some(shared(make)), ..self }
    }

    /// A new scheduler.
    pub fn scheduler(&self) -> Arc<dyn Scheduler> {
        (self.make)()
    }

    /// A new scheduler that leaves stuck tasks behind, if it can.
    pub fn impatient_scheduler(&self) -> Option<Arc<dyn Scheduler>> {
        self.impatient.as_ref().map(|make| make())
    }

    /// Whether tasks run one after the other, in plan order.
    pub fn has_one_worker(&self) -> bool {
        self.one_worker
    }

    /// Runs a plan on one scheduler, the same each time, with nothing set around it.
    ///
    /// # Errors
    /// As [`Scheduler::run`].
    pub fn run(&self, plan: &Plan) -> Result<Vec<Value>> {
        self.shared.get_or_init(|| self.scheduler()).run(plan, &Run::new())
    }

    /// Checks the values of a graph whose tasks mix numbers.
    pub(super) fn check(&self, graph: &TaskGraph) {
        let values = self.run(&graph.mixing()).unwrap();
        assert_eq!(numbers(&values), graph.expected());
    }

    /// Checks `property` for random inputs, the same ones every time; the smallest failing one is
    /// reported.
    pub(super) fn for_all<T: Debug>(
        &self,
        n_cases: u32,
        inputs: impl Strategy<Value = T>,
        property: impl Fn(T),
    ) {
        let config = Config { cases: n_cases, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(
            config,
            proptest::test_runner::TestRng::deterministic_rng(
                proptest::test_runner::RngAlgorithm::ChaCha,
            ),
        );
        let outcome = runner.run(&inputs, |input| {
            property(input);
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{failure}"));
    }
}

//! [`Subject`]: the scheduler under test, and what it promises beyond the contract.

use crate::eventually;
use crate::faults::Injected;
use crate::task_graph::{TaskGraph, numbers};
use chunkwise_graph::{Plan, Result, Run, Scheduler, Value, register_error};
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
    separate_processes: bool,
    /// For [`Subject::run`]; it lives as long as the subject, so that what it keeps shows.
    shared: OnceLock<Arc<dyn Scheduler>>,
}

fn shared<S: Scheduler + 'static>(make: impl Fn() -> S + Send + Sync + 'static) -> Box<Make> {
    Box::new(move || Arc::new(make()))
}

impl Subject {
    /// A scheduler with any number of workers.
    pub fn new<S: Scheduler + 'static>(make: impl Fn() -> S + Send + Sync + 'static) -> Subject {
        // The error of the suite's tasks; a process that runs them is told which there are.
        register_error::<Injected>();
        Subject {
            make: shared(make),
            impatient: None,
            one_worker: false,
            separate_processes: false,
            shared: OnceLock::new(),
        }
    }

    /// A scheduler that runs one task after the other, in plan order.
    pub fn one_worker<S: Scheduler + 'static>(
        make: impl Fn() -> S + Send + Sync + 'static,
    ) -> Subject {
        Subject { one_worker: true, ..Subject::new(make) }
    }

    /// The same scheduler, whose tasks run in other processes. What the suite then does otherwise,
    /// and why:
    ///
    /// - Addresses of values are not compared: each process has values of its own.
    /// - What a run held may be dropped a moment after the run, or an observer, says so: the process
    ///   that held it is told by a message. Between tasks values are bytes, which are not counted.
    /// - Graphs that tasks compute are not seen by the caller's observers, and run on whatever
    ///   scheduler the other process has for them: they stay where the task is.
    /// - A task that does not look is ended with its process, and not left behind.
    /// - A task that has no portable form is refused before anything runs.
    /// - A hundred thousand tasks stand for a million: each costs messages instead of a call.
    #[must_use]
    pub fn separate_processes(self) -> Subject {
        Subject { separate_processes: true, ..self }
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

    /// Whether tasks run in other processes than the caller's.
    pub fn has_separate_processes(&self) -> bool {
        self.separate_processes
    }

    /// Checks that something has been dropped: by now, in the caller's process; in others, as soon
    /// as they are told.
    pub(super) fn is_over(&self, what: &str, condition: impl Fn() -> bool) {
        if self.separate_processes {
            eventually(what, condition);
        } else {
            assert!(condition(), "not yet: {what}");
        }
    }

    /// A new scheduler that leaves stuck tasks behind, or ends them, if it can.
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

//! [`Events`]: an observer that writes down what it is told.

use chunkwise_graph::{Error, MemoryUse, Observer, Plan, TaskRef, Value, WorkerId};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One callback of an observer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// `start`.
    Start,
    /// `pretask` of a task.
    Pre(u32, WorkerId),
    /// `posttask` of a task.
    Post(u32, WorkerId),
    /// `released` of a task.
    Released(u32),
    /// `finish`, and whether there was an error.
    Finish(bool),
}

/// Writes down every callback with the number of its plan, in the order in which they come.
#[derive(Debug, Default)]
pub struct Events {
    seen: Mutex<Vec<(u64, Event)>>,
}

impl Events {
    /// Nothing seen yet.
    pub fn new() -> Events {
        Events::default()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(u64, Event)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, plan: u64, event: Event) {
        self.lock().push((plan, event));
    }

    /// Everything that was seen of one plan.
    pub fn of(&self, plan: &Plan) -> Vec<Event> {
        let id = plan.id();
        self.lock().iter().filter(|(plan, _)| *plan == id).map(|(_, event)| *event).collect()
    }

    /// Everything that was seen, with the numbers of the plans.
    pub fn all(&self) -> Vec<(u64, Event)> {
        self.lock().clone()
    }

    /// How many callbacks satisfy a condition.
    pub fn count(&self, condition: impl Fn(&Event) -> bool) -> usize {
        self.lock().iter().filter(|(_, event)| condition(event)).count()
    }
}

#[deny(clippy::missing_trait_methods)]
impl Observer for Events {
    fn start(&self, plan: &Plan) {
        self.add(plan.id(), Event::Start);
    }

    fn pretask(&self, task: TaskRef<'_>, worker: WorkerId) {
        self.add(task.plan().id(), Event::Pre(task.id(), worker));
    }

    fn posttask(&self, task: TaskRef<'_>, _value: &Value, worker: WorkerId) {
        self.add(task.plan().id(), Event::Post(task.id(), worker));
    }

    fn released(&self, task: TaskRef<'_>) {
        self.add(task.plan().id(), Event::Released(task.id()));
    }

    fn measured(&self, _plan: &Plan, _memory: &MemoryUse) {}

    fn finish(&self, plan: &Plan, error: Option<&Error>) {
        self.add(plan.id(), Event::Finish(error.is_some()));
    }
}

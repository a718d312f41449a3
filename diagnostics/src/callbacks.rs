//! [`Callbacks`]: an observer made of closures.

use chunkwise_graph::{Error, Observer, Plan, TaskRef, Value, WorkerId};
use std::fmt;

type OnStart = dyn Fn(&Plan) + Send + Sync;
type OnPretask = dyn Fn(TaskRef<'_>, WorkerId) + Send + Sync;
type OnPosttask = dyn Fn(TaskRef<'_>, &Value, WorkerId) + Send + Sync;
type OnReleased = dyn Fn(TaskRef<'_>) + Send + Sync;
type OnFinish = dyn Fn(&Plan, Option<&Error>) + Send + Sync;

/// An observer made of closures, one for each event that you want to hear of.
///
/// ```
/// use chunkwise_diagnostics::Callbacks;
/// use chunkwise_graph::{InOrder, SchedulerExt, TaskDict, with_observer};
/// use std::sync::{Arc, Mutex};
///
/// let mut graph = TaskDict::new();
/// graph.value("x", 1i64).task("y", |x: i64| x + 1, ["x"]);
///
/// let seen = Arc::new(Mutex::new(Vec::new()));
/// let keys = seen.clone();
/// let observer = Callbacks::new().on_posttask(move |task, value, _worker| {
///     keys.lock().unwrap().push(format!("{} = {}", task.key(), value.describe()));
/// });
/// with_observer(Arc::new(observer), || InOrder.get::<i64>(&graph, "y"))?;
/// assert_eq!(*seen.lock().unwrap(), ["x = 1", "y = 2"]);
/// # Ok::<(), chunkwise_graph::Error>(())
/// ```
///
/// Closures run on the threads of the workers, several at the same time; one that panics fails
/// the task that it was called for. Giving one for the same event again replaces the first.
///
/// Of tasks in other processes one thread of this process tells, a little after the fact:
/// [`heard`](chunkwise_graph::heard) says when it happened and where. The value of such a task may
/// stand for one that stayed there: [`Value::nbytes`] and [`Value::describe`] are right, and the
/// content is not there (`get` gives an error). A task may be told of again if its worker process,
/// or its result with it, was lost.
#[derive(Default)]
pub struct Callbacks {
    start: Option<Box<OnStart>>,
    pretask: Option<Box<OnPretask>>,
    posttask: Option<Box<OnPosttask>>,
    released: Option<Box<OnReleased>>,
    finish: Option<Box<OnFinish>>,
}

impl Callbacks {
    /// Without closures: hears nothing yet.
    pub fn new() -> Callbacks {
        Callbacks::default()
    }

    /// Called when a run starts.
    #[must_use]
    pub fn on_start(mut self, f: impl Fn(&Plan) + Send + Sync + 'static) -> Callbacks {
        self.start = Some(Box::new(f));
        self
    }

    /// Called before each task.
    #[must_use]
    pub fn on_pretask(
        mut self,
        f: impl Fn(TaskRef<'_>, WorkerId) + Send + Sync + 'static,
    ) -> Callbacks {
        self.pretask = Some(Box::new(f));
        self
    }

    /// Called after each task that gave a value.
    #[must_use]
    pub fn on_posttask(
        mut self,
        f: impl Fn(TaskRef<'_>, &Value, WorkerId) + Send + Sync + 'static,
    ) -> Callbacks {
        self.posttask = Some(Box::new(f));
        self
    }

    /// Called when the value of a task was dropped because nothing needs it any longer.
    #[must_use]
    pub fn on_released(mut self, f: impl Fn(TaskRef<'_>) + Send + Sync + 'static) -> Callbacks {
        self.released = Some(Box::new(f));
        self
    }

    /// Called when a run ends.
    #[must_use]
    pub fn on_finish(
        mut self,
        f: impl Fn(&Plan, Option<&Error>) + Send + Sync + 'static,
    ) -> Callbacks {
        self.finish = Some(Box::new(f));
        self
    }
}

impl Observer for Callbacks {
    fn start(&self, plan: &Plan) {
        self.start.iter().for_each(|f| f(plan));
    }

    fn pretask(&self, task: TaskRef<'_>, worker: WorkerId) {
        self.pretask.iter().for_each(|f| f(task, worker));
    }

    fn posttask(&self, task: TaskRef<'_>, value: &Value, worker: WorkerId) {
        self.posttask.iter().for_each(|f| f(task, value, worker));
    }

    fn released(&self, task: TaskRef<'_>) {
        self.released.iter().for_each(|f| f(task));
    }

    fn finish(&self, plan: &Plan, error: Option<&Error>) {
        self.finish.iter().for_each(|f| f(plan, error));
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = [
            ("start", self.start.is_some()),
            ("pretask", self.pretask.is_some()),
            ("posttask", self.posttask.is_some()),
            ("released", self.released.is_some()),
            ("finish", self.finish.is_some()),
        ];
        f.write_str("Callbacks ")?;
        f.debug_set().entries(given.iter().filter(|(_, is)| *is).map(|(name, _)| name)).finish()
    }
}

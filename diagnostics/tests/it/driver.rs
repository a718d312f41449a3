use chunkwise_graph::{
    Key, Observer, Plan, Result, Run, Scheduler, TaskDict, Value, WorkerId, list,
};
use std::sync::{Arc, Condvar, Mutex};

/// Runs plans on a few threads of its own, one lock for all: slow, and plainly right. It calls
/// observers as schedulers do.
pub(crate) struct Threads(pub(crate) usize);

struct State {
    /// Open dependencies of each task.
    open: Vec<usize>,
    started: Vec<bool>,
    values: Vec<Option<Value>>,
    /// Consumers and outputs to come.
    left: Vec<usize>,
    n_ready_or_running: usize,
    n_done: usize,
    error: Option<chunkwise_graph::Error>,
}

impl Scheduler for Threads {
    fn name(&self) -> &'static str {
        "test threads"
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        run.started(plan);
        let dag = plan.dag();
        let mut left: Vec<usize> = dag.tasks().map(|task| dag.dependents(task).len()).collect();
        plan.outputs().iter().for_each(|&output| left[output as usize] += 1);
        let state = Mutex::new(State {
            open: dag.tasks().map(|task| dag.deps(task).len()).collect(),
            started: vec![false; plan.len()],
            values: vec![None; plan.len()],
            left,
            n_ready_or_running: 0,
            n_done: 0,
            error: None,
        });
        let changed = Condvar::new();
        std::thread::scope(|scope| {
            for worker in 0..self.0 as u32 {
                let (state, changed) = (&state, &changed);
                scope
                    .spawn(move || run.enter(|| work(plan, run, WorkerId(worker), state, changed)));
            }
        });
        let state = state.into_inner().unwrap();
        let result = match state.error {
            Some(error) => Err(error),
            None => {
                let value = |&output: &u32| state.values[output as usize].clone().unwrap();
                Ok(plan.outputs().iter().map(value).collect())
            }
        };
        run.finished(plan, result.as_ref().err());
        result
    }
}

fn work(plan: &Plan, run: &Run, worker: WorkerId, state: &Mutex<State>, changed: &Condvar) {
    let dag = plan.dag();
    let mut locked = state.lock().unwrap();
    loop {
        if run.is_cancelled() {
            locked.error.get_or_insert(chunkwise_graph::Error::Cancelled { running: Vec::new() });
        }
        if locked.error.is_some() || locked.n_done == plan.len() {
            changed.notify_all();
            return;
        }
        let ready =
            dag.tasks().find(|&t| !locked.started[t as usize] && locked.open[t as usize] == 0);
        let Some(task) = ready else {
            locked = changed.wait(locked).unwrap();
            continue;
        };
        locked.started[task as usize] = true;
        locked.n_ready_or_running += 1;
        let value = |dep: &u32| locked.values[*dep as usize].clone().unwrap();
        let mut inputs: Vec<Value> = dag.deps(task).iter().map(value).collect();
        drop(locked);
        let result = run.execute(plan, task, &mut inputs, worker);
        drop(inputs);
        locked = state.lock().unwrap();
        match result {
            Ok(value) => {
                let released = locked.done(plan, task, value);
                run.released(plan, &released, task).unwrap();
            }
            Err(error) => locked.error = locked.error.take().or(Some(error)),
        }
        changed.notify_all();
    }
}

impl State {
    fn done(&mut self, plan: &Plan, task: u32, value: Value) -> Vec<u32> {
        self.n_done += 1;
        self.values[task as usize] = Some(value);
        plan.dag().dependents(task).iter().for_each(|&next| self.open[next as usize] -= 1);
        let mut released = Vec::new();
        for &dep in plan.dag().deps(task) {
            self.left[dep as usize] -= 1;
            if self.left[dep as usize] == 0 {
                self.values[dep as usize] = None;
                released.push(dep);
            }
        }
        released
    }
}

pub(crate) fn add(x: i64, y: i64) -> i64 {
    x + y
}

pub(crate) fn inc(x: i64) -> i64 {
    x + 1
}

/// `n` parts, each loaded and counted, and the total: 3 n + 1 tasks.
pub(crate) fn parts(n: i64) -> TaskDict {
    let mut graph = TaskDict::new();
    for i in 0..n {
        graph.value(("part", i), i);
        graph.task(("load", i), |i: i64| vec![i; 100], [("part", i)]);
        graph.task(("count", i), |part: Vec<i64>| part.len() as i64, [("load", i)]);
    }
    let counts: Vec<Key> = (0..n).map(|i| ("count", i).into()).collect();
    graph.task("total", |counts: Vec<i64>| counts.iter().sum::<i64>(), [list(counts)]);
    graph
}

pub(crate) fn plan_of(graph: &TaskDict, key: impl Into<Key>) -> Plan {
    graph.graph(&[key.into()]).unwrap().plan().unwrap()
}

/// Runs `plan` on `scheduler`, watched by `observer`.
pub(crate) fn watched(
    scheduler: &dyn Scheduler,
    plan: &Plan,
    observer: Arc<dyn Observer>,
) -> Result<Vec<Value>> {
    scheduler.run(plan, &Run::new().observer(observer))
}

//! [`TaskGraph`]: a plain graph of tasks, its plan, and its values found the slow way.

use crate::mix::{mix, mix_of_values};
use chunkwise_graph::grid::unflatten;
use chunkwise_graph::{
    Block, Blocks, Bounds, BoxError, Captureless, Dag, Dep, Graph, Kernel, Key, Layer, LoadWith,
    Name, Parcel, Plan, PlanOptions, Shipment, Value,
};
use serde::{Serialize, de::DeserializeOwned};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Tasks by number, in any order, and the outputs that are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskGraph {
    /// What each task needs, in the order of its arguments.
    pub dag: Dag,
    /// The tasks whose values are wanted, in this order; one may come twice, or none at all.
    pub outputs: Vec<u32>,
}

impl TaskGraph {
    /// With the tasks as outputs that nobody needs.
    pub fn to_sinks(dag: Dag) -> TaskGraph {
        let outputs = dag.tasks().filter(|&task| dag.dependents(task).is_empty()).collect();
        TaskGraph { dag, outputs }
    }

    /// From one list of dependencies a task.
    pub fn of<L: AsRef<[u32]>>(lists: impl IntoIterator<Item = L>, outputs: &[u32]) -> TaskGraph {
        TaskGraph { dag: Dag::from_lists(lists), outputs: outputs.to_vec() }
    }

    /// As a graph of one layer whose block `i` is task `i`, and does `work(i, inputs)`.
    ///
    /// Work that captures nothing can run in other processes; what it would capture is given to
    /// [`TaskGraph::graph_with_state`].
    pub fn graph(
        &self,
        work: impl Fn(u32, &mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
    ) -> Graph {
        self.graph_of(self.blocks(work))
    }

    /// As [`TaskGraph::graph`], with work that is given what it needs to know besides.
    pub fn graph_with_state<S, F>(&self, state: S, work: F) -> Graph
    where
        S: Serialize + DeserializeOwned + Send + Sync + 'static,
        F: Fn(&S, u32, &mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
    {
        self.graph_of(self.blocks_with_state(state, work))
    }

    /// The blocks of [`TaskGraph::graph`], to be wrapped.
    pub fn blocks(
        &self,
        work: impl Fn(u32, &mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
    ) -> Arc<dyn Blocks> {
        self.blocks_with_state((), move |(), task: u32, inputs: &mut [Value]| work(task, inputs))
    }

    /// The blocks of [`TaskGraph::graph_with_state`], to be wrapped.
    pub fn blocks_with_state<S, F>(&self, state: S, work: F) -> Arc<dyn Blocks>
    where
        S: Serialize + DeserializeOwned + Send + Sync + 'static,
        F: Fn(&S, u32, &mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
    {
        let grid = [self.dag.len() as u32];
        Arc::new(TaskBlocks { dag: self.dag.clone(), grid, state, work })
    }

    /// As a graph of one layer with these blocks.
    pub fn graph_of(&self, blocks: Arc<dyn Blocks>) -> Graph {
        let name = Name::unique("tasks");
        let here = std::panic::Location::caller();
        let mut graph = Graph::new([&Layer::shared(name.clone(), [], blocks, here)]);
        let grid = [self.dag.len() as u32];
        let key = |&task: &u32| Key { name: name.clone(), index: unflatten(&grid, task) };
        let keys: Vec<Key> = self.outputs.iter().map(key).collect();
        graph.want(&keys).expect("the outputs are tasks");
        graph
    }

    /// The plan of [`TaskGraph::graph`].
    pub fn plan(
        &self,
        work: impl Fn(u32, &mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
    ) -> Plan {
        self.graph(work).plan().expect("the graph has no cycle")
    }

    /// The plan of [`TaskGraph::graph_with_state`].
    ///
    /// ```
    /// use chunkwise_graph::{Value, shapes};
    /// use chunkwise_testing::{Crossing, TaskGraph};
    /// # use chunkwise_graph::{Run, Scheduler};
    /// let tens = vec![10u64, 20, 30];
    /// let plan = TaskGraph::to_sinks(shapes::chain(3))
    ///     .plan_with_state(tens, |tens, task, _| Ok(Value::new(tens[task as usize])));
    /// let values = Crossing.run(&plan, &Run::new())?;
    /// assert_eq!(values[0].get::<u64>()?, &30);
    /// # Ok::<(), chunkwise_graph::Error>(())
    /// ```
    pub fn plan_with_state<S, F>(&self, state: S, work: F) -> Plan
    where
        S: Serialize + DeserializeOwned + Send + Sync + 'static,
        F: Fn(&S, u32, &mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
    {
        self.graph_with_state(state, work).plan().expect("the graph has no cycle")
    }

    /// As [`TaskGraph::plan`], with other choices.
    pub fn plan_with(
        &self,
        options: &PlanOptions,
        work: impl Fn(u32, &mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
    ) -> Plan {
        self.graph(work).plan_with(options).expect("the graph has no cycle")
    }

    /// The plan whose tasks do [`mix`].
    pub fn mixing(&self) -> Plan {
        self.plan(|task, inputs| mix_of_values(task, inputs))
    }

    /// What the outputs of [`TaskGraph::mixing`] must be: each task evaluated once it is asked for.
    pub fn expected(&self) -> Vec<u64> {
        let mut known: Vec<Option<u64>> = vec![None; self.dag.len()];
        let mut stack = self.outputs.clone();
        while let Some(&task) = stack.last() {
            let deps = self.dag.deps(task);
            let unknown = deps.iter().filter(|&&dep| known[dep as usize].is_none());
            let before = stack.len();
            stack.extend(unknown);
            if stack.len() == before {
                stack.pop();
                let inputs = self.dag.deps(task).iter().map(|&dep| known[dep as usize].unwrap());
                known[task as usize] = Some(mix(task, inputs));
            }
        }
        self.outputs.iter().map(|&output| known[output as usize].unwrap()).collect()
    }

    /// For each task whether an output needs it.
    pub fn needed(&self) -> Vec<bool> {
        let mut needed = vec![false; self.dag.len()];
        let mut stack = self.outputs.clone();
        while let Some(task) = stack.pop() {
            if !std::mem::replace(&mut needed[task as usize], true) {
                stack.extend(self.dag.deps(task));
            }
        }
        needed
    }
}

/// The numbers that a run of [`TaskGraph::mixing`] gave.
pub(crate) fn numbers(values: &[Value]) -> Vec<u64> {
    values.iter().map(|value| *value.get::<u64>().expect("tasks give numbers")).collect()
}

struct TaskBlocks<S, F> {
    dag: Dag,
    grid: [u32; 1],
    state: S,
    work: F,
}

impl<S, F> Blocks for TaskBlocks<S, F>
where
    S: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Fn(&S, u32, &mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
{
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.extend(self.dag.deps(block).iter().map(|&dep| Dep::own(dep)));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        (self.work)(&self.state, block, inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        "work".into()
    }

    fn bytes(&self, _block: u32) -> Bounds {
        Bounds::UNKNOWN
    }

    fn ship(&self) -> Result<Shipment, String> {
        let work = Captureless::of(&self.work).ok_or_else(Captureless::<F>::refusal)?;
        Shipment::new(work.ship_fn::<WithState<S>>()).with_serde(&self.state)
    }
}

/// Work and its state, made again in another process.
struct WithState<S>(PhantomData<fn() -> S>);

impl<S, F> LoadWith<F> for WithState<S>
where
    S: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Fn(&S, u32, &mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
{
    fn load(work: Captureless<F>, parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
        Ok(Arc::new(LoadedWork { state: parcel.read::<S>()?, work }))
    }
}

struct LoadedWork<S, F> {
    state: S,
    work: Captureless<F>,
}

impl<S, F> Kernel for LoadedWork<S, F>
where
    S: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Fn(&S, u32, &mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
{
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        self.work.get()(&self.state, block.number, arguments)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Shipment::new(self.work.ship_fn::<WithState<S>>()).with_serde(&self.state)
    }
}

impl<S, F> fmt::Debug for TaskBlocks<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskBlocks({} tasks)", self.dag.len())
    }
}

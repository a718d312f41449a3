//! Layers whose tasks give vectors of a chosen length.

use chunkwise_graph::{
    Blocks, Bounds, BoxError, CancelToken, Dep, Graph, Layer, MemoryUse, Name, Observer, Plan,
    TaskRef, Value, WorkerId,
};
use chunkwise_testing::TaskGraph;
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

/// The allowance that is taken off each limit first.
pub(crate) const FIXED: u64 = 16 << 20;

/// The limit of which `bytes` can be reserved.
pub(crate) fn limit_for(bytes: u64) -> u64 {
    FIXED + bytes + bytes / 3 + 2
}

/// Tasks that each give a vector filled with a mix of their inputs.
pub(crate) struct Sized {
    pub(crate) grid: Vec<u32>,
    pub(crate) graph: TaskGraph,
    /// Elements of each result.
    pub(crate) lens: Vec<u32>,
    /// Whether bounds are stated.
    pub(crate) states: bool,
    /// Turned up while a task runs, to see what a budget sees.
    pub(crate) slow_down: std::time::Duration,
}

impl Sized {
    pub(crate) fn new(graph: TaskGraph, lens: impl IntoIterator<Item = u32>) -> Sized {
        let lens: Vec<u32> = lens.into_iter().take(graph.dag.len()).collect();
        assert_eq!(lens.len(), graph.dag.len());
        let grid = vec![graph.dag.len() as u32];
        Sized { grid, graph, lens, states: true, slow_down: std::time::Duration::ZERO }
    }

    pub(crate) fn plan(self) -> Plan {
        let outputs = self.graph.outputs.clone();
        let layer = Layer::new(Name::unique("sized"), [], self);
        let mut graph = Graph::new(std::slice::from_ref(&layer));
        let keys: Vec<_> = outputs.iter().map(|&output| layer.key(output)).collect();
        graph.want(&keys).unwrap();
        graph.plan().unwrap()
    }
}

impl Blocks for Sized {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.extend(self.graph.dag.deps(block).iter().map(|&dep| Dep::own(dep)));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        std::thread::sleep(self.slow_down);
        let mut mix = u64::from(block);
        for input in inputs.iter() {
            for &number in input.get::<Vec<u64>>()? {
                mix = mix.rotate_left(5).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number;
            }
        }
        let len = u64::from(self.lens[block as usize]);
        Ok(Value::new((0..len).map(|i| mix ^ i).collect::<Vec<u64>>()))
    }

    fn op_name(&self) -> Cow<'_, str> {
        "sized".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        match self.states {
            true => Bounds::output(24 + 8 * u64::from(self.lens[block as usize])),
            false => Bounds::UNKNOWN,
        }
    }
}

/// Counts the tasks that started, and keeps what the last run held.
#[derive(Default)]
pub(crate) struct Watch {
    started: AtomicU64,
    memory: Mutex<Option<MemoryUse>>,
    /// Cancels when so many tasks have started.
    cancel: Option<(CancelToken, u64)>,
}

impl Watch {
    pub(crate) fn new() -> Arc<Watch> {
        Arc::default()
    }

    pub(crate) fn cancelling(token: CancelToken, at: u64) -> Arc<Watch> {
        Arc::new(Watch { cancel: Some((token, at)), ..Watch::default() })
    }

    pub(crate) fn n_started(&self) -> u64 {
        self.started.load(SeqCst)
    }

    pub(crate) fn memory(&self) -> Option<MemoryUse> {
        self.memory.lock().unwrap().clone()
    }
}

impl Observer for Watch {
    fn pretask(&self, _task: TaskRef<'_>, _worker: WorkerId) {
        let started = self.started.fetch_add(1, SeqCst) + 1;
        if let Some((token, at)) = &self.cancel
            && started == *at
        {
            token.cancel();
        }
    }

    fn measured(&self, _plan: &Plan, memory: &MemoryUse) {
        *self.memory.lock().unwrap() = Some(memory.clone());
    }
}

/// The vectors of some values.
pub(crate) fn vectors(values: &[Value]) -> Vec<Vec<u64>> {
    values.iter().map(|value| value.get::<Vec<u64>>().unwrap().clone()).collect()
}

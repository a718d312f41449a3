//! [`trivial_plan`]: tasks that cost next to nothing, so that a run measures its scheduler.

use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dag, Dep, Graph, Kernel, Layer, Name, Plan, PlanOptions, Result,
    Shipment, TypeInfo, Value,
};
use std::borrow::Cow;

/// One task for each task of a [`Dag`]; its value is 1 plus the sum of its inputs, as an `i64`.
struct Sums {
    dag: Dag,
    grid: [u32; 1],
}

impl Blocks for Sums {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.extend(self.dag.deps(block).iter().map(|&dep| Dep::own(dep)));
    }

    fn run(&self, _block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        sum(inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        "sum".into()
    }

    fn bytes(&self, _block: u32) -> Bounds {
        Bounds::output(size_of::<i64>() as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Kernel::ship(&sum)?.with_output(TypeInfo::opaque::<i64>()))
    }
}

#[inline]
fn sum(inputs: &mut [Value]) -> Result<Value, BoxError> {
    let mut sum = 1i64;
    for input in inputs.iter() {
        sum = sum.wrapping_add(*input.get::<i64>()?);
    }
    Ok(Value::new(sum))
}

/// A plan of trivial tasks in the shape of `dag`, whose outputs are the tasks that nobody needs.
///
/// # Errors
/// As [`Graph::plan`].
pub fn trivial_plan(dag: Dag) -> Result<Plan> {
    trivial_plan_with(dag, &PlanOptions::default())
}

/// As [`trivial_plan`], with planning options of your choice.
///
/// # Errors
/// As [`Graph::plan`].
pub fn trivial_plan_with(dag: Dag, options: &PlanOptions) -> Result<Plan> {
    let sinks: Vec<u32> = dag.tasks().filter(|&task| dag.dependents(task).is_empty()).collect();
    let grid = [dag.len() as u32];
    let layer = Layer::new(Name::unique("sum"), [], Sums { dag, grid });
    let keys: Vec<_> = sinks.iter().map(|&sink| layer.key(sink)).collect();
    let mut graph = Graph::new([&layer]);
    graph.want(&keys)?;
    graph.plan_with(options)
}

//! [`Crossing`]: a scheduler that runs every task from its portable form, in this process, and
//! [`assert_crosses`], which every collection calls for each of its operations.

use chunkwise_graph::{
    Block, BoxError, Collection, CollectionExt, Error, Frames, Heard, InOrder, Plan, PlanOptions,
    Result, Run, Scheduler, Shipment, TaskBlock, Value, WorkerId,
};
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Instant;

/// Runs each task from what it ships, on values that were written out and read back, as if it ran
/// in another process: what fails here cannot run in one.
///
/// It is no reference for anything else: it keeps every value to the end of the run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crossing;

impl Scheduler for Crossing {
    fn name(&self) -> &'static str {
        "crossing"
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        run.started(plan);
        let inner = run.clone().scheduler(Arc::new(*self));
        let result = inner.enter(|| run_all(plan, run));
        run.finished(plan, result.as_ref().err());
        result
    }
}

fn run_all(plan: &Plan, run: &Run) -> Result<Vec<Value>> {
    let mut values: Vec<Frames> = Vec::with_capacity(plan.len());
    let mut infos = Vec::with_capacity(plan.len());
    for task in plan.tasks() {
        if run.is_cancelled() {
            return Err(Error::Cancelled { running: Vec::new() });
        }
        let heard = || Heard { at: Instant::now(), worker: WorkerId(0) };
        run.started_elsewhere(plan, task.id(), heard())?;
        let inputs = plan.dag().deps(task.id()).iter().map(|&dep| {
            let info: &'static chunkwise_graph::TypeInfo = infos[dep as usize];
            values[dep as usize].with_ref(|frames| info.decode(frames))
        });
        let result = inputs.collect::<Result<Vec<Value>, BoxError>>();
        let result = result.and_then(|inputs| {
            task.blocks().try_fold(inputs, |inputs, block| {
                let value = run_block(block, inputs)?;
                Ok(vec![value])
            })
        });
        let failed = |source| run.failed_elsewhere(plan, task.id(), Vec::new(), source);
        let value = result.map_err(failed)?.remove(0);
        run.ended_elsewhere(plan, task.id(), &value, heard())?;
        let mut frames = Frames::default();
        value.encode(&mut frames).map_err(|error| failed(error.into()))?;
        values.push(frames);
        infos.push(value.info());
    }
    let outputs = plan.outputs().iter().map(|&output| {
        let decoded = values[output as usize].with_ref(|f| infos[output as usize].decode(f));
        decoded.map_err(|source| run.failed_elsewhere(plan, output, Vec::new(), source))
    });
    outputs.collect()
}

fn run_block(block: TaskBlock<'_>, mut inputs: Vec<Value>) -> Result<Value, BoxError> {
    if let Some(value) = block.constant() {
        return crossed(value);
    }
    let shipment = block.ship_own().unwrap_or_else(|| block.ship_layer())?;
    for argument in shipment.arguments() {
        inputs.push(crossed(argument)?);
    }
    let value = load_copy(&shipment)?
        .call(Block { number: block.number(), grid: block.grid() }, &mut inputs)?;
    match shipment.output() {
        Some(output) if output.id() != value.info().id() => {
            Err(format!("it said it gives {}, and gave {}", output.name(), value.info().name())
                .into())
        }
        _ => Ok(value),
    }
}

/// The kernel, made from copies of the bytes alone.
fn load_copy(shipment: &Shipment) -> Result<Arc<dyn chunkwise_graph::Kernel>, BoxError> {
    let parts = shipment.parts().iter().map(load_copy).collect::<Result<_, _>>()?;
    let state = shipment.state().to_vec();
    shipment.function().load(chunkwise_graph::Parcel { state: &state, parts })
}

/// The value after a journey.
fn crossed(value: &Value) -> Result<Value, BoxError> {
    let mut frames = Frames::default();
    value.encode(&mut frames)?;
    frames.with_ref(|frames| value.info().decode(frames))
}

/// Checks that an operation can run in other processes: every task of the collection has a
/// portable form, every value a codec, and the result is what it is without any of that.
///
/// # Panics
/// If the collection cannot be computed in either way, or the results differ; the message names the
/// task and why it does not cross.
///
/// ```
/// use chunkwise_testing::{MiniArray, assert_crosses};
/// assert_crosses(&MiniArray::fill(&[4], 3, f64::from).map("inc", |x| x + 1.0).sum());
/// ```
#[track_caller]
pub fn assert_crosses<C>(collection: &C)
where
    C: Collection,
    C::Output: PartialEq + Debug,
{
    let here = collection.compute_with(&InOrder).expect("the collection can be computed");
    for options in [PlanOptions::default(), PlanOptions::default().fuse_chains()] {
        let plan = collection.graph().plan_with(&options).expect("the collection has a plan");
        let values = Crossing.run(&plan, &Run::current());
        let values = values.unwrap_or_else(|error| panic!("it does not cross: {error:?}"));
        let there = collection.finalize(&mut values.into_iter());
        assert_eq!(there.expect("the parts fit together"), here, "crossing changes the result");
    }
}

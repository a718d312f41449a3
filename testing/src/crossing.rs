//! [`Crossing`]: a scheduler that runs every task from its portable form, in this process, and
//! [`assert_crosses`], which every collection calls for each of its operations.

use chunkwise_graph::{
    Block, BoxError, Collection, CollectionExt, Error, Frames, Heard, InOrder, Kernel, Parcel,
    Plan, PlanOptions, Result, Run, Scheduler, Shipment, TaskBlock, TaskRef, TypeInfo, Value,
    WorkerId, decode_error, encode_error, panic_message,
};
use std::collections::HashMap;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

/// Runs each task from what it ships, on values that were written out and read back, as if it ran
/// in another process: what fails here cannot run in one.
///
/// One worker, in plan order; it passes the whole conformance suite, and so is the reference for
/// schedulers whose workers are other processes. Between their tasks values are
/// [`Frames`], which go with their last consumer. A task that has no portable form is refused
/// before anything runs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Crossing;

impl Scheduler for Crossing {
    fn name(&self) -> &'static str {
        "crossing"
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        run_as(plan, run, &run.clone().scheduler(Arc::new(*self)))
    }
}

/// As [`Crossing`], and what is set around its tasks is what a process of their own would have: the
/// scheduler and the token, but none of the caller's observers.
#[derive(Clone, Copy, Debug, Default)]
pub struct CrossingApart;

impl Scheduler for CrossingApart {
    fn name(&self) -> &'static str {
        "crossing apart"
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        let around = Run::new().scheduler(Arc::new(*self));
        let around = match run.cancel_token() {
            Some(token) => around.cancel(token.clone()),
            None => around,
        };
        run_as(plan, run, &around)
    }
}

/// Runs a plan, with `around` set around its tasks.
fn run_as(plan: &Plan, run: &Run, around: &Run) -> Result<Vec<Value>> {
    run.started(plan);
    let result = around.enter(|| Journey::new(plan, run)?.run_all());
    run.finished(plan, result.as_ref().err());
    result
}

/// A run: the kernels that were loaded, and the values that are on their way.
struct Journey<'a> {
    plan: &'a Plan,
    run: &'a Run,
    /// Of each layer whose blocks are one kernel.
    layers: HashMap<u32, Loaded>,
    /// Of each task: how many more times its value will be handed out.
    left: Vec<u32>,
    values: HashMap<u32, Letter>,
}

/// A value between two tasks.
struct Letter {
    frames: Frames,
    info: &'static TypeInfo,
}

/// A kernel made from what was shipped, and nothing else.
struct Loaded {
    kernel: Arc<dyn Kernel>,
    output: Option<&'static TypeInfo>,
}

impl Letter {
    fn of(value: &Value) -> Result<Letter> {
        let mut frames = Frames::default();
        value.encode(&mut frames)?;
        Ok(Letter { frames, info: value.info() })
    }

    fn read(&self) -> Result<Value, BoxError> {
        self.frames.with_ref(|frames| self.info.decode(frames))
    }
}

impl Loaded {
    fn of(shipment: &Shipment) -> Result<Loaded, BoxError> {
        Ok(Loaded { kernel: load_copy(shipment)?, output: shipment.output() })
    }

    fn call(&self, block: TaskBlock<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let at = Block { number: block.number(), grid: block.grid() };
        let value = self.kernel.call(at, arguments)?;
        let (said, gave) = (self.output, value.info());
        match said {
            Some(said) if said.id() != gave.id() => {
                Err(format!("it said it gives {}, and gave {}", said.name(), gave.name()).into())
            }
            _ => Ok(value),
        }
    }
}

/// The kernel, made from copies of the bytes alone.
fn load_copy(shipment: &Shipment) -> Result<Arc<dyn Kernel>, BoxError> {
    let parts = shipment.parts().iter().map(load_copy).collect::<Result<_, _>>()?;
    let state = shipment.state().to_vec();
    shipment.function().load(Parcel { state: &state, parts })
}

impl<'a> Journey<'a> {
    /// Loads every layer, and looks whether each task has a portable form.
    fn new(plan: &'a Plan, run: &'a Run) -> Result<Journey<'a>> {
        let left = plan.n_uses();
        let mut layers = HashMap::new();
        for task in plan.tasks() {
            for block in task.blocks() {
                check(block, &mut layers)
                    .map_err(|why| Error::NotShippable { site: Box::new(task.site()), why })?;
            }
        }
        Ok(Journey { plan, run, layers, left, values: HashMap::new() })
    }

    fn run_all(mut self) -> Result<Vec<Value>> {
        for task in self.plan.tasks() {
            if self.run.is_cancelled() {
                return Err(Error::Cancelled { running: Vec::new() });
            }
            self.run_task(task)?;
        }
        let mut arrived: HashMap<u32, Value> = HashMap::new();
        let outputs = self.plan.outputs().iter().map(|&output| {
            // Asked for twice, it is one value all the same.
            if let Some(value) = arrived.get(&output) {
                return Ok(value.clone());
            }
            let value = self.values.get(&output).map_or_else(|| Ok(Value::unit()), Letter::read);
            let value = value.map_err(|source| self.failed(output, Vec::new(), source))?;
            arrived.insert(output, value.clone());
            Ok(value)
        });
        outputs.collect()
    }

    fn run_task(&mut self, task: TaskRef<'_>) -> Result<()> {
        let (plan, run, id) = (self.plan, self.run, task.id());
        let heard = || Heard { at: Instant::now(), worker: WorkerId(0) };
        run.started_elsewhere(plan, id, heard())?;
        let deps = plan.dag().deps(id);
        let inputs: Result<Vec<Value>, BoxError> =
            deps.iter().map(|&dep| self.hand_out(dep)).collect();
        let mut inputs = inputs.map_err(|source| self.failed(id, Vec::new(), source))?;
        let outcome = catch_unwind(AssertUnwindSafe(|| self.compute(task, &mut inputs)));
        let described = || {
            let inputs = inputs.iter().take(deps.len());
            inputs.map(Value::describe).collect::<Vec<String>>()
        };
        let (value, letter) = match outcome {
            Ok(Ok(value)) => value,
            Ok(Err(source)) => return Err(self.failed(id, described(), source)),
            Err(panic) => {
                let message = panic_message(&*panic);
                return Err(run.panicked_elsewhere(plan, id, described(), message));
            }
        };
        run.ended_elsewhere(plan, id, &value, heard())?;
        drop(value);
        if self.left[id as usize] > 0 {
            self.values.insert(id, letter);
        }
        if !run.is_observed() {
            return Ok(());
        }
        let mut released: Vec<u32> = Vec::new();
        for &dep in deps {
            if self.left[dep as usize] == 0 && !released.contains(&dep) {
                released.push(dep);
            }
        }
        run.released(plan, &released, id)
    }

    /// A value for one of its consumers; what it was read from goes with the last one.
    fn hand_out(&mut self, task: u32) -> Result<Value, BoxError> {
        let left = &mut self.left[task as usize];
        *left -= 1;
        let value = self.values.get(&task).ok_or("an input is not there")?.read();
        if *left == 0 {
            self.values.remove(&task);
        }
        value
    }

    /// The task's value, twice: as its worker has it, and as it is sent.
    fn compute(
        &self,
        task: TaskRef<'_>,
        arguments: &mut Vec<Value>,
    ) -> Result<(Value, Letter), BoxError> {
        let mut blocks = task.blocks();
        let mut value = match blocks.next() {
            Some(first) => self.run_block(first, arguments)?,
            None => Value::unit(),
        };
        // Dropped here, while a panic of theirs is still caught.
        arguments.iter_mut().for_each(|argument| drop(argument.take()));
        for block in blocks {
            value = self.run_block(block, &mut vec![value])?;
        }
        let letter = Letter::of(&value)?;
        Ok((value, letter))
    }

    fn run_block(
        &self,
        block: TaskBlock<'_>,
        arguments: &mut Vec<Value>,
    ) -> Result<Value, BoxError> {
        if let Some(value) = block.constant() {
            return Letter::of(value)?.read();
        }
        match block.ship_own() {
            None => self.layers[&block.layer_number()].call(block, arguments),
            Some(shipment) => {
                let shipment = shipment?;
                for argument in shipment.arguments() {
                    arguments.push(Letter::of(argument)?.read()?);
                }
                Loaded::of(&shipment)?.call(block, arguments)
            }
        }
    }

    fn failed(&self, task: u32, inputs: Vec<String>, source: BoxError) -> Error {
        self.run.failed_elsewhere(self.plan, task, inputs, crossed_error(source))
    }
}

/// Loads the layer of a block if the block is not shipped by itself, or says why neither goes.
fn check(block: TaskBlock<'_>, layers: &mut HashMap<u32, Loaded>) -> Result<(), String> {
    let has_codec = |info: &TypeInfo| match info.codec() {
        Some(_) => Ok(()),
        None => Err(Error::NoCodec { type_name: info.name() }.to_string()),
    };
    if let Some(value) = block.constant() {
        return has_codec(value.info());
    }
    let own = block.ship_own();
    if own.is_none() && layers.contains_key(&block.layer_number()) {
        return Ok(());
    }
    let is_own = own.is_some();
    let shipment = own.unwrap_or_else(|| block.ship_layer())?;
    shipment.output().map_or(Ok(()), has_codec)?;
    shipment.arguments().iter().try_for_each(|argument| has_codec(argument.info()))?;
    let loaded = Loaded::of(&shipment).map_err(|error| error.to_string())?;
    if !is_own {
        layers.insert(block.layer_number(), loaded);
    }
    Ok(())
}

/// An error after a journey, if its type may travel; else as it was, where another process would
/// know its text.
fn crossed_error(error: BoxError) -> BoxError {
    let crossed = encode_error(&*error).and_then(|(name, bytes)| decode_error(name, &bytes));
    crossed.unwrap_or(error)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Events, TaskGraph};
    use chunkwise_graph::{Blockwise, Layer, Name, shapes};

    #[test]
    fn work_that_captures_is_refused_before_anything_runs() {
        let events = Arc::new(Events::new());
        let captured = Arc::new(1u64);
        let plan =
            TaskGraph::to_sinks(shapes::chain(3)).plan(move |_, _| Ok(Value::new(*captured)));
        let outcome = Crossing.run(&plan, &Run::new().observer(events.clone()));
        let Err(Error::NotShippable { site, why }) = outcome else { panic!("{outcome:?}") };
        assert_eq!((site.key, site.operation.as_str()), (plan.task(0).key(), "work"));
        assert!(why.contains("captures 8 bytes"), "{why}");
        assert_eq!(events.of(&plan), [Event::Start, Event::Finish(true)]);
    }

    #[test]
    fn a_kernel_that_gives_what_it_did_not_say_is_found() {
        struct Liar;
        impl Kernel for Liar {
            fn call(&self, _: Block<'_>, _: &mut [Value]) -> Result<Value, BoxError> {
                Ok(Value::new(1u8))
            }

            fn ship(&self) -> Result<Shipment, String> {
                let one = |_: &mut [Value]| -> Result<Value, BoxError> { Ok(Value::new(1u8)) };
                Ok(Kernel::ship(&one)?.with_output(TypeInfo::opaque::<u16>()))
            }
        }
        let layer = Layer::new(Name::unique("x"), [], Blockwise::new(vec![], vec![], "lie", Liar));
        let mut graph = chunkwise_graph::Graph::new([&layer]);
        graph.want(&[layer.key(0)]).unwrap();
        let error = Crossing.run(&graph.plan().unwrap(), &Run::new()).expect_err("it gives u8");
        assert!(error.report().to_string().contains("it said it gives u16, and gave u8"));
    }
}

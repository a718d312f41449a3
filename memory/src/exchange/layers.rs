//! The exchange as layers of a graph: scatter tasks, one barrier, gather tasks.
//!
//! What they read and write is accounted in the [current](current()) budget, which schedulers set
//! around tasks.

use super::exchanged::Exchanged;
use super::partitioned::{Partitioned, PartitionedBuilder};
use crate::current::current;
use chunkwise_graph::{
    Block, Blocks, Bounds, BoxError, Captureless, Dep, Kernel, Layer, LoadWith, Name, Parcel,
    Shipment, Tokenizer, TypeInfo, Value, grid,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

/// What a kernel is given beside its inputs: it goes along to other processes.
pub trait Parameters: Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<P: Serialize + DeserializeOwned + Send + Sync + 'static> Parameters for P {}

/// Bounds on the bytes of a block, by its number.
type BoundsOf = Box<dyn Fn(u32) -> Bounds + Send + Sync>;

/// What a scatter task is given.
#[derive(Debug)]
pub struct Scattering<'a> {
    /// The number of the block.
    pub block: u32,
    /// The block of each input layer, owned.
    pub inputs: &'a mut [Value],
    n_partitions: u32,
}

impl Scattering<'_> {
    /// What puts the pieces away, in the current budget.
    pub fn builder(&self) -> PartitionedBuilder {
        let budget = current();
        PartitionedBuilder::new(self.n_partitions, &budget, budget.spill())
    }
}

/// Blocks that cut each block of their inputs into pieces, by `Fn(&P, Scattering) -> Partitioned`.
///
/// The function can run in other processes if it captures nothing; what it needs to know goes into
/// the parameters.
pub struct Scatter<P, F> {
    grid: Vec<u32>,
    n_layers: u32,
    kernel: ScatterKernel<P, F>,
    bounds: BoundsOf,
}

struct ScatterKernel<P, F> {
    parameters: P,
    n_partitions: u32,
    function: F,
}

/// A function of a scatter task.
pub trait ScatterFn<P>:
    Fn(&P, Scattering<'_>) -> Result<Partitioned, BoxError> + Send + Sync + 'static
{
}

impl<P, F> ScatterFn<P> for F where
    F: Fn(&P, Scattering<'_>) -> Result<Partitioned, BoxError> + Send + Sync + 'static
{
}

impl<P: Parameters, F: ScatterFn<P>> Scatter<P, F> {
    /// Of blocks of this grid, which all input layers have, to so many partitions.
    pub fn new(grid: Vec<u32>, n_partitions: u32, parameters: P, function: F) -> Scatter<P, F> {
        let kernel = ScatterKernel { parameters, n_partitions, function };
        Scatter { grid, n_layers: 1, kernel, bounds: Box::new(|_| Bounds::UNKNOWN) }
    }

    /// The same, of the aligned blocks of so many input layers.
    #[must_use]
    pub fn n_layers(self, n_layers: u32) -> Scatter<P, F> {
        Scatter { n_layers, ..self }
    }

    /// The same, needing at most so many bytes of temporary memory for a block: the pieces before
    /// they are put away, beside what the function needs itself. The result is a handle, whose
    /// bound is known.
    #[must_use]
    pub fn scratch(self, scratch: impl Fn(u32) -> u64 + Send + Sync + 'static) -> Scatter<P, F> {
        let output = Exchanged::nbytes_at_most(1, self.kernel.n_partitions);
        let bounds = move |block| Bounds::output(output).with_scratch(scratch(block));
        Scatter { bounds: Box::new(bounds), ..self }
    }
}

impl<P: Parameters, F: ScatterFn<P>> ScatterKernel<P, F> {
    fn scatter(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let scattering = Scattering { block, inputs, n_partitions: self.n_partitions };
        Ok(Value::data((self.function)(&self.parameters, scattering)?))
    }
}

impl<P: Parameters, F: ScatterFn<P>> Blocks for Scatter<P, F> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.extend((0..self.n_layers).map(|layer| Dep::input(layer, block)));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        self.kernel.scatter(block, inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        "scatter".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        (self.bounds)(block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        let function =
            Captureless::of(&self.kernel.function).ok_or_else(Captureless::<F>::refusal)?;
        let state = (&self.kernel.parameters, self.kernel.n_partitions);
        let shipment = Shipment::new(function.ship_fn::<ScatterAgain<P>>()).with_serde(&state)?;
        Ok(shipment.with_output(TypeInfo::data::<Partitioned>()))
    }
}

/// Makes the kernel of a [`Scatter`] again.
struct ScatterAgain<P>(PhantomData<fn() -> P>);

impl<P: Parameters, F: ScatterFn<P>> LoadWith<F> for ScatterAgain<P> {
    fn load(function: Captureless<F>, parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
        let (parameters, n_partitions): (P, u32) = parcel.read()?;
        let function = move |parameters: &P, scattering: Scattering<'_>| {
            (function.get())(parameters, scattering)
        };
        Ok(Arc::new(ScatterKernel { parameters, n_partitions, function }))
    }
}

impl<P: Parameters, F: ScatterFn<P>> Kernel for ScatterKernel<P, F> {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        self.scatter(block.number, arguments)
    }
}

/// One task that brings the [`Partitioned`] of all blocks of a layer together; it moves no bytes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Barrier {
    n_inputs: u32,
    n_partitions: u32,
}

/// The barrier behind a layer of scatter tasks; a block of it is needed by every gather task.
#[track_caller]
pub fn barrier(scattered: &Arc<Layer>, n_partitions: u32) -> Arc<Layer> {
    let mut token = Tokenizer::new("exchange");
    token.token(scattered.name().token()).u64(u64::from(n_partitions));
    let n_inputs = grid::n_blocks(scattered.grid()).unwrap_or(u32::MAX);
    let name = Name::structural("exchange", token.finish());
    Layer::new(name, [scattered.clone()], Barrier { n_inputs, n_partitions })
}

impl Blocks for Barrier {
    fn grid(&self) -> &[u32] {
        &[]
    }

    fn deps(&self, _block: u32, deps: &mut Vec<Dep>) {
        deps.extend((0..self.n_inputs).map(|block| Dep::input(0, block)));
    }

    fn run(&self, _block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let inputs = inputs.iter_mut().map(|input| input.take().take_or_clone());
        Ok(Value::data(Exchanged::new(self.n_partitions, inputs.collect::<Result<_, _>>()?)?))
    }

    fn op_name(&self) -> Cow<'_, str> {
        "exchange".into()
    }

    fn bytes(&self, _block: u32) -> Bounds {
        let scratch = u64::from(self.n_inputs) * size_of::<Partitioned>() as u64;
        let output = Exchanged::nbytes_at_most(u64::from(self.n_inputs), self.n_partitions);
        Bounds::output(output).with_scratch(scratch)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Exchanged>()))
    }
}

/// What a gather task is given.
#[derive(Debug)]
pub struct Gathering<'a> {
    /// The exchange of each input layer: two for a join.
    pub exchanges: &'a [Exchanged],
    /// Which partition of them to read.
    pub partition: u32,
}

/// Blocks that make a value of each partition, by `Fn(&P, Gathering) -> Value`. Its input layers
/// are [barriers](barrier).
pub struct Gather<P, F> {
    grid: [u32; 1],
    n_exchanges: u32,
    kernel: GatherKernel<P, F>,
    bounds: BoundsOf,
    output: Option<&'static TypeInfo>,
}

struct GatherKernel<P, F> {
    parameters: P,
    function: F,
}

/// A function of a gather task.
pub trait GatherFn<P>:
    Fn(&P, Gathering<'_>) -> Result<Value, BoxError> + Send + Sync + 'static
{
}

impl<P, F> GatherFn<P> for F where
    F: Fn(&P, Gathering<'_>) -> Result<Value, BoxError> + Send + Sync + 'static
{
}

impl<P: Parameters, F: GatherFn<P>> Gather<P, F> {
    /// Of so many partitions of one exchange.
    pub fn new(n_partitions: u32, parameters: P, function: F) -> Gather<P, F> {
        let kernel = GatherKernel { parameters, function };
        let (grid, bounds): (_, BoundsOf) = ([n_partitions], Box::new(|_| Bounds::UNKNOWN));
        Gather { grid, n_exchanges: 1, kernel, bounds, output: None }
    }

    /// The same, of so many exchanges with the same partitions.
    #[must_use]
    pub fn n_exchanges(self, n_exchanges: u32) -> Gather<P, F> {
        Gather { n_exchanges, ..self }
    }

    /// The same, with bounds on the bytes of a partition. How large one will be is seldom known
    /// before: what is read should be reserved, and a function that cuts what is too large has
    /// bounds.
    #[must_use]
    pub fn bounds(self, bounds: impl Fn(u32) -> Bounds + Send + Sync + 'static) -> Gather<P, F> {
        Gather { bounds: Box::new(bounds), ..self }
    }

    /// The same, saying what it gives, so that a type that cannot leave a process is found before
    /// anything runs.
    #[must_use]
    pub fn output(self, output: &'static TypeInfo) -> Gather<P, F> {
        Gather { output: Some(output), ..self }
    }
}

impl<P: Parameters, F: GatherFn<P>> GatherKernel<P, F> {
    fn gather(&self, partition: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let exchanges = inputs.iter_mut().map(|input| input.take().take_or_clone());
        let exchanges = exchanges.collect::<Result<Vec<Exchanged>, _>>()?;
        (self.function)(&self.parameters, Gathering { exchanges: &exchanges, partition })
    }
}

impl<P: Parameters, F: GatherFn<P>> Blocks for Gather<P, F> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, _block: u32, deps: &mut Vec<Dep>) {
        deps.extend((0..self.n_exchanges).map(|exchange| Dep::input(exchange, 0)));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        self.kernel.gather(block, inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        "gather".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        (self.bounds)(block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        let function =
            Captureless::of(&self.kernel.function).ok_or_else(Captureless::<F>::refusal)?;
        let shipment = Shipment::new(function.ship_fn::<GatherAgain<P>>());
        let shipment = shipment.with_serde(&self.kernel.parameters)?;
        Ok(match self.output {
            Some(output) => shipment.with_output(output),
            None => shipment,
        })
    }
}

/// Makes the kernel of a [`Gather`] again.
struct GatherAgain<P>(PhantomData<fn() -> P>);

impl<P: Parameters, F: GatherFn<P>> LoadWith<F> for GatherAgain<P> {
    fn load(function: Captureless<F>, parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
        let function =
            move |parameters: &P, gathering: Gathering<'_>| (function.get())(parameters, gathering);
        Ok(Arc::new(GatherKernel { parameters: parcel.read::<P>()?, function }))
    }
}

impl<P: Parameters, F: GatherFn<P>> Kernel for GatherKernel<P, F> {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        self.gather(block.number, arguments)
    }
}

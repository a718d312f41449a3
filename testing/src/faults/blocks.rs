//! [`Faulty`]: a layer's blocks with a fault before each.

use super::Fault;
use chunkwise_graph::{
    Block, Blocks, Blockwise, Bounds, BoxError, Dep, Fold, Kernel, Key, Layer, ShipFn, Shipment,
    Value,
};
use std::borrow::Cow;
use std::collections::HashMap;
use std::panic::Location;
use std::sync::Arc;

/// Blocks that do what others do, after a [`Fault`].
pub struct Faulty<F> {
    blocks: Arc<dyn Blocks>,
    fault: F,
}

impl<F: Fault> Faulty<F> {
    /// Puts a fault before each block.
    pub fn new(blocks: Arc<dyn Blocks>, fault: F) -> Faulty<F> {
        Faulty { blocks, fault }
    }
}

impl<F: Fault> Faulty<F> {
    /// What was shipped of the blocks, with the fault before it.
    fn ship_around(&self, mut inner: Shipment) -> Result<Shipment, String> {
        // Parts are given no arguments of their own.
        let (arguments, output) = (inner.take_arguments(), inner.output());
        let shipment = Shipment::new(FaultyKernel::<F>::FUNCTION)
            .with_serde(&self.fault)?
            .with_parts(vec![inner])
            .with_arguments(arguments);
        Ok(match output {
            Some(output) => shipment.with_output(output),
            None => shipment,
        })
    }
}

/// [`Faulty`] blocks in another process.
struct FaultyKernel<F> {
    fault: F,
    inner: Arc<dyn Kernel>,
}

impl<F: Fault> FaultyKernel<F> {
    const FUNCTION: &'static ShipFn = &ShipFn::new::<FaultyKernel<F>>(|parcel| {
        let [inner] = &parcel.parts[..] else {
            return Err("a fault is put before one kernel".into());
        };
        Ok(Arc::new(FaultyKernel { fault: parcel.read::<F>()?, inner: inner.clone() }))
    });
}

impl<F: Fault> Kernel for FaultyKernel<F> {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        self.fault.before(block.number)?;
        self.inner.call(block, arguments)
    }
}

#[deny(clippy::missing_trait_methods)]
impl<F: Fault> Blocks for Faulty<F> {
    fn grid(&self) -> &[u32] {
        self.blocks.grid()
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        self.blocks.deps(block, deps);
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        self.fault.before(block)?;
        self.blocks.run(block, inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        self.blocks.op_name()
    }

    fn bytes(&self, block: u32) -> Bounds {
        self.blocks.bytes(block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        self.ship_around(self.blocks.ship()?)
    }

    fn ship_block(&self, block: u32) -> Option<Result<Shipment, String>> {
        Some(self.blocks.ship_block(block)?.and_then(|inner| self.ship_around(inner)))
    }

    /// Never: a pass that took the kernels out would leave the fault behind.
    fn as_blockwise(&self) -> Option<&Blockwise> {
        None
    }

    /// Never: the fault comes before the inputs are made.
    fn as_fold(&self) -> Option<&dyn Fold> {
        None
    }

    fn constant(&self, block: u32) -> Option<&Value> {
        self.blocks.constant(block)
    }

    fn key(&self, block: u32) -> Option<Key> {
        self.blocks.key(block)
    }

    fn block_op_name(&self, block: u32) -> Cow<'_, str> {
        self.blocks.block_op_name(block)
    }

    fn block_made_at(&self, block: u32) -> Option<&'static Location<'static>> {
        self.blocks.block_made_at(block)
    }
}

/// The same layers, and all that they are made from, with a fault before each block.
pub fn with_fault(roots: &[Arc<Layer>], fault: impl Fault + Clone) -> Vec<Arc<Layer>> {
    let mut done: HashMap<*const Layer, Arc<Layer>> = HashMap::new();
    let mut stack: Vec<&Arc<Layer>> = roots.iter().collect();
    while let Some(&layer) = stack.last() {
        let before = stack.len();
        let is_done = |layer: &Arc<Layer>| done.contains_key(&Arc::as_ptr(layer));
        if !is_done(layer) {
            stack.extend(layer.inputs().iter().filter(|input| !is_done(input)));
        }
        if stack.len() == before {
            stack.pop();
            let inputs: Vec<Arc<Layer>> =
                layer.inputs().iter().map(|input| done[&Arc::as_ptr(input)].clone()).collect();
            let blocks = Arc::new(Faulty::new(layer.blocks().clone(), fault.clone()));
            let wrapped = Layer::shared(layer.name().clone(), inputs, blocks, layer.made_at());
            done.entry(Arc::as_ptr(layer)).or_insert(wrapped);
        }
    }
    roots.iter().map(|root| done[&Arc::as_ptr(root)].clone()).collect()
}

//! [`Kernel`]: what one step of a blockwise layer does to the blocks it is given.

use crate::bounds::Bounds;
use crate::captureless::{Captureless, LoadWith};
use crate::error::BoxError;
use crate::grid::unflatten;
use crate::key::Index;
use crate::layer::Blocks;
use crate::ship::{Parcel, Shipment};
use crate::value::Value;
use std::any::Any;
use std::sync::Arc;

/// Which block a kernel is computing.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// Row-major number in the grid.
    pub number: u32,
    /// Number of blocks along each axis.
    pub grid: &'a [u32],
}

impl Block<'_> {
    /// The position in the grid.
    pub fn index(&self) -> Index {
        unflatten(self.grid, self.number)
    }
}

/// A function over aligned blocks; closures `Fn(&mut [Value]) -> Result<Value, BoxError>` are
/// kernels, which can cross to other processes if they capture nothing.
///
/// # Contract
/// As for [`crate::Blocks::run`]: the same bits for the same inputs.
///
/// A kernel is [`Any`], so that a collection knows its own again in a fused program and can join
/// them ([`crate::Graph::rewrite_blockwise`]).
pub trait Kernel: Any + Send + Sync {
    /// Computes one block. The arguments are owned: [`Value::take`] one to reuse its buffer.
    ///
    /// # Errors
    /// Whatever the kernel's own code reports.
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError>;

    /// Upper bounds on the memory of one block.
    fn bytes(&self, block: Block<'_>) -> Bounds {
        let _ = block;
        Bounds::UNKNOWN
    }

    /// The blocks that this kernel is all of, if it came from another process as such.
    fn as_blocks(&self) -> Option<&dyn Blocks> {
        None
    }

    /// The kernel in a form that runs in another process; see [`Shipment`].
    ///
    /// # Errors
    /// Why it has none, and what to write instead.
    fn ship(&self) -> Result<Shipment, String> {
        Err("the kernel has no portable form: make it a serde struct and give it `ship`".into())
    }
}

impl<F> Kernel for F
where
    F: Fn(&mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
{
    #[inline]
    fn call(&self, _block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        self(arguments)
    }

    fn ship(&self) -> Result<Shipment, String> {
        let function = Captureless::of(self).ok_or_else(Captureless::<F>::refusal)?;
        Ok(Shipment::new(function.ship_fn::<AsItIs>()))
    }
}

/// A closure that is a kernel, made again.
struct AsItIs;

impl<F> LoadWith<F> for AsItIs
where
    F: Fn(&mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
{
    fn load(function: Captureless<F>, _: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
        Ok(Arc::new(MadeAgain(function)))
    }
}

struct MadeAgain<F>(Captureless<F>);

impl<F> Kernel for MadeAgain<F>
where
    F: Fn(&mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
{
    fn call(&self, _block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        self.0.get()(arguments)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::new(self.0.ship_fn::<AsItIs>()))
    }
}

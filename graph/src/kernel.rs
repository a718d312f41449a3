//! [`Kernel`]: what one step of a blockwise layer does to the blocks it is given.

use crate::bounds::Bounds;
use crate::error::BoxError;
use crate::grid::unflatten;
use crate::key::Index;
use crate::ship::Shipment;
use crate::value::Value;

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
/// kernels that run on threads only.
///
/// # Contract
/// As for [`crate::Blocks::run`]: the same bits for the same inputs.
pub trait Kernel: Send + Sync + 'static {
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

    /// The kernel in a form that runs in another process.
    ///
    /// # Errors
    /// Why it has none, and what to write instead.
    fn ship(&self) -> Result<Shipment, String> {
        Err("a closure runs on threads only; write the kernel as a serialisable struct".into())
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
}

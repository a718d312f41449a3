//! What the layers of an expression do to their blocks: kernels over vectors of numbers.

use chunkwise::graph::{Block, Bounds, BoxError, Kernel};
use chunkwise::prelude::*;

/// Blocks of the whole numbers from 0 on, `len` to a block.
pub(super) struct Numbers {
    pub(super) len: usize,
}

impl Kernel for Numbers {
    fn call(&self, block: Block<'_>, _arguments: &mut [Value]) -> Result<Value, BoxError> {
        let first = block.number as usize * self.len;
        Ok(Value::new((first..first + self.len).map(|i| i as f64).collect::<Vec<f64>>()))
    }

    fn bytes(&self, _block: Block<'_>) -> Bounds {
        bytes_of(self.len)
    }
}

/// A block and a number, element by element; the block's memory is used again.
pub(super) struct WithNumber {
    pub(super) function: fn(f64, f64) -> f64,
    pub(super) number: f64,
    pub(super) len: usize,
}

impl Kernel for WithNumber {
    fn call(&self, _block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let mut block: Vec<f64> = arguments[0].take().take_or_clone()?;
        block.iter_mut().for_each(|x| *x = (self.function)(*x, self.number));
        Ok(Value::new(block))
    }

    fn bytes(&self, _block: Block<'_>) -> Bounds {
        bytes_of(self.len)
    }
}

/// Two blocks, element by element; the memory of the first is used again.
pub(super) struct TwoBlocks {
    pub(super) function: fn(f64, f64) -> f64,
    pub(super) len: usize,
}

impl Kernel for TwoBlocks {
    fn call(&self, _block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let mut block: Vec<f64> = arguments[0].take().take_or_clone()?;
        let other = arguments[1].get::<Vec<f64>>()?;
        block.iter_mut().zip(other).for_each(|(x, &y)| *x = (self.function)(*x, y));
        Ok(Value::new(block))
    }

    fn bytes(&self, _block: Block<'_>) -> Bounds {
        bytes_of(self.len)
    }
}

/// The sum of the elements of all blocks that it is given.
pub(super) struct Sum;

impl Kernel for Sum {
    fn call(&self, _block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let mut total = 0.0;
        for block in arguments {
            total += block.get::<Vec<f64>>()?.iter().sum::<f64>();
        }
        Ok(Value::new(vec![total]))
    }

    fn bytes(&self, _block: Block<'_>) -> Bounds {
        bytes_of(1)
    }
}

/// As the size of a `Vec<f64>` is counted: its own three words and its elements.
fn bytes_of(len: usize) -> Bounds {
    Bounds::output((size_of::<Vec<f64>>() + len * size_of::<f64>()) as u64)
}

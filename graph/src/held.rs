//! [`Held`]: blocks whose values are known already.

use crate::bounds::Bounds;
use crate::error::BoxError;
use crate::layer::{Blocks, Dep};
use crate::memory_budget::HeldBytes;
use crate::value::Value;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A layer of values that are held in memory: constants, and what `persist` computed.
#[derive(Clone)]
pub struct Held {
    grid: Vec<u32>,
    values: Vec<Value>,
    /// Keeps the values counted in a memory budget.
    counted: Option<Arc<HeldBytes>>,
}

impl Held {
    /// One value.
    pub fn one(value: Value) -> Held {
        Held { grid: Vec::new(), values: vec![value], counted: None }
    }

    /// One value for each block of `grid`, in row-major order.
    ///
    /// # Panics
    /// If there are more or fewer values than blocks.
    pub fn new(grid: Vec<u32>, values: Vec<Value>) -> Held {
        let n_blocks = crate::grid::n_blocks(&grid);
        assert_eq!(n_blocks.map(|n| n as usize), Some(values.len()), "one value a block");
        Held { grid, values, counted: None }
    }

    /// The same, counted in a memory budget as long as it lives.
    #[must_use]
    pub fn counted(self, bytes: Arc<HeldBytes>) -> Held {
        Held { counted: Some(bytes), ..self }
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = if self.counted.is_some() { ", counted" } else { "" };
        write!(f, "Held({:?}{counted})", self.values)
    }
}

impl Blocks for Held {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, _block: u32, _deps: &mut Vec<Dep>) {}

    fn run(&self, block: u32, _inputs: &mut [Value]) -> Result<Value, BoxError> {
        Ok(self.values[block as usize].clone())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "held".into()
    }

    /// The value is there before the run and after it: handing it out needs no memory.
    fn bytes(&self, _block: u32) -> Bounds {
        Bounds::output(0)
    }

    fn constant(&self, block: u32) -> Option<&Value> {
        self.values.get(block as usize)
    }

    fn block_op_name(&self, block: u32) -> Cow<'_, str> {
        self.values[block as usize].describe().into()
    }
}

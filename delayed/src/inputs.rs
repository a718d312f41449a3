//! [`Inputs`], what a call is linked to while it is built, and [`Values`], what it gets when it
//! runs.

use crate::task::BlockCounts;
use chunkwise_graph::{Layer, Value};
use smallvec::SmallVec;
use std::sync::Arc;

/// The layers that a call needs, in the order of its arguments.
#[derive(Debug, Default)]
pub struct Inputs {
    layers: SmallVec<[Arc<Layer>; 2]>,
    /// Whether some layer has other than one block.
    any_grid: bool,
}

impl Inputs {
    /// Adds a layer; when the call runs, [`Values`] gives all its blocks.
    pub fn push(&mut self, layer: Arc<Layer>) {
        self.any_grid |= !layer.grid().is_empty();
        self.layers.push(layer);
    }

    pub(crate) fn one(layer: &Arc<Layer>) -> Inputs {
        let mut inputs = Inputs::default();
        inputs.push(Arc::clone(layer));
        inputs
    }

    pub(crate) fn into_parts(self) -> (SmallVec<[Arc<Layer>; 2]>, BlockCounts) {
        let n_blocks = if self.any_grid {
            BlockCounts::Of(self.layers.iter().map(|layer| layer.len()).collect())
        } else {
            BlockCounts::OneEach(self.layers.len() as u32)
        };
        (self.layers, n_blocks)
    }
}

/// The values of a call's inputs, in the order in which [`Inputs`] got their layers.
///
/// An iterator; a value that no other task needs is given itself, so that
/// [`Value::take_or_clone`] need not clone it.
#[derive(Debug)]
pub struct Values<'a>(std::slice::IterMut<'a, Value>);

impl<'a> Values<'a> {
    pub(crate) fn new(values: &'a mut [Value]) -> Values<'a> {
        Values(values.iter_mut())
    }

    /// The next value; the unit value after the last.
    #[inline]
    pub fn take_next(&mut self) -> Value {
        self.0.next().map(Value::take).unwrap_or_default()
    }
}

impl Iterator for Values<'_> {
    type Item = Value;

    fn next(&mut self) -> Option<Value> {
        self.0.next().map(Value::take)
    }
}

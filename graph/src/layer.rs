//! [`Layer`]: a grid of like tasks, described and not stored; [`Blocks`] is what it does.

use crate::blockwise::Blockwise;
use crate::bounds::Bounds;
use crate::error::BoxError;
use crate::fold::Fold;
use crate::grid::{n_blocks, unflatten};
use crate::key::{Key, Name};
use crate::ship::Shipment;
use crate::value::Value;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

/// One dependency of a block: a block of an input layer, or of the same layer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dep {
    pub(crate) input: u32,
    pub(crate) block: u32,
}

impl Dep {
    pub(crate) const OWN: u32 = u32::MAX;

    /// Block number `block` of the layer's input number `input`.
    #[inline]
    pub const fn input(input: u32, block: u32) -> Dep {
        Dep { input, block }
    }

    /// Block number `block` of the same layer; such layers may hold cycles, which planning finds.
    #[inline]
    pub const fn own(block: u32) -> Dep {
        Dep { input: Dep::OWN, block }
    }
}

/// What a layer does: a grid of tasks of one kind, computed from their block number.
///
/// A million-chunk operation is one such object; building it costs the same as for one chunk.
///
/// # Contract
/// - `grid`, `deps` and `bytes` are pure: they give the same answer each time.
/// - `deps` names blocks that exist, in the order in which `run` wants their values.
/// - `run` gives the same bits for the same inputs, whatever else runs at the time; it may be
///   called again for the same block (a lost result is recomputed).
/// - `bytes`, where it gives a number, is never below the truth.
pub trait Blocks: Send + Sync + 'static {
    /// Number of blocks along each axis; empty for one task.
    fn grid(&self) -> &[u32];

    /// Appends the dependencies of one block.
    fn deps(&self, block: u32, deps: &mut Vec<Dep>);

    /// Computes one block. The inputs are owned: [`Value::take`] one to reuse its buffer.
    ///
    /// # Errors
    /// Whatever the task's own code reports; the scheduler adds which task it was.
    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError>;

    /// What the layer does, for messages and pictures: `add`.
    fn op_name(&self) -> Cow<'_, str>;

    /// Upper bounds on the memory of one block.
    fn bytes(&self, block: u32) -> Bounds {
        let _ = block;
        Bounds::UNKNOWN
    }

    /// The layer in a form that runs in another process: a kernel that is called for one block
    /// after the other, with the block's number, the layer's grid and the block's inputs.
    ///
    /// # Errors
    /// Why it has none, and what to write instead.
    fn ship(&self) -> Result<Shipment, String> {
        Err(format!("{} has no portable form", self.op_name()))
    }

    /// One block in such a form, where the blocks of a layer differ in what they run.
    fn ship_block(&self, block: u32) -> Option<Result<Shipment, String>> {
        let _ = block;
        None
    }

    /// These blocks as a fold, if they are done with one input before they need the next: then
    /// [`crate::Graph::fuse_folds`] lets their tasks make inputs themselves.
    fn as_fold(&self) -> Option<&dyn Fold> {
        None
    }

    /// The layer as kernels over aligned blocks, which the fusion pass can join.
    fn as_blockwise(&self) -> Option<&Blockwise> {
        None
    }

    /// The value of a block that is known without running anything.
    fn constant(&self, block: u32) -> Option<&Value> {
        let _ = block;
        None
    }

    /// The key of a block whose key is not the layer's name and its position in the grid.
    fn key(&self, block: u32) -> Option<Key> {
        let _ = block;
        None
    }

    /// What one block does, where the blocks of a layer differ.
    fn block_op_name(&self, block: u32) -> Cow<'_, str> {
        let _ = block;
        self.op_name()
    }

    /// Where one block was made, where that differs from where the layer was.
    fn block_made_at(&self, block: u32) -> Option<&'static Location<'static>> {
        let _ = block;
        None
    }
}

/// A node of the high-level graph. A collection holds its last layer; links keep the rest alive.
pub struct Layer {
    name: Name,
    blocks: Arc<dyn Blocks>,
    made_at: &'static Location<'static>,
    /// Last, so that it is dropped after `blocks`, which may hold the same layers.
    inputs: Links,
}

struct Links(SmallVec<[Arc<Layer>; 2]>);

impl Layer {
    /// Links a new layer to its inputs, remembering the caller's place for error messages.
    ///
    /// # Complexity
    /// O(inputs) time and memory, whatever the number of blocks.
    #[track_caller]
    pub fn new(
        name: Name,
        inputs: impl IntoIterator<Item = Arc<Layer>>,
        blocks: impl Blocks,
    ) -> Arc<Layer> {
        Layer::shared(name, inputs, Arc::new(blocks), Location::caller())
    }

    /// As [`Layer::new`], with blocks that are shared already and a place that the caller names.
    pub fn shared(
        name: Name,
        inputs: impl IntoIterator<Item = Arc<Layer>>,
        blocks: Arc<dyn Blocks>,
        made_at: &'static Location<'static>,
    ) -> Arc<Layer> {
        Arc::new(Layer { name, blocks, made_at, inputs: Links(inputs.into_iter().collect()) })
    }

    /// The layer's name; equal names stand for equal content.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The layers that its blocks depend on; [`Dep::input`] counts them from 0.
    pub fn inputs(&self) -> &[Arc<Layer>] {
        &self.inputs.0
    }

    /// What it does.
    pub fn blocks(&self) -> &Arc<dyn Blocks> {
        &self.blocks
    }

    /// Where the user made it.
    pub fn made_at(&self) -> &'static Location<'static> {
        self.made_at
    }

    /// Number of blocks along each axis; empty for one task.
    pub fn grid(&self) -> &[u32] {
        self.blocks.grid()
    }

    /// Number of blocks. Planning refuses layers of more than `u32::MAX`.
    pub fn len(&self) -> u32 {
        n_blocks(self.grid()).unwrap_or(u32::MAX)
    }

    /// Whether some axis has no blocks.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key of block number `block`.
    pub fn key(&self, block: u32) -> Key {
        block_key(&self.name, &*self.blocks, block)
    }
}

pub(crate) fn block_key(name: &Name, blocks: &dyn Blocks, block: u32) -> Key {
    blocks
        .key(block)
        .unwrap_or_else(|| Key { name: name.clone(), index: unflatten(blocks.grid(), block) })
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Layer({} {:?}, {} inputs)", self.name, self.grid(), self.inputs().len())
    }
}

/// Long chains are taken apart in a loop: dropping them recursively would overflow the stack.
impl Drop for Links {
    fn drop(&mut self) {
        let mut orphans: SmallVec<[Arc<Layer>; 2]> = std::mem::take(&mut self.0);
        while let Some(layer) = orphans.pop() {
            // Taken out of its links, a layer is dropped here without reaching for more.
            if let Some(mut layer) = Arc::into_inner(layer) {
                orphans.extend(layer.inputs.0.drain(..));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::held::Held;

    #[test]
    fn a_chain_of_a_million_layers_is_dropped() {
        let held = || Arc::new(Held::one(Value::unit()));
        let mut last = Layer::shared(Name::unique("x"), [], held(), Location::caller());
        let blocks = last.blocks().clone();
        for _ in 0..1_000_000 {
            last = Layer::shared(Name::unique("x"), [last], blocks.clone(), Location::caller());
        }
        drop(last);
    }

    #[test]
    fn a_chain_is_dropped_whose_blocks_hold_their_inputs_too() {
        struct Holds(Option<Arc<Layer>>);
        impl Blocks for Holds {
            fn grid(&self) -> &[u32] {
                &[]
            }
            fn deps(&self, _block: u32, deps: &mut Vec<Dep>) {
                deps.extend(self.0.as_ref().map(|_| Dep::input(0, 0)));
            }
            fn run(&self, _block: u32, _inputs: &mut [Value]) -> Result<Value, BoxError> {
                Ok(Value::unit())
            }
            fn op_name(&self) -> Cow<'_, str> {
                "holds".into()
            }
        }
        let mut last = Layer::new(Name::unique("x"), [], Holds(None));
        for _ in 0..200_000 {
            let held = Holds(Some(last.clone()));
            last = Layer::new(Name::unique("x"), [last], held);
        }
        drop(last);
    }

    #[test]
    fn a_layer_remembers_where_it_was_made() {
        let layer = Layer::new(Name::unique("x"), [], Held::one(Value::unit()));
        assert!(layer.made_at().file().ends_with("layer.rs"));
        assert_eq!((layer.len(), layer.key(0).index.len()), (1, 0));
    }
}

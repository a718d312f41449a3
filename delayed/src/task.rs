//! [`Task`]: the layer of one block behind every handle.

use crate::handle::Delayed;
use crate::inputs::Inputs;
use crate::label::Label;
use chunkwise_graph::{Blocks, BoxError, Dep, Layer, Name, Value};
use std::borrow::Cow;

/// One call: some code, and the number of blocks that each of its inputs has.
pub(crate) struct Task<B> {
    label: Label,
    n_blocks: BlockCounts,
    body: B,
}

/// How many blocks each input has; handles have one.
pub(crate) enum BlockCounts {
    OneEach(u32),
    Of(Box<[u32]>),
}

impl<B> Task<B>
where
    B: Fn(&mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
{
    /// The handle to this call, made where the caller was called.
    #[track_caller]
    pub(crate) fn handle<T>(name: Name, label: Label, inputs: Inputs, body: B) -> Delayed<T> {
        let (layers, n_blocks) = inputs.into_parts();
        Delayed::of_task(Layer::new(name, layers, Task { label, n_blocks, body }))
    }
}

impl<B> Blocks for Task<B>
where
    B: Fn(&mut [Value]) -> Result<Value, BoxError> + Send + Sync + 'static,
{
    fn grid(&self) -> &[u32] {
        &[]
    }

    fn deps(&self, _block: u32, deps: &mut Vec<Dep>) {
        match &self.n_blocks {
            BlockCounts::OneEach(n) => deps.extend((0..*n).map(|input| Dep::input(input, 0))),
            BlockCounts::Of(counts) => {
                for (input, &n) in (0..).zip(counts) {
                    deps.extend((0..n).map(|block| Dep::input(input, block)));
                }
            }
        }
    }

    fn run(&self, _block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        (self.body)(inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        self.label.op_name()
    }
}

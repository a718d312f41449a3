//! [`Task`]: the layer of one block behind every handle, and [`Body`], what it does.

use crate::handle::Delayed;
use crate::inputs::Inputs;
use crate::label::Label;
use chunkwise_graph::{Blocks, Bounds, BoxError, Captureless, Dep, Layer, Name, Shipment, Value};
use std::any::Any;
use std::borrow::Cow;
use std::mem::needs_drop;

/// One call: some code, and the number of blocks that each of its inputs has.
pub(crate) struct Task<B> {
    label: Label,
    n_blocks: BlockCounts,
    body: B,
    /// Bytes of the result, if these are the same for all of its type.
    output: Option<u64>,
}

/// The code of a call.
pub(crate) trait Body: Send + Sync + 'static {
    /// Runs it on the values of its inputs.
    fn run(&self, values: &mut [Value]) -> Result<Value, BoxError>;

    /// The same for another process, or why not; `label` is what the call is named in messages.
    fn ship(&self, label: &Label) -> Result<Shipment, String>;
}

/// How many blocks each input has; handles have one.
pub(crate) enum BlockCounts {
    OneEach(u32),
    Of(Box<[u32]>),
}

impl<B: Body> Task<B> {
    /// The handle to this call, made where the caller was called.
    #[track_caller]
    pub(crate) fn handle<T>(name: Name, label: Label, inputs: Inputs, body: B) -> Delayed<T> {
        let (layers, n_blocks) = inputs.into_parts();
        // Only what owns something may own memory elsewhere.
        let output = (!needs_drop::<T>()).then_some(size_of::<T>() as u64);
        Delayed::of_task(Layer::new(name, layers, Task { label, n_blocks, body, output }))
    }
}

impl<B: Body> Blocks for Task<B> {
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
        self.body.run(inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        self.label.op_name()
    }

    /// What a function of the user's needs while it runs is not known.
    fn bytes(&self, _block: u32) -> Bounds {
        Bounds { scratch: None, output: self.output }
    }

    fn ship(&self) -> Result<Shipment, String> {
        self.body.ship(&self.label)
    }

    /// The layer is its block, and what is shipped may have arguments, which belong to a block.
    fn ship_block(&self, _block: u32) -> Option<Result<Shipment, String>> {
        Some(self.ship())
    }
}

/// The user's function, if every process of the executable can make it; else why not, in words
/// that name it as the user knows it.
pub(crate) fn portable<F: Any + Send + Sync>(
    function: &F,
    label: &Label,
) -> Result<Captureless<F>, String> {
    Captureless::of(function).ok_or_else(|| match label {
        // A pointer's type says more than `function`.
        Label::Pointer => Captureless::<F>::refusal(),
        _ => Captureless::<F>::refusal_of(&label.op_name()),
    })
}

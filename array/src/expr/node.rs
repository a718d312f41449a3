//! [`Node`]: an operation on other nodes, and what is known of its result.

use super::selection::selected_chunks;
use crate::chunks::Chunks;
use chunkwise_graph::{Blocks, Layer, Name, Token, Tokenizer};
use chunkwise_storage::{DType, Region};
use smallvec::SmallVec;
use std::any::Any;
use std::panic::Location;
use std::sync::Arc;

/// The inputs of a node.
pub(crate) type Nodes = SmallVec<[Arc<Node>; 2]>;

/// Temporary bytes that a function of the user's needs at most, for a chunk of the result of a shape.
pub(crate) type Scratch = Arc<dyn Fn(&[usize]) -> usize + Send + Sync>;

/// What a node does. Each operation is a file: a struct with its parameters.
pub(crate) trait Operation: Any + Send + Sync {
    /// What it is called, in layers, messages and pictures: `sum`.
    fn name(&self) -> &'static str;

    /// The layer whose blocks are the chunks of the result, given those of the inputs. It is made
    /// with [`layer_of`], or is the last of several.
    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer>;

    /// The part of each input that a region of the result is made of, if that is a region: then
    /// the operation can be done on these parts alone.
    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let _ = (node, region);
        None
    }

    /// The node whose result is `region` of this node's, made of what [`Operation::demand`] asked
    /// for: the same operation on these parts, unless it has to change. Called only if `demand` gave
    /// something.
    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let chunks = selected_chunks(&node.chunks, region);
        node.with(Arc::clone(node.operation()), inputs, chunks, node.part_token(region))
    }

    /// The same result cut otherwise, where making it so costs no more than making it: then nothing
    /// has to be cut again.
    fn recut(&self, node: &Node, chunks: &Chunks) -> Option<Arc<Node>> {
        let _ = (node, chunks);
        None
    }

    /// The same operation, with what its function, which is the user's, needs while it runs. `None`
    /// if what the operation needs is known.
    fn with_scratch(&self, scratch: &Scratch) -> Option<Arc<dyn Operation>> {
        let _ = scratch;
        None
    }

    /// Whether making a part twice costs no more than making it once and keeping it.
    fn is_cheap(&self) -> bool {
        false
    }
}

/// An operation on other nodes, and what is known of its result.
pub(crate) struct Node {
    operation: Arc<dyn Operation>,
    pub(crate) dtype: DType,
    pub(crate) chunks: Arc<Chunks>,
    pub(crate) token: Token,
    pub(crate) made_at: &'static Location<'static>,
    /// Last, so that it is dropped after what may hold the same nodes.
    inputs: Links,
}

struct Links(Nodes);

impl Node {
    /// A node; the token covers the operation, its parameters and the inputs' tokens.
    pub(crate) fn new(
        operation: impl Operation,
        inputs: impl IntoIterator<Item = Arc<Node>>,
        dtype: DType,
        chunks: impl Into<Arc<Chunks>>,
        token: Token,
        made_at: &'static Location<'static>,
    ) -> Arc<Node> {
        let inputs = Links(inputs.into_iter().collect());
        let (operation, chunks) = (Arc::new(operation), chunks.into());
        Arc::new(Node { operation, dtype, chunks, token, made_at, inputs })
    }

    /// The same node on other inputs, with another cut: what parts are made with.
    pub(crate) fn with(
        &self,
        operation: Arc<dyn Operation>,
        inputs: Nodes,
        chunks: Chunks,
        token: Token,
    ) -> Arc<Node> {
        let (dtype, made_at) = (self.dtype, self.made_at);
        let (inputs, chunks) = (Links(inputs), Arc::new(chunks));
        Arc::new(Node { operation, dtype, chunks, token, made_at, inputs })
    }

    /// The same node.
    pub(crate) fn again(&self) -> Arc<Node> {
        let chunks = Chunks::clone(&self.chunks);
        self.with(Arc::clone(&self.operation), self.inputs.0.clone(), chunks, self.token)
    }

    /// What it does.
    pub(crate) fn operation(&self) -> &Arc<dyn Operation> {
        &self.operation
    }

    /// What it does, if that is an `O`.
    pub(crate) fn as_operation<O: Operation>(&self) -> Option<&O> {
        let operation: &dyn Any = &*self.operation;
        operation.downcast_ref()
    }

    /// What it works on.
    pub(crate) fn inputs(&self) -> &[Arc<Node>] {
        &self.inputs.0
    }

    /// The token of a part of this node.
    pub(crate) fn part_token(&self, region: &Region) -> Token {
        let mut hash = Tokenizer::new("part");
        hash.token(self.token);
        for span in region.spans() {
            hash.u64(span.start as u64).u64(span.count as u64).u64(span.step as u64);
        }
        hash.finish()
    }
}

/// The layer of a node's chunks, named after the operation.
pub(crate) fn layer_of(
    node: &Node,
    inputs: impl IntoIterator<Item = Arc<Layer>>,
    blocks: impl Blocks,
) -> Arc<Layer> {
    let name = Name::structural(node.operation.name(), node.token);
    Layer::shared(name, inputs, Arc::new(blocks), node.made_at)
}

/// Long chains are taken apart in a loop: dropping them recursively would overflow the stack.
impl Drop for Links {
    fn drop(&mut self) {
        let mut orphans = std::mem::take(&mut self.0);
        while let Some(node) = orphans.pop() {
            if let Some(mut node) = Arc::into_inner(node) {
                orphans.extend(node.inputs.0.drain(..));
            }
        }
    }
}

//! [`failed`]: an expression that cannot be, which says so when it is computed.

use super::node::{Node, Operation, layer_of};
use crate::chunks::Chunks;
use crate::error::ArrayError;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Layer, Token, Value};
use chunkwise_storage::DType;
use std::borrow::Cow;
use std::panic::Location;
use std::sync::Arc;

/// What is wrong with an expression, instead of the expression.
pub(crate) struct Failed {
    pub(crate) error: ArrayError,
    pub(crate) operation: &'static str,
}

/// A node without elements or inputs whose only task fails.
pub(crate) fn failed(
    error: ArrayError,
    operation: &'static str,
    dtype: DType,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let failed = Failed { error, operation };
    Node::new(failed, [], dtype, Chunks::default(), Token::unique(), made_at)
}

impl Operation for Failed {
    fn name(&self) -> &'static str {
        self.operation
    }

    fn lower(&self, node: &Node, _: &[Arc<Layer>]) -> Arc<Layer> {
        layer_of(node, [], Fails { error: self.error.clone(), operation: self.operation })
    }
}

struct Fails {
    error: ArrayError,
    operation: &'static str,
}

impl Blocks for Fails {
    fn grid(&self) -> &[u32] {
        &[]
    }

    fn deps(&self, _: u32, _: &mut Vec<Dep>) {}

    fn run(&self, _: u32, _: &mut [Value]) -> Result<Value, BoxError> {
        Err(self.error.clone().into())
    }

    fn op_name(&self) -> Cow<'_, str> {
        self.operation.into()
    }

    fn bytes(&self, _: u32) -> Bounds {
        Bounds::output(0)
    }
}

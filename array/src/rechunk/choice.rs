//! Whether chunks go through the exchange: asked for, or because a memory limit leaves no other way.

use super::exchange::table_bytes;
use super::plan::measured;
use super::{Rechunk, RechunkMethod, STAGE};
use crate::chunks::Chunks;
use crate::expr::Node;
use chunkwise_graph::{Layer, Run};
use std::sync::Arc;

/// What the chunks of an exchange come from: the layer, and how it is cut.
pub(super) struct Origin {
    pub(super) layer: Arc<Layer>,
    pub(super) chunks: Arc<Chunks>,
}

/// Whether the options ask for the exchange, and it can be done.
pub(super) fn is_asked_for(operation: &Rechunk, from: &Chunks) -> bool {
    operation.method == RechunkMethod::Exchange && can_be(operation, from)
}

/// Where the exchange that is made instead of a node starts: before the stages that lead to it.
/// `None` if the node is no exchange.
pub(super) fn exchange_from(
    operation: &Rechunk,
    node: &Node,
    inputs: &[Arc<Layer>],
) -> Option<Origin> {
    if operation.name == STAGE || operation.method == RechunkMethod::Tasks {
        return None;
    }
    let (mut before, mut layer) = (node.inputs().first()?, inputs.first()?);
    let mut stages = vec![measured(&before.chunks, (*node.chunks).clone(), node.dtype.size())];
    while is_stage(before) {
        let cut = (*before.chunks).clone();
        (before, layer) = (before.inputs().first()?, layer.inputs().first()?);
        stages.push(measured(&before.chunks, cut, node.dtype.size()));
    }
    if !can_be(operation, &before.chunks) {
        return None;
    }
    let peak = stages.iter().map(|stage| stage.peak_bytes).max().unwrap_or(0);
    let is_chosen = operation.method == RechunkMethod::Exchange
        || is_too_much(&before.chunks, node, stages.len(), peak);
    is_chosen.then(|| Origin { layer: Arc::clone(layer), chunks: Arc::clone(&before.chunks) })
}

fn is_stage(node: &Node) -> bool {
    node.as_operation::<Rechunk>().is_some_and(|rechunk| rechunk.name == STAGE)
}

fn can_be(operation: &Rechunk, from: &Chunks) -> bool {
    operation.around.is_none() && from.shape().is_some()
}

/// The rule of [`RechunkMethod::Auto`].
fn is_too_much(from: &Chunks, to: &Node, n_stages: usize, peak_bytes: u64) -> bool {
    let Some(budget) = Run::current().budget() else { return false };
    let limit = budget.limit();
    let n_elements = from.n_elements().unwrap_or(0) as u64;
    let whole = n_elements.saturating_mul(to.dtype.size() as u64);
    whole > limit / 2
        && (n_stages > 1 || peak_bytes > limit / 8)
        && table_bytes(from.n_chunks(), to.chunks.n_chunks()) <= peak_bytes.max(limit / 8)
}

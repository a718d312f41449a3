//! From nodes to layers.

use super::node::Node;
use chunkwise_graph::Layer;
use std::collections::HashMap;
use std::sync::Arc;

/// The layer of a node, and of everything below it.
///
/// # Complexity
/// O(nodes + links), without recursion.
pub(crate) fn lower(root: &Arc<Node>) -> Arc<Layer> {
    let mut layers: HashMap<*const Node, Arc<Layer>> = HashMap::new();
    let mut stack: Vec<(&Arc<Node>, bool)> = vec![(root, false)];
    let mut last = None;
    while let Some((node, inputs_done)) = stack.pop() {
        if let Some(layer) = layers.get(&Arc::as_ptr(node)) {
            last = Some(Arc::clone(layer));
        } else if inputs_done {
            let input = |input: &Arc<Node>| layers.get(&Arc::as_ptr(input)).cloned();
            let inputs: Vec<Arc<Layer>> = node.inputs().iter().filter_map(input).collect();
            let layer = node.operation().lower(node, &inputs);
            layers.insert(Arc::as_ptr(node), Arc::clone(&layer));
            last = Some(layer);
        } else {
            stack.push((node, true));
            stack.extend(node.inputs().iter().map(|input| (input, false)));
        }
    }
    // The root is the last one whose inputs are done.
    last.unwrap_or_else(|| root.operation().lower(root, &[]))
}

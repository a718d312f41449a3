//! Moving selections towards the sources.

use super::asks::{Ask, parts_to_make, within};
use super::node::{Node, Nodes};
use super::selection::{Select, select};
use chunkwise_storage::Region;
use std::collections::HashMap;
use std::sync::Arc;

/// The same result, with selections done as early as they can be: of what a reduction gives, of
/// what it takes; of a sum, of its terms; of a source, in the reading.
///
/// A selection moves into a node when all that is asked of the node's result together is no more
/// than the result; parts that overlap are made as one, so that nothing is made twice. Through cheap
/// nodes it always moves.
///
/// # Complexity
/// O((nodes + links) x different regions that are asked of one node), without recursion.
pub(crate) fn simplify(root: &Arc<Node>) -> Arc<Node> {
    let order = inputs_first(root);
    if order.iter().all(|node| node.as_operation::<Select>().is_none()) {
        return Arc::clone(root);
    }
    let asked = asked_of(&order, root);
    rebuild(&order, &asked, root)
}

/// What is asked of a node, and what is made of it to answer.
struct Asked {
    asks: Vec<Ask>,
    made: Vec<Ask>,
}

type ByNode<T> = HashMap<*const Node, T>;

/// All nodes, each behind its inputs.
fn inputs_first(root: &Arc<Node>) -> Vec<&Arc<Node>> {
    let mut order: Vec<&Arc<Node>> = Vec::new();
    let mut seen: ByNode<()> = HashMap::new();
    let mut stack: Vec<(&Arc<Node>, bool)> = vec![(root, false)];
    while let Some((node, inputs_done)) = stack.pop() {
        if inputs_done {
            order.push(node);
        } else if seen.insert(Arc::as_ptr(node), ()).is_none() {
            stack.push((node, true));
            stack.extend(node.inputs().iter().map(|input| (input, false)));
        }
    }
    order
}

/// From the root down: what each node is asked for by those that use it.
fn asked_of(order: &[&Arc<Node>], root: &Arc<Node>) -> ByNode<Asked> {
    let mut asks: ByNode<Vec<Ask>> = HashMap::new();
    asks.insert(Arc::as_ptr(root), vec![Ask::Whole]);
    let mut all = HashMap::new();
    for node in order.iter().rev() {
        let of_node = asks.remove(&Arc::as_ptr(node)).unwrap_or_default();
        let made = parts_to_make(node, &of_node);
        for ask in &made {
            for (input, ask) in node.inputs().iter().zip(asks_of_inputs(node, ask)) {
                let known = asks.entry(Arc::as_ptr(input)).or_default();
                if !known.contains(&ask) {
                    known.push(ask);
                }
            }
        }
        all.insert(Arc::as_ptr(node), Asked { asks: of_node, made });
    }
    all
}

/// What a node asks of its inputs when it is asked for this.
fn asks_of_inputs(node: &Node, ask: &Ask) -> Vec<Ask> {
    if let Some(Select(region)) = node.as_operation::<Select>() {
        return vec![match ask {
            Ask::Whole => Ask::Part(region.clone()),
            Ask::Part(inner) => Ask::Part(super::compose(region, inner)),
        }];
    }
    let demand = match ask {
        Ask::Whole => None,
        Ask::Part(region) => node.operation().demand(node, region),
    };
    let whole_of = |region: Region, input: &Arc<Node>| match input.chunks.shape() {
        Some(shape) if region == Region::whole(&shape) => Ask::Whole,
        _ => Ask::Part(region),
    };
    match demand {
        Some(regions) => {
            regions.into_iter().zip(node.inputs()).map(|(r, input)| whole_of(r, input)).collect()
        }
        None => vec![Ask::Whole; node.inputs().len()],
    }
}

/// From the sources up: what was asked of each node.
fn rebuild(order: &[&Arc<Node>], asked: &ByNode<Asked>, root: &Arc<Node>) -> Arc<Node> {
    let mut built: ByNode<Vec<(Ask, Arc<Node>)>> = HashMap::new();
    for node in order {
        let Some(asked) = asked.get(&Arc::as_ptr(node)) else { continue };
        let input = |input: &Arc<Node>, ask: &Ask| -> Arc<Node> {
            let known = built.get(&Arc::as_ptr(input)).map_or(&[][..], |known| &known[..]);
            let found = known.iter().find(|(known, _)| known == ask);
            found.map_or_else(|| Arc::clone(input), |(_, built)| Arc::clone(built))
        };
        let inputs_for = |ask: &Ask| -> Nodes {
            node.inputs()
                .iter()
                .zip(asks_of_inputs(node, ask))
                .map(|(n, ask)| input(n, &ask))
                .collect()
        };
        let make = |ask: &Ask| match ask {
            Ask::Part(region) => node.operation().part(node, region, inputs_for(ask)),
            // All of a selection is what it asked of its input.
            Ask::Whole if is_selection(node) => inputs_for(ask).remove(0),
            Ask::Whole => with_inputs(node, inputs_for(ask)),
        };
        let made: Vec<(&Ask, Arc<Node>)> = asked.made.iter().map(|ask| (ask, make(ask))).collect();
        let answers = asked.asks.iter().map(|ask| (ask.clone(), answer(node, ask, &made)));
        built.insert(Arc::as_ptr(node), answers.collect());
    }
    built
        .remove(&Arc::as_ptr(root))
        .and_then(|mut built| built.pop())
        .map_or_else(|| Arc::clone(root), |(_, built)| built)
}

fn is_selection(node: &Node) -> bool {
    node.as_operation::<Select>().is_some()
}

/// What was asked for, of what was made.
fn answer(node: &Arc<Node>, ask: &Ask, made: &[(&Ask, Arc<Node>)]) -> Arc<Node> {
    if let Some((_, same)) = made.iter().find(|(made, _)| *made == ask) {
        return Arc::clone(same);
    }
    let Ask::Part(region) = ask else { return Arc::clone(node) };
    let of_made = made.iter().find_map(|(made, larger)| match made {
        Ask::Whole => Some(select(Arc::clone(larger), region.clone(), node.made_at)),
        Ask::Part(made) => Some(select(Arc::clone(larger), within(region, made)?, node.made_at)),
    });
    // Every ask is a part of something that is made.
    of_made.unwrap_or_else(|| select(Arc::clone(node), region.clone(), node.made_at))
}

/// The node on inputs that were simplified: itself if they are as they were.
fn with_inputs(node: &Arc<Node>, inputs: Nodes) -> Arc<Node> {
    let same = node.inputs().iter().zip(&inputs).all(|(old, new)| Arc::ptr_eq(old, new));
    match same {
        true => Arc::clone(node),
        false => {
            let operation = Arc::clone(node.operation());
            node.with(operation, inputs, (*node.chunks).clone(), node.token)
        }
    }
}

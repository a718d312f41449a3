//! [`Bundles`]: arrows between the same two nodes, taken together for the layout.

use super::components::Component;
use super::cycles::Cycles;
use super::{Problem, Size};
use std::collections::BTreeMap;

/// One or more arrows between the same two nodes, as the layers see them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Arc {
    /// The end on the earlier layer, as a number within the part.
    pub(super) tail: u32,
    /// The end on the later layer.
    pub(super) head: u32,
    /// How many arrows; they pull as much.
    pub(super) weight: u32,
    /// Room for the labels, one under the other; [`Size::default`] without any.
    pub(super) label: Size,
}

impl Arc {
    /// The fewest layers between the two ends: two where a label needs a layer of its own.
    pub(super) fn min_span(&self) -> u32 {
        if self.label.height > 0.0 { 2 } else { 1 }
    }
}

/// An arrow as a member of its bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Number of the arrow in the whole problem.
    pub(super) edge: u32,
    /// Drawn from head to tail.
    pub(super) reversed: bool,
    pub(super) cyclic: bool,
    pub(super) labelled: bool,
}

/// An arrow from a node to itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Loop {
    pub(super) edge: u32,
    /// The node, as a number within the part.
    pub(super) node: u32,
    pub(super) label: Option<Size>,
}

/// All arrows of one part.
#[derive(Clone, Debug, Default)]
pub(super) struct Bundles {
    pub(super) arcs: Vec<Arc>,
    /// The arrows of each arc.
    pub(super) members: Vec<Vec<Member>>,
    pub(super) loops: Vec<Loop>,
}

/// Bundles the arrows of one part, in the order in which each pair of nodes first appears.
pub(super) fn of(problem: &Problem, cycles: &Cycles, part: &Component) -> Bundles {
    let local = |v: u32| part.nodes.binary_search(&v).map_or(0, |at| at as u32);
    let mut bundles = Bundles::default();
    let mut known = BTreeMap::new();
    for &edge in &part.edges {
        let link = problem.edges[edge as usize];
        let (from, to) = (local(link.from), local(link.to));
        if from == to {
            bundles.loops.push(Loop { edge, node: from, label: link.label });
            continue;
        }
        let reversed = cycles.reversed[edge as usize];
        let (tail, head) = if reversed { (to, from) } else { (from, to) };
        let at = *known.entry((tail, head)).or_insert_with(|| {
            bundles.arcs.push(Arc { tail, head, weight: 0, label: Size::default() });
            bundles.members.push(Vec::new());
            bundles.arcs.len() - 1
        });
        let arc = &mut bundles.arcs[at];
        arc.weight += 1;
        if let Some(label) = link.label {
            arc.label.width = arc.label.width.max(label.width);
            arc.label.height += label.height;
        }
        let cyclic = cycles.cyclic[edge as usize];
        let labelled = link.label.is_some();
        bundles.members[at].push(Member { edge, reversed, cyclic, labelled });
    }
    bundles
}

//! [`Layered`]: layers of vertices, in which every arc has been cut into steps of one layer.

use super::bundles::Bundles;
use super::{Outline, Size};

/// Nodes and dummies together: above this, the longest arcs go without dummies.
const MAX_VERTICES: usize = 20_000;

/// Room beside a node for a loop onto itself.
pub(super) const LOOP_ROOM: f64 = 26.0;

/// How many dummies a part may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct VertexBudget {
    free: usize,
}

impl VertexBudget {
    /// What `n_nodes` nodes leave for dummies.
    pub(super) fn shared_by(n_nodes: usize) -> VertexBudget {
        VertexBudget { free: MAX_VERTICES.saturating_sub(n_nodes) }
    }

    /// The longest span whose arcs can all have dummies, shorter ones coming first.
    fn longest_span(self, spans: &[u32]) -> u32 {
        let mut sorted = spans.to_vec();
        sorted.sort_unstable();
        let mut used = 0;
        for span in sorted {
            used += span as usize - 1;
            if used > self.free {
                // Arcs of one span are treated alike, or the picture would look arbitrary.
                return span - 1;
            }
        }
        u32::MAX
    }
}

/// A layered graph in which every arc between layers spans one layer.
///
/// Vertices below `n_nodes` are the nodes of the part; the others are *dummies*, where a longer
/// arc crosses a layer.
#[derive(Clone, Debug)]
pub(super) struct Layered {
    pub(super) n_nodes: usize,
    /// The vertices of each layer, from left to right.
    pub(super) layers: Vec<Vec<u32>>,
    /// Where each vertex is within its layer.
    pub(super) position: Vec<u32>,
    pub(super) rank: Vec<u32>,
    /// Neighbours on the layer before.
    pub(super) above: Vec<Vec<u32>>,
    /// Neighbours on the layer after.
    pub(super) below: Vec<Vec<u32>>,
    pub(super) size: Vec<Size>,
    /// For each arc: its tail, its dummies, its head.
    pub(super) chains: Vec<Vec<u32>>,
}

impl Layered {
    pub(super) fn new(
        outlines: &[Outline],
        bundles: &Bundles,
        ranks: &[u32],
        budget: VertexBudget,
    ) -> Layered {
        let n_layers = ranks.iter().max().map_or(0, |&last| last as usize + 1);
        let mut layered = Layered {
            n_nodes: outlines.len(),
            layers: vec![Vec::new(); n_layers],
            position: Vec::new(),
            rank: ranks.to_vec(),
            above: vec![Vec::new(); outlines.len()],
            below: vec![Vec::new(); outlines.len()],
            size: sizes_with_loops(outlines, bundles),
            chains: Vec::with_capacity(bundles.arcs.len()),
        };
        let span = |arc: &super::bundles::Arc| ranks[arc.head as usize] - ranks[arc.tail as usize];
        let spans: Vec<u32> = bundles.arcs.iter().map(span).collect();
        let longest = budget.longest_span(&spans);
        for (arc, &span) in bundles.arcs.iter().zip(&spans) {
            let chain = if span == 1 || span <= longest {
                layered.add_chain(arc.tail, arc.head, arc.label)
            } else {
                vec![arc.tail, arc.head]
            };
            layered.chains.push(chain);
        }
        for v in 0..layered.rank.len() as u32 {
            layered.layers[layered.rank[v as usize] as usize].push(v);
        }
        layered.position = vec![0; layered.rank.len()];
        layered.renumber();
        layered
    }

    /// Cuts an arc into steps; the dummy nearest to its middle is as large as its label.
    fn add_chain(&mut self, tail: u32, head: u32, label: Size) -> Vec<u32> {
        let (first, last) = (self.rank[tail as usize], self.rank[head as usize]);
        let middle = first + (last - first) / 2;
        let mut chain = vec![tail];
        for rank in first + 1..last {
            let dummy = self.rank.len() as u32;
            self.rank.push(rank);
            self.size.push(if rank == middle { label } else { Size::default() });
            self.above.push(Vec::with_capacity(1));
            self.below.push(Vec::with_capacity(1));
            chain.push(dummy);
        }
        chain.push(head);
        for step in chain.windows(2) {
            self.below[step[0] as usize].push(step[1]);
            self.above[step[1] as usize].push(step[0]);
        }
        chain
    }

    pub(super) fn is_dummy(&self, v: u32) -> bool {
        v as usize >= self.n_nodes
    }

    /// Number of vertices, dummies included.
    pub(super) fn len(&self) -> usize {
        self.rank.len()
    }

    /// Sets the positions after `layers` changed.
    pub(super) fn renumber(&mut self) {
        for layer in &self.layers {
            for (at, &v) in (0u32..).zip(layer) {
                self.position[v as usize] = at;
            }
        }
    }
}

/// The sizes of the nodes, with room on both sides where an arrow comes back to its own node.
fn sizes_with_loops(outlines: &[Outline], bundles: &Bundles) -> Vec<Size> {
    let mut sizes: Vec<Size> = outlines.iter().map(|o| o.size).collect();
    let mut room = vec![0.0f64; outlines.len()];
    for own in &bundles.loops {
        let label = own.label.map_or(0.0, |label| label.width);
        room[own.node as usize] = room[own.node as usize].max(LOOP_ROOM + label);
    }
    for (size, room) in sizes.iter_mut().zip(room) {
        size.width += 2.0 * room;
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_arcs_lose_their_dummies_first_when_there_are_too_many() {
        let budget = VertexBudget { free: 5 };
        assert_eq!(budget.longest_span(&[2, 3, 3]), u32::MAX);
        assert_eq!(budget.longest_span(&[2, 3, 4]), 3);
        assert_eq!(budget.longest_span(&[2, 4, 4]), 3);
        assert_eq!(budget.longest_span(&[9]), 8);
        assert_eq!(budget.longest_span(&[]), u32::MAX);
    }
}

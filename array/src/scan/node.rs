//! The node of a scan, and the layers that it becomes.

use super::custom::Scan;
use super::layers::{Apply, Carries, Carry, Joins, Lanes};
use crate::array::Array;
use crate::axes::Axes;
use crate::chunks::{Chunks, PerAxis};
use crate::expr::{Node, Nodes, Operation, layer_of, select, selected_chunks};
use chunkwise_graph::{Blocks, Layer, Name, Tokenizer};
use chunkwise_storage::{Element as _, Region, Span};
use std::sync::Arc;

/// How the totals before each chunk are found. Results differ by rounding only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ScanMethod {
    /// One after the other: as many small tasks as there are chunks, each waiting for the one
    /// before.
    #[default]
    Sequential,
    /// In a tree (Blelloch 1990): a few more small tasks, of which a logarithmic number wait for
    /// one another.
    Blelloch,
}

/// Totals that a task of the tree joins.
pub(super) const FAN_IN: u32 = 8;

#[derive(Clone)]
struct Scanned<S> {
    scan: S,
    axis: usize,
    method: ScanMethod,
}

/// The input scanned along an axis.
#[track_caller]
pub(super) fn scan<S: Scan>(
    input: &Array<S::In>,
    axes: Axes,
    scan: S,
    method: ScanMethod,
) -> Array<S::Out> {
    Array::build(S::NAME, &[&input.node], |made_at| {
        let node = &input.node;
        let axis = axes.one(node.chunks.ndim())?;
        let mut hash = Tokenizer::new("scan");
        hash.str(S::NAME).str(std::any::type_name::<S>()).token(node.token);
        hash.u64(axis as u64).u64(method as u64);
        hash.bytes(&postcard::to_stdvec(&scan).unwrap_or_default());
        let chunks = Arc::clone(&node.chunks);
        let operation = Scanned { scan, axis, method };
        Ok(Node::new(operation, [node.clone()], S::Out::DTYPE, chunks, hash.finish(), made_at))
    })
}

/// Makes the layers below a node's own, each named after it and a number.
struct Below<'a> {
    node: &'a Node,
    n_made: u64,
}

impl Below<'_> {
    fn layer(
        &mut self,
        inputs: impl IntoIterator<Item = Arc<Layer>>,
        blocks: impl Blocks,
    ) -> Arc<Layer> {
        let token = Tokenizer::of("level", &(self.node.token, self.n_made));
        self.n_made += 1;
        let name = Name::structural(self.node.operation().name(), token);
        Layer::shared(name, inputs, Arc::new(blocks), self.node.made_at)
    }
}

impl<S: Scan> Scanned<S> {
    fn lanes(&self, grid: Vec<u32>, chunks: &Chunks) -> Lanes<S> {
        let largest = chunks.largest_chunk();
        let n_across = largest.map(|shape| {
            let others = shape.iter().enumerate().filter(|(axis, _)| *axis != self.axis);
            others.map(|(_, len)| *len).fold(1usize, usize::saturating_mul)
        });
        Lanes { scan: self.scan.clone(), axis: self.axis, grid, n_across }
    }

    /// The layer of what comes before each chunk but the first along the axis.
    fn carries(&self, below: &mut Below<'_>, totals: Arc<Layer>, chunks: &Chunks) -> Arc<Layer> {
        let from = totals.grid().to_vec();
        let n = from[self.axis];
        let mut grid = from.clone();
        grid[self.axis] = n - 1;
        let carries =
            |carry| Carries { lanes: self.lanes(grid, chunks), from: from.clone(), carry };
        if self.method == ScanMethod::Sequential {
            return below.layer([totals], carries(Carry::Chain));
        }
        if n <= FAN_IN {
            return below.layer([totals], carries(Carry::Tree { upper: None }));
        }
        let mut joined = from.clone();
        joined[self.axis] = n.div_ceil(FAN_IN);
        let joins = Joins { lanes: self.lanes(joined, chunks), from: from.clone() };
        let joins = below.layer([Arc::clone(&totals)], joins);
        // As deep as the logarithm of the number of chunks.
        let upper = self.carries(below, joins, chunks);
        let carry = Carry::Tree { upper: Some(upper.grid().to_vec()) };
        below.layer([totals, upper], carries(carry))
    }
}

impl<S: Scan> Operation for Scanned<S> {
    fn name(&self) -> &'static str {
        S::NAME
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let (grid, chunks) = (node.chunks.grid(), &node.chunks);
        let input = Arc::clone(&inputs[0]);
        let apply = |carries| {
            let lanes = self.lanes(grid.clone(), chunks);
            Apply { lanes, chunks: Arc::clone(chunks), carries, is_total: false }
        };
        if grid[self.axis] <= 1 {
            return layer_of(node, [input], apply(None));
        }
        let mut below = Below { node, n_made: 0 };
        let totals = Apply { is_total: true, ..apply(None) };
        let totals = below.layer([Arc::clone(&input)], totals);
        let carries = self.carries(&mut below, totals, chunks);
        let carry_grid = carries.grid().to_vec();
        layer_of(node, [input, carries], apply(Some(carry_grid)))
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        node.chunks.shape()?;
        if region.is_empty() {
            return None;
        }
        Some(vec![self.up_to(region)])
    }

    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let up_to = self.up_to(region);
        let chunks = selected_chunks(&node.chunks, &up_to);
        let operation = Arc::clone(node.operation());
        let scanned = node.with(operation, inputs, chunks, node.part_token(&up_to));
        let spans = region.spans().iter().enumerate().map(|(axis, span)| match axis == self.axis {
            true => *span,
            false => Span::new(0, span.count),
        });
        let made_at = node.made_at;
        select(scanned, spans.collect(), made_at)
    }
}

impl<S> Scanned<S> {
    /// What must be scanned for a region: all that comes before it.
    fn up_to(&self, region: &Region) -> Region {
        let mut spans: PerAxis<Span> = region.spans().iter().copied().collect();
        spans[self.axis] = Span::new(0, region.spans()[self.axis].end());
        spans.into_iter().collect()
    }
}

//! [`Digest`]: reductions whose partial results are not one accumulator for each position: the
//! greatest few, counts in bins, the different elements.

use super::combine::Groups;
use super::partial::{Partial, partial_bytes};
use crate::array::Built;
use crate::chunk::{Chunk, chunk_bytes};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::expr::{Node, Nodes, Operation, layer_of, select};
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Name, Shipment, Token, Tokenizer, TypeInfo, Value,
};
use chunkwise_storage::{Element as _, Region, Span};
use ndarray::ArrayD;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::borrow::Cow;
use std::panic::Location;
use std::sync::Arc;

/// What is made of each chunk, joined in a tree, and made a result of.
///
/// # Contract
/// `join` of what parts give is what they give together, but for rounding.
pub(crate) trait Digest:
    Clone + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// What partial results are lists of.
    type Acc: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// What comes out.
    type Out: Element;
    const NAME: &'static str;

    /// Of the chunks at one place, which are followed by the inputs that are given to all.
    ///
    /// # Errors
    /// What is wrong with the elements.
    fn leaf(&self, at: &LeafAt, inputs: &mut [Value]) -> Result<Partial<Self::Acc>, BoxError>;

    /// Of neighbours, in order; there is at least one.
    ///
    /// # Errors
    /// If they do not fit together.
    fn join(&self, parts: &[&Partial<Self::Acc>]) -> Result<Partial<Self::Acc>, BoxError>;

    /// What comes out.
    ///
    /// # Errors
    /// If nothing does.
    fn finish(&self, partial: Partial<Self::Acc>) -> Result<ArrayD<Self::Out>, BoxError>;

    /// The most accumulators that a partial result holds, if that can be told before the run.
    fn most(&self, of: &Joined<'_>) -> Option<usize>;

    /// Temporary bytes beside the partial result, while it is made of one chunk.
    fn leaf_scratch(&self, of: &Joined<'_>) -> usize;

    /// Temporary bytes beside the partial result, while it is joined of parts with so many
    /// accumulators.
    fn join_scratch(&self, of: &Joined<'_>, n_accs: usize) -> usize {
        let _ = (of, n_accs);
        0
    }

    /// Temporary bytes beside the result and a partial result of so many accumulators.
    fn finish_scratch(&self, n_accs: usize) -> usize {
        let _ = n_accs;
        0
    }
}

/// What a partial result is made of.
#[derive(Clone, Copy)]
pub(crate) struct Joined<'a> {
    /// The lengths that no chunk exceeds.
    pub(crate) chunk: &'a [usize],
    /// Number of chunks in the partial result.
    pub(crate) n: usize,
    /// Number of chunks that the result is made of.
    pub(crate) of: usize,
}

impl Joined<'_> {
    /// The most elements that a chunk has.
    pub(crate) fn n_in_chunk(&self) -> usize {
        self.chunk.iter().copied().fold(1, usize::saturating_mul)
    }

    /// The most elements that the partial result is made of.
    pub(crate) fn n_elements(&self) -> usize {
        self.chunk.iter().copied().fold(self.n, usize::saturating_mul)
    }
}

/// Where a chunk lies.
pub(crate) struct LeafAt {
    /// Where it starts in the array, if that is known.
    pub(crate) starts: Option<PerAxis<usize>>,
    /// The shape of the array, if it is known.
    pub(crate) shape: Option<PerAxis<usize>>,
}

/// What a digest works on.
pub(crate) struct Digested<'a> {
    /// Arrays that are cut alike.
    pub(crate) arrays: &'a [Arc<Node>],
    /// Arrays of one chunk each, given to all.
    pub(crate) to_all: &'a [Arc<Node>],
    /// The axis along which chunks are joined; all, if there is none.
    pub(crate) along: Option<usize>,
}

#[derive(Clone)]
struct DigestOp<D> {
    digest: D,
    along: Option<usize>,
    n_arrays: usize,
    /// The name of what is joined: the same for all that is made of it.
    shared: Token,
}

/// The node of a digest, whose result is cut so. `parameters` covers what is joined, the type of
/// the digest what comes out.
pub(crate) fn digest<D: Digest>(
    digested: &Digested<'_>,
    digest: D,
    parameters: Token,
    chunks: impl FnOnce(Token) -> Chunks,
    made_at: &'static Location<'static>,
) -> Built {
    let inputs = digested.arrays.iter().chain(digested.to_all);
    let mut hash = Tokenizer::new("digest");
    hash.str(D::NAME).token(parameters);
    inputs.clone().for_each(|input| {
        hash.token(input.token);
    });
    let shared = hash.finish();
    let token = Tokenizer::of(std::any::type_name::<D>(), &shared);
    let n_arrays = digested.arrays.len();
    let operation = DigestOp { digest, along: digested.along, n_arrays, shared };
    Ok(Node::new(operation, inputs.cloned(), D::Out::DTYPE, chunks(token), token, made_at))
}

impl<D: Digest> DigestOp<D> {
    fn mask(&self, ndim: usize) -> PerAxis<bool> {
        (0..ndim).map(|axis| self.along.is_none_or(|along| along == axis)).collect()
    }

    fn below(
        &self,
        node: &Node,
        level: u64,
        inputs: &[Arc<Layer>],
        blocks: impl Blocks,
    ) -> Arc<Layer> {
        let token = Tokenizer::of("level", &(self.shared, level));
        let name = Name::structural(D::NAME, token);
        Layer::shared(name, inputs.iter().cloned(), Arc::new(blocks), node.made_at)
    }
}

impl<D: Digest> Operation for DigestOp<D> {
    fn name(&self) -> &'static str {
        D::NAME
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let from = Arc::clone(&node.inputs()[0].chunks);
        let mask = self.mask(from.ndim());
        let last = || Last { grid: node.chunks.grid(), chunks: Arc::clone(&node.chunks) };
        let grid = from.grid();
        let is_alone = grid.iter().zip(&mask).all(|(n, joined)| !*joined || *n == 1);
        let sizes = Sizes::of_leaves(&from, &mask);
        let shape = from.shape();
        let leaves = Leaves {
            digest: self.digest.clone(),
            grid,
            from,
            shape,
            sizes: sizes.clone(),
            n_arrays: self.n_arrays,
            n_to_all: inputs.len() - self.n_arrays,
            last: is_alone.then(last),
        };
        if is_alone {
            return layer_of(node, inputs.iter().cloned(), leaves);
        }
        let mut layer = self.below(node, 0, inputs, leaves);
        let mut sizes = sizes;
        for level in 1.. {
            let groups = Groups::of_tree(layer.grid(), &mask);
            let is_last = groups.is_last(&mask);
            sizes = sizes.joined(groups.most_members());
            let (digest, sizes) = (self.digest.clone(), sizes.clone());
            let joins = Joins { digest, groups, sizes, last: is_last.then(last) };
            if is_last {
                return layer_of(node, [layer], joins);
            }
            layer = self.below(node, level, &[layer], joins);
        }
        layer
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let along = self.along?;
        node.chunks.shape()?;
        let [input] = node.inputs() else { return None };
        let len = input.chunks.shape()?[along];
        let mut spans: PerAxis<Span> = region.spans().iter().copied().collect();
        spans[along] = Span::new(0, len);
        Some(vec![spans.into_iter().collect()])
    }

    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let ([input], Some(along)) = (&inputs[..], self.along) else { return node.again() };
        let shared = Tokenizer::of("of", &(self.shared, input.token));
        let token = Tokenizer::of("of", &(node.token, input.token));
        let chunks = input.chunks.with_axis(along, node.chunks.axes()[along].clone());
        let operation = Arc::new(DigestOp { shared, ..self.clone() });
        let made = node.with(operation, inputs, chunks, token);
        let spans = region.spans().iter().enumerate().map(|(axis, span)| match axis == along {
            true => *span,
            false => Span::new(0, span.count),
        });
        select(made, spans.collect(), node.made_at)
    }
}

/// How large what is joined in a layer is.
#[derive(Clone, Serialize, Deserialize)]
struct Sizes {
    /// The lengths that no chunk exceeds, if they are known.
    chunk: Option<PerAxis<usize>>,
    n: usize,
    of: usize,
}

impl Sizes {
    fn of_leaves(from: &Chunks, mask: &[bool]) -> Sizes {
        let axes = from.axes().iter().zip(mask).filter(|(_, joined)| **joined);
        let of = axes.map(|(axis, _)| axis.n_chunks()).fold(1, usize::saturating_mul);
        Sizes { chunk: from.largest_chunk(), n: 1, of }
    }

    /// Of at most so many of these.
    fn joined(self, n: usize) -> Sizes {
        Sizes { n: self.n.saturating_mul(n).min(self.of), ..self }
    }

    fn get(&self) -> Option<Joined<'_>> {
        Some(Joined { chunk: self.chunk.as_ref()?, n: self.n, of: self.of })
    }
}

/// The last layer: its grid, and how the result is cut.
#[derive(Serialize, Deserialize)]
struct Last {
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
}

impl Last {
    fn done<D: Digest>(
        last: Option<&Last>,
        digest: &D,
        partial: Partial<D::Acc>,
    ) -> Result<Value, BoxError> {
        match last {
            Some(_) => Ok(Chunk::new(digest.finish(partial)?).into_value()),
            None => Ok(Value::data(partial)),
        }
    }

    /// Of a partial result of at most so many accumulators, whose making needs `scratch` bytes.
    fn bytes<D: Digest>(last: Option<&Last>, digest: &D, most: usize, scratch: usize) -> Bounds {
        let partial = partial_bytes::<D::Acc>(most);
        let Some(last) = last else {
            return Bounds::output(partial).with_scratch(scratch as u64);
        };
        // Where the length of the result is deferred, there is an element for each accumulator.
        let n = last.chunks.largest_chunk();
        let n = n.map_or(most, |shape| shape.iter().copied().fold(1, usize::saturating_mul));
        let besides = scratch.max(digest.finish_scratch(most)) as u64;
        Bounds::output(chunk_bytes::<D::Out>(n)).with_scratch(partial.saturating_add(besides))
    }

    fn output<D: Digest>(last: Option<&Last>) -> &'static TypeInfo {
        match last {
            Some(_) => TypeInfo::data::<Chunk<D::Out>>(),
            None => TypeInfo::data::<Partial<D::Acc>>(),
        }
    }
}

/// What is made of each chunk.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct Leaves<D: Digest> {
    digest: D,
    grid: Vec<u32>,
    from: Arc<Chunks>,
    shape: Option<PerAxis<usize>>,
    sizes: Sizes,
    n_arrays: usize,
    n_to_all: usize,
    last: Option<Last>,
}

impl<D: Digest> Blocks for Leaves<D> {
    fn grid(&self) -> &[u32] {
        self.last.as_ref().map_or(&self.grid, |last| &last.grid)
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let n_arrays = self.n_arrays as u32;
        deps.extend((0..n_arrays).map(|input| Dep::input(input, block)));
        let to_all = n_arrays..n_arrays + self.n_to_all as u32;
        deps.extend(to_all.map(|input| Dep::input(input, 0)));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let starts = self
            .from
            .region_of(block)
            .map(|region| region.spans().iter().map(|span| span.start).collect());
        let at = LeafAt { starts, shape: self.shape.clone() };
        Last::done(self.last.as_ref(), &self.digest, self.digest.leaf(&at, inputs)?)
    }

    fn op_name(&self) -> Cow<'_, str> {
        D::NAME.into()
    }

    fn bytes(&self, _: u32) -> Bounds {
        let Some(of) = self.sizes.get() else { return Bounds::UNKNOWN };
        let Some(most) = self.digest.most(&of) else { return Bounds::UNKNOWN };
        let scratch = self.digest.leaf_scratch(&of);
        Last::bytes(self.last.as_ref(), &self.digest, most, scratch)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(Last::output::<D>(self.last.as_ref())))
    }
}

/// What neighbours give together.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct Joins<D: Digest> {
    digest: D,
    groups: Groups,
    /// Of what comes out.
    sizes: Sizes,
    last: Option<Last>,
}

impl<D: Digest> Blocks for Joins<D> {
    fn grid(&self) -> &[u32] {
        self.last.as_ref().map_or(&self.groups.to, |last| &last.grid)
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.extend(self.groups.members(block).into_iter().map(|block| Dep::input(0, block)));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let parts: Vec<&Partial<D::Acc>> =
            inputs.iter().map(Value::get).collect::<Result<_, _>>()?;
        let joined = self.digest.join(&parts)?;
        Last::done(self.last.as_ref(), &self.digest, joined)
    }

    fn op_name(&self) -> Cow<'_, str> {
        format!("{}-join", D::NAME).into()
    }

    fn bytes(&self, _: u32) -> Bounds {
        let Some(of) = self.sizes.get() else { return Bounds::UNKNOWN };
        let Some(most) = self.digest.most(&of) else { return Bounds::UNKNOWN };
        // What the parts hold together, of which some may be the same.
        let one = self.digest.most(&Joined { n: 1, ..of }).unwrap_or(most);
        let scratch = self.digest.join_scratch(&of, one.saturating_mul(of.n).max(most));
        Last::bytes(self.last.as_ref(), &self.digest, most, scratch)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(Last::output::<D>(self.last.as_ref())))
    }
}

/// Every array of `nodes` cut alike.
///
/// # Errors
/// [`crate::ArrayError::Shape`] if their shapes differ.
pub(crate) fn cut_alike(
    nodes: &[Arc<Node>],
    made_at: &'static Location<'static>,
) -> Result<Nodes, crate::ArrayError> {
    let first = nodes.first().map(|node| node.chunks.extents()).unwrap_or_default();
    if let Some(other) = nodes.iter().find(|node| node.chunks.extents() != first) {
        let expected = format!("one of {} is needed", crate::extent::tuple_text(first.iter()));
        return Err(crate::ArrayError::shape(expected, &other.chunks.extents()));
    }
    Ok(crate::elementwise::align(nodes, made_at)?.inputs)
}

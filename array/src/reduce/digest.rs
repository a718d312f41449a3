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
    fn join(&self, parts: Vec<Partial<Self::Acc>>) -> Result<Partial<Self::Acc>, BoxError>;

    /// What comes out.
    ///
    /// # Errors
    /// If nothing does.
    fn finish(&self, partial: Partial<Self::Acc>) -> Result<ArrayD<Self::Out>, BoxError>;

    /// The most accumulators that a partial result holds where no chunk is larger than this, if
    /// that can be told.
    fn most(&self, chunk: &[usize]) -> Option<usize>;
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
        let most = from.largest_chunk().and_then(|shape| self.digest.most(&shape));
        let mask = self.mask(from.ndim());
        let last = || Last { grid: node.chunks.grid(), chunks: Arc::clone(&node.chunks) };
        let grid = from.grid();
        let is_alone = grid.iter().zip(&mask).all(|(n, joined)| !*joined || *n == 1);
        let shape = from.shape();
        let leaves = Leaves {
            digest: self.digest.clone(),
            grid,
            from,
            shape,
            most,
            n_arrays: self.n_arrays,
            n_to_all: inputs.len() - self.n_arrays,
            last: is_alone.then(last),
        };
        if is_alone {
            return layer_of(node, inputs.iter().cloned(), leaves);
        }
        let mut layer = self.below(node, 0, inputs, leaves);
        for level in 1.. {
            let groups = Groups::of_tree(layer.grid(), &mask);
            let is_last = groups.is_last(&mask);
            let joins =
                Joins { digest: self.digest.clone(), groups, most, last: is_last.then(last) };
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

    fn bytes<D: Digest>(last: Option<&Last>, block: u32, most: Option<usize>) -> Bounds {
        let Some(partial) = most.map(partial_bytes::<D::Acc>) else { return Bounds::UNKNOWN };
        match last {
            None => Bounds::output(partial),
            Some(last) => match last.chunks.chunk_len(block) {
                Some(n) => Bounds::output(chunk_bytes::<D::Out>(n)).with_scratch(partial),
                None => Bounds::UNKNOWN,
            },
        }
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
    most: Option<usize>,
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

    fn bytes(&self, block: u32) -> Bounds {
        let bounds = Last::bytes::<D>(self.last.as_ref(), block, self.most);
        match (bounds.scratch, self.from.largest_chunk()) {
            (Some(scratch), Some(shape)) => {
                // A copy of each chunk, elements beside their numbers.
                let n = shape.iter().copied().fold(1, usize::saturating_mul);
                let copies = n.saturating_mul(self.n_arrays).saturating_mul(32);
                bounds.with_scratch(scratch.saturating_add(copies as u64))
            }
            _ => Bounds::UNKNOWN,
        }
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
    most: Option<usize>,
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
        let parts = inputs.iter_mut().map(super::partial::take_partial::<D::Acc>);
        let joined = self.digest.join(parts.collect::<Result<_, _>>()?)?;
        Last::done(self.last.as_ref(), &self.digest, joined)
    }

    fn op_name(&self) -> Cow<'_, str> {
        format!("{}-join", D::NAME).into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let bounds = Last::bytes::<D>(self.last.as_ref(), block, self.most);
        let n = self.groups.members(block).len() as u64;
        match (bounds.scratch, self.most) {
            (Some(scratch), Some(most)) => {
                bounds.with_scratch(scratch + n * partial_bytes::<D::Acc>(most))
            }
            _ => Bounds::UNKNOWN,
        }
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

//! [`Generator`]: arrays whose elements are known by their positions.

use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::expr::{Node, Nodes, Operation, compose, layer_of, selected_chunks};
use crate::tile::{State, TILE, Tile, TileBuf, TileOp, TileProgram, TileRef, shipped_op};
use chunkwise_graph::{Blockwise, BoxError, Layer, ShipFn, Shipment, Token, Tokenizer};
use chunkwise_storage::{DType, Region};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// Elements that are known by their positions.
pub(crate) trait Generator<T>: Clone + Send + Sync + 'static {
    /// Elements at `at`, and at every `step`th position behind along the last axis.
    fn row(&self, at: &[usize], step: usize, out: &mut [T]);

    /// The element, if all are equal.
    fn constant(&self) -> Option<T> {
        None
    }

    /// As a tile operation over a part of the array, in a form that runs in another process.
    ///
    /// # Errors
    /// Why it has none.
    fn ship(&self, part: &Region) -> Result<Shipment, String>;
}

/// An array of what a generator gives.
pub(crate) fn generated<T: Element>(
    name: &'static str,
    generator: impl Generator<T>,
    chunks: Chunks,
    token: Token,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let shape = chunks.shape().unwrap_or_default();
    let op = GenerateOp { generator, part: Region::whole(&shape), of: PhantomData };
    Node::new(Generate { name, op, of: PhantomData }, [], T::DTYPE, chunks, token, made_at)
}

/// The part of a generated array that a node is.
#[derive(Clone)]
struct Generate<T, G> {
    name: &'static str,
    op: GenerateOp<T, G>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element, G: Generator<T>> Operation for Generate<T, G> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lower(&self, node: &Node, _: &[Arc<Layer>]) -> Arc<Layer> {
        let op = Arc::new(self.op.clone());
        let program = TileProgram::one(op, &[], Arc::clone(&node.chunks));
        let blocks = Blockwise::new(node.chunks.grid(), Vec::new(), self.name, program);
        layer_of(node, [], blocks)
    }

    fn demand(&self, _: &Node, _: &Region) -> Option<Vec<Region>> {
        Some(Vec::new())
    }

    fn part(&self, node: &Node, region: &Region, _: Nodes) -> Arc<Node> {
        let chunks = selected_chunks(&node.chunks, region);
        let part = compose(&self.op.part, region);
        let op = GenerateOp { part, ..self.op.clone() };
        let operation = Generate { op, ..self.clone() };
        let token = node.part_token(region);
        Node::new(operation, [], T::DTYPE, chunks, token, node.made_at)
    }

    fn recut(&self, node: &Node, chunks: &Chunks) -> Option<Arc<Node>> {
        let token = Tokenizer::of("recut", &(node.token, chunks));
        let operation = self.clone();
        Some(Node::new(operation, [], T::DTYPE, chunks.clone(), token, node.made_at))
    }

    fn is_cheap(&self) -> bool {
        true
    }
}

/// Generating as a tile operation.
#[derive(Clone)]
pub(crate) struct GenerateOp<T, G> {
    generator: G,
    part: Region,
    of: PhantomData<fn() -> T>,
}

impl<T, G> GenerateOp<T, G> {
    /// Of a part of what a generator gives.
    pub(crate) fn new(generator: G, part: Region) -> GenerateOp<T, G> {
        GenerateOp { generator, part, of: PhantomData }
    }
}

impl<T: Element, G: Generator<T>> TileOp for GenerateOp<T, G> {
    fn output(&self) -> DType {
        T::DTYPE
    }

    fn run(
        &self,
        tile: Tile<'_>,
        _: &[TileRef<'_>],
        out: &mut TileBuf,
        _: &mut State,
    ) -> Result<(), BoxError> {
        let out = &mut out.get::<T>()?[..tile.len];
        let starts = tile.at.starts.as_ref().ok_or("generated arrays have known chunks")?;
        each_row(&self.part, starts, &tile, |position, step, row| {
            self.generator.row(position, step, &mut out[row]);
        });
        Ok(())
    }

    fn load(&self, tile: Tile<'_>, state: &mut State) -> Result<bool, BoxError> {
        let Some(element) = self.generator.constant() else { return Ok(false) };
        // One filling serves all tiles: none is longer.
        if state.is_none() {
            let n_elements: usize = tile.at.shape.iter().product();
            *state = Some(Box::new(vec![element; TILE.min(n_elements)]));
        }
        Ok(true)
    }

    fn view<'s>(&self, tile: Tile<'_>, state: &'s State) -> Option<TileRef<'s>> {
        let elements: &Vec<T> = state.as_ref()?.downcast_ref()?;
        Some(T::tile(elements.get(..tile.len)?))
    }

    fn ship(&self) -> Result<Shipment, String> {
        self.generator.ship(&self.part)
    }

    fn state_bytes(&self, n_elements: usize) -> Option<u64> {
        let is_kept = self.generator.constant().is_some();
        Some(if is_kept { (TILE.min(n_elements) * size_of::<T>()) as u64 } else { 0 })
    }
}

/// Calls `f` with each row of a tile along the last axis: where in the whole array it starts, from
/// one of its elements to the next, and which elements of the tile it has.
fn each_row(
    part: &Region,
    starts: &[usize],
    tile: &Tile<'_>,
    mut f: impl FnMut(&[usize], usize, std::ops::Range<usize>),
) {
    let shape = &tile.at.shape;
    let (Some(&row_len), Some(&last)) = (shape.last(), part.spans().last()) else {
        return f(&[], 1, 0..tile.len);
    };
    // Where the tile starts in the block.
    let mut at: PerAxis<usize> = smallvec::smallvec![0; shape.len()];
    let mut rest = tile.start;
    for (at, &len) in at.iter_mut().zip(shape).rev() {
        *at = rest % len;
        rest /= len;
    }
    let inner = shape.len() - 1;
    let mut position: PerAxis<usize> = at.clone();
    let mut done = 0;
    while done < tile.len {
        let n = (row_len - at[inner]).min(tile.len - done);
        for (axis, position) in position.iter_mut().enumerate() {
            let span = part.spans()[axis];
            *position = span.start + (starts[axis] + at[axis]) * span.step;
        }
        f(&position, last.step, done..done + n);
        done += n;
        at[inner] = 0;
        for axis in (0..inner).rev() {
            at[axis] += 1;
            if at[axis] < shape[axis] {
                break;
            }
            at[axis] = 0;
        }
    }
}

/// The portable form of a generator that serialises.
pub(crate) fn ship_generator<T, G>(generator: &G, part: &Region) -> Result<Shipment, String>
where
    T: Element,
    G: Generator<T> + Serialize + DeserializeOwned,
{
    struct Load<T, G>(PhantomData<(T, G)>);
    impl<T: Element, G: Generator<T> + DeserializeOwned> Load<T, G> {
        const LOAD: &'static ShipFn = &ShipFn::new::<Load<T, G>>(|parcel| {
            let (generator, part): (G, Region) = parcel.read()?;
            Ok(shipped_op(GenerateOp::<T, G> { generator, part, of: PhantomData }))
        });
    }
    Shipment::new(Load::<T, G>::LOAD).with_serde(&(generator, part))
}

/// The same element everywhere.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
pub(crate) struct Constant<T: Element>(pub(crate) T);

impl<T: Element> Generator<T> for Constant<T> {
    fn row(&self, _: &[usize], _: usize, out: &mut [T]) {
        out.fill(self.0);
    }

    fn constant(&self) -> Option<T> {
        Some(self.0)
    }

    fn ship(&self, part: &Region) -> Result<Shipment, String> {
        ship_generator::<T, _>(self, part)
    }
}

//! Cutting an array again through the exchange of `chunkwise-memory`.
//!
//! One task an old chunk packs its elements by new chunks, one barrier brings the packs together,
//! one task a new chunk reads its pieces. Packs are written to disk where memory is short, so that
//! an array of any size goes from rows to columns, and nothing is linked to everything. As the
//! shuffle of rechunker (Abernathey and Augspurger, <https://github.com/pangeo-data/rechunker>), with
//! scratch files instead of an intermediate array.

use super::blocks::{each_index, touched};
use super::choice::Origin;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::element::{Element, for_each_dtype};
use crate::expr::{Node, layer_of};
use crate::tile::check_shape;
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Name, Shipment, Tokenizer, TypeInfo, Value, grid,
};
use chunkwise_memory::{Exchanged, Partitioned, PartitionedBuilder, Pieces, barrier, current};
use chunkwise_storage::DType;
use ndarray::{ArrayD, ArrayViewD, ArrayViewMutD, Axis, IxDyn, Slice};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

/// Bytes of the tables that say where pieces lie: an offset and a cut for each pair of an old and a
/// new chunk.
pub(super) fn table_bytes(n_from: u64, n_to: u64) -> u64 {
    n_from.saturating_mul(n_to.saturating_add(1)).saturating_mul(16)
}

/// The layers that make a node's chunks from those of the origin.
pub(super) fn lower(node: &Node, origin: &Origin) -> Arc<Layer> {
    macro_rules! of_dtype {
        ($($variant:ident $element:ty),+) => {
            match node.dtype {
                $(DType::$variant => exchanged::<$element>(node, origin),)+
                _ => Arc::clone(&origin.layer),
            }
        };
    }
    for_each_dtype!(of_dtype)
}

fn exchanged<T: Element>(node: &Node, origin: &Origin) -> Arc<Layer> {
    let cuts = Cuts { from: Arc::clone(&origin.chunks), to: Arc::clone(&node.chunks) };
    let token = Tokenizer::of("rechunk-pack", &(node.token, &*origin.chunks));
    let pack = PackBlocks::<T> { grid: cuts.from.grid(), cuts: cuts.clone(), of: PhantomData };
    let name = Name::structural("rechunk-pack", token);
    let packed = Layer::shared(name, [Arc::clone(&origin.layer)], Arc::new(pack), node.made_at);
    let together = barrier(&packed, cuts.n_new());
    let grid = node.chunks.grid();
    layer_of(node, [together], PlaceBlocks::<T> { grid, cuts, of: PhantomData })
}

/// The old cut and the new one, both of known lengths.
#[derive(Clone, Serialize, Deserialize)]
struct Cuts {
    from: Arc<Chunks>,
    to: Arc<Chunks>,
}

/// A chunk of one cut, and those of the other that it touches.
struct Touching<'a> {
    ranges: PerAxis<Range<usize>>,
    other: &'a Chunks,
    chunks: PerAxis<Range<u32>>,
}

/// The positions that a chunk has along each axis.
fn ranges_of(chunks: &Chunks, index: &[u32]) -> PerAxis<Range<usize>> {
    let axes = chunks.axes().iter().zip(index);
    axes.map(|(axis, &at)| axis.range(at as usize).unwrap_or(0..0)).collect()
}

impl Cuts {
    fn n_new(&self) -> u32 {
        u32::try_from(self.to.n_chunks()).unwrap_or(u32::MAX)
    }

    fn of_old(&self, block: u32) -> Touching<'_> {
        Touching::new(&self.from, &self.to, block)
    }

    fn of_new(&self, block: u32) -> Touching<'_> {
        Touching::new(&self.to, &self.from, block)
    }
}

impl<'a> Touching<'a> {
    fn new(own: &Chunks, other: &'a Chunks, block: u32) -> Touching<'a> {
        let ranges = ranges_of(own, &own.index_of(block));
        let axes = other.axes().iter().zip(&ranges);
        let chunks = axes.map(|(axis, range)| touched(axis, range)).collect();
        Touching { ranges, other, chunks }
    }

    fn shape(&self) -> PerAxis<usize> {
        self.ranges.iter().map(Range::len).collect()
    }

    /// Calls `f` with the number of each chunk of the other cut that has elements in common with
    /// this one, and where they lie within this one; in ascending order of the numbers.
    fn each(
        &self,
        mut f: impl FnMut(u32, &[Range<usize>]) -> Result<(), BoxError>,
    ) -> Result<(), BoxError> {
        let grid = self.other.grid();
        let mut outcome = Ok(());
        each_index(&self.chunks, |index| {
            let places = ranges_of(self.other, index);
            let common = self.ranges.iter().zip(&places).map(|(own, other)| common(own, other));
            let common: PerAxis<Range<usize>> = common.collect();
            if outcome.is_ok() && common.iter().all(|range| !range.is_empty()) {
                outcome = f(grid::flatten(&grid, index), &common);
            }
        });
        outcome
    }

    /// The elements of the largest piece, and how many pieces there are at most.
    fn largest_piece(&self) -> (usize, usize) {
        let along = |((own, axis), chunks): ((&Range<usize>, &AxisChunks), &Range<u32>)| {
            let len = |chunk| axis.range(chunk as usize).map_or(0, |at| common(own, &at).len());
            chunks.clone().map(len).max().unwrap_or(0)
        };
        let axes = self.ranges.iter().zip(self.other.axes()).zip(&self.chunks);
        let largest = axes.map(along).product();
        (largest, self.chunks.iter().map(Range::len).product())
    }
}

/// What two ranges have in common, counted from the start of the first.
fn common(own: &Range<usize>, other: &Range<usize>) -> Range<usize> {
    let (start, end) = (own.start.max(other.start), own.end.min(other.end));
    start.saturating_sub(own.start)..end.max(start).saturating_sub(own.start)
}

/// Each block packs a chunk: the pieces of all new chunks, each row-major, in the order of the new
/// chunks.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct PackBlocks<T> {
    grid: Vec<u32>,
    cuts: Cuts,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Blocks for PackBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let old = self.cuts.of_old(block);
        let chunk = chunk_of::<T>(inputs.first().ok_or("a pack without a chunk")?)?;
        check_shape(chunk.shape(), &old.shape())?;
        let n_new = self.cuts.n_new();
        let mut pieces = vec![Vec::new(); n_new as usize];
        old.each(|new, place| {
            pieces[new as usize] = packed(part(chunk.view(), place));
            Ok(())
        })?;
        let budget = current();
        let builder = PartitionedBuilder::new(n_new, &budget, budget.spill());
        Ok(Value::data(builder.from_pieces(&pieces)?))
    }

    fn op_name(&self) -> Cow<'_, str> {
        "rechunk-pack".into()
    }

    /// The result is a handle; the packed copy is scratch until it is put away, which counts it.
    fn bytes(&self, block: u32) -> Bounds {
        let n_elements = self.cuts.from.chunk_len(block).unwrap_or(0);
        let packed = n_elements.saturating_mul(size_of::<T>()) as u64;
        // Beside each piece: a list, its view, its offset.
        let lists = 64 * u64::from(self.cuts.n_new());
        let handle = HANDLE_BYTES + 8 * (u64::from(self.cuts.n_new()) + 1);
        Bounds::output(handle).with_scratch(packed.saturating_add(lists))
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Partitioned>()))
    }
}

/// More than a [`Partitioned`] counts of itself besides its offsets.
const HANDLE_BYTES: u64 = 512;

/// A part of a chunk.
fn part<'a, T>(mut chunk: ArrayViewD<'a, T>, place: &[Range<usize>]) -> ArrayViewD<'a, T> {
    for (axis, range) in place.iter().enumerate() {
        chunk.slice_axis_inplace(Axis(axis), Slice::from(range.clone()));
    }
    chunk
}

/// The elements as bytes, row-major.
fn packed<T: Element>(elements: ArrayViewD<'_, T>) -> Vec<u8> {
    if let Some(all) = elements.as_slice() {
        return T::bytes_of(all).to_vec();
    }
    let mut bytes = Vec::with_capacity(elements.len() * size_of::<T>());
    for row in elements.rows() {
        match row.as_slice() {
            Some(row) => bytes.extend_from_slice(T::bytes_of(row)),
            None => row.iter().for_each(|x| bytes.extend_from_slice(T::bytes_of(&[*x]))),
        }
    }
    bytes
}

/// Each block puts a new chunk together from its pieces.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct PlaceBlocks<T> {
    grid: Vec<u32>,
    cuts: Cuts,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Blocks for PlaceBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, _block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, 0));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let new = self.cuts.of_new(block);
        let exchanged: &Exchanged = inputs.first().ok_or("a chunk without pieces")?.get()?;
        let mut pieces = exchanged.partition(block)?.pieces();
        let mut out = ArrayD::from_elem(IxDyn(&new.shape()), T::default());
        new.each(|_, place| read_piece(&mut pieces, place, out.view_mut()))?;
        Ok(Chunk::new(out).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "rechunk".into()
    }

    /// Pieces are read into one buffer, which may be twice as large as the largest when it has grown
    /// from one to the next.
    fn bytes(&self, block: u32) -> Bounds {
        let (largest, n_pieces) = self.cuts.of_new(block).largest_piece();
        let buffer = largest.saturating_mul(size_of::<T>()).saturating_mul(n_pieces.min(2));
        chunk_bounds::<T>(&self.cuts.to, block).with_scratch(buffer as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

/// Reads the next piece to its place in a chunk.
fn read_piece<T: Element>(
    pieces: &mut Pieces<'_>,
    place: &[Range<usize>],
    mut out: ArrayViewMutD<'_, T>,
) -> Result<(), BoxError> {
    for (axis, range) in place.iter().enumerate() {
        out.slice_axis_inplace(Axis(axis), Slice::from(range.clone()));
    }
    let piece = pieces.next_piece()?.ok_or("a chunk with fewer pieces than it has places")?;
    if piece.len() != out.len() * size_of::<T>() {
        return Err("a piece of another size than its place".into());
    }
    let row_bytes = place.last().map_or(1, Range::len) * size_of::<T>();
    for (mut row, bytes) in out.rows_mut().into_iter().zip(piece.chunks_exact(row_bytes)) {
        let row = row.as_slice_mut().ok_or("a row with gaps")?;
        T::copy_from_bytes(bytes, row)?;
    }
    Ok(())
}

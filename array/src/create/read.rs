//! Arrays that are read from somewhere.

use crate::array::Array;
use crate::chunk_spec::ChunkSpec;
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Nodes, Operation, compose, layer_of, selected_chunks};
use crate::tile::{BlockAt, State, Tile, TileBuf, TileOp, TileProgram, TileRef, shipped_op};
use chunkwise_graph::{Blockwise, BoxError, Layer, ShipFn, Shipment, Token, Tokenizer};
use chunkwise_storage::{DType, ReadRegion, Region, Span};
use serde::{Serialize, de::DeserializeOwned};
use std::any::Any;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// Something that an array is read from, shared between tasks.
pub struct Source<T: Element> {
    reader: Arc<dyn ReadRegion<T>>,
    ship: Option<ShipReader<T>>,
}

/// Ships a reader, of the type that this function is for, and the part that is read.
type ShipReader<T> = fn(&dyn ReadRegion<T>, &Region) -> Result<Shipment, String>;

impl<T: Element> Clone for Source<T> {
    fn clone(&self) -> Source<T> {
        Source { reader: Arc::clone(&self.reader), ship: self.ship }
    }
}

impl<T: Element> Source<T> {
    /// Of a reader that serialises, so that other processes can open it too: files.
    pub fn portable<R>(reader: R) -> Source<T>
    where
        R: ReadRegion<T> + Serialize + DeserializeOwned,
    {
        Source { reader: Arc::new(reader), ship: Some(ship_reader::<T, R>) }
    }

    /// Of any reader; reading from it runs in this process only.
    pub fn local(reader: impl ReadRegion<T>) -> Source<T> {
        Source { reader: Arc::new(reader), ship: None }
    }
}

fn ship_reader<T, R>(reader: &dyn ReadRegion<T>, part: &Region) -> Result<Shipment, String>
where
    T: Element,
    R: ReadRegion<T> + Serialize + DeserializeOwned,
{
    struct Load<T, R>(PhantomData<(T, R)>);
    impl<T: Element, R: ReadRegion<T> + Serialize + DeserializeOwned> Load<T, R> {
        const LOAD: &'static ShipFn = &ShipFn::new::<Load<T, R>>(|parcel| {
            let (reader, part): (R, Region) = parcel.read()?;
            Ok(shipped_op(ReadOp { source: Source::portable(reader), part }))
        });
    }
    let reader: &dyn Any = reader;
    let reader: &R = reader.downcast_ref().ok_or("a source is of another type than it was")?;
    Shipment::new(Load::<T, R>::LOAD).with_serde(&(reader, part))
}

impl<T: Element> Array<T> {
    /// The array that a source holds, read chunk by chunk, and of each chunk only what is needed.
    ///
    /// Without a wish of yours (`"auto"`), chunks are whole numbers of the chunks that the source
    /// stores.
    ///
    /// # Complexity
    /// Nothing is read before the array is computed.
    #[track_caller]
    pub fn from_source(source: Source<T>, chunks: impl Into<ChunkSpec>) -> Array<T> {
        let spec = chunks.into();
        Array::build("read", &[], |made_at| {
            let shape = source.reader.shape().to_vec();
            let stored = source.reader.chunk_shape();
            let chunks = spec.resolve_stored(&shape, size_of::<T>(), stored)?;
            let token = match source.reader.identity() {
                Some(identity) => {
                    let mut hash = Tokenizer::new("read");
                    hash.str(T::DTYPE.name()).bytes(&identity);
                    chunkwise_graph::Tokenize::tokenize(&chunks, &mut hash);
                    hash.finish()
                }
                None => Token::unique(),
            };
            Ok(read(ReadOp { source, part: Region::whole(&shape) }, chunks, token, made_at))
        })
    }
}

fn read<T: Element>(
    op: ReadOp<T>,
    chunks: Chunks,
    token: Token,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    Node::new(Read { op }, [], T::DTYPE, chunks, token, made_at)
}

/// A part of a source.
struct Read<T: Element> {
    op: ReadOp<T>,
}

impl<T: Element> Operation for Read<T> {
    fn name(&self) -> &'static str {
        "read"
    }

    fn lower(&self, node: &Node, _: &[Arc<Layer>]) -> Arc<Layer> {
        let op = Arc::new(self.op.clone());
        let program = TileProgram::one(op, &[], Arc::clone(&node.chunks));
        let blocks = Blockwise::new(node.chunks.grid(), Vec::new(), "read", program);
        layer_of(node, [], blocks)
    }

    fn demand(&self, _: &Node, _: &Region) -> Option<Vec<Region>> {
        Some(Vec::new())
    }

    fn part(&self, node: &Node, region: &Region, _: Nodes) -> Arc<Node> {
        let chunks = selected_chunks(&node.chunks, region);
        let part = compose(&self.op.part, region);
        let op = ReadOp { part, source: self.op.source.clone() };
        read(op, chunks, node.part_token(region), node.made_at)
    }
}

/// Reading as a tile operation.
struct ReadOp<T: Element> {
    source: Source<T>,
    /// The part of the source that the array is.
    part: Region,
}

impl<T: Element> Clone for ReadOp<T> {
    fn clone(&self) -> ReadOp<T> {
        ReadOp { source: self.source.clone(), part: self.part.clone() }
    }
}

/// What is read at once of sources where that costs no more than reading more: it stays in the
/// cache until it has been used.
const PIECE_BYTES: usize = 1 << 20;

/// What taking a stored chunk out of its compressed form needs beside both forms of it.
const DECODER_BYTES: u64 = 64 << 10;

/// The elements of the block that were read last.
struct Piece<T> {
    start: usize,
    elements: Vec<T>,
}

impl<T: Element> ReadOp<T> {
    /// The next elements of a block that can be read as one region: all of it where the source
    /// stores chunks, some rows else.
    fn next_piece(&self, start: usize, shape: &[usize]) -> (Region, usize) {
        let most = match self.source.reader.chunk_shape() {
            Some(_) => usize::MAX,
            None => PIECE_BYTES / size_of::<T>(),
        };
        // The axis along which the block is cut: all behind it fit together.
        let mut axis = shape.len();
        let mut row = 1usize;
        while axis > 0 && row.saturating_mul(shape[axis - 1]) <= most {
            axis -= 1;
            row *= shape[axis];
        }
        let Some(axis) = axis.checked_sub(1) else { return (Region::whole(shape), row) };
        let mut spans: PerAxis<Span> = shape.iter().map(|&len| Span::new(0, len)).collect();
        let mut number = start / row;
        for at in (0..=axis).rev() {
            spans[at] = Span::new(number % shape[at], 1);
            number /= shape[at];
        }
        let n = (most / row).max(1).min(shape[axis] - spans[axis].start);
        spans[axis].count = n;
        (spans.into_iter().collect(), n * row)
    }

    /// Reads the piece that begins with the tile, into the memory of the one before it.
    fn read(&self, tile: &Tile<'_>, state: &mut State) -> Result<(), BoxError> {
        let (inside, n) = self.next_piece(tile.start, &tile.at.shape);
        let piece = piece_to_fill(state)?;
        piece.start = tile.start;
        piece.elements.resize(n, T::default());
        self.read_into(&inside, tile.at, &mut piece.elements)
    }

    /// Reads a region of a block.
    fn read_into(&self, inside: &Region, at: &BlockAt, out: &mut [T]) -> Result<(), BoxError> {
        let starts = at.starts.as_ref().ok_or("sources have known chunks")?;
        let moved = inside.spans().iter().zip(starts);
        let in_part = moved.map(|(span, start)| Span { start: span.start + start, ..*span });
        let region = compose(&self.part, &in_part.collect());
        let reader = &self.source.reader;
        reader.read(&region, out).map_err(|source| {
            ArrayError::storage(format!("{} {region}", reader.describe()), source).into()
        })
    }
}

fn piece_to_fill<T: Element>(state: &mut State) -> Result<&mut Piece<T>, BoxError> {
    let state =
        state.get_or_insert_with(|| Box::new(Piece::<T> { start: 0, elements: Vec::new() }));
    Ok(state.downcast_mut().ok_or("a source keeps the state of another operation")?)
}

fn piece_in<T: Element>(state: &State) -> Option<&Piece<T>> {
    state.as_ref()?.downcast_ref()
}

impl<T: Element> TileOp for ReadOp<T> {
    fn output(&self) -> DType {
        T::DTYPE
    }

    fn run(
        &self,
        tile: Tile<'_>,
        _: &[TileRef<'_>],
        out: &mut TileBuf,
        state: &mut State,
    ) -> Result<(), BoxError> {
        let out = &mut out.get::<T>()?[..tile.len];
        let mut done = 0;
        while done < out.len() {
            let now = Tile { start: tile.start + done, len: out.len() - done, ..tile };
            let piece = match piece_in::<T>(state) {
                Some(piece) if now.start < piece.start + piece.elements.len() => piece,
                _ => {
                    let (inside, n) = self.next_piece(now.start, &tile.at.shape);
                    if n <= now.len {
                        self.read_into(&inside, tile.at, &mut out[done..done + n])?;
                        done += n;
                    } else {
                        self.read(&now, state)?;
                    }
                    continue;
                }
            };
            let from = &piece.elements[now.start - piece.start..];
            let n = from.len().min(now.len);
            out[done..done + n].copy_from_slice(&from[..n]);
            done += n;
        }
        Ok(())
    }

    fn load(&self, tile: Tile<'_>, state: &mut State) -> Result<bool, BoxError> {
        if self.view(tile, state).is_none() {
            let is_behind = |piece: &Piece<T>| tile.start >= piece.start + piece.elements.len();
            if piece_in(state).is_none_or(is_behind) {
                self.read(&tile, state)?;
            }
        }
        Ok(self.view(tile, state).is_some())
    }

    fn view<'s>(&self, tile: Tile<'_>, state: &'s State) -> Option<TileRef<'s>> {
        let piece: &Piece<T> = piece_in(state)?;
        let start = tile.start.checked_sub(piece.start)?;
        Some(T::tile(piece.elements.get(start..start + tile.len)?))
    }

    fn ship(&self) -> Result<Shipment, String> {
        match self.source.ship {
            Some(ship) => ship(&*self.source.reader, &self.part),
            None => Err(format!(
                "{} can be read in this process only: open it with `Source::portable`",
                self.source.reader.describe()
            )),
        }
    }

    fn state_bytes(&self, n_elements: usize) -> Option<u64> {
        let block = (n_elements * size_of::<T>()) as u64;
        Some(match self.source.reader.chunk_shape() {
            // A stored chunk is read and decoded at a time.
            Some(stored) => {
                let stored = stored.iter().copied().fold(2 * size_of::<T>(), usize::saturating_mul);
                block.saturating_add(stored as u64).saturating_add(DECODER_BYTES)
            }
            // With a step, what lies between is read too.
            None => {
                let steps = self.part.spans().iter().map(|span| span.step.max(1) as u64);
                let apart = steps.fold(1, u64::saturating_mul);
                let between = if apart > 1 { block.saturating_mul(apart) } else { 0 };
                block.min(PIECE_BYTES as u64).saturating_add(between)
            }
        })
    }
}

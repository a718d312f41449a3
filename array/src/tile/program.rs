//! [`TileProgram`]: the kernel that runs operations over a chunk, tile by tile.

use super::TILE;
use super::data::{TileBuf, TileRef};
use super::leaf::{Leaf, leaf, shape_of};
use super::op::{BlockAt, Shipped, State, Tile, TileOp, TileSink};
use super::walk::tiles;
use crate::chunk::{Chunk, chunk_bytes};
use crate::chunks::{Chunks, PerAxis};
use crate::element::{Element, for_each_dtype};
use crate::error::ArrayError;
use chunkwise_graph::{
    Block, Bounds, BoxError, Kernel, Operand, Parcel, ShipFn, Shipment, TypeInfo, Value,
};
use chunkwise_storage::DType;
use smallvec::SmallVec;
use std::any::Any;
use std::sync::Arc;

/// One operation of a program, and what it works on: chunks that the kernel is given (inputs), or
/// tiles of earlier steps.
#[derive(Clone)]
pub(super) struct TileStep {
    pub(super) op: Arc<dyn TileOp>,
    pub(super) operands: SmallVec<[Operand; 3]>,
}

/// A straight-line program over the tiles of a block; its last step gives the block, or goes into a
/// sink. Without steps the first chunk does.
#[derive(Clone)]
pub(crate) struct TileProgram {
    /// The types of the chunks that it is given.
    pub(super) leaves: Vec<DType>,
    pub(super) steps: Vec<TileStep>,
    pub(super) sink: Option<Arc<dyn TileSink>>,
    /// The cut of the array that is worked on: of the result, or of what the sink takes.
    pub(super) chunks: Arc<Chunks>,
    slots: Slots,
}

/// Which buffer each step writes into; buffers are used again when nothing needs what is in them.
#[derive(Clone, Default)]
struct Slots {
    of_steps: Vec<u16>,
    dtypes: Vec<DType>,
}

impl Slots {
    fn new(steps: &[TileStep]) -> Slots {
        let mut last_use: Vec<usize> = (0..steps.len()).collect();
        for (at, step) in steps.iter().enumerate() {
            for operand in &step.operands {
                if let Operand::Step(used) = *operand {
                    last_use[usize::from(used)] = at;
                }
            }
        }
        let mut slots = Slots::default();
        let mut free: Vec<u16> = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let dtype = step.op.output();
            let fits = free.iter().position(|&slot| slots.dtypes[usize::from(slot)] == dtype);
            let slot = fits.map(|at| free.swap_remove(at)).unwrap_or_else(|| {
                slots.dtypes.push(dtype);
                (slots.dtypes.len() - 1) as u16
            });
            slots.of_steps.push(slot);
            free.extend((0..at).filter(|&s| last_use[s] == at).map(|s| slots.of_steps[s]));
        }
        slots
    }
}

impl TileProgram {
    /// One operation on as many arrays as it has operands, over an array that is cut so.
    pub(crate) fn one(op: Arc<dyn TileOp>, leaves: &[DType], chunks: Arc<Chunks>) -> TileProgram {
        let operands = (0..leaves.len() as u16).map(Operand::Input).collect();
        TileProgram::new(leaves.to_vec(), vec![TileStep { op, operands }], None, chunks)
    }

    /// An array of this type and cut, into a sink.
    pub(crate) fn sink(leaf: DType, sink: Arc<dyn TileSink>, chunks: Arc<Chunks>) -> TileProgram {
        TileProgram::new(vec![leaf], Vec::new(), Some(sink), chunks)
    }

    pub(super) fn new(
        leaves: Vec<DType>,
        steps: Vec<TileStep>,
        sink: Option<Arc<dyn TileSink>>,
        chunks: Arc<Chunks>,
    ) -> TileProgram {
        let slots = Slots::new(&steps);
        TileProgram { leaves, steps, sink, chunks, slots }
    }

    fn output(&self) -> DType {
        match (self.steps.last(), self.leaves.first()) {
            (Some(step), _) => step.op.output(),
            (None, Some(leaf)) => *leaf,
            (None, None) => DType::Bool,
        }
    }

    /// The block's place and shape; what is deferred is learned from the chunks.
    fn block_at(&self, number: u32, arguments: &[Value]) -> Result<BlockAt, BoxError> {
        if let Some(region) = self.chunks.region_of(number) {
            let starts = Some(region.spans().iter().map(|span| span.start).collect());
            return Ok(BlockAt { starts, shape: region.counts() });
        }
        let mut shape: PerAxis<usize> = smallvec::smallvec![1; self.chunks.ndim()];
        for (&dtype, value) in self.leaves.iter().zip(arguments) {
            let own = shape_of(dtype, value)?;
            for (len, &own) in shape.iter_mut().rev().zip(own.iter().rev()) {
                // Whether the shapes agree is found when the leaves are opened.
                if own != 1 {
                    *len = own;
                }
            }
        }
        Ok(BlockAt { starts: None, shape })
    }

    fn run_into_sink(
        &self,
        sink: &dyn TileSink,
        at: &BlockAt,
        arguments: &[Value],
    ) -> Result<Value, BoxError> {
        let mut machine = Machine::new(self, at, arguments, None)?;
        let mut run = sink.start(at);
        for (start, len) in tiles(machine.n_elements, sink.run_len(&at.shape)) {
            run.take(start, machine.tile(start, len)?)?;
        }
        run.finish()
    }

    /// Stores the tiles, in a chunk that nobody else holds if one of the arguments is such.
    fn run_into_chunk<T: Element>(
        &self,
        at: &BlockAt,
        arguments: &mut [Value],
    ) -> Result<Value, BoxError> {
        if let ([source], []) = (&self.steps[..], &self.leaves[..]) {
            return run_source::<T>(&*source.op, at);
        }
        let reused = self.reusable::<T>(at, arguments);
        let mut out = match reused {
            Some(leaf) => arguments[leaf].take().take_or_clone::<Chunk<T>>()?.into_row_major(),
            None => Vec::new(),
        };
        let mut machine = Machine::new(self, at, arguments, reused)?;
        if reused.is_none() {
            out.reserve_exact(machine.n_elements);
        }
        for (start, len) in tiles(machine.n_elements, 1) {
            match reused {
                Some(leaf) => {
                    machine.set_own(leaf, &out[start..start + len])?;
                    let tile = machine.tile(start, len)?.get::<T>()?;
                    out[start..start + len].copy_from_slice(tile);
                }
                None => out.extend_from_slice(machine.tile(start, len)?.get::<T>()?),
            }
        }
        Ok(Chunk::from_vec(&at.shape, out)?.into_value())
    }

    /// An argument whose memory can become the result's.
    fn reusable<T: Element>(&self, at: &BlockAt, arguments: &mut [Value]) -> Option<usize> {
        self.leaves.iter().zip(arguments).position(|(&dtype, value)| {
            dtype == T::DTYPE
                && value.get_mut::<Chunk<T>>().is_some_and(|chunk| {
                    chunk.shape() == &at.shape[..] && chunk.as_slice().is_some()
                })
        })
    }
}

/// The chunk that a source gives, made as one tile: nothing is done with its tiles but to store them.
fn run_source<T: Element>(source: &dyn TileOp, at: &BlockAt) -> Result<Value, BoxError> {
    let len = at.shape.iter().product();
    let mut out = TileBuf::new(T::DTYPE, len);
    if len > 0 {
        source.run(Tile { at, start: 0, len }, &[], &mut out, &mut None)?;
    }
    Ok(Chunk::from_vec(&at.shape, std::mem::take(out.get::<T>()?))?.into_value())
}

/// A program at work on one block.
struct Machine<'p> {
    program: &'p TileProgram,
    at: &'p BlockAt,
    n_elements: usize,
    leaves: SmallVec<[LeafAt<'p>; 4]>,
    buffers: SmallVec<[TileBuf; 4]>,
    states: SmallVec<[State; 4]>,
    /// For each step whether its tile lies in its state.
    viewed: SmallVec<[bool; 8]>,
}

enum LeafAt<'p> {
    Chunk(Box<dyn Leaf + 'p>),
    /// A copy of what is about to be overwritten.
    Own(TileBuf, usize),
}

impl<'p> Machine<'p> {
    fn new(
        program: &'p TileProgram,
        at: &'p BlockAt,
        arguments: &'p [Value],
        reused: Option<usize>,
    ) -> Result<Machine<'p>, BoxError> {
        if arguments.len() != program.leaves.len() {
            let (n, expected) = (arguments.len(), program.leaves.len());
            return Err(format!("{n} chunks for a program of {expected}").into());
        }
        let n_elements: usize = at.shape.iter().product();
        let room = TILE.min(n_elements);
        let open = |(number, (&dtype, value)): (usize, (&DType, &'p Value))| {
            Ok(match reused == Some(number) {
                true => LeafAt::Own(TileBuf::new(dtype, room), 0),
                false => LeafAt::Chunk(leaf(dtype, value, &at.shape)?),
            })
        };
        let leaves = program.leaves.iter().zip(arguments).enumerate().map(open);
        Ok(Machine {
            program,
            at,
            n_elements,
            leaves: leaves.collect::<Result<_, BoxError>>()?,
            buffers: program.slots.dtypes.iter().map(|&d| TileBuf::new(d, room)).collect(),
            states: program.steps.iter().map(|_| None).collect(),
            viewed: smallvec::smallvec![false; program.steps.len()],
        })
    }

    fn set_own<T: Element>(&mut self, leaf: usize, elements: &[T]) -> Result<(), BoxError> {
        if let LeafAt::Own(buffer, len) = &mut self.leaves[leaf] {
            buffer.get::<T>()?[..elements.len()].copy_from_slice(elements);
            *len = elements.len();
        }
        Ok(())
    }

    /// The result's elements from `start` on.
    #[inline]
    fn tile(&mut self, start: usize, len: usize) -> Result<TileRef<'_>, BoxError> {
        for leaf in &mut self.leaves {
            if let LeafAt::Chunk(leaf) = leaf {
                leaf.load(start, len);
            }
        }
        let program = self.program;
        let tile = Tile { at: self.at, start, len };
        for (number, step) in program.steps.iter().enumerate() {
            self.viewed[number] = step.op.load(tile, &mut self.states[number])?;
            if self.viewed[number] {
                continue;
            }
            let slot = usize::from(program.slots.of_steps[number]);
            // Taken out while the others are read; no memory is allocated for what stays behind.
            let mut out = std::mem::replace(&mut self.buffers[slot], TileBuf::U8(Vec::new()));
            let mut state = self.states[number].take();
            let operands = step.operands.iter().map(|operand| self.operand(*operand, tile));
            let operands: SmallVec<[TileRef<'_>; 3]> = operands.collect();
            let outcome = step.op.run(tile, &operands, &mut out, &mut state);
            drop(operands);
            self.buffers[slot] = out;
            self.states[number] = state;
            outcome?;
        }
        Ok(match program.steps.len() {
            0 => self.operand(Operand::Input(0), tile),
            n => self.operand(Operand::Step(n as u16 - 1), tile),
        })
    }

    #[inline]
    fn operand(&self, operand: Operand, tile: Tile<'_>) -> TileRef<'_> {
        match operand {
            Operand::Input(leaf) => match &self.leaves[usize::from(leaf)] {
                LeafAt::Chunk(leaf) => leaf.tile(),
                LeafAt::Own(buffer, len) => buffer.first(*len),
            },
            Operand::Step(step) => {
                let step = usize::from(step);
                let buffer = &self.buffers[usize::from(self.program.slots.of_steps[step])];
                let viewed = match self.viewed[step] {
                    true => self.program.steps[step].op.view(tile, &self.states[step]),
                    false => None,
                };
                viewed.unwrap_or_else(|| buffer.first(tile.len))
            }
        }
    }
}

impl Kernel for TileProgram {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let at = self.block_at(block.number, arguments)?;
        if let Some(sink) = &self.sink {
            return self.run_into_sink(&**sink, &at, arguments);
        }
        macro_rules! of_dtype {
            ($($variant:ident $element:ty),+) => {
                match self.output() {
                    $(DType::$variant => self.run_into_chunk::<$element>(&at, arguments),)+
                    other => Err(format!("no array has elements {other}").into()),
                }
            };
        }
        for_each_dtype!(of_dtype)
    }

    fn bytes(&self, block: Block<'_>) -> Bounds {
        let Some(shape) = self.chunks.chunk_shape(block.number) else { return Bounds::UNKNOWN };
        let n_elements: usize = shape.iter().product();
        let room = TILE.min(n_elements);
        let tiles = self.leaves.iter().chain(&self.slots.dtypes).map(|dtype| dtype.size() * room);
        let states = self.steps.iter().map(|step| step.op.state_bytes(n_elements));
        let Some(states) = states.sum::<Option<u64>>() else { return Bounds::UNKNOWN };
        let output = match &self.sink {
            Some(sink) => sink.bytes(&shape),
            None => Some(chunk_bytes::<u8>(n_elements * self.output().size())),
        };
        let Some(output) = output else { return Bounds::UNKNOWN };
        Bounds::output(output).with_scratch(tiles.sum::<usize>() as u64 + states)
    }

    fn ship(&self) -> Result<Shipment, String> {
        const LOAD: &ShipFn = &ShipFn::new::<TileProgram>(load);
        let operands: Vec<&[Operand]> = self.steps.iter().map(|step| &step.operands[..]).collect();
        let ops = self.steps.iter().map(|step| step.op.ship());
        let parts =
            ops.chain(self.sink.iter().map(|sink| sink.ship())).collect::<Result<_, _>>()?;
        let shipment = Shipment::new(LOAD).with_serde(&(&self.leaves, operands, &*self.chunks))?;
        let output = match &self.sink {
            Some(sink) => sink.output(),
            None => chunk_info(self.output()),
        };
        Ok(shipment.with_parts(parts).with_output(output))
    }
}

/// What is known of chunks of this type.
fn chunk_info(dtype: DType) -> &'static TypeInfo {
    macro_rules! of_dtype {
        ($($variant:ident $element:ty),+) => {
            match dtype {
                $(DType::$variant => TypeInfo::data::<Chunk<$element>>(),)+
                _ => TypeInfo::opaque::<()>(),
            }
        };
    }
    for_each_dtype!(of_dtype)
}

fn load(parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
    let (leaves, operands, chunks): (Vec<DType>, Vec<SmallVec<[Operand; 3]>>, Chunks) =
        parcel.read()?;
    let mut parts = parcel.parts.iter();
    let mut steps = Vec::with_capacity(operands.len());
    for operands in operands {
        match shipped(parts.next()) {
            Some(Shipped::Op(op)) => steps.push(TileStep { op: Arc::clone(op), operands }),
            _ => return Err("a tile program without one of its operations".into()),
        }
    }
    let sink = match parts.next() {
        None => None,
        part => match shipped(part) {
            Some(Shipped::Sink(sink)) => Some(Arc::clone(sink)),
            _ => return Err("a tile program with a sink that is none".into()),
        },
    };
    Ok(Arc::new(TileProgram::new(leaves, steps, sink, Arc::new(chunks))))
}

fn shipped(part: Option<&Arc<dyn Kernel>>) -> Option<&Shipped> {
    let part: &dyn Any = &**part?;
    part.downcast_ref()
}

/// What a chunk of another shape than promised is.
pub(crate) fn check_shape(found: &[usize], expected: &[usize]) -> Result<(), ArrayError> {
    match found == expected {
        true => Ok(()),
        false => Err(ArrayError::Chunk { found: found.into(), expected: expected.into() }),
    }
}

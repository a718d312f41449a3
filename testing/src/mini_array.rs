//! [`MiniArray`]: the least that deserves to be called a chunked array, made of layers alone.
//!
//! It shows how a collection is built on `chunkwise-graph` so that it runs in other processes too,
//! and gives benches an expression over as many blocks as they like.

use chunkwise_graph::{
    Block, BlockMap, Blocks, Blockwise, Bounds, BoxError, Captureless, Codec, Collection, Data,
    Dep, Kernel, Layer, LoadWith, Name, Parcel, Result, Shipment, TypeInfo, Value,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

/// A block of numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk(pub Vec<f64>);

impl Data for Chunk {
    fn nbytes(&self) -> usize {
        size_of::<Chunk>() + size_of_val(&self.0[..])
    }

    fn describe(&self) -> String {
        format!("chunk ({},) f8", self.0.len())
    }

    /// The shape in the header, and the numbers as they are in one buffer, which is not copied.
    const CODEC: Option<Codec> = Some(Codec {
        encode: |value, frames| {
            let chunk: &Chunk = value.downcast_ref().ok_or("it is no chunk")?;
            frames.header = (chunk.0.len() as u64).to_le_bytes().to_vec();
            frames.push_view(value, |value| {
                value.downcast_ref().map_or(&[], |chunk: &Chunk| bytemuck::cast_slice(&chunk.0))
            });
            Ok(())
        },
        decode: |frames| {
            let (n_bytes, Ok(len)) = (frames.buffer_len(0)?, frames.header.try_into()) else {
                return Err("a chunk is a length and one buffer".into());
            };
            let len = u64::from_le_bytes(len);
            if len.checked_mul(8) != Some(n_bytes as u64) {
                return Err(format!("{n_bytes} bytes are no {len} numbers").into());
            }
            // Straight to where they will stay, as they come; the buffer need not lie where numbers
            // may lie.
            let mut numbers: Vec<f64> = Vec::with_capacity(len as usize);
            for piece in frames.pieces(0)? {
                let piece = piece?;
                match bytemuck::try_cast_slice(piece) {
                    Ok(piece) => numbers.extend_from_slice(piece),
                    Err(_) => {
                        let numbers_of = piece.chunks_exact(size_of::<f64>());
                        numbers.extend(numbers_of.map(bytemuck::pod_read_unaligned::<f64>));
                    }
                }
            }
            Ok(Value::data(Chunk(numbers)))
        },
    });
}

/// A grid of blocks of equally many numbers.
#[derive(Clone, Debug)]
pub struct MiniArray {
    layer: Arc<Layer>,
    chunk_len: usize,
}

/// How a function of numbers, `F`, is applied to chunks: what the kernels below differ in.
trait Apply<F>: 'static {
    fn apply(
        function: F,
        chunk_len: usize,
        block: u32,
        arguments: &mut [Value],
    ) -> Result<Value, BoxError>;
}

/// Of the number of a block.
struct Fill;

impl<F: Fn(u32) -> f64> Apply<F> for Fill {
    fn apply(f: F, chunk_len: usize, block: u32, _: &mut [Value]) -> Result<Value, BoxError> {
        Ok(Value::data(Chunk(vec![f(block); chunk_len])))
    }
}

/// Of each number.
struct Map;

impl<F: Fn(f64) -> f64> Apply<F> for Map {
    fn apply(f: F, _: usize, _: u32, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let [x] = arguments else { return Err(format!("{} arguments", arguments.len()).into()) };
        in_place(x, |x| x.iter_mut().for_each(|x| *x = f(*x)))
    }
}

/// Of two numbers at the same place.
struct Zip;

impl<F: Fn(f64, f64) -> f64> Apply<F> for Zip {
    fn apply(f: F, _: usize, _: u32, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let [x, y] = arguments else { return Err(format!("{} arguments", arguments.len()).into()) };
        let y = y.take();
        let y = &y.get::<Chunk>()?.0;
        in_place(x, |x| x.iter_mut().zip(y).for_each(|(x, y)| *x = f(*x, *y)))
    }
}

/// A kernel that holds a function of the user's. The function is its type (a closure without
/// captures, a `fn` item), not a pointer: so another process, which has the type too, can make the
/// kernel again from the rest, which is serialised.
struct Elementwise<F, A> {
    function: F,
    chunk_len: usize,
    apply: PhantomData<fn() -> A>,
}

/// What a user's function must be for that; [`Captureless`] looks at the rest when it is shipped.
trait Function: Copy + Send + Sync + 'static {}

impl<F: Copy + Send + Sync + 'static> Function for F {}

impl<F: Function, A: Apply<F>> Kernel for Elementwise<F, A> {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        A::apply(self.function, self.chunk_len, block.number, arguments)
    }

    fn bytes(&self, _block: Block<'_>) -> Bounds {
        Bounds::output((size_of::<Chunk>() + self.chunk_len * size_of::<f64>()) as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        let function = Captureless::of(&self.function).ok_or_else(Captureless::<F>::refusal)?;
        let shipment = Shipment::new(function.ship_fn::<Again<A>>()).with_serde(&self.chunk_len)?;
        Ok(shipment.with_output(TypeInfo::data::<Chunk>()))
    }
}

/// Makes an [`Elementwise`] again.
struct Again<A>(PhantomData<fn() -> A>);

impl<F: Function, A: Apply<F>> LoadWith<F> for Again<A> {
    fn load(function: Captureless<F>, parcel: Parcel<'_>) -> Result<Arc<dyn Kernel>, BoxError> {
        let (function, chunk_len) = (*function.get(), parcel.read()?);
        Ok(Arc::new(Elementwise::<F, A> { function, chunk_len, apply: PhantomData }))
    }
}

/// A kernel without a function of anybody's: a serde value is all there is to ship.
#[derive(Serialize, Deserialize)]
struct SumOfBlock;

impl Kernel for SumOfBlock {
    fn call(&self, _block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let [x] = arguments else { return Err(format!("{} arguments", arguments.len()).into()) };
        Ok(Value::data(Chunk(vec![x.get::<Chunk>()?.0.iter().sum()])))
    }

    fn bytes(&self, _block: Block<'_>) -> Bounds {
        Bounds::output((size_of::<Chunk>() + size_of::<f64>()) as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of(self)?.with_output(TypeInfo::data::<Chunk>()))
    }
}

/// Changes a chunk in place when nobody else holds it, else a copy of it.
fn in_place(x: &mut Value, change: impl FnOnce(&mut [f64])) -> Result<Value, BoxError> {
    if let Some(chunk) = x.get_mut::<Chunk>() {
        change(&mut chunk.0);
        return Ok(x.take());
    }
    let mut chunk = x.get::<Chunk>()?.clone();
    change(&mut chunk.0);
    Ok(Value::data(chunk))
}

/// Every 8 blocks of the level before become one: a layer of its own kind, as a serde value.
#[derive(Serialize, Deserialize)]
struct JoinSums {
    grid: [u32; 1],
    n_before: u32,
}

impl JoinSums {
    const JOINED: u32 = 8;
}

impl Blocks for JoinSums {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let first = block * JoinSums::JOINED;
        let end = (first + JoinSums::JOINED).min(self.n_before);
        deps.extend((first..end).map(|block| Dep::input(0, block)));
    }

    fn run(&self, _block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let mut sum = 0.0;
        for input in inputs.iter() {
            sum += input.get::<Chunk>()?.0.iter().sum::<f64>();
        }
        Ok(Value::data(Chunk(vec![sum])))
    }

    fn op_name(&self) -> Cow<'_, str> {
        "join-sums".into()
    }

    fn bytes(&self, _block: u32) -> Bounds {
        Bounds::output((size_of::<Chunk>() + size_of::<f64>()) as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk>()))
    }
}

impl MiniArray {
    /// Blocks filled with `f` of their number.
    #[track_caller]
    pub fn fill<F>(grid: &[u32], chunk_len: usize, f: F) -> MiniArray
    where
        F: Fn(u32) -> f64 + Copy + Send + Sync + 'static,
    {
        let kernel = Elementwise::<F, Fill> { function: f, chunk_len, apply: PhantomData };
        let blocks = Blockwise::new(grid.to_vec(), Vec::new(), "fill", kernel);
        MiniArray { layer: Layer::new(Name::unique("fill"), [], blocks), chunk_len }
    }

    #[track_caller]
    fn elementwise<F: Function, A: Apply<F>>(
        &self,
        name: &'static str,
        function: F,
        others: &[&MiniArray],
    ) -> MiniArray {
        let kernel =
            Elementwise::<F, A> { function, chunk_len: self.chunk_len, apply: PhantomData };
        self.blockwise(name, kernel, others)
    }

    #[track_caller]
    fn blockwise(
        &self,
        name: &'static str,
        kernel: impl Kernel,
        others: &[&MiniArray],
    ) -> MiniArray {
        let inputs: Vec<Arc<Layer>> =
            std::iter::once(&self).chain(others).map(|array| array.layer.clone()).collect();
        let maps = vec![BlockMap::Same; inputs.len()];
        let blocks = Blockwise::new(self.layer.grid().to_vec(), maps, name, kernel);
        MiniArray { layer: Layer::new(Name::unique(name), inputs, blocks), ..self.clone() }
    }

    /// `f` of each number.
    #[track_caller]
    pub fn map<F>(&self, name: &'static str, f: F) -> MiniArray
    where
        F: Fn(f64) -> f64 + Copy + Send + Sync + 'static,
    {
        self.elementwise::<F, Map>(name, f, &[])
    }

    /// `f` of the numbers at the same place; the grids must be equal.
    #[track_caller]
    pub fn zip<F>(&self, other: &MiniArray, name: &'static str, f: F) -> MiniArray
    where
        F: Fn(f64, f64) -> f64 + Copy + Send + Sync + 'static,
    {
        self.elementwise::<F, Zip>(name, f, &[other])
    }

    /// The sum of all numbers, by a tree that joins 8 blocks at a time: one block of one number.
    #[track_caller]
    pub fn sum(&self) -> MiniArray {
        let mut sum = self.blockwise("sum", SumOfBlock, &[]);
        sum.chunk_len = 1;
        let mut n = sum.layer.len();
        while n > 1 {
            let blocks = JoinSums { grid: [n.div_ceil(JoinSums::JOINED)], n_before: n };
            n = blocks.grid[0];
            sum.layer = Layer::new(Name::unique("join-sums"), [sum.layer], blocks);
        }
        sum
    }
}

impl Collection for MiniArray {
    type Output = Vec<f64>;

    fn layers(&self, layers: &mut Vec<Arc<Layer>>) {
        layers.push(self.layer.clone());
    }

    fn finalize(&self, parts: &mut dyn Iterator<Item = Value>) -> Result<Vec<f64>> {
        let mut all = Vec::new();
        for part in parts.take(self.layer.len() as usize) {
            all.extend_from_slice(&part.get::<Chunk>()?.0);
        }
        Ok(all)
    }
}

/// `((x + 1) * 2 + y).sum()` over `grid`, with blocks of one number.
#[track_caller]
pub fn small_blocks_expression(grid: &[u32]) -> MiniArray {
    let x = MiniArray::fill(grid, 1, f64::from);
    let y = MiniArray::fill(grid, 1, |block| f64::from(block % 7));
    x.map("add-1", |x| x + 1.0).map("mul-2", |x| x * 2.0).zip(&y, "add", |x, y| x + y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assert_crosses;
    use chunkwise_graph::{CollectionExt, Error, FramesRef, Run, Scheduler};

    #[test]
    fn the_expression_fuses_to_one_layer_and_a_tree() {
        let sum = small_blocks_expression(&[10, 100]);
        let expected: f64 = (0..1000).map(|b| f64::from((b + 1) * 2 + b % 7)).sum();
        assert_eq!(sum.compute().unwrap(), [expected]);
        // 1000 -> 125 -> 16 -> 2 -> 1
        assert_eq!(sum.graph().n_layers(), 5);
        assert_eq!(sum.graph().n_tasks(), 1000 + 125 + 16 + 2 + 1);
    }

    #[test]
    fn every_operation_crosses() {
        for grid in [&[][..], &[1], &[20], &[3, 4]] {
            let x = MiniArray::fill(grid, 3, f64::from);
            assert_crosses(&x);
            assert_crosses(&x.map("halve", |x| x / 2.0).zip(&x, "mul", |x, y| x * y));
            assert_crosses(&x.sum());
            assert_crosses(&small_blocks_expression(grid));
        }
    }

    #[test]
    fn a_function_that_captures_computes_here_and_does_not_cross() {
        let step = std::hint::black_box(2.0);
        let x = MiniArray::fill(&[2], 1, f64::from).map("add", move |x| x + step);
        assert_eq!(x.compute().unwrap(), [2.0, 3.0]);
        let outcome = crate::Crossing.run(&x.graph().plan().unwrap(), &Run::new());
        assert!(matches!(outcome, Err(Error::NotShippable { .. })));
    }

    #[test]
    fn damaged_chunks_are_errors() {
        let decode = |header: &[u8], buffers: &[&[u8]]| {
            TypeInfo::data::<Chunk>().decode(FramesRef::new(header, buffers))
        };
        let two = 2u64.to_le_bytes();
        assert!(decode(&two, &[&[0; 16]]).is_ok());
        assert!(decode(&two, &[&[0; 15]]).is_err());
        assert!(decode(&two, &[]).is_err());
        assert!(decode(&[2], &[&[0; 16]]).is_err());
        assert!(decode(&u64::MAX.to_le_bytes(), &[&[0; 8]]).is_err());
        let odd = [0; 17];
        assert!(decode(&two, &[&odd[1..]]).is_ok());
    }
}

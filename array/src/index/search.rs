//! `searchsorted`, `digitize`, `isin`: elements looked up among others.

use super::checked::{Checked, TileKernel};
use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::chunks::Chunks;
use crate::element::{Element, Real};
use crate::elementwise::elementwise;
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of};
use crate::sort::order;
use crate::tile::{TileBuf, TileRef};
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Shipment, Tokenizer, TypeInfo, Value, grid,
};
use chunkwise_storage::DType;
use ndarray::{Axis, IxDyn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::marker::PhantomData;
use std::sync::Arc;

/// Where an element goes among equal ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Side {
    /// Before them: the number of lesser elements.
    Left,
    /// Behind them: the number of lesser and equal elements.
    Right,
}

/// Where an element goes among sorted ones.
fn place<T: Real>(sorted: &[T], element: &T, side: Side) -> usize {
    match side {
        Side::Left => sorted.partition_point(|other| order(other, element) == Ordering::Less),
        Side::Right => sorted.partition_point(|other| order(other, element) != Ordering::Greater),
    }
}

impl<T: Real> Array<T> {
    /// For each of `elements` where it goes among the elements of this array, which has one axis and
    /// is sorted in ascending order: before it come all that are less, and with [`Side::Right`] all
    /// that are equal too. NaN is greater than everything.
    ///
    /// Has the shape and the cut of `elements`.
    ///
    /// # Complexity
    /// O(elements x chunks x log elements of a chunk); a task for each pair of chunks, and a tree of
    /// sums.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt, Side};
    /// use ndarray::array;
    /// let sorted = Array::from_ndarray(&array![1, 3, 3, 7], 3);
    /// let x = Array::from_ndarray(&array![3, 0, 8], 2);
    /// assert_eq!(sorted.searchsorted(&x, Side::Left).compute()?, array![1, 0, 4].into_dyn());
    /// assert_eq!(sorted.searchsorted(&x, Side::Right).compute()?, array![3, 0, 4].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn searchsorted(&self, elements: &Array<T>, side: Side) -> Array<i64> {
        let places = Array::build("searchsorted", &[&self.node, &elements.node], |made_at| {
            if self.ndim() != 1 {
                return Err(ArrayError::shape("a sorted one of one axis belongs", &self.shape()));
            }
            let n_sorted = self.chunks().axes()[0].n_chunks();
            let first = AxisChunks::regular(n_sorted, 1);
            let chunks: Chunks =
                [first].into_iter().chain(elements.chunks().axes().iter().cloned()).collect();
            let is_right = side == Side::Right;
            let inputs = [self.node.clone(), elements.node.clone()];
            let token =
                Tokenizer::of("searchsorted", &(inputs[0].token, inputs[1].token, is_right));
            let operation = Search::<T> { side, of: PhantomData };
            Ok(Node::new(operation, inputs, DType::I64, chunks, token, made_at))
        });
        // In each chunk of the sorted elements so many go before it: together these are its place.
        Array::<i64>::sum_axis(&places, Axis(0))
    }

    /// For each element the number of the bin that it is in: of ascending bins the number of those
    /// that are not greater (`bins[i - 1] <= x < bins[i]`), or with [`Side::Right`] that are less
    /// (`bins[i - 1] < x <= bins[i]`); of descending bins the other way round.
    ///
    /// Preserves shape and chunks. It is an error if the bins neither ascend nor descend.
    ///
    /// # Complexity
    /// O(elements x log bins), joined with what comes before and after into one pass.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt, Side};
    /// use ndarray::array;
    /// let x = Array::from_ndarray(&array![0.2, 6.4, 3.0], 2);
    /// let bins = x.digitize(&[0.0, 1.0, 3.0, 4.0], Side::Left);
    /// assert_eq!(bins.compute()?, array![1, 4, 3].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn digitize(&self, bins: &[T], side: Side) -> Array<i64> {
        Array::build("digitize", &[&self.node], |made_at| {
            let ascends = bins.is_sorted_by(|a, b| order(a, b) != Ordering::Greater);
            let descends = bins.is_sorted_by(|a, b| order(a, b) != Ordering::Less);
            if !ascends && !descends {
                let why = "they neither ascend nor descend".to_owned();
                return Err(ArrayError::Argument { name: "bins", why });
            }
            let mut hash = Tokenizer::new("digitize");
            hash.bytes(T::bytes_of(bins)).u64(u64::from(side == Side::Right));
            let mut sorted = bins.to_vec();
            if !ascends {
                sorted.reverse();
            }
            // What is not greater ends where greater elements start.
            let side = match side {
                Side::Left => Side::Right,
                Side::Right => Side::Left,
            };
            let digitize = Checked(Digitize { sorted, side, descends: !ascends });
            elementwise(
                "digitize",
                digitize,
                std::slice::from_ref(&self.node),
                hash.finish(),
                made_at,
            )
        })
    }

    /// Whether each element is one of these. NaN is none of any.
    ///
    /// Preserves shape and chunks.
    ///
    /// # Complexity
    /// O(elements x log others), joined with what comes before and after into one pass.
    #[track_caller]
    pub fn isin(&self, others: &[T]) -> Array<bool> {
        Array::build("isin", &[&self.node], |made_at| {
            let mut sorted: Vec<T> = others.iter().copied().filter(|x| !x.is_nan()).collect();
            sorted.sort_by(order);
            sorted.dedup();
            let mut hash = Tokenizer::new("isin");
            hash.bytes(T::bytes_of(&sorted));
            let inputs = [self.node.clone()];
            elementwise("isin", Checked(IsIn { sorted }), &inputs, hash.finish(), made_at)
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct Digitize<T: Element> {
    /// In ascending order.
    sorted: Vec<T>,
    side: Side,
    descends: bool,
}

impl<T: Real> TileKernel for Digitize<T> {
    fn output(&self) -> DType {
        DType::I64
    }

    fn run(&self, operands: &[TileRef<'_>], len: usize, out: &mut TileBuf) -> Result<(), BoxError> {
        let [x] = operands else { return Err("one array is digitized".into()) };
        for (out, x) in out.get::<i64>()?[..len].iter_mut().zip(x.get::<T>()?) {
            let place = place(&self.sorted, x, self.side);
            *out = (if self.descends { self.sorted.len() - place } else { place }) as i64;
        }
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct IsIn<T: Element> {
    sorted: Vec<T>,
}

impl<T: Real> TileKernel for IsIn<T> {
    fn output(&self) -> DType {
        DType::Bool
    }

    fn run(&self, operands: &[TileRef<'_>], len: usize, out: &mut TileBuf) -> Result<(), BoxError> {
        let [x] = operands else { return Err("one array is looked up".into()) };
        for (out, x) in out.get::<bool>()?[..len].iter_mut().zip(x.get::<T>()?) {
            *out = !x.is_nan() && self.sorted.binary_search_by(|other| order(other, x)).is_ok();
        }
        Ok(())
    }
}

/// Where elements go in each chunk of sorted ones, which is a first axis.
struct Search<T> {
    side: Side,
    of: PhantomData<fn() -> T>,
}

impl<T: Real> Operation for Search<T> {
    fn name(&self) -> &'static str {
        "searchsorted"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let [_, elements] = node.inputs() else { return Arc::clone(&inputs[0]) };
        let blocks = SearchBlocks::<T> {
            grid: node.chunks.grid(),
            side: self.side,
            elements: Arc::clone(&elements.chunks),
            of: PhantomData,
        };
        layer_of(node, inputs.iter().cloned(), blocks)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct SearchBlocks<T> {
    grid: Vec<u32>,
    side: Side,
    elements: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T: Real> SearchBlocks<T> {
    fn elements_block(&self, block: u32) -> u32 {
        self.elements.block_at(&grid::unflatten(&self.grid, block)[1..])
    }
}

impl<T: Real> Blocks for SearchBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, grid::unflatten(&self.grid, block)[0]));
        deps.push(Dep::input(1, self.elements_block(block)));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [sorted, elements] = inputs else { return Err("two arrays are given".into()) };
        let (sorted, elements) = (chunk_of::<T>(sorted)?, chunk_of::<T>(elements)?);
        // Of one axis: in order in memory.
        let sorted = sorted.in_memory_order();
        let places = elements.view().mapv(|x| place(sorted, &x, self.side) as i64);
        let shape = [&[1], elements.shape()].concat();
        Ok(Chunk::new(places.into_shape_clone(IxDyn(&shape))?).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "searchsorted".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let n = self.elements.chunk_len(self.elements_block(block));
        n.map_or(Bounds::UNKNOWN, |n| {
            let bytes = chunk_bytes::<i64>(n);
            Bounds::output(bytes).with_scratch(bytes)
        })
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<i64>>()))
    }
}

//! `points`: single elements by their coordinates.

use super::groups::Groups;
use super::list::positions;
use crate::array::{Array, known_shape};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of};
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Name, Shipment, Tokenizer, TypeInfo, Value,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

impl<T: Element> Array<T> {
    /// The elements at points, each of which is given by its position along each axis: `points[0]`
    /// are the positions along the first axis.
    ///
    /// One axis, with an element for each point, in chunks of about as many elements as the array's.
    /// Negative positions count from the end. It is an error if a point does not exist, or if there
    /// are not as many lists as axes, all of the same length.
    ///
    /// # Complexity
    /// O(points x log points); as [`Array::take`] in everything else.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// use ndarray::array;
    /// let x = Array::from_ndarray(&array![[1, 2, 3], [4, 5, 6]], 2);
    /// assert_eq!(x.points(&[vec![0, 1, 0], vec![2, -1, 0]]).compute()?, array![3, 6, 1].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn points(&self, points: &[Vec<isize>]) -> Array<T> {
        Array::build("points", &[&self.node], |made_at| {
            let shape = known_shape(&self.node, "points")?;
            let n_points = points.first().map_or(1, Vec::len);
            if points.len() != shape.len() || points.iter().any(|list| list.len() != n_points) {
                let lens: Vec<usize> = points.iter().map(Vec::len).collect();
                let why = format!("lists of lengths {lens:?} for {} axes", shape.len());
                return Err(ArrayError::Argument { name: "points", why });
            }
            let axes = points.iter().zip(&shape).enumerate();
            let axes: Vec<Vec<usize>> = axes
                .map(|(axis, (list, &len))| positions(list, axis, len))
                .collect::<Result<_, _>>()?;
            let own = self.chunks();
            let size = own.largest_chunk().map_or(1, |shape| shape.iter().product());
            let cut = AxisChunks::regular(n_points, size);
            let (sources, offsets) = places(own, &axes, n_points);
            let groups = Arc::new(Groups::new(&cut, |item| sources[item])?);
            let mut hash = Tokenizer::new("points");
            hash.token(self.node.token);
            axes.iter().for_each(|list| {
                hash.bytes(bytemuck::cast_slice(list));
            });
            let operation = Points::<T> { offsets: offsets.into(), groups, of: PhantomData };
            let inputs = [self.node.clone()];
            Ok(Node::new(
                operation,
                inputs,
                T::DTYPE,
                Chunks::from_iter([cut]),
                hash.finish(),
                made_at,
            ))
        })
    }
}

/// For each point its chunk, and where it is in there, in row-major order.
fn places(chunks: &Chunks, axes: &[Vec<usize>], n_points: usize) -> (Vec<u32>, Vec<usize>) {
    let of_point = |point: usize| {
        let (mut block, mut offset) = (0u32, 0usize);
        for (cut, list) in chunks.axes().iter().zip(axes) {
            let chunk = cut.chunk_of(list[point]).unwrap_or(0);
            let range = cut.range(chunk).unwrap_or(0..0);
            block = block * cut.n_chunks() as u32 + chunk as u32;
            offset = offset * range.len() + (list[point] - range.start);
        }
        (block, offset)
    };
    (0..n_points).map(of_point).unzip()
}

struct Points<T> {
    offsets: Arc<[usize]>,
    groups: Arc<Groups>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Operation for Points<T> {
    fn name(&self) -> &'static str {
        "points"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let blocks = |stage, n_blocks| PointsBlocks::<T> {
            grid: vec![n_blocks],
            stage,
            offsets: Arc::clone(&self.offsets),
            groups: Arc::clone(&self.groups),
            cut: node.chunks.axes()[0].clone(),
            of: PhantomData,
        };
        let n_chunks = node.chunks.axes()[0].n_chunks() as u32;
        if self.groups.is_direct() {
            return layer_of(node, inputs.iter().cloned(), blocks(Stage::Whole, n_chunks));
        }
        let pieces = Arc::new(blocks(Stage::Pieces, self.groups.n_pairs()));
        let name = Name::structural(self.name(), Tokenizer::of("pieces", &node.token));
        let pieces = Layer::shared(name, inputs.iter().cloned(), pieces, node.made_at);
        layer_of(node, [pieces], blocks(Stage::Join, n_chunks))
    }
}

/// What a block of the layer is; as of `take`.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    Whole,
    Pieces,
    Join,
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct PointsBlocks<T> {
    grid: Vec<u32>,
    stage: Stage,
    offsets: Arc<[usize]>,
    groups: Arc<Groups>,
    /// The cut of the result.
    cut: AxisChunks,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> PointsBlocks<T> {
    fn pairs(&self, block: u32) -> std::ops::Range<u32> {
        match self.stage {
            Stage::Pieces => block..block + 1,
            _ => self.groups.pairs_of(block),
        }
    }

    fn n_elements(&self, block: u32) -> usize {
        match self.stage {
            Stage::Pieces => self.groups.n_items(block),
            _ => self.cut.size(block as usize).unwrap_or(0),
        }
    }

    fn take_from(&self, input: &mut Value, pair: u32, out: &mut [T]) -> Result<(), BoxError> {
        let input = input.take();
        let chunk = chunk_of::<T>(&input)?;
        let first = self.cut.range(self.groups.block_of(pair)).map_or(0, |range| range.start);
        let element = |at: usize| match chunk.as_slice() {
            Some(elements) => elements[at],
            None => chunk.view()[&unflatten(chunk.shape(), at)[..]],
        };
        for (number, at) in self.groups.items(pair).enumerate() {
            match self.stage {
                Stage::Whole => out[at] = element(self.offsets[first + at]),
                Stage::Pieces => out[number] = element(self.offsets[first + at]),
                Stage::Join => out[at] = element(number),
            }
        }
        Ok(())
    }
}

/// The position of an element of a row-major number.
fn unflatten(shape: &[usize], mut number: usize) -> PerAxis<usize> {
    let mut at: PerAxis<usize> = smallvec::smallvec![0; shape.len()];
    for (at, &len) in at.iter_mut().zip(shape).rev() {
        *at = number % len;
        number /= len;
    }
    at
}

impl<T: Element> Blocks for PointsBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let source = |pair| match self.stage {
            Stage::Join => pair,
            _ => self.groups.source(pair),
        };
        deps.extend(self.pairs(block).map(|pair| Dep::input(0, source(pair))));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let mut out = vec![T::default(); self.n_elements(block)];
        for (pair, input) in self.pairs(block).zip(inputs) {
            self.take_from(input, pair, &mut out)?;
        }
        Ok(Chunk::from_vec(&[out.len()], out)?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "points".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        Bounds::output(chunk_bytes::<T>(self.n_elements(block)))
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

//! The different elements of an array.

use super::histogram::elements;
use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::element::{Element, Real};
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of};
use crate::reduce::{Digest, Digested, Joined, LeafAt, Partial, digest};
use crate::sort::order;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Layer, Shipment, Tokenizer, TypeInfo, Value};
use chunkwise_storage::Element as _;
use ndarray::{ArrayD, IxDyn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

/// The different elements of an array, and where they are: see [`Array::unique_all`].
#[derive(Clone, Debug)]
pub struct Unique<T: Element> {
    /// The different elements, in ascending order; NaN, as one, at the end.
    pub values: Array<T>,
    /// The row-major number of the first element that is equal to each.
    pub index: Array<u64>,
    /// The position among `values` of each element of the array, in the shape of the array.
    pub inverse: Array<u64>,
    /// How often each occurs.
    pub counts: Array<u64>,
}

/// An element, how often it occurs, and its first number.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
struct Known<T: Element> {
    element: T,
    n: u64,
    first: u64,
}

/// Which part of what is known comes out.
trait Part<T: Element>: Clone + Send + Sync + 'static {
    type Out: Element;
    fn of(known: &Known<T>) -> Self::Out;
}

macro_rules! parts {
    ($($part:ident $out:ty: $of:expr;)+) => { $(
        #[derive(Clone)]
        struct $part;

        impl<T: Element> Part<T> for $part {
            type Out = $out;
            fn of(known: &Known<T>) -> $out {
                let of: fn(&Known<T>) -> $out = $of;
                of(known)
            }
        }
    )+ };
}
parts! {
    Elements T: |known| known.element;
    Firsts u64: |known| known.first;
    Occurrences u64: |known| known.n;
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct UniqueOf<T, P>(PhantomData<fn() -> (T, P)>);

impl<T, P> Clone for UniqueOf<T, P> {
    fn clone(&self) -> UniqueOf<T, P> {
        UniqueOf(PhantomData)
    }
}

/// Sorted elements with equal ones made one, in place.
fn merged<T: Real>(mut accs: Vec<Known<T>>) -> Partial<Known<T>> {
    accs.dedup_by(|known, last| {
        let is_known = order(&last.element, &known.element).is_eq();
        if is_known {
            last.n += known.n;
            if known.first < last.first {
                (last.first, last.element) = (known.first, known.element);
            }
        }
        is_known
    });
    accs.shrink_to_fit();
    Partial { shape: PerAxis::from_slice(&[accs.len()]), accs, n: 0 }
}

/// The row-major number in the array of an element of a chunk; its number in the chunk, if lengths
/// are deferred.
fn number(at: &LeafAt, chunk: &[usize], mut inside: u64) -> u64 {
    let (Some(starts), Some(shape)) = (&at.starts, &at.shape) else { return inside };
    let (mut number, mut stride) = (0, 1);
    for axis in (0..chunk.len()).rev() {
        let len = chunk[axis].max(1) as u64;
        number += (inside % len + starts[axis] as u64) * stride;
        inside /= len;
        stride *= shape[axis] as u64;
    }
    number
}

impl<T: Real, P: Part<T>> Digest for UniqueOf<T, P> {
    type Acc = Known<T>;
    type Out = P::Out;
    const NAME: &'static str = "unique";

    fn leaf(&self, at: &LeafAt, inputs: &mut [Value]) -> Result<Partial<Known<T>>, BoxError> {
        let [input] = inputs else { return Err("elements are of one chunk".into()) };
        let shape: PerAxis<usize> = chunk_of::<T>(input)?.shape().into();
        let all = elements::<T>(input)?;
        let known = all.iter().zip(0..).map(|(&element, first)| Known { element, n: 1, first });
        let mut known: Vec<Known<T>> = known.collect();
        known.sort_unstable_by(|a, b| order(&a.element, &b.element).then(a.first.cmp(&b.first)));
        let mut merged = merged(known);
        for known in &mut merged.accs {
            known.first = number(at, &shape, known.first);
        }
        Ok(merged)
    }

    fn join(&self, parts: &[&Partial<Known<T>>]) -> Result<Partial<Known<T>>, BoxError> {
        let mut known = Vec::with_capacity(parts.iter().map(|part| part.accs.len()).sum());
        parts.iter().for_each(|part| known.extend_from_slice(&part.accs));
        // Runs that are sorted are merged.
        known.sort_by(|a, b| order(&a.element, &b.element));
        Ok(merged(known))
    }

    fn finish(&self, partial: Partial<Known<T>>) -> Result<ArrayD<P::Out>, BoxError> {
        let elements: Vec<P::Out> = partial.accs.iter().map(P::of).collect();
        Ok(ArrayD::from_shape_vec(IxDyn(&[elements.len()]), elements)?)
    }

    /// All of them may be different.
    fn most(&self, of: &Joined<'_>) -> Option<usize> {
        Some(of.n_elements())
    }

    /// The elements row by row; all that is known of them, before those of equal ones are made one.
    fn leaf_scratch(&self, of: &Joined<'_>) -> usize {
        of.n_in_chunk().saturating_mul(size_of::<T>() + size_of::<Known<T>>())
    }

    /// As much again, and what sorting needs besides.
    fn join_scratch(&self, _: &Joined<'_>, n_accs: usize) -> usize {
        n_accs.saturating_mul(2 * size_of::<Known<T>>())
    }
}

#[track_caller]
fn unique<T: Real, P: Part<T>>(x: &Array<T>) -> Array<P::Out> {
    Array::build("unique", &[&x.node], |made_at| {
        let digested = Digested { arrays: std::slice::from_ref(&x.node), to_all: &[], along: None };
        // All parts have the same length.
        let source = Tokenizer::of("unique", &x.node.token);
        let chunks = |_| [AxisChunks::deferred(1, source)].into_iter().collect();
        digest(&digested, UniqueOf::<T, P>(PhantomData), source, chunks, made_at)
    })
}

/// Where elements are in a sorted list.
struct Inverse<T>(PhantomData<fn() -> T>);

impl<T: Real> Operation for Inverse<T> {
    fn name(&self) -> &'static str {
        "unique-inverse"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let chunks = Arc::clone(&node.chunks);
        let blocks = InverseBlocks::<T> { grid: chunks.grid(), chunks, of: PhantomData };
        layer_of(node, inputs.iter().cloned(), blocks)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct InverseBlocks<T> {
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T: Real> Blocks for InverseBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.extend([Dep::input(0, block), Dep::input(1, 0)]);
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input, values] = inputs else { return Err("the list of values is missing".into()) };
        let values = chunk_of::<T>(values)?.in_memory_order();
        let found = chunk_of::<T>(input)?
            .view()
            .mapv(|x| values.partition_point(|value| order(value, &x).is_lt()) as u64);
        Ok(Chunk::new(found).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "unique-inverse".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<u64>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<u64>>()))
    }
}

impl<T: Real> Array<T> {
    /// The different elements of the array, in ascending order, along one axis of deferred length
    /// and one chunk; NaN, as one, at the end.
    ///
    /// # Complexity
    /// O(elements x log of those in a chunk). A task for each chunk, and a tree of tasks above, which
    /// holds the different elements with how often and where they occur.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![[3, 1], [1, 2]], 1);
    /// assert_eq!(x.unique().compute()?, ndarray::array![1, 2, 3].into_dyn());
    /// assert_eq!(x.unique_all().counts.compute()?, ndarray::array![2u64, 1, 1].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn unique(&self) -> Array<T> {
        unique::<T, Elements>(self)
    }

    /// The different elements, where they are first, where each element is among them, and how often
    /// they occur. What is not used is not computed; what is used together is computed once.
    ///
    /// It is an error of `index` if a length of the array is deferred.
    #[track_caller]
    pub fn unique_all(&self) -> Unique<T> {
        let values = self.unique();
        let inverse = Array::build("unique-inverse", &[&self.node], |made_at| {
            let token = Tokenizer::of("unique-inverse", &self.node.token);
            let (nodes, chunks) = ([self.node.clone(), values.node.clone()], &self.node.chunks);
            let operation = Inverse::<T>(PhantomData);
            Ok(Node::new(operation, nodes, u64::DTYPE, Arc::clone(chunks), token, made_at))
        });
        let index = match crate::array::known_shape(&self.node, "unique_all") {
            Ok(_) => unique::<T, Firsts>(self),
            Err(error) => Array::build("unique", &[&self.node], |_| Err::<_, ArrayError>(error)),
        };
        Unique { values, index, inverse, counts: unique::<T, Occurrences>(self) }
    }
}

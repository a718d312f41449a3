//! Arrays as sets of their different elements.

use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::element::Real;
use crate::expr::{Node, Operation, layer_of};
use crate::sort::order;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Layer, Shipment, Tokenizer, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::marker::PhantomData;
use std::sync::Arc;

/// What is kept of two sets.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
enum SetOf {
    Either,
    Both,
    FirstOnly,
    OneOnly,
}

impl SetOf {
    fn name(self) -> &'static str {
        match self {
            SetOf::Either => "union1d",
            SetOf::Both => "intersect1d",
            SetOf::FirstOnly => "setdiff1d",
            SetOf::OneOnly => "setxor1d",
        }
    }

    /// The most that is kept of sets of so many elements.
    fn most(self, a: usize, b: usize) -> usize {
        match self {
            SetOf::Either | SetOf::OneOnly => a.saturating_add(b),
            SetOf::Both => a.min(b),
            SetOf::FirstOnly => a,
        }
    }

    /// What is kept of two sorted lists without repetitions.
    fn merge<T: Real>(self, mut a: &[T], mut b: &[T]) -> Vec<T> {
        let mut out = Vec::with_capacity(self.most(a.len(), b.len()));
        loop {
            let side = match (a.first(), b.first()) {
                (None, None) => {
                    out.shrink_to_fit();
                    return out;
                }
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(x), Some(y)) => order(x, y),
            };
            let keeps = match side {
                Ordering::Less => self != SetOf::Both,
                Ordering::Equal => matches!(self, SetOf::Either | SetOf::Both),
                Ordering::Greater => matches!(self, SetOf::Either | SetOf::OneOnly),
            };
            let element = if side.is_gt() { b.first() } else { a.first() };
            out.extend(element.filter(|_| keeps));
            a = if side.is_le() { &a[1..] } else { a };
            b = if side.is_ge() { &b[1..] } else { b };
        }
    }
}

struct Sets<T> {
    of: SetOf,
    /// The most elements that come out, if that is known.
    most: Option<usize>,
    elements: PhantomData<fn() -> T>,
}

impl<T: Real> Operation for Sets<T> {
    fn name(&self) -> &'static str {
        self.of.name()
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let blocks =
            SetBlocks::<T> { grid: vec![1], of: self.of, most: self.most, elements: PhantomData };
        layer_of(node, inputs.iter().cloned(), blocks)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct SetBlocks<T> {
    grid: Vec<u32>,
    of: SetOf,
    most: Option<usize>,
    elements: PhantomData<fn() -> T>,
}

impl<T: Real> Blocks for SetBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, _: u32, deps: &mut Vec<Dep>) {
        deps.extend([Dep::input(0, 0), Dep::input(1, 0)]);
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [a, b] = &*inputs else { return Err("there are two sets".into()) };
        let (a, b) = (chunk_of::<T>(a)?, chunk_of::<T>(b)?);
        let merged = self.of.merge(a.in_memory_order(), b.in_memory_order());
        Ok(Chunk::from_vec(&[merged.len()], merged)?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        self.of.name().into()
    }

    /// Room for all that may be kept, and what is.
    fn bytes(&self, _: u32) -> Bounds {
        self.most.map_or(Bounds::UNKNOWN, |n| {
            Bounds::output(chunk_bytes::<T>(n)).with_scratch(chunk_bytes::<T>(n))
        })
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

#[track_caller]
fn sets<T: Real>(a: &Array<T>, b: &Array<T>, of: SetOf) -> Array<T> {
    let n_elements = |x: &Array<T>| {
        let shape = x.chunks().shape()?;
        Some(shape.iter().copied().fold(1, usize::saturating_mul))
    };
    let most = n_elements(a).zip(n_elements(b)).map(|(a, b)| of.most(a, b));
    let (a, b) = (a.unique(), b.unique());
    Array::build(of.name(), &[&a.node, &b.node], |made_at| {
        let token = Tokenizer::of(of.name(), &(a.node.token, b.node.token));
        let chunks: crate::Chunks = [AxisChunks::deferred(1, token)].into_iter().collect();
        let operation = Sets::<T> { of, most, elements: PhantomData };
        let nodes = [a.node.clone(), b.node.clone()];
        Ok(Node::new(operation, nodes, T::DTYPE, chunks, token, made_at))
    })
}

impl<T: Real> Array<T> {
    /// The different elements of this array and another, in ascending order, along one axis of
    /// deferred length. NaN counts as one.
    ///
    /// # Complexity
    /// Of [`Array::unique`] of each array, and one task that holds the different elements of both.
    #[track_caller]
    pub fn union1d(&self, other: &Array<T>) -> Array<T> {
        sets(self, other, SetOf::Either)
    }

    /// The different elements that are in both arrays, as [`Array::union1d`] gives them.
    #[track_caller]
    pub fn intersect1d(&self, other: &Array<T>) -> Array<T> {
        sets(self, other, SetOf::Both)
    }

    /// The different elements of this array that are not in another, as [`Array::union1d`] gives
    /// them.
    #[track_caller]
    pub fn setdiff1d(&self, other: &Array<T>) -> Array<T> {
        sets(self, other, SetOf::FirstOnly)
    }

    /// The different elements that are in one of the two arrays only, as [`Array::union1d`] gives
    /// them.
    #[track_caller]
    pub fn setxor1d(&self, other: &Array<T>) -> Array<T> {
        sets(self, other, SetOf::OneOnly)
    }
}

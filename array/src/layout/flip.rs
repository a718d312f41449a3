//! Axes that run the other way.

use crate::array::Array;
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, take_array};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::expr::{Node, Nodes, Operation, layer_of};
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Layer, Shipment, Token, Tokenizer, TypeInfo, Value, grid,
};
use chunkwise_storage::{Region, Span};
use ndarray::{ArrayViewMutD, Axis, Zip};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// The input with some axes reversed.
#[derive(Clone)]
struct Flip<T> {
    flipped: PerAxis<bool>,
    of: PhantomData<fn() -> T>,
}

/// The input with the axes reversed for which `flipped` says so; one element is the same either way.
pub(crate) fn flip<T: Element>(
    input: Arc<Node>,
    mut flipped: PerAxis<bool>,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    for (flipped, axis) in flipped.iter_mut().zip(input.chunks.axes()) {
        *flipped &= axis.len() != Some(1);
    }
    if !flipped.contains(&true) {
        return input;
    }
    let mut hash = Tokenizer::new("flip");
    hash.token(input.token);
    hash.bytes(&flipped.iter().map(|flipped| u8::from(*flipped)).collect::<Vec<_>>());
    let token = hash.finish();
    let axes = input.chunks.axes().iter().zip(&flipped);
    let chunks: Chunks =
        axes.map(|(axis, flip)| if *flip { reversed(axis, token) } else { axis.clone() }).collect();
    let operation = Flip { flipped, of: PhantomData::<fn() -> T> };
    Node::new(operation, [input], T::DTYPE, chunks, token, made_at)
}

fn reversed(axis: &AxisChunks, token: Token) -> AxisChunks {
    let is_even = |(size, len): (usize, usize)| len.is_multiple_of(size);
    if axis.regular_size().zip(axis.len()).is_some_and(is_even) {
        return axis.clone();
    }
    match axis.sizes() {
        Some(sizes) => AxisChunks::of_sizes(sizes.into_iter().rev()),
        None => AxisChunks::deferred(axis.n_chunks(), token),
    }
}

impl<T: Element> Array<T> {
    /// These axes in reverse order.
    ///
    /// Preserves the shape; chunks are reversed too.
    ///
    /// # Complexity
    /// O(elements), in place; a task for each chunk.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 5, 1, 2).flip(0);
    /// assert_eq!(x.compute()?, ndarray::arr1(&[4, 3, 2, 1, 0]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn flip(&self, axes: impl Into<Axes>) -> Array<T> {
        let axes = axes.into();
        Array::build("flip", &[&self.node], |made_at| {
            Ok(flip::<T>(self.node.clone(), axes.mask(self.ndim())?, made_at))
        })
    }

    /// Columns in reverse order: axis 1.
    #[track_caller]
    pub fn fliplr(&self) -> Array<T> {
        self.flip(1)
    }

    /// Rows in reverse order: axis 0.
    #[track_caller]
    pub fn flipud(&self) -> Array<T> {
        self.flip(0)
    }

    /// Turned by `quarters` of a turn in the plane of two axes, from the first towards the second.
    #[track_caller]
    pub fn rot90(&self, quarters: isize, axes: (isize, isize)) -> Array<T> {
        let (a, b) = axes;
        if let Err(error) = Axes::from([a, b]).mask(self.ndim()) {
            return Array::build("rot90", &[&self.node], |_| Err(error));
        }
        match quarters.rem_euclid(4) {
            1 => self.flip(b).swap_axes(a, b),
            2 => self.flip([a, b]),
            3 => self.swap_axes(a, b).flip(b),
            _ => self.clone(),
        }
    }
}

impl<T: Element> Operation for Flip<T> {
    fn name(&self) -> &'static str {
        "flip"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let chunks = Arc::clone(&node.chunks);
        let blocks = FlipBlocks {
            grid: chunks.grid(),
            chunks,
            flipped: self.flipped.clone(),
            of: PhantomData::<fn() -> T>,
        };
        layer_of(node, inputs.iter().cloned(), blocks)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let shape = node.chunks.shape()?;
        let axes = region.spans().iter().zip(&shape).zip(&self.flipped);
        let spans = axes.map(|((span, len), flip)| match *flip && span.count > 0 {
            true => Span { start: len - span.end(), ..*span },
            false => *span,
        });
        Some(vec![spans.collect()])
    }

    fn part(&self, node: &Node, _: &Region, inputs: Nodes) -> Arc<Node> {
        let [input] = &inputs[..] else { return node.again() };
        flip::<T>(Arc::clone(input), self.flipped.clone(), node.made_at)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct FlipBlocks<T> {
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
    flipped: PerAxis<bool>,
    of: PhantomData<fn() -> T>,
}

impl<T: Element> Blocks for FlipBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let mut index = grid::unflatten(&self.grid, block);
        for ((at, n), flip) in index.iter_mut().zip(&self.grid).zip(&self.flipped) {
            if *flip {
                *at = n - 1 - *at;
            }
        }
        deps.push(Dep::input(0, grid::flatten(&self.grid, &index)));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("one chunk is reversed at a time".into()) };
        let mut array = take_array::<T>(input)?;
        let axes = self.flipped.iter().take(array.ndim()).enumerate();
        for (axis, _) in axes.filter(|(_, flip)| **flip) {
            reverse(array.view_mut(), Axis(axis));
        }
        Ok(Chunk::new(array).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "flip".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

/// Reverses an axis in place: its first half changes places with its second.
fn reverse<T>(array: ArrayViewMutD<'_, T>, axis: Axis) {
    let len = array.len_of(axis);
    let (first, rest) = array.split_at(axis, len / 2);
    let (_, mut second) = rest.split_at(axis, len % 2);
    second.invert_axis(axis);
    Zip::from(first).and(second).for_each(std::mem::swap);
}

#[cfg(test)]
mod tests {
    use crate::expr::parts_check::{arrays, check_part, spans};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn selections_move_through(x in arrays(0..4), by in spans(), flipped in any::<[bool; 4]>()) {
            let axes: Vec<isize> = (0..x.ndim()).filter(|at| flipped[*at]).map(|at| at as isize).collect();
            check_part(&x.flip(&axes[..]), &by);
        }
    }
}

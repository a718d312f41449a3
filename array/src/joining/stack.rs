//! Arrays of one shape one behind the other along a new axis.

use super::blocks::JoinBlocks;
use super::concatenate::{concatenate, cut_alike, nothing};
use crate::array::Array;
use crate::axes::find_axis;
use crate::axis_chunks::AxisChunks;
use crate::chunks::PerAxis;
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Node, Nodes, Operation, layer_of};
use crate::layout::{FromAxes, view};
use chunkwise_graph::{Layer, Tokenizer};
use chunkwise_storage::{Region, Span};
use std::borrow::Borrow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// Inputs along a new axis.
#[derive(Clone)]
struct Stack<T> {
    axis: usize,
    of: PhantomData<fn() -> T>,
}

/// Arrays of one shape along a new axis, which has as many elements as there are arrays, each in a
/// chunk of its own.
///
/// Arrays that are cut differently are cut wherever one of them is cut. The place of the axis may
/// count from the end of the result's axes.
///
/// # Complexity
/// Building costs O(arrays). Tasks hand on chunks of the inputs without copying them, and make them
/// themselves where nothing else needs them. A selection touches only the arrays that it has something of.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, stack};
/// let days: Vec<Array<i32>> = (0..31).map(|day| Array::full([100, 200], day, 50)).collect();
/// let month = stack(&days, 0);
/// assert_eq!(month.dims()?[..], [31, 100, 200]);
/// assert_eq!(month.mean().compute()?, 15.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[track_caller]
pub fn stack<T: Element, A: Borrow<Array<T>>>(arrays: &[A], axis: isize) -> Array<T> {
    let nodes: Vec<Arc<Node>> = arrays.iter().map(|array| array.borrow().node.clone()).collect();
    let inputs: Vec<&Arc<Node>> = nodes.iter().collect();
    Array::build("stack", &inputs, |made_at| {
        let first = nodes.first().ok_or_else(|| nothing("stack"))?;
        let axis = find_axis(axis, first.chunks.ndim() + 1)?;
        stacked::<T>(nodes.clone(), axis, made_at)
    })
}

/// Arrays one behind the other along the third axis, which they get if they lack it.
#[track_caller]
pub fn dstack<T: Element, A: Borrow<Array<T>>>(arrays: &[A]) -> Array<T> {
    let arrays: Vec<Array<T>> = arrays.iter().map(|array| array.borrow().atleast_3d()).collect();
    concatenate(&arrays, 2)
}

/// Arrays one beside the other; those with one axis are columns.
#[track_caller]
pub fn column_stack<T: Element, A: Borrow<Array<T>>>(arrays: &[A]) -> Array<T> {
    let column = |array: &A| match array.borrow().ndim() {
        0 | 1 => array.borrow().atleast_2d().transpose(),
        _ => array.borrow().clone(),
    };
    let arrays: Vec<Array<T>> = arrays.iter().map(column).collect();
    concatenate(&arrays, 1)
}

/// The inputs along a new axis, after cutting them alike.
///
/// # Errors
/// [`ArrayError::Join`] if their shapes do not agree.
fn stacked<T: Element>(
    inputs: Vec<Arc<Node>>,
    axis: usize,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    Ok(joined::<T>(cut_alike(inputs, None, made_at)?, axis, made_at))
}

fn joined<T: Element>(
    inputs: Vec<Arc<Node>>,
    axis: usize,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    if let [one] = &inputs[..] {
        let own = (0..one.chunks.ndim()).map(Some);
        let mut from: FromAxes = own.collect();
        from.insert(axis, None);
        return view::<T>("stack", Arc::clone(one), from, made_at);
    }
    let mut hash = Tokenizer::new("stack");
    hash.u64(axis as u64);
    inputs.iter().for_each(|input| {
        hash.token(input.token);
    });
    let mut axes: PerAxis<AxisChunks> = inputs[0].chunks.axes().into();
    axes.insert(axis, AxisChunks::regular(inputs.len(), 1));
    let operation = Stack { axis, of: PhantomData::<fn() -> T> };
    let chunks = axes.into_iter().collect::<crate::chunks::Chunks>();
    Node::new(operation, inputs, T::DTYPE, chunks, hash.finish(), made_at)
}

impl<T: Element> Operation for Stack<T> {
    fn name(&self) -> &'static str {
        "stack"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let chunks = Arc::clone(&node.chunks);
        let blocks = JoinBlocks {
            name: "stack".into(),
            grid: chunks.grid(),
            chunks,
            axis: self.axis,
            starts: Vec::new(),
            of: PhantomData::<fn() -> T>,
        };
        layer_of(node, inputs.iter().cloned(), blocks)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let along = region.spans()[self.axis];
        if along.count == 0 {
            return None;
        }
        let mut spans: PerAxis<Span> = region.spans().into();
        spans.remove(self.axis);
        let nothing: Region = spans.iter().map(|span| Span { count: 0, ..*span }).collect();
        let some: Region = spans.into_iter().collect();
        let of_input = |at: usize| match along.positions().any(|position| position == at) {
            true => some.clone(),
            false => nothing.clone(),
        };
        Some((0..node.inputs().len()).map(of_input).collect())
    }

    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let along = region.spans()[self.axis];
        let inputs = along.positions().filter_map(|at| inputs.get(at).cloned()).collect();
        joined::<T>(inputs, self.axis, node.made_at)
    }

    fn is_cheap(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::parts_check::{arrays, check_part, spans};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn selections_move_through(x in arrays(0..3), by in spans(), at in 0isize..3) {
            let at = at.min(x.ndim() as isize);
            let z = stack(&[&x, &(&x + 1), &x.full_like(9)], at);
            check_part(&z, &by);
            check_part(&z.transpose(), &by);
        }
    }
}

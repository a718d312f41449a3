//! Checking that parts of an expression are what they are of its result.

use crate::array::Array;
use crate::element::Element;
use crate::expr::{select, simplify};
use chunkwise_graph::{CollectionExt, InOrder};
use chunkwise_storage::{Region, Span};
use ndarray::{ArrayD, Slice};
use proptest::prelude::*;
use std::panic::Location;

/// A span of an axis of any length, by fractions of it.
pub(crate) fn spans() -> impl Strategy<Value = Vec<(f64, f64, usize)>> {
    prop::collection::vec((0.0..1.0f64, 0.0..1.0f64, 1usize..4), 6)
}

fn region(shape: &[usize], spans: &[(f64, f64, usize)]) -> Region {
    let span = |(&len, &(start, part, step)): (&usize, &(f64, f64, usize))| {
        let start = (start * (len + 1) as f64) as usize;
        // Often everything.
        let most = (len - start.min(len)).div_ceil(step);
        match part < 0.4 {
            true => Span::new(0, len),
            false => Span { start, count: (part * (most + 1) as f64) as usize, step },
        }
    };
    shape.iter().zip(spans).map(span).collect()
}

/// A part of the array computed alone is what it is of the whole, and as many tasks as before or
/// fewer compute it.
#[track_caller]
pub(crate) fn check_part<T: Element>(array: &Array<T>, spans: &[(f64, f64, usize)]) {
    let whole = array.compute_with(&InOrder).expect("the whole can be computed");
    let region = region(whole.shape(), spans);
    let node = select(array.node.clone(), region.clone(), Location::caller());
    let part = Array::<T>::of_node(node);
    let simple = simplify(&part.node);
    assert_eq!(simple.chunks.axes(), part.node.chunks.axes(), "{region} is cut otherwise");
    let mut expected = whole.view();
    for (axis, span) in region.spans().iter().enumerate() {
        let slice = Slice::new(span.start as isize, Some(span.end() as isize), span.step as isize);
        expected.slice_axis_inplace(ndarray::Axis(axis), slice);
    }
    let part: ArrayD<T> = part.compute_with(&InOrder).expect("the part can be computed");
    assert_eq!(part.shape(), expected.shape(), "{region}");
    let same = part.iter().zip(&expected).all(|(a, b)| T::bytes_of(&[*a]) == T::bytes_of(&[*b]));
    assert!(same, "{region} of {whole}: {part}");
}

/// An array in memory, cut at random: ragged and empty chunks, no elements, no axes.
pub(crate) fn arrays(
    ndim: impl Into<prop::collection::SizeRange>,
) -> impl Strategy<Value = Array<i64>> {
    let sizes = prop::collection::vec(0usize..4, 1..4);
    prop::collection::vec(sizes, ndim).prop_map(|axes| {
        let shape: Vec<usize> = axes.iter().map(|sizes| sizes.iter().sum()).collect();
        let n: usize = shape.iter().product();
        let memory = ArrayD::from_shape_vec(shape, (0..n as i64).collect()).expect("as many");
        Array::from_ndarray(&memory, crate::chunk_spec::ChunkSpec::sizes(axes))
    })
}

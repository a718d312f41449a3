//! Checking an expression: the same bits on every scheduler and in other processes, from chunks of
//! the promised shapes, and what a slow reference says.

use chunkwise_array::{Array, Chunk, Chunks, Element};
use chunkwise_graph::{Collection, CollectionExt, InOrder};
use chunkwise_sched_threaded::Threaded;
use chunkwise_testing::{Allocated, AllocationCheck, Counts, assert_crosses};
use ndarray::{ArrayD, IxDyn};
use proptest::prelude::*;

/// The elements of an array by their bits, so that NaN equals itself and zeros have a sign.
pub(crate) fn bits<T: Element>(array: &ArrayD<T>) -> (Vec<usize>, Vec<u8>) {
    let elements: Vec<T> = array.iter().copied().collect();
    (array.shape().to_vec(), T::bytes_of(&elements).to_vec())
}

/// 1, 2 and 7 threads, started once.
fn pools() -> &'static [Threaded] {
    static POOLS: std::sync::LazyLock<Vec<Threaded>> = std::sync::LazyLock::new(|| {
        [1, 2, 7].map(|n| Threaded::with_threads(n).expect("threads can be started")).into()
    });
    &POOLS
}

/// The result, after checking that every scheduler gives the same bits, that the chunks have the
/// shapes that the array promises, that memory bounds hold, and that every task crosses.
#[track_caller]
pub(crate) fn computed<T: Element>(array: &Array<T>) -> ArrayD<T> {
    let result = array.compute_with(&InOrder).expect("it can be computed");
    for threaded in pools() {
        let again = array.compute_with(threaded).expect("on threads too");
        let threads = threaded.n_threads();
        assert_eq!(bits(&again), bits(&result), "{threads} threads give other bits");
    }
    if let Ok(shape) = array.dims() {
        assert_eq!(result.shape(), &shape[..], "the shape is another one than was promised");
    }
    check_chunks(array);
    // NaN is not equal to itself.
    if result == result.clone() {
        assert_crosses(array);
    }
    result
}

/// What the tasks of an operation allocate.
#[track_caller]
pub(crate) fn counted(operation: &impl Collection) -> Counts {
    let plan = operation.graph().plan().expect("it has a plan");
    COUNTING.run(&plan).expect("it can be computed")
}

/// Counts what the allocator of this binary gives to a thread.
pub(crate) const COUNTING: AllocationCheck = AllocationCheck::new(|task| {
    let counts = allocation_counter::measure(task);
    Allocated { peak: counts.bytes_max, kept: counts.bytes_current }
});

/// As [`counted`], none more than its bounds allow.
#[track_caller]
fn within_bounds<T: Element>(array: &Array<T>) -> Counts {
    let counts = counted(array);
    let faults = counts.faults();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    counts
}

/// Each chunk has the promised shape, and no task allocates more bytes than it said.
#[track_caller]
fn check_chunks<T: Element>(array: &Array<T>) {
    for (block, value) in within_bounds(array).values.iter().enumerate() {
        let chunk = value.get::<Chunk<T>>().expect("its values are chunks");
        let index = grid_index(array.chunks(), block);
        if let Some(region) = array.chunks().region(&index) {
            assert_eq!(chunk.shape(), &region.counts()[..], "chunk {index:?}");
        }
    }
}

fn grid_index(chunks: &Chunks, block: usize) -> Vec<u32> {
    let mut rest = block;
    let mut index: Vec<u32> = chunks
        .axes()
        .iter()
        .rev()
        .map(|axis| {
            let at = rest % axis.n_chunks();
            rest /= axis.n_chunks();
            at as u32
        })
        .collect();
    index.reverse();
    index
}

/// Checks the array as [`computed`] does, and that it is exactly `expected`.
#[track_caller]
pub(crate) fn check<T: Element>(array: &Array<T>, expected: &ArrayD<T>) {
    assert_eq!(bits(&computed(array)), bits(expected), "got {:?}", array.compute_with(&InOrder));
}

/// Checks the array as [`computed`] does, and that it is `expected` but for rounding.
#[track_caller]
pub(crate) fn check_close(array: &Array<f64>, expected: &ArrayD<f64>, tolerance: f64) {
    let found = computed(array);
    assert_eq!(found.shape(), expected.shape());
    for (at, (x, y)) in found.iter().zip(expected).enumerate() {
        let same = x == y || (x.is_nan() && y.is_nan());
        let close = (x - y).abs() <= tolerance * y.abs().max(1.0);
        assert!(same || close, "element {at} is {x}, not {y}");
    }
}

/// An array in memory, and cut at random: ragged and empty chunks, no elements, no axes.
#[derive(Clone, Debug)]
pub(crate) struct Cut<T: Element> {
    pub(crate) memory: ArrayD<T>,
    pub(crate) array: Array<T>,
}

/// Sizes of chunks of an axis, some of which may be empty.
pub(crate) fn axis_sizes() -> impl Strategy<Value = Vec<usize>> {
    prop_oneof![
        6 => prop::collection::vec(1usize..5, 1..4),
        1 => prop::collection::vec(0usize..3, 1..4),
    ]
}

/// Arrays of so many axes, of elements from a strategy.
pub(crate) fn cuts<T: Element>(
    ndim: impl Into<prop::collection::SizeRange>,
    elements: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = Cut<T>> {
    prop::collection::vec(axis_sizes(), ndim)
        .prop_flat_map(move |axes| cut_as(axes, elements.clone()))
}

/// Arrays that are cut like this.
pub(crate) fn cut_as<T: Element>(
    axes: Vec<Vec<usize>>,
    elements: impl Strategy<Value = T>,
) -> impl Strategy<Value = Cut<T>> {
    let shape: Vec<usize> = axes.iter().map(|sizes| sizes.iter().sum()).collect();
    let n = shape.iter().product::<usize>();
    prop::collection::vec(elements, n).prop_map(move |elements| {
        let memory = ArrayD::from_shape_vec(IxDyn(&shape), elements).expect("as many as there are");
        let array = Array::from_ndarray(&memory, chunkwise_array::ChunkSpec::sizes(axes.clone()));
        Cut { memory, array }
    })
}

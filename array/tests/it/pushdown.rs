use crate::check::{check, cuts};
use crate::slicing::{sliced, slices_of};
use chunkwise_array::{Array, Axes, ChunkSpec, CollectionExt, DType, Slices, Source, where_};
use chunkwise_graph::InOrder;
use chunkwise_storage::{ReadRegion, Region};
use ndarray::{ArrayD, Axis, IxDyn, SliceInfoElem, s};
use proptest::prelude::*;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// An array that counts what is read of it.
#[derive(Debug)]
struct Counting {
    array: ArrayD<i64>,
    n_read: Arc<AtomicUsize>,
    chunk: Option<Vec<usize>>,
}

impl ReadRegion<i64> for Counting {
    fn shape(&self) -> &[usize] {
        self.array.shape()
    }

    fn chunk_shape(&self) -> Option<&[usize]> {
        self.chunk.as_deref()
    }

    fn read(&self, region: &Region, out: &mut [i64]) -> Result<(), Box<dyn Error + Send + Sync>> {
        assert!(region.fits(self.array.shape()), "{region} of {:?}", self.array.shape());
        self.n_read.fetch_add(region.len(), SeqCst);
        let view = self.array.slice_each_axis(|axis| {
            let span = region.spans()[axis.axis.index()];
            ndarray::Slice::new(span.start as isize, Some(span.end() as isize), span.step as isize)
        });
        out.iter_mut().zip(view.iter()).for_each(|(out, x)| *out = *x);
        Ok(())
    }

    fn describe(&self) -> String {
        "counting".to_owned()
    }
}

fn counted(array: &ArrayD<i64>, chunks: impl Into<ChunkSpec>) -> (Array<i64>, Arc<AtomicUsize>) {
    let n_read = Arc::new(AtomicUsize::new(0));
    let chunk = Some(vec![2; array.ndim()]).filter(|_| array.ndim().is_multiple_of(2));
    let reader = Counting { array: array.clone(), n_read: n_read.clone(), chunk };
    (Array::from_source(Source::local(reader), chunks), n_read)
}

fn square(n: usize) -> ArrayD<i64> {
    ArrayD::from_shape_fn(IxDyn(&[n, n]), |at| (at[0] * n + at[1]) as i64)
}

/// The result, and how many elements were read for it.
fn reads<T: chunkwise_array::Element>(
    array: &Array<T>,
    n_read: &AtomicUsize,
) -> (ArrayD<T>, usize) {
    n_read.store(0, SeqCst);
    let result = array.compute_with(&InOrder).expect("it can be computed");
    (result, n_read.load(SeqCst))
}

#[test]
fn only_what_is_needed_is_read() {
    let memory = square(40);
    let (x, n_read) = counted(&memory, 7);
    let (corner, n) = reads(&x.slice(s![..5, ..5]), &n_read);
    assert_eq!((corner, n), (memory.slice(s![..5, ..5]).to_owned().into_dyn(), 25));
    // Of a mean along the first axis: every tenth column.
    let (_, n) = reads(&x.mean_axis(0).slice(s![..;10]), &n_read);
    assert_eq!(n, 4 * 40);
    let (_, n) = reads(&x.sum_axis(Axes::from(1).keep()).slice(s![3..6]), &n_read);
    assert_eq!(n, 3 * 40);
    // Through elementwise work, other chunks, turned and new axes.
    let y = (&x + &x.slice(s![0])).rechunk([3, 11]).slice(s![..;-1, ndarray::NewAxis]);
    let (found, n) = reads(&y.slice(s![..2, 0, 5..8]), &n_read);
    let sum = &memory + &memory.index_axis(Axis(0), 0);
    assert_eq!(found, sum.slice(s![38..;-1, 5..8]).to_owned().into_dyn());
    assert_eq!(n, 2 * 3 + 3);
    // From the first row to the last one of the part of the list.
    let (_, n) = reads(&x.take(Axis(0), [30, 3, 5, 31]).slice(s![1..3, 7]), &n_read);
    assert_eq!(n, 3);
    let (_, n) = reads(&x.get([-1, -1]), &n_read);
    assert_eq!(n, 1);
    let (_, n) = reads(&x.assign(s![..20], 0).slice(s![10..30, 0]), &n_read);
    assert_eq!(n, 20);
    let (_, n) = reads(&where_(&x.map(|x| x > 3), &x, &-&x).slice(s![5, ..]), &n_read);
    assert_eq!(n, 40);
}

#[test]
fn nothing_is_read_twice() {
    let memory = square(40);
    let (x, n_read) = counted(&memory, 7);
    let (_, n) = reads(&(x.slice(s![1..]) - x.slice(s![..-1])), &n_read);
    assert_eq!(n, 1600);
    // Differences of a part: the part and no more.
    let y = x.slice(s![10..20, ..4]);
    let (found, n) = reads(&(y.slice(s![1..]) - y.slice(s![..-1])), &n_read);
    assert_eq!((found, n), (ArrayD::from_elem(IxDyn(&[9, 4]), 40), 40));
    // Also where work lies between, which is not done twice either.
    let n_calls = Arc::new(AtomicUsize::new(0));
    let calls = n_calls.clone();
    let z = x.map(move |x| {
        calls.fetch_add(1, SeqCst);
        x * x
    });
    let part = z.slice(s![..10, 0]);
    let (_, n) = reads(&(part.slice(s![2..]) - part.slice(s![..-2])), &n_read);
    assert_eq!((n, n_calls.load(SeqCst)), (10, 10));
    // Parts that are far apart are read alone.
    let (_, n) = reads(&(x.slice(s![..3]) + x.slice(s![-3..])), &n_read);
    assert_eq!(n, 6 * 40);
    // Every other one and the others, which together are all.
    let (_, n) = reads(&(x.slice(s![..;2]) + x.slice(s![1..;2])), &n_read);
    assert_eq!(n, 1600);
    let (_, n) = reads(&(&x - x.slice(s![0])).slice(s![..2]), &n_read);
    assert_eq!(n, 80);
}

/// What is done to an array and to its reference, some of it several times.
#[derive(Clone, Debug)]
enum Step {
    Negate,
    AddRow(bool),
    Rechunk(usize),
    Sum { axis: usize, keep: bool },
    Slice(prop::sample::Index),
    NewAxis(usize),
    Repeat(usize),
    AddShifted,
    Take(usize),
    Assign,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        Just(Step::Negate),
        any::<bool>().prop_map(Step::AddRow),
        (1usize..4).prop_map(Step::Rechunk),
        (0usize..4, any::<bool>()).prop_map(|(axis, keep)| Step::Sum { axis, keep }),
        any::<prop::sample::Index>().prop_map(Step::Slice),
        (0usize..4).prop_map(Step::NewAxis),
        (0usize..4).prop_map(Step::Repeat),
        Just(Step::AddShifted),
        (0usize..4).prop_map(Step::Take),
        Just(Step::Assign),
    ];
    prop::collection::vec(step, 0..6)
}

/// Some slices by a number.
fn some_slices(shape: &[usize], number: usize) -> Vec<SliceInfoElem> {
    let slice = |(axis, &len): (usize, &usize)| {
        let number = number / 7usize.pow(axis as u32);
        let (len, whole) = (len as isize, SliceInfoElem::Slice { start: 0, end: None, step: 1 });
        match number % 7 {
            0 => SliceInfoElem::Slice { start: 1, end: None, step: 2 },
            1 => SliceInfoElem::Slice { start: 0, end: None, step: -1 },
            2 if len > 0 => SliceInfoElem::Index(number as isize % len),
            3 => SliceInfoElem::Slice { start: -3, end: Some(-1), step: 1 },
            4 => SliceInfoElem::Slice { start: 2, end: Some(2), step: 1 },
            5 => SliceInfoElem::Slice { start: 0, end: Some(5), step: -3 },
            _ => whole,
        }
    };
    shape.iter().enumerate().map(slice).collect()
}

fn apply(x: &Array<i64>, memory: &ArrayD<i64>, step: &Step) -> (Array<i64>, ArrayD<i64>) {
    let same = || (x.clone(), memory.clone());
    let (ndim, shape) = (memory.ndim(), memory.shape());
    match *step {
        Step::Negate => (-x, memory.mapv(|x| -x)),
        Step::AddRow(first) if ndim > 0 && shape[0] > 0 => {
            let at = if first { 0 } else { -1 };
            let row = memory.index_axis(Axis(0), if first { 0 } else { shape[0] - 1 });
            (x + x.index_axis(Axis(0), at), memory + &row)
        }
        Step::Rechunk(size) => (x.rechunk(size), memory.clone()),
        Step::Sum { axis, keep } if axis < ndim => {
            let along = Axes::from(Axis(axis));
            let sum = memory.sum_axis(Axis(axis));
            match keep {
                true => (x.sum_axis(along.keep()), sum.insert_axis(Axis(axis))),
                false => (x.sum_axis(along), sum),
            }
        }
        Step::Slice(number) => {
            let slices = some_slices(shape, number.index(100_000));
            (x.slice(&slices[..]), sliced(memory, &slices))
        }
        Step::NewAxis(axis) if axis <= ndim && ndim < 4 => {
            let mut slices = vec![SliceInfoElem::Slice { start: 0, end: None, step: 1 }; axis];
            slices.push(SliceInfoElem::NewAxis);
            (x.slice(slices), memory.clone().insert_axis(Axis(axis)))
        }
        Step::Repeat(axis) if axis < ndim && shape[axis] == 1 => {
            let mut wanted = shape.to_vec();
            wanted[axis] = 3;
            let zeros = Array::<i64>::zeros(wanted.clone(), 2);
            (x + zeros, memory.broadcast(IxDyn(&wanted)).unwrap().to_owned())
        }
        Step::AddShifted if ndim > 0 && shape[0] > 1 => {
            let (behind, before) = (
                memory.slice_axis(Axis(0), ndarray::Slice::from(1..)),
                memory.slice_axis(Axis(0), ndarray::Slice::from(..-1)),
            );
            (x.slice(s![1..]) * 3 + x.slice(s![..-1]), &behind * 3 + before)
        }
        Step::Take(axis) if axis < ndim && shape[axis] > 2 => {
            let list = [shape[axis] - 1, 0, 0, 2];
            let lazy: Vec<isize> = list.iter().map(|&at| at as isize).collect();
            (x.take(Axis(axis), lazy), memory.select(Axis(axis), &list))
        }
        Step::Assign if ndim > 0 && shape[0] > 1 => {
            let mut all = memory.clone();
            let last = memory.index_axis(Axis(0), shape[0] - 1).to_owned();
            all.slice_axis_mut(Axis(0), ndarray::Slice::new(0, Some(-1), 2)).assign(&last);
            (x.assign(s![..-1;2], x.index_axis(Axis(0), -1)), all)
        }
        _ => same(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn parts_of_expressions_are_parts_of_their_results(
        cut in cuts(1..4, -50i64..50),
        steps in steps(),
        number in any::<prop::sample::Index>(),
        from_source in any::<bool>(),
    ) {
        let mut memory = cut.memory.clone();
        let chunks = ChunkSpec::from(cut.array.chunks());
        let mut x = if from_source { counted(&memory, chunks).0 } else { cut.array };
        for step in &steps {
            (x, memory) = apply(&x, &memory, step);
        }
        let compare = |x: &Array<i64>, memory: &ArrayD<i64>| {
            match from_source {
                false => check(x, memory),
                // It does not cross.
                true => assert_eq!(&x.compute_with(&InOrder).unwrap(), memory),
            }
        };
        compare(&x, &memory);
        for offset in 0..2 {
            let slices = some_slices(memory.shape(), number.index(100_000) + offset * 17);
            compare(&x.slice(&slices[..]), &sliced(&memory, &slices));
        }
    }

    #[test]
    fn reductions_of_parts_have_the_bits_of_the_whole(
        (cut, slices) in cuts(2..4, prop::num::f64::NORMAL).prop_flat_map(|cut| {
            let slices = slices_of(&cut.memory.shape()[1..]);
            (Just(cut), slices)
        }),
    ) {
        let x = cut.array;
        let bits = |array: &ArrayD<f64>| array.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        let slice = || Slices::from(&slices[..]);
        for result in [x.mean_axis(0), x.sum_axis(0), (&x * &x).std_axis(0, 0.0)] {
            let whole = result.compute_with(&InOrder).unwrap();
            let found = result.slice(slice()).compute_with(&InOrder).unwrap();
            prop_assert_eq!(bits(&found), bits(&sliced(&whole, &slices)));
        }
    }
}

#[test]
fn unit_axes_with_empty_chunks_are_repeated() {
    let one =
        Array::from_ndarray(&ndarray::arr2(&[[7i64]]), ChunkSpec::sizes([vec![0, 1], vec![1, 0]]));
    let x = Array::<i64>::zeros([3, 4], 2);
    check(&(&x + &one), &ArrayD::from_elem(IxDyn(&[3, 4]), 7));
    check(&(&one + &x).slice(s![1..1]), &ArrayD::zeros(IxDyn(&[0, 4])));
    check(&one.slice(s![0]), &ndarray::arr1(&[7]).into_dyn());
    assert_eq!(one.dtype(), DType::I64);
}

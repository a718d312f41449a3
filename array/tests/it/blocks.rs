use crate::check::{check, check_close, computed, cut_as, cuts};
use chunkwise_array::{Array, ArrayError, Axes, Boundary, CollectionExt, Extent, MapBlocks};
use ndarray::{ArrayD, Axis};
use proptest::prelude::*;

/// The element at a position that may lie outside, as a boundary says.
fn beyond(memory: &ArrayD<i64>, at: &[isize], boundary: Boundary<i64>) -> Option<i64> {
    let mut inside = Vec::new();
    for (&at, &len) in at.iter().zip(memory.shape()) {
        let len = len as isize;
        let place = match boundary {
            Boundary::Periodic => at.rem_euclid(len),
            Boundary::Nearest => at.clamp(0, len - 1),
            Boundary::Reflect => {
                let at = at.rem_euclid(2 * len);
                if at < len { at } else { 2 * len - 1 - at }
            }
            _ if (0..len).contains(&at) => at,
            Boundary::Constant(element) => return Some(element),
            Boundary::Nothing => return None,
        };
        inside.push(place as usize);
    }
    Some(memory[&inside[..]])
}

fn boundaries() -> impl Strategy<Value = Boundary<i64>> {
    prop::sample::select(vec![
        Boundary::Nothing,
        Boundary::Reflect,
        Boundary::Nearest,
        Boundary::Periodic,
        Boundary::Constant(1000),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn each_chunk(cut in cuts(0..3, -99i64..99)) {
        let (x, memory) = (&cut.array, &cut.memory);
        check(&x.map_blocks(|chunk, _| chunk.mapv(|x| x as f64 / 2.0)), &memory.mapv(|x| x as f64 / 2.0));
        let at = x.map_blocks_with(10i64, |by, chunk, at| {
            let start = at.start.clone().unwrap_or_default();
            ArrayD::from_shape_fn(chunk.raw_dim(), |inside| {
                start.iter().enumerate().fold(0, |all, (axis, start)| all * by + (start + inside[axis]) as i64)
            })
        });
        let expected = ArrayD::from_shape_fn(memory.raw_dim(), |at| {
            (0..memory.ndim()).fold(0, |all, axis| all * 10 + at[axis] as i64)
        });
        check(&at, &expected);
        let both = x.zip_blocks(&(x + 1), |a, b, _| &a * &b);
        check(&both, &(memory * &(memory + 1)));
    }

    #[test]
    fn with_what_lies_around(
        cut in cuts(1..3, -99i64..99),
        before in 0usize..4,
        after in 0usize..4,
        boundary in boundaries(),
    ) {
        let (x, memory) = (&cut.array, &cut.memory);
        if memory.is_empty() {
            return Ok(());
        }
        // The sums of a box around each element; the depth is captured, which threads allow.
        let (low, high) = (before as isize, after as isize);
        let sums = x.map_overlap((before, after), boundary, |chunk, _| chunk.to_owned());
        check(&sums, memory);
        let sums = x.map_overlap((before, after), boundary, move |chunk, _| {
            ArrayD::from_shape_fn(chunk.raw_dim(), |at| {
                let at: Vec<isize> = (0..chunk.ndim()).map(|axis| at[axis] as isize).collect();
                boxed(&at, low, high, &|at| beyond(&chunk.to_owned(), at, Boundary::Constant(0)))
            })
        });
        let expected = ArrayD::from_shape_fn(memory.raw_dim(), |at| {
            let at: Vec<isize> = (0..memory.ndim()).map(|axis| at[axis] as isize).collect();
            boxed(&at, low, high, &|at| beyond(memory, at, boundary))
        });
        prop_assert_eq!(sums.compute().unwrap(), expected);
        check(&x.overlap(0, boundary), memory);
    }

    #[test]
    fn lanes(cut in cuts(1..4, -99i64..99), axis in 0usize..3) {
        let (x, memory) = (&cut.array, &cut.memory);
        let axis = axis % memory.ndim();
        let ends = x.apply_along_axis(axis as isize, 2, |lane| {
            ndarray::arr1(&[lane.first().copied().unwrap_or(-1), lane.sum()])
        });
        let mut shape = memory.shape().to_vec();
        shape[axis] = 2;
        let expected = ArrayD::from_shape_fn(shape, |at| {
            let mut lane = memory.view();
            for own in (0..memory.ndim()).rev().filter(|own| *own != axis) {
                lane = lane.index_axis_move(Axis(own), at[own]);
            }
            if at[axis] == 0 { lane.first().copied().unwrap_or(-1) } else { lane.sum() }
        });
        check(&ends, &expected);
        if !memory.is_empty() {
            let all: Vec<isize> = (0..memory.ndim() as isize).collect();
            let most = x.apply_over_axes(Axes::all(), |x, axis| x.max_axis(axis));
            check(&most, &computed(&x.max_axis(Axes::from(&all[..]).keep())));
        }
    }

    #[test]
    fn windows(cut in cuts(1..3, -99i64..99), window in 1usize..6, axis in 0usize..2) {
        let memory = &cut.memory;
        let axis = axis % memory.ndim();
        let windows = cut.array.sliding_window_view(window, axis as isize);
        if window > memory.shape()[axis] {
            prop_assert!(windows.checked().is_err());
            return Ok(());
        }
        let mut shape = memory.shape().to_vec();
        shape[axis] -= window - 1;
        shape.push(window);
        let expected = ArrayD::from_shape_fn(shape, |at| {
            let mut own: Vec<usize> = (0..memory.ndim()).map(|axis| at[axis]).collect();
            own[axis] += at[memory.ndim()];
            memory[&own[..]]
        });
        check(&windows, &expected);
    }

    #[test]
    fn chunks_of_other_shapes(cut in cut_as(vec![vec![2, 3], vec![2, 1, 3]], -99i64..99)) {
        let options = MapBlocks::new().drop_axes(1).new_axes([0, -1]).sizes(-1, [2]);
        let x = cut.array.map_blocks_to(options, |chunk, at| {
            assert_eq!(at.index.len(), 3);
            let sums = chunk.sum_axis(Axis(1));
            let both = ndarray::stack(Axis(1), &[sums.view(), sums.view()]).unwrap();
            both.insert_axis(Axis(0))
        });
        let sums = cut.memory.sum_axis(Axis(1));
        let both = ndarray::stack(Axis(1), &[sums.view(), sums.view()]).unwrap();
        check(&x, &both.insert_axis(Axis(0)).as_standard_layout().into_owned());
        let options = MapBlocks::new().deferred(0);
        let some = cut.array.map_blocks_to(options, |chunk, _| {
            chunk.slice_axis(Axis(0), (..1).into()).to_owned()
        });
        assert_eq!(some.shape()[..], [Extent::Deferred, Extent::Known(6)]);
        let expected = ndarray::concatenate(Axis(0), &[cut.memory.slice_axis(Axis(0), (..1).into()), cut.memory.slice_axis(Axis(0), (2..3).into())]).unwrap();
        check(&some, &expected);
        check(&some.t(), &expected.t().as_standard_layout().into_owned());
        check(&some.flip(0).rechunk(chunkwise_array::ChunkSpec::axis(1, 4)), &{
            let mut flipped = expected.clone();
            flipped.invert_axis(Axis(0));
            flipped.as_standard_layout().into_owned()
        });
        let flat: Vec<i64> = expected.iter().copied().collect();
        let one = some.rechunk(chunkwise_array::ChunkSpec::axis(1, -1));
        check(&one.ravel(), &ndarray::arr1(&flat).into_dyn());
        let both = chunkwise_array::concatenate(&[&one, &one], 0);
        check(&both, &ndarray::concatenate(Axis(0), &[expected.view(), expected.view()]).unwrap());
        let error = some.rechunk(2).checked().unwrap_err();
        assert!(matches!(error, ArrayError::Deferred { operation: "rechunk", axis: 0 }));
        assert!(matches!(some.ravel().checked().unwrap_err(), ArrayError::Deferred { .. }));
    }
}

/// The sum of a box of elements, of those that there are.
fn boxed(at: &[isize], low: isize, high: isize, element: &dyn Fn(&[isize]) -> Option<i64>) -> i64 {
    match at {
        [a] => (a - low..=a + high).filter_map(|a| element(&[a])).sum(),
        [a, b] => (a - low..=a + high)
            .flat_map(|a| (b - low..=b + high).map(move |b| [a, b]))
            .filter_map(|at| element(&at))
            .sum(),
        _ => 0,
    }
}

#[test]
fn chunks_that_were_not_promised_are_errors() {
    let x = Array::<f64>::ones([4, 4], 2);
    let error = x.map_blocks(|_, _| ArrayD::<f64>::zeros(vec![2])).compute().unwrap_err();
    let text = error.report().to_string();
    assert!(text.contains("a chunk of shape (2,) where one of (2, 2) belongs"), "{text}");
    assert!(text.contains("blocks.rs"), "{text}");
    let error = x.apply_along_axis(0, 3, |lane| lane.to_owned()).compute().unwrap_err();
    let text = error.report().to_string();
    assert!(text.contains("a chunk of shape (4,) where one of (3,) belongs"), "{text}");
    let options = MapBlocks::new().sizes(0, [1]);
    let error = x.map_blocks_to(options, |chunk, _| chunk.to_owned()).checked().unwrap_err();
    assert_eq!(error.to_string(), "sizes: 1 for the 2 chunks along axis 0");
    let error = x.sliding_window_view(5, 0).checked().unwrap_err();
    assert_eq!(error.to_string(), "window: 5 elements, along axis 0 of length 4");
    let half = std::hint::black_box(0.5);
    let captures = x.map_blocks(move |chunk, _| &chunk * half);
    check_close(&x.map_blocks(|chunk, _| &chunk * 0.5), &captures.compute().unwrap(), 0.0);
}

#[test]
fn a_joined_program_may_take_its_inputs_in_another_order() {
    // The cast of the second input comes first.
    let x = chunkwise_array::Array::<f64>::arange(1.0, 7.0, 1.0, 2).sum();
    let n = chunkwise_array::Array::<u8>::ones(6, 2).sum();
    let mean = &x / n.cast_lossy::<f64>();
    crate::check::check(&mean, &ndarray::arr0(3.5).into_dyn());
}

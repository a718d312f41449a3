use crate::check::{axis_sizes, check, computed, cut_as, cuts};
use chunkwise_array::{Array, ArrayError, ChunkSpec, CollectionExt, Persist};
use chunkwise_graph::InOrder;
use ndarray::{ArrayD, Axis, Dimension, IxDyn, SliceInfoElem, s};
use proptest::prelude::*;

fn positions(list: &[isize], len: usize) -> Vec<usize> {
    list.iter().map(|&at| (if at < 0 { at + len as isize } else { at }) as usize).collect()
}

/// An array of at least one axis, an axis that is not empty, and positions along it.
fn with_lists() -> impl Strategy<Value = (crate::check::Cut<i32>, usize, Vec<isize>)> {
    (cuts(1..4, any::<i32>()), any::<prop::sample::Index>())
        .prop_map(|(cut, axis)| {
            let axis = axis.index(cut.memory.ndim());
            (cut, axis)
        })
        .prop_flat_map(|(cut, axis)| {
            let len = cut.memory.shape()[axis] as isize;
            let list = match len {
                0 => Just(Vec::new()).boxed(),
                _ => prop::collection::vec(-len..len, 0..20).boxed(),
            };
            (Just(cut), Just(axis), list, any::<bool>())
        })
        .prop_map(|(cut, axis, mut list, sorted)| {
            if sorted {
                let len = cut.memory.shape()[axis];
                list.sort_by_key(|at| positions(&[*at], len)[0]);
            }
            (cut, axis, list)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn at_listed_positions((cut, axis, list) in with_lists()) {
        let at = positions(&list, cut.memory.shape()[axis]);
        let expected = cut.memory.select(Axis(axis), &at);
        let taken = cut.array.take(Axis(axis), &list);
        check(&taken, &expected);
        // Parts of it, which reach the source.
        for at in 0..expected.ndim() {
            let slice = ndarray::Slice::new(1, None, 2);
            let mut part = expected.clone();
            if part.shape()[at] > 1 {
                part.slice_axis_inplace(Axis(at), slice);
                let mut slices = vec![SliceInfoElem::Slice { start: 0, end: None, step: 1 }; at];
                slices.push(SliceInfoElem::Slice { start: 1, end: None, step: 2 });
                check(&taken.slice(slices), &part);
            }
        }
    }

    #[test]
    fn at_computed_positions(
        (cut, axis, list) in with_lists(),
        sizes in axis_sizes(),
        is_square in any::<bool>(),
    ) {
        let list: Vec<i64> = list.iter().map(|&at| at as i64).collect();
        let (rows, columns) = (if is_square { 2 } else { 1 }, list.len() / 2);
        let shape = if is_square { vec![rows, columns] } else { vec![list.len()] };
        let n: usize = shape.iter().product();
        let indices = ArrayD::from_shape_vec(IxDyn(&shape), list[..n].to_vec()).unwrap();
        let lazy = Array::from_ndarray(&indices, sizes[0].max(1));
        let at: Vec<isize> = list[..n].iter().map(|&at| at as isize).collect();
        let at = positions(&at, cut.memory.shape()[axis]);
        let expected = cut.memory.select(Axis(axis), &at);
        let own = cut.memory.shape();
        let shape = [&own[..axis], &shape, &own[axis + 1..]].concat();
        let expected = expected.into_shape_clone(IxDyn(&shape)).unwrap();
        let taken = cut.array.take(Axis(axis), &lazy);
        check(&taken, &expected);
        if !shape.contains(&0) {
            let expected = expected.index_axis(Axis(shape.len() - 1), 0).to_owned();
            check(&taken.index_axis(Axis(shape.len() - 1), 0), &expected);
        }
    }

    #[test]
    fn by_flags((cut, axis, _) in with_lists(), flags in prop::collection::vec(any::<bool>(), 13)) {
        let len = cut.memory.shape()[axis];
        let set: Vec<usize> = (0..len).filter(|&at| flags[at]).collect();
        let expected = cut.memory.select(Axis(axis), &set);
        check(&cut.array.compress(Axis(axis), &flags[..len]), &expected);
        let mask = ndarray::arr1(&flags[..len]).into_dyn();
        for chunks in [1, 3] {
            let mask = Array::from_ndarray(&mask, chunks);
            check(&cut.array.compress(Axis(axis), &mask), &expected);
        }
        let few = len.min(1);
        let set: Vec<usize> = (0..few).filter(|&at| flags[at]).collect();
        let expected = cut.memory.select(Axis(axis), &set);
        check(&cut.array.compress(Axis(axis), &flags[..few]), &expected);
    }

    #[test]
    fn along_an_axis(
        (x, axis, indices) in prop::collection::vec(axis_sizes(), 1..4).prop_flat_map(|axes| {
            let x = cut_as(axes.clone(), any::<i32>());
            (x, 0..axes.len(), axis_sizes(), Just(axes), any::<u8>())
        }).prop_flat_map(|(x, axis, sizes, mut axes, repeated)| {
            let len = x.memory.shape()[axis] as i64;
            axes[axis] = if len == 0 { vec![0] } else { sizes };
            for (at, sizes) in axes.iter_mut().enumerate() {
                // Some axes of the positions are repeated.
                if at != axis && repeated >> at & 1 == 1 {
                    *sizes = vec![0, 1];
                }
            }
            (Just(x), Just(axis), cut_as(axes, -len..len.max(1 - len)))
        })
    ) {
        let mut shape = x.memory.shape().to_vec();
        shape[axis] = indices.memory.shape()[axis];
        let at = indices.memory.broadcast(IxDyn(&shape)).unwrap();
        let expected = ArrayD::from_shape_fn(IxDyn(&shape), |place| {
            let mut place: Vec<usize> = place.slice().to_vec();
            let index = at[&place[..]] as isize;
            place[axis] = positions(&[index], x.memory.shape()[axis])[0];
            x.memory[&place[..]]
        });
        let taken = x.array.take_along_axis(Axis(axis), &indices.array);
        check(&taken, &expected);
        if shape[0] > 1 {
            let expected = expected.slice_axis(Axis(0), ndarray::Slice::from(1..)).to_owned();
            check(&taken.slice(s![1..]), &expected);
        }
    }

    #[test]
    fn at_points((cut, points) in cuts(0..4, any::<i32>()).prop_flat_map(|cut| {
        let shape = cut.memory.shape().to_vec();
        let n = if shape.contains(&0) { 0..1 } else { 0..30usize };
        let list = |len: usize, n: usize| {
            let len = len.max(1) as isize;
            prop::collection::vec(-len..len, n)
        };
        let points = n.prop_flat_map(move |n| {
            shape.iter().map(|&len| list(len, n)).collect::<Vec<_>>()
        });
        (Just(cut), points)
    })) {
        let n = points.first().map_or(1, Vec::len);
        let expected = (0..n).map(|point| {
            let axes = points.iter().zip(cut.memory.shape());
            let at: Vec<usize> = axes.map(|(list, &len)| positions(&list[point..][..1], len)[0]).collect();
            cut.memory[&at[..]]
        });
        check(&cut.array.points(&points), &ndarray::Array1::from_iter(expected).into_dyn());
    }
}

#[test]
fn many_chunks_are_taken_from_through_pieces() {
    let memory = ArrayD::from_shape_fn(IxDyn(&[3, 40]), |at| (at[0] * 40 + at[1]) as i64);
    let x = Array::from_ndarray(&memory, [2, 4]);
    let list: Vec<isize> = (0..40).map(|at| at * 7 % 40).collect();
    let expected = memory.select(Axis(1), &positions(&list, 40));
    check(&x.take(Axis(1), &list), &expected);
    // Sparse: each piece is made from one chunk.
    let list = [0, 5, 9, 14, 20, 26, 33, 39];
    let taken = x.take(Axis(1), list);
    check(&taken, &memory.select(Axis(1), &positions(&list, 40)));
    assert_eq!(taken.chunks().axes()[1].sizes(), Some(vec![4, 4]));
    // Transposed chunks.
    let persisted = x.persist().unwrap();
    check(&persisted.take(Axis(0), [2, 0, 0]), &memory.select(Axis(0), &[2, 0, 0]));
}

/// Positions that are repeated lie in memory in another order than the array that they are taken from.
#[test]
fn along_a_cut_axis_by_repeated_positions() {
    let memory =
        ArrayD::from_shape_fn(IxDyn(&[2, 3, 4]), |at| (at[0] * 100 + at[1] * 10 + at[2]) as i32);
    let at = ndarray::array![[[0i64, 3]], [[2, -1]]].into_dyn();
    let expected = ArrayD::from_shape_fn(IxDyn(&[2, 3, 2]), |place| {
        let index = at[[place[0], 0, place[2]]] as isize;
        memory[[place[0], place[1], positions(&[index], 4)[0]]]
    });
    let x = Array::from_ndarray(&memory, [2, 3, 2]);
    let taken = x.take_along_axis(Axis(2), &Array::from_ndarray(&at, [2, 1, 1]));
    assert_eq!(computed(&taken), expected);
}

#[test]
fn a_computed_number_drops_the_axis() {
    let memory = ArrayD::from_shape_fn(IxDyn(&[3, 4]), |at| (at[0] * 4 + at[1]) as i64);
    let x = Array::from_ndarray(&memory, 2);
    let last = x.max().map(|max| max - 12);
    check(&x.take(Axis(1), &last), &memory.index_axis(Axis(1), 3).to_owned());
}

#[test]
fn chunks_by_their_place() {
    let memory = ArrayD::from_shape_fn(IxDyn(&[5, 6]), |at| (at[0] * 6 + at[1]) as i32);
    let x = Array::from_ndarray(&memory, ChunkSpec::sizes([vec![2, 2, 1], vec![1, 0, 5]]));
    let part = |slices: &[usize], columns: &[usize]| {
        memory.select(Axis(0), slices).select(Axis(1), columns)
    };
    check(&x.blocks(s![1..]), &part(&[2, 3, 4], &[0, 1, 2, 3, 4, 5]));
    check(&x.blocks(s![..;2, 0]), &part(&[0, 1, 4], &[0]));
    check(&x.partitions(s![..;-1, -1]), &part(&[4, 2, 3, 0, 1], &[1, 2, 3, 4, 5]));
    check(&x.blocks(s![1, 1]), &part(&[2, 3], &[]));
    check(&x.blocks(s![3.., ..]), &part(&[], &[0, 1, 2, 3, 4, 5]));
    let odd = x.select(&x.map(|x| x % 2 == 1));
    assert_eq!(computed(&odd.blocks(s![0])), ndarray::arr1(&[1, 3, 5]).into_dyn());
    assert!(x.blocks(s![3]).checked().is_err());
    assert!(x.blocks(s![ndarray::NewAxis]).checked().is_err());
}

#[test]
fn groups_are_not_cut() {
    let x = Array::<i64>::arange(0, 10, 1, 4);
    let shuffled = x.shuffle(Axis(0), &[vec![9, 0], vec![1], vec![2, 3, 4, 5, 6], vec![7, -2]]);
    check(&shuffled, &ndarray::arr1(&[9, 0, 1, 2, 3, 4, 5, 6, 7, 8]).into_dyn());
    assert_eq!(shuffled.chunks().axes()[0].sizes(), Some(vec![3, 5, 2]));
}

#[test]
fn positions_that_are_not_there_are_errors() {
    let x = Array::<f64>::zeros([3, 4], 2);
    let index = |array: Array<f64>| -> Option<(isize, usize, usize)> {
        match array.checked() {
            Err(ArrayError::Index { index, axis, len }) => Some((index, axis, len)),
            _ => None,
        }
    };
    assert_eq!(index(x.take(Axis(1), [0, 4])), Some((4, 1, 4)));
    assert_eq!(index(x.points(&[vec![0, -4], vec![0, 0]])), Some((-4, 0, 3)));
    assert_eq!(index(x.compress(Axis(0), [true, true, true, true])), Some((3, 0, 3)));
    assert!(matches!(x.take(Axis(2), [0]).checked(), Err(ArrayError::Axis { axis: 2, ndim: 2 })));
    assert!(matches!(x.points(&[vec![0]]).checked(), Err(ArrayError::Argument { .. })));
    let at = Array::<i64>::arange(0, 5, 1, 5);
    let error = x.take(Axis(1), &at).compute_with(&InOrder).unwrap_err().report().to_string();
    assert!(error.contains("position 4 along axis 1, which has 4 elements"), "{error}");
    let at = Array::<i64>::full([3, 1], -5, 5);
    let error = x.take_along_axis(Axis(1), &at).compute_with(&InOrder).unwrap_err();
    assert!(error.report().to_string().contains("position -5 along axis 1"));
    let mask = Array::full([4], true, 2);
    let error = x.select(&mask).checked().unwrap_err().to_string();
    assert_eq!(error, "an array of shape (4,) where a mask of shape (3,) belongs");
}

use crate::check::{Cut, check, cut_as, cuts};
use chunkwise_array::{Array, ArrayError, CollectionExt, lexsort};
use ndarray::{ArrayD, Axis, Dimension, IxDyn};
use proptest::prelude::*;

/// An array, positions along an axis of it, and values, the latter two with some axes of length 1.
fn puts() -> impl Strategy<Value = (Cut<i64>, Cut<i64>, Cut<i64>, usize)> {
    let sizes = || prop::collection::vec(0usize..4, 1..4);
    let axes = prop::collection::vec((sizes(), any::<bool>(), any::<bool>()), 1..4);
    (axes, sizes(), 0usize..3, 0usize..3).prop_flat_map(|(axes, along, axis, missing)| {
        let axis = axis % axes.len();
        let own: Vec<Vec<usize>> = axes.iter().map(|(sizes, ..)| sizes.clone()).collect();
        let len = own[axis].iter().sum::<usize>() as i64;
        // There is no position in nothing.
        let along = if len == 0 { vec![0] } else { along };
        let n = along.iter().sum();
        let of = |at: usize, is_one: bool, sizes: &Vec<usize>| match (at == axis, is_one) {
            (true, _) => along.clone(),
            (false, true) => vec![1],
            (false, false) => vec![sizes.iter().sum()],
        };
        let indices =
            axes.iter().enumerate().map(|(at, (sizes, is_one, _))| of(at, *is_one, sizes));
        let values = axes.iter().enumerate().map(|(at, (sizes, _, is_one))| match at == axis {
            true if *is_one => vec![1],
            true => vec![n],
            false => of(at, *is_one, sizes),
        });
        let values: Vec<Vec<usize>> = values.skip(missing.min(axes.len())).collect();
        let positions = if len == 0 { 0..1 } else { -len..len };
        let indices = cut_as(indices.collect(), positions);
        (cut_as(own, -99i64..99), indices, cut_as(values, 100i64..200), Just(axis))
    })
}

/// The reference: one position after the other.
fn put(x: &ArrayD<i64>, indices: &ArrayD<i64>, values: &ArrayD<i64>, axis: usize) -> ArrayD<i64> {
    let mut shape = x.shape().to_vec();
    shape[axis] = indices.shape()[axis];
    let mut out = x.clone();
    let values = values.broadcast(&shape[..]).unwrap();
    for (at, &index) in indices.broadcast(&shape[..]).unwrap().indexed_iter() {
        let mut place = at.slice().to_vec();
        place[axis] = index.rem_euclid(x.shape()[axis] as i64) as usize;
        out[&place[..]] = values[at.slice()];
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn values_are_put_where_positions_say((x, indices, values, axis) in puts()) {
        let found = x.array.put_along_axis(axis as isize, &indices.array, &values.array);
        check(&found, &put(&x.memory, &indices.memory, &values.memory, axis));
        let one = ndarray::arr0(7i64).into_dyn();
        let found = x.array.put_along_axis(axis as isize, &indices.array, 7);
        check(&found, &put(&x.memory, &indices.memory, &one, axis));
    }

    #[test]
    fn what_was_sorted_is_put_back(cut in cuts(1..4, -9i64..9), axis in 0usize..3) {
        let axis = (axis % cut.memory.ndim()) as isize;
        let order = cut.array.argsort(axis).cast_lossy::<i64>();
        let sorted = cut.array.take_along_axis(axis, &order);
        let back = Array::zeros_like(&cut.array).put_along_axis(axis, &order, &sorted);
        check(&back, &cut.memory);
    }

    #[test]
    fn places_by_several_keys(
        cut in cut_as(vec![vec![2, 1], vec![3, 0, 2], vec![4, 2]], 0i64..3),
        axis in 0usize..2,
    ) {
        // Two keys that were one array, the second one cut otherwise.
        let key = |number: usize| cut.array.index_axis(0, number as isize);
        let other = key(1).rechunk(3);
        let found = lexsort(&[&key(0), &other, &key(2)], axis as isize - 2);
        let mut expected = ArrayD::from_elem(IxDyn(&[5, 6]), 0u64);
        for (number, mut lane) in expected.lanes_mut(Axis(axis)).into_iter().enumerate() {
            let of = |key: usize, at: usize| {
                let place = if axis == 0 { [key, at, number] } else { [key, number, at] };
                cut.memory[place]
            };
            let mut places: Vec<usize> = (0..lane.len()).collect();
            places.sort_by_key(|&at| (of(2, at), of(1, at), of(0, at)));
            lane.iter_mut().zip(places).for_each(|(out, at)| *out = at as u64);
        }
        check(&found, &expected);
    }

    #[test]
    fn one_key_is_argsort(cut in cuts(1..4, prop_oneof![1 => Just(f64::NAN), 6 => (-4i32..5).prop_map(f64::from)])) {
        let Cut { array: x, .. } = &cut;
        check(&lexsort(&[x, x], -1), &x.argsort(-1).compute().unwrap());
    }
}

#[test]
fn what_cannot_be_put() {
    let x = Array::<i64>::zeros([3, 4], 2);
    let at = |shape: &[usize], index: i64| Array::full(shape, index, 2);
    let says = |found: Array<i64>| found.checked().unwrap_err().to_string();
    assert_eq!(
        says(x.put_along_axis(1, &at(&[4], 0), 1)),
        "an array of shape (4,) where one of 2 axes belongs"
    );
    assert_eq!(
        says(x.put_along_axis(1, &at(&[2, 2], 0), 1)),
        "an array of shape (2, 2) where one belongs that broadcasts to (3, 2)"
    );
    assert_eq!(
        says(x.put_along_axis(1, &at(&[3, 2], 0), at(&[3, 3], 0))),
        "an array of shape (3, 3) where one belongs that broadcasts to (3, 2)"
    );
    assert!(matches!(
        x.put_along_axis(2, &at(&[3, 2], 0), 1).checked(),
        Err(ArrayError::Axis { axis: 2, ndim: 2 })
    ));
    let error = x.put_along_axis(1, &at(&[3, 2], 4), 1).compute().unwrap_err();
    let text = error.report().to_string();
    assert!(text.contains("position 4 along axis 1, which has 4 elements"), "{text}");
    assert!(text.contains("putting.rs"), "{text}");
}

#[test]
fn what_cannot_be_ordered() {
    let x = Array::<i64>::zeros([3, 4], 2);
    let says = |found: Array<u64>| found.checked().unwrap_err().to_string();
    assert_eq!(says(lexsort::<i64>(&[], 0)), "keys: there are none");
    assert_eq!(says(lexsort(&[&x], 2)), "axis 2 of an array with 2 axes");
    assert_eq!(
        says(lexsort(&[&x, &x.t()], 0)),
        "an array of shape (4, 3) where a key of (3, 4) belongs"
    );
}

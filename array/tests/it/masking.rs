use crate::check::{axis_sizes, check, computed, cut_as};
use chunkwise_array::{Array, ArrayError, CollectionExt, Persist, Resolve};
use ndarray::{ArrayD, Axis, Dimension, IxDyn, s};
use proptest::prelude::*;

/// The rows of an array whose flag is set.
fn selected(array: &ArrayD<i16>, mask: &ArrayD<bool>) -> ArrayD<i16> {
    let behind = &array.shape()[mask.ndim()..];
    let n_set = mask.iter().filter(|flag| **flag).count();
    let run: usize = behind.iter().product();
    let elements: Vec<i16> = array.iter().copied().collect();
    let rows = mask.iter().enumerate().filter(|(_, flag)| **flag);
    let picked = rows.flat_map(|(row, _)| elements[row * run..][..run].to_vec()).collect();
    ArrayD::from_shape_vec(IxDyn(&[&[n_set], behind].concat()), picked).unwrap()
}

fn masked() -> impl Strategy<Value = (crate::check::Cut<i16>, crate::check::Cut<bool>)> {
    (prop::collection::vec((axis_sizes(), 1usize..4), 0..4), any::<prop::sample::Index>())
        .prop_flat_map(|(axes, n_masked)| {
            let n_masked = n_masked.index(axes.len() + 1);
            let mask = axes[..n_masked].iter().map(|(sizes, size)| {
                // The same lengths, cut otherwise.
                let len: usize = sizes.iter().sum();
                let mut cut: Vec<usize> = vec![*size; len / size];
                cut.push(len % size);
                cut
            });
            let mask: Vec<Vec<usize>> = mask.collect();
            let own = axes.into_iter().map(|(sizes, _)| sizes).collect();
            (cut_as(own, any::<i16>()), cut_as(mask, any::<bool>()))
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rows_by_a_mask((x, mask) in masked()) {
        let expected = selected(&x.memory, &mask.memory);
        let found = x.array.select(&mask.array);
        check(&found, &expected);
        // Lengths that are deferred: what comes behind works all the same.
        let sum: i64 = expected.iter().map(|&x| i64::from(x)).sum();
        prop_assert_eq!(found.map(i64::from).sum().compute().unwrap(), sum);
        check(&(&found + &found), &expected.mapv(|x| x.wrapping_add(x)));
        let resolved = found.resolve().unwrap();
        prop_assert_eq!(&resolved.dims().unwrap()[..], expected.shape());
        check(&resolved.slice(s![..;-1]), &expected.slice_axis(Axis(0), s_backwards()).to_owned());
    }

    #[test]
    fn where_something_is((x, _) in masked()) {
        let few = x.array.map(|x| if x % 3 == 0 { x } else { 0 });
        let memory = x.memory.mapv(|x| if x % 3 == 0 { x } else { 0 });
        let places: Vec<Vec<usize>> = memory
            .indexed_iter()
            .filter(|(_, x)| **x != 0)
            .map(|(at, _)| at.slice().to_vec())
            .collect();
        let ndim = memory.ndim();
        let rows = places.iter().flatten().map(|&at| at as i64).collect();
        let rows = ArrayD::from_shape_vec(IxDyn(&[places.len(), ndim]), rows).unwrap();
        check(&few.argwhere(), &rows);
        let axes = few.nonzero();
        prop_assert_eq!(axes.len(), ndim);
        for (axis, places) in axes.iter().enumerate() {
            check(places, &rows.index_axis(Axis(1), axis).to_owned());
        }
        let flat = memory.iter().enumerate().filter(|(_, x)| **x != 0).map(|(at, _)| at as i64);
        check(&few.flatnonzero(), &flat.collect::<ndarray::Array1<i64>>().into_dyn());
    }
}

fn s_backwards() -> ndarray::Slice {
    ndarray::Slice::new(0, None, -1)
}

#[test]
fn masks_of_another_shape_are_errors() {
    let x = Array::<f64>::zeros([3, 4], 2);
    let mask = |shape: &[usize]| Array::full(shape, true, 2);
    let wrong = |array: Array<f64>| matches!(array.checked(), Err(ArrayError::Shape { .. }));
    assert!(wrong(x.select(&mask(&[4]))) && wrong(x.select(&mask(&[3, 4, 1]))));
    assert!(wrong(x.extract(&mask(&[3]))) && wrong(x.compress(Axis(1), mask(&[3]))));
    assert!(wrong(x.compress(Axis(0), mask(&[3, 4]))));
    assert!(x.extract(&mask(&[3, 4])).checked().is_ok());
}

#[test]
fn selections_of_selections() {
    let x = Array::<i64>::arange(0, 100, 1, 30);
    let even = x.select(&x.map(|x| x % 2 == 0));
    let some = even.select(&even.map(|x| x % 3 == 0));
    assert_eq!(computed(&some).len(), 17);
    assert_eq!(some.sum().compute().unwrap(), (0..17).map(|at| at * 6).sum::<i64>());
    // A part of deferred length is only all of it.
    assert!(matches!(
        even.slice(s![1..]).checked(),
        Err(ArrayError::Deferred { operation: "slice", axis: 0 })
    ));
    assert_eq!(computed(&even.slice(s![..;-1]))[0], 98);
    let held = even.persist().unwrap();
    assert_eq!(held.max().compute().unwrap(), 98);
    // Of rows that are selected, a column, also backwards.
    let memory = ArrayD::from_shape_fn(IxDyn(&[5, 3]), |at| (at[0] * 3 + at[1]) as i64);
    let rows = Array::from_ndarray(&memory, 2);
    let rows = rows.select(&rows.index_axis(Axis(1), 0).map(|x| x % 2 == 0));
    check(&rows.slice(s![.., 1]), &ndarray::arr1(&[1, 7, 13]).into_dyn());
    check(&rows.slice(s![..;-1, -1]), &ndarray::arr1(&[14, 8, 2]).into_dyn());
    check(&rows.take(Axis(1), [2, 0]).sum_axis(0), &ndarray::arr1(&[24, 18]).into_dyn());
}

use crate::check::{axis_sizes, check, cut_as, cuts};
use crate::slicing::{positions, slices_of};
use chunkwise_array::{
    Array, ArrayError, CollectionExt, Side, Slices, ravel_multi_index, select_from, where_,
};
use chunkwise_graph::InOrder;
use ndarray::{ArrayD, Axis, Dimension, IxDyn, SliceInfoElem, s};
use proptest::prelude::*;

/// The reference: the places of a slice, in the order of the slice, get a value each.
fn assigned(array: &ArrayD<i16>, slices: &[SliceInfoElem], value: &ArrayD<i16>) -> ArrayD<i16> {
    let numbers = ArrayD::from_shape_vec(array.raw_dim(), (0..array.len()).collect()).unwrap();
    let places = crate::slicing::sliced(&numbers, slices);
    let value = value.broadcast(places.raw_dim()).unwrap();
    let mut elements: Vec<i16> = array.iter().copied().collect();
    places.iter().zip(value.iter()).for_each(|(&place, &value)| elements[place] = value);
    ArrayD::from_shape_vec(array.raw_dim(), elements).unwrap()
}

/// The shape of a slice, some of its axes of length 1, some of the leading ones left out.
fn value_shape(shape: &[usize], slices: &[SliceInfoElem], units: u8, missing: usize) -> Vec<usize> {
    let numbers = ArrayD::<u8>::zeros(IxDyn(shape));
    let slice = crate::slicing::sliced(&numbers, slices);
    let lens = slice.shape().iter().enumerate();
    let lens: Vec<usize> =
        lens.map(|(at, &len)| if units >> at & 1 == 1 { 1 } else { len }).collect();
    lens[missing.min(lens.len())..].to_vec()
}

fn assignment()
-> impl Strategy<Value = (crate::check::Cut<i16>, Vec<SliceInfoElem>, crate::check::Cut<i16>)> {
    cuts(0..4, any::<i16>())
        .prop_flat_map(|cut| {
            let slices = slices_of(cut.memory.shape());
            (
                Just(cut),
                slices,
                any::<u8>(),
                prop_oneof![2 => Just(0usize), 1 => 0usize..3],
                1usize..4,
            )
        })
        .prop_flat_map(|(cut, slices, units, missing, size)| {
            let shape = value_shape(cut.memory.shape(), &slices, units, missing);
            let sizes = shape.iter().map(|&len| {
                let mut sizes = vec![size; len / size];
                sizes.push(len % size);
                sizes
            });
            let value = cut_as(sizes.collect(), any::<i16>());
            (Just(cut), Just(slices), value)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn to_slices((x, slices, value) in assignment(), again in any::<prop::sample::Index>()) {
        let expected = assigned(&x.memory, &slices, &value.memory);
        let found = x.array.assign(Slices::from(&slices[..]), &value.array);
        check(&found, &expected);
        let number = assigned(&x.memory, &slices, &ndarray::arr0(7).into_dyn());
        check(&x.array.assign(Slices::from(&slices[..]), 7), &number);
        // A part of the result is made of parts.
        let step = again.index(3) as isize + 1;
        for axis in 0..expected.ndim() {
            let mut part = vec![SliceInfoElem::Slice { start: 0, end: None, step: 1 }; axis];
            part.push(SliceInfoElem::Slice { start: step - 1, end: None, step });
            let expected = crate::slicing::sliced(&expected, &part);
            check(&found.slice(&part[..]), &expected);
        }
    }

    #[test]
    fn at_listed_positions(
        (x, axis, list, shape) in cuts(1..4, any::<i16>()).prop_flat_map(|cut| {
            let axis = 0..cut.memory.ndim();
            (Just(cut), axis)
        }).prop_flat_map(|(cut, axis)| {
            let len = cut.memory.shape()[axis] as isize;
            let list = prop::collection::vec(-len..len.max(1 - len), if len == 0 { 0..1 } else { 0..8 });
            (Just(cut), Just(axis), list, any::<u8>())
        })
    ) {
        let at: Vec<usize> = list.iter().map(|&at| {
            positions(&SliceInfoElem::Index(at), x.memory.shape()[axis])[0]
        }).collect();
        let mut lens = x.memory.shape().to_vec();
        lens[axis] = list.len();
        let lens: Vec<usize> =
            lens.iter().enumerate().map(|(at, &len)| if shape >> at & 1 == 1 { 1 } else { len }).collect();
        let missing = usize::from(shape >> 6) % (lens.len() + 1);
        let lens = &lens[missing..];
        let value = ArrayD::from_shape_fn(IxDyn(lens), |at| {
            at.as_array_view().iter().fold(1, |all, &at| all * 7 + at as i16)
        });
        let mut wanted = x.memory.shape().to_vec();
        wanted[axis] = list.len();
        let all = value.broadcast(IxDyn(&wanted)).unwrap();
        let mut expected = x.memory.clone();
        for (number, &at) in at.iter().enumerate() {
            let value = all.index_axis(Axis(axis), number);
            expected.index_axis_mut(Axis(axis), at).assign(&value);
        }
        let found = x.array.put(Axis(axis), &list, Array::from_ndarray(&value, 2));
        check(&found, &expected);
        for step in 1..4 {
            let mut part = vec![SliceInfoElem::Slice { start: 0, end: None, step: 1 }; axis];
            part.push(SliceInfoElem::Slice { start: 1, end: None, step });
            check(&found.slice(&part[..]), &crate::slicing::sliced(&expected, &part));
        }
    }

    #[test]
    fn where_a_mask_says(
        (x, y) in prop::collection::vec(axis_sizes(), 0..4).prop_flat_map(|axes| {
            (cut_as(axes.clone(), any::<i16>()), cut_as(axes, any::<i16>()))
        }),
        number in any::<i16>(),
    ) {
        let mask = x.array.map(|x| x % 3 == 0);
        let is_set = |x: &i16| x % 3 == 0;
        let both = |f: fn(bool, i16, i16, i16) -> i16| {
            let mut out = x.memory.clone();
            out.zip_mut_with(&y.memory, |x, y| *x = f(is_set(x), *x, *y, number));
            ndarray::Zip::from(&mut out).and(&x.memory).and(&y.memory).for_each(|out, x, y| {
                *out = f(is_set(x), *x, *y, number);
            });
            out
        };
        check(&where_(&mask, &x.array, &y.array), &both(|c, x, y, _| if c { x } else { y }));
        check(&where_(&mask, number, &y.array), &both(|c, _, y, n| if c { n } else { y }));
        check(&where_(&mask, &x.array, number), &both(|c, x, _, n| if c { x } else { n }));
        check(&where_(&mask, number, 5), &both(|c, _, _, n| if c { n } else { 5 }));
        check(&x.array.assign_where(&mask, number), &both(|c, x, _, n| if c { n } else { x }));
        check(&x.array.assign_where(&mask, &y.array), &both(|c, x, y, _| if c { y } else { x }));
        let odd = x.array.map(|x| x % 2 != 0);
        let chosen = select_from(&[&mask, &odd], &[&x.array, &y.array], number);
        check(&chosen, &both(|c, x, y, n| if c { x } else if x % 2 != 0 { y } else { n }));
        let which = x.array.map(|x| i64::from(x % 3 == 0));
        check(&which.choose(&[&x.array, &y.array]), &both(|c, x, y, _| if c { y } else { x }));
    }

    #[test]
    fn elements_among_others(
        mut sorted in prop::collection::vec(-20i8..20, 0..20),
        sizes in 1usize..7,
        x in cuts(0..3, -22i8..22),
        right in any::<bool>(),
    ) {
        let side = if right { Side::Right } else { Side::Left };
        sorted.sort_unstable();
        let among = Array::from_ndarray(&ndarray::arr1(&sorted), sizes);
        let before = |x: &i8| sorted.iter().filter(|y| *y < x || (right && *y == x)).count() as i64;
        check(&among.searchsorted(&x.array, side), &x.memory.map(before));
        let behind = |x: &i8| sorted.iter().filter(|y| *y < x || (!right && *y == x)).count() as i64;
        check(&x.array.digitize(&sorted, side), &x.memory.map(behind));
        check(&x.array.isin(&sorted), &x.memory.map(|x| sorted.contains(x)));
    }
}

#[test]
fn places_of_nan() {
    let nan = f64::NAN;
    let sorted = Array::from_ndarray(&ndarray::array![1.0, 2.0, nan, nan], 3);
    let x = Array::from_ndarray(&ndarray::array![nan, f64::INFINITY, -0.0], 2);
    let places =
        |side| sorted.searchsorted(&x, side).compute().unwrap().into_raw_vec_and_offset().0;
    assert_eq!((places(Side::Left), places(Side::Right)), (vec![2, 2, 0], vec![4, 2, 0]));
    assert!(!x.isin(&[nan]).compute().unwrap()[0] && x.isin(&[0.0]).compute().unwrap()[2]);
    // Descending bins.
    let bins = x.map(|x| if x.is_nan() { 2.0 } else { x }).digitize(&[4.0, 2.0, 1.0], Side::Left);
    assert_eq!(bins.compute().unwrap(), ndarray::arr1(&[1, 0, 3]).into_dyn());
    let right = Array::from_ndarray(&ndarray::array![4.0, 2.0, 0.5], 2);
    let right = right.digitize(&[4.0, 2.0, 1.0], Side::Right);
    assert_eq!(right.compute().unwrap(), ndarray::arr1(&[1, 2, 3]).into_dyn());
}

#[test]
fn numbers_and_positions() {
    let numbers = ndarray::array![[0i64, 23], [17, 5]].into_dyn();
    let x = Array::from_ndarray(&numbers, 1);
    let at = x.unravel_index([2, 3, 4]);
    for (axis, expected) in
        [[[0i64, 1], [1, 0]], [[0, 2], [1, 1]], [[0, 3], [1, 1]]].iter().enumerate()
    {
        check(&at[axis], &ndarray::arr2(expected).into_dyn());
    }
    check(&ravel_multi_index(&[&at[0], &at[1], &at[2]], [2, 3, 4]), &numbers);
    let error = x.unravel_index([2, 3])[0].compute_with(&InOrder).unwrap_err();
    assert!(error.report().to_string().contains("position 23 along axis 0, which has 6 elements"));
    let error = ravel_multi_index(&[&x, &x], [30, 20]).compute_with(&InOrder).unwrap_err();
    assert!(error.report().to_string().contains("position 23 along axis 1"));
    assert!(matches!(
        ravel_multi_index(&[&x], [2, 3]).checked(),
        Err(ArrayError::Argument { name: "positions", .. })
    ));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let x = Array::<f64>::zeros([3, 4], 2);
    let error = |array: &Array<f64>| array.checked().unwrap_err().to_string();
    let value = Array::<f64>::ones(3, 2);
    assert_eq!(
        error(&x.assign(s![.., ..2], &value)),
        "an array of shape (3,) where one that broadcasts to (3, 2) belongs"
    );
    assert!(error(&x.assign(s![5], 1.0)).contains("position 5 along axis 0"));
    assert!(error(&x.put(Axis(1), &[4], 1.0)).contains("position 4 along axis 1"));
    assert_eq!(
        error(&x.put(Axis(0), &[0, 1], &value)),
        "an array of shape (3,) where one that broadcasts to (2, 4) belongs"
    );
    let mask = Array::full([2, 3, 4], true, 2);
    assert!(matches!(x.assign_where(&mask, 0.0).checked(), Err(ArrayError::Broadcast { .. })));
    let none = select_from::<f64>(&[], &[], 0.0);
    assert_eq!(error(&none), "choices: 0 choices for 0 conditions");
    let which = Array::<i64>::arange(0, 3, 1, 2);
    let chosen = which.choose(&[&value, &value]).compute_with(&InOrder).unwrap_err();
    assert!(chosen.report().to_string().contains("choose: choice 2 of 2"));
    assert_eq!(
        error(&x.digitize(&[0.0, 2.0, 1.0], Side::Left).map(|x| x as f64)),
        "bins: they neither ascend nor descend"
    );
}

#[test]
fn chunks_that_are_replaced_are_not_computed() {
    let x = Array::<i64>::arange(0, 12, 1, 4)
        .map(|x| if (4..8).contains(&x) { panic!("it is") } else { x });
    let value = Array::<i64>::full(6, -1, 3);
    let mut expected: Vec<i64> = (0..12).collect();
    expected[3..9].fill(-1);
    let found = x.assign(s![3..9], &value).compute_with(&InOrder).unwrap();
    assert_eq!(found, ndarray::Array1::from(expected).into_dyn());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn longer_and_shorter(
        (x, axis, list) in cuts(1..3, any::<i16>()).prop_flat_map(|cut| {
            let axis = 0..cut.memory.ndim();
            (Just(cut), axis)
        }).prop_flat_map(|(cut, axis)| {
            let len = cut.memory.shape()[axis] as isize;
            let list = prop::collection::vec(-len..=len, 0..6);
            (Just(cut), Just(axis), list)
        }),
        unit in any::<bool>(),
    ) {
        let len = x.memory.shape()[axis];
        let at: Vec<usize> =
            list.iter().map(|&at| (if at < 0 { at + len as isize } else { at }) as usize).collect();
        let mut shape = x.memory.shape().to_vec();
        shape[axis] = if unit { 1 } else { list.len() };
        let values = ArrayD::from_shape_fn(IxDyn(&shape), |at| {
            at.slice().iter().fold(1, |all, &at| all * 7 + at as i16)
        });
        shape[axis] = list.len();
        let all = values.broadcast(IxDyn(&shape)).unwrap();
        let mut rows = Vec::new();
        for place in 0..=len {
            let here = (0..at.len()).filter(|&item| at[item] == place);
            rows.extend(here.map(|item| all.index_axis(Axis(axis), item)));
            if place < len {
                rows.push(x.memory.index_axis(Axis(axis), place));
            }
        }
        shape[axis] = 0;
        let mut expected = ArrayD::zeros(IxDyn(&shape));
        rows.iter().for_each(|row| expected.push(Axis(axis), row.view()).unwrap());
        let values = Array::from_ndarray(&values, 2);
        check(&x.array.insert(Axis(axis), &list, &values), &expected);
        let left: Vec<usize> = (0..len).filter(|place| !at.contains(place)).collect();
        let gone: Vec<isize> = list.iter().copied().filter(|&at| at < len as isize).collect();
        check(&x.array.delete(Axis(axis), &gone), &x.memory.select(Axis(axis), &left));
        let twice = ndarray::concatenate(Axis(axis), &[x.memory.view(), x.memory.view()]).unwrap();
        check(&x.array.append(Axis(axis), &x.array), &twice);
    }
}

#[test]
fn every_other_position_goes() {
    let gone: Vec<isize> = (0..150).map(|at| at * 2).collect();
    let odd = Array::<i64>::arange(0, 300, 1, 50).delete(Axis(0), &gone);
    check(&odd, &ndarray::Array1::from_iter((0..150).map(|at| at * 2 + 1)).into_dyn());
    let x = Array::<f64>::zeros([3, 4], 2);
    let error = x.insert(Axis(1), &[5], 1.0).checked().unwrap_err().to_string();
    assert_eq!(error, "position 5 along axis 1, which has 4 elements");
    let error = x.insert(Axis(1), &[0], Array::<f64>::ones(3, 2)).checked().unwrap_err();
    let expected = "an array of shape (3,) where one that broadcasts to (3, 1) belongs";
    assert_eq!(error.to_string(), expected);
    assert!(matches!(x.delete(Axis(2), &[]).checked(), Err(ArrayError::Axis { .. })));
}

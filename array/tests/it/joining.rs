use crate::check::{check, cut_as, cuts};
use chunkwise_array::{Array, ArrayError, CollectionExt, PadMode, block, concatenate, stack};
use chunkwise_array::{column_stack, dstack, hstack, vstack};
use ndarray::{ArrayD, Axis, Slice};
use proptest::prelude::*;

fn together(arrays: &[&ArrayD<i32>], axis: usize) -> ArrayD<i32> {
    let views: Vec<_> = arrays.iter().map(|array| array.view()).collect();
    ndarray::concatenate(Axis(axis), &views).unwrap().as_standard_layout().into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn one_behind_the_other(
        a in cut_as(vec![vec![2, 3], vec![2, 1, 3]], any::<i32>()),
        b in cut_as(vec![vec![4], vec![3, 0, 3]], any::<i32>()),
        c in cut_as(vec![vec![0], vec![6]], any::<i32>()),
    ) {
        check(&concatenate(&[&a.array, &b.array], 0), &together(&[&a.memory, &b.memory], 0));
        check(
            &concatenate(&[&c.array, &b.array, &c.array, &a.array], -2),
            &together(&[&b.memory, &a.memory], 0),
        );
        check(&concatenate(&[&c.array, &c.array], 0), &c.memory);
        let (at, bt) = (a.memory.t().to_owned(), b.memory.t().to_owned());
        check(&concatenate(&[&a.array.t(), &b.array.t()], 1), &together(&[&at, &bt], 1));
    }

    #[test]
    fn along_a_new_axis(
        a in cut_as(vec![vec![2, 3], vec![2, 1, 3]], any::<i32>()),
        b in cut_as(vec![vec![5], vec![3, 0, 3]], any::<i32>()),
        axis in -3isize..3,
    ) {
        let at = Axis(axis.rem_euclid(3) as usize);
        let views = [a.memory.view(), b.memory.view(), a.memory.view()];
        let expected = ndarray::stack(at, &views).unwrap().as_standard_layout().into_owned();
        check(&stack(&[&a.array, &b.array, &a.array], axis), &expected);
    }

    #[test]
    fn taken_apart(cut in cuts(1..3, any::<i32>()), n in 1usize..4, at in prop::collection::vec(0usize..9, 0..3)) {
        let len = cut.memory.shape()[0];
        let mut start = 0;
        for (part, number) in cut.array.array_split(n, 0).iter().zip(0..) {
            let end = start + len / n + usize::from(number < len % n);
            let expected = cut.memory.slice_axis(Axis(0), Slice::from(start..end));
            check(part, &expected.to_owned());
            start = end;
        }
        let back = cut.array.array_split(n, 0);
        check(&concatenate(&back.iter().collect::<Vec<_>>(), 0), &cut.memory);
        prop_assert_eq!(cut.array.split_at(&at, 0).len(), at.len() + 1);
        for (position, part) in cut.array.unstack(0).iter().enumerate() {
            check(part, &cut.memory.index_axis(Axis(0), position).to_owned());
        }
    }

    #[test]
    fn repeated(cut in cuts(1..3, any::<i32>()), n in 0usize..3, m in 0usize..3) {
        let memory = &cut.memory;
        let mut shape = memory.shape().to_vec();
        let last = shape.len() - 1;
        shape[last] *= n;
        let expected = ArrayD::from_shape_fn(shape, |mut at| {
            at[last] /= n;
            memory[at]
        });
        check(&cut.array.repeat(n, -1), &expected);
        let mut shape = memory.shape().to_vec();
        shape[last] *= n;
        shape.insert(0, m);
        let expected = ArrayD::from_shape_fn(shape, |at| {
            let own: Vec<usize> = (0..=last).map(|axis| at[axis + 1] % memory.shape()[axis]).collect();
            memory[&own[..]]
        });
        let mut reps = vec![1; last];
        reps.insert(0, m);
        reps.push(n);
        check(&cut.array.tile(reps), &expected);
    }
}

#[test]
fn shorthands() {
    let (x, y) = (Array::arange(0, 3, 1, 2), Array::arange(3, 6, 1, 2));
    check(&hstack(&[&x, &y]), &ndarray::arr1(&[0, 1, 2, 3, 4, 5]).into_dyn());
    check(&vstack(&[&x, &y]), &ndarray::array![[0, 1, 2], [3, 4, 5]].into_dyn());
    check(&column_stack(&[&x, &y]), &ndarray::array![[0, 3], [1, 4], [2, 5]].into_dyn());
    check(&dstack(&[&x, &y]), &ndarray::array![[[0, 3], [1, 4], [2, 5]]].into_dyn());
    let (one, two) = (Array::full([2, 2], 1, 1), Array::full([2, 1], 2, 1));
    let three = Array::full(3, 3, 2);
    check(
        &block([vec![&one, &two], vec![&three]]),
        &ndarray::array![[1, 1, 2], [1, 1, 2], [3, 3, 3]].into_dyn(),
    );
}

#[test]
fn what_does_not_fit_says_so() {
    let (x, y) = (Array::<f64>::ones([2, 3], 2), Array::<f64>::ones([2, 4], 2));
    let text = |array: &Array<f64>| array.checked().unwrap_err().to_string();
    assert_eq!(
        text(&concatenate(&[&x, &y], 0)),
        "array 1 of shape (2, 4) does not fit the first one of (2, 3): axis 1 has another length"
    );
    let error = stack(&[&x, &x.max_axis(0)], 0).checked().unwrap_err().to_string();
    assert!(error.ends_with("they have different numbers of axes"), "{error}");
    assert_eq!(
        text(&concatenate::<f64, Array<f64>>(&[], 0)),
        "arrays: there is nothing to concatenate"
    );
    assert_eq!(text(&stack(&[&x], 3)), "axis 3 of an array with 3 axes");
    let parts = x.split(2, 1);
    assert_eq!(parts.len(), 2);
    assert_eq!(text(&parts[0]), "n: axis 1 of length 3 does not fall into 2 equal parts");
    assert!(matches!(
        x.array_split(0, 1)[0].checked().unwrap_err(),
        ArrayError::Argument { name: "n", .. }
    ));
    let error = text(&block([vec![vec![&x]], vec![vec![&x], vec![&y]]]));
    assert!(error.contains("does not fit"), "{error}");
    let nested: Vec<chunkwise_array::Nested<f64>> = vec![(&x).into(), vec![&x].into()];
    assert_eq!(text(&block(nested)), "blocks: some arrays lie 1 lists deep, and others do not");
    assert_eq!(text(&x.pad([(1, 1)], PadMode::edge())), "widths: they are given for 1 axes of 2");
    let nothing = Array::<f64>::ones([0, 3], 2);
    let error = text(&nothing.pad(1, PadMode::reflect()));
    assert_eq!(error, "mode: axis 0 has no elements that the border could be made of");
}

#[test]
fn a_month_of_days_is_cheap() {
    let days: Vec<Array<u8>> =
        (0..31).map(|day| Array::full([5760, 11520], day, [340, 720])).collect();
    let month = stack(&days.iter().collect::<Vec<_>>(), 0);
    assert_eq!(month.n_chunks(), 31 * 17 * 16);
    let one = month.array_split(31, 0);
    // A day touches its own chunks only.
    assert_eq!(one[4].graph().n_layers(), 1);
    assert_eq!(one[4].squeeze_axis(0).graph().plan().unwrap().len(), 17 * 16);
}

use crate::check::{check, cuts};
use chunkwise_array::{Array, ArrayError, CollectionExt, Persist, Slices};
use ndarray::{ArrayD, Axis, IxDyn, NewAxis, SliceInfoElem, s};
use proptest::prelude::*;

/// The positions that a slice means, found one by one.
pub(crate) fn positions(slice: &SliceInfoElem, len: usize) -> Vec<usize> {
    let len = len as isize;
    let from_end = |at: isize| if at < 0 { at + len } else { at };
    match *slice {
        SliceInfoElem::Slice { start, end, step } => {
            let inside = |p: &isize| *p >= from_end(start) && end.is_none_or(|e| *p < from_end(e));
            let mut all: Vec<usize> = (0..len).filter(inside).map(|p| p as usize).collect();
            if step < 0 {
                all.reverse();
            }
            all.into_iter().step_by(step.unsigned_abs()).collect()
        }
        SliceInfoElem::Index(index) => vec![from_end(index) as usize],
        SliceInfoElem::NewAxis => vec![0],
    }
}

/// The reference: element by element.
pub(crate) fn sliced<T: Copy>(array: &ArrayD<T>, slices: &[SliceInfoElem]) -> ArrayD<T> {
    let mut result = array.view().to_owned();
    let mut axis = 0;
    let mut named = 0;
    for slice in slices {
        match slice {
            SliceInfoElem::NewAxis => {
                result.insert_axis_inplace(Axis(axis));
                axis += 1;
                continue;
            }
            SliceInfoElem::Index(_) => {
                let at = positions(slice, array.shape()[named]);
                result = result.index_axis(Axis(axis), at[0]).to_owned();
            }
            SliceInfoElem::Slice { .. } => {
                let at = positions(slice, array.shape()[named]);
                result = result.select(Axis(axis), &at);
                axis += 1;
            }
        }
        named += 1;
    }
    result
}

/// Slices of the axes of an array, some with new axes before them.
pub(crate) fn slices_of(shape: &[usize]) -> BoxedStrategy<Vec<SliceInfoElem>> {
    let axis = |len: usize| {
        let most = len as isize + 2;
        let end = prop::option::of(-most..=most);
        let range = (-most..=most, end, prop_oneof![-3isize..0, 1isize..4])
            .prop_map(|(start, end, step)| SliceInfoElem::Slice { start, end, step });
        let whole = Just(SliceInfoElem::Slice { start: 0, end: None, step: 1 });
        let most = len as isize;
        let index = (-most..most.max(1 - most)).prop_map(SliceInfoElem::Index);
        let named = match len {
            0 => prop_oneof![3 => range, 1 => whole].boxed(),
            _ => prop_oneof![4 => range, 2 => whole, 2 => index].boxed(),
        };
        (prop::bool::weighted(0.2), named).prop_map(|(is_new, named)| match is_new {
            true => vec![SliceInfoElem::NewAxis, named],
            false => vec![named],
        })
    };
    let axes: Vec<_> = shape.iter().map(|&len| axis(len)).collect();
    (axes, 0..=shape.len())
        .prop_map(|(mut axes, n_named)| {
            axes.truncate(n_named);
            axes.concat()
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn of_any_array(
        (cut, slices) in cuts(0..4, -9i16..9).prop_flat_map(|cut| {
            let slices = slices_of(cut.memory.shape());
            (Just(cut), slices)
        })
    ) {
        let slice = || Slices::from(&slices[..]);
        let expected = sliced(&cut.memory, &slices);
        check(&cut.array.slice(slice()), &expected);
        // Where the slice cannot reach the source.
        let held = cut.array.map(|x| x).persist().unwrap();
        check(&held.slice(slice()), &expected);
        check(&cut.array.map_with(1i16, |one, x| x + one).slice(slice()), &(&expected + 1));
    }
}

#[test]
fn last_axes_and_single_elements() {
    let memory =
        ArrayD::from_shape_fn(IxDyn(&[2, 3, 4]), |at| (at[0] * 12 + at[1] * 4 + at[2]) as i32);
    let x = Array::from_ndarray(&memory, 2);
    let expected = memory.slice(s![.., .., 1]).to_owned().into_dyn();
    check(&x.slice(Slices::last(s![1])), &expected);
    let expected = memory.slice(s![1, .., 2..]).to_owned().into_dyn();
    check(&x.slice(Slices::from(s![1]).and_last(s![2..])), &expected);
    check(&x.index_axis(Axis(1), -1), &memory.index_axis(Axis(1), 2).to_owned());
    assert_eq!(x.get([1, -1, 0]).compute().unwrap(), 20);
    check(&x.slice(s![NewAxis]), &memory.clone().insert_axis(Axis(0)));
    let number = Array::full((), 7, "auto");
    assert_eq!(number.get([0isize; 0]).compute().unwrap(), 7);
}

#[test]
fn what_is_not_there_is_an_error() {
    let x = Array::<f64>::zeros([3, 4], 2);
    let error = |array: &Array<f64>| array.checked().unwrap_err();
    assert_eq!(
        error(&x.slice(s![.., 4])).to_string(),
        "position 4 along axis 1, which has 4 elements"
    );
    assert!(matches!(error(&x.slice(s![-4])), ArrayError::Index { index: -4, axis: 0, len: 3 }));
    assert_eq!(
        error(&x.slice(s![0, 0, 0])).to_string(),
        "3 axes are indexed of an array with 2 axes"
    );
    assert!(matches!(error(&x.index_axis(Axis(2), 0)), ArrayError::Axis { axis: 2, ndim: 2 }));
    assert!(matches!(error(&x.get([0])), ArrayError::Shape { .. }));
    let step = SliceInfoElem::Slice { start: 0, end: None, step: 0 };
    assert!(matches!(error(&x.slice(vec![step])), ArrayError::Argument { name: "step", .. }));
}

/// The elements of a slice of 0, 1, ... up to, but without, `len`.
fn of_range(len: i64, slices: impl Into<Slices>) -> Vec<i64> {
    let x = Array::<i64>::arange(0, len, 1, 3);
    x.slice(slices).compute().unwrap().into_iter().collect()
}

#[allow(clippy::reversed_empty_ranges, reason = "that they are empty is what is tested")]
#[test]
fn ranges_are_cut_to_the_axis() {
    assert_eq!(of_range(8, s![5..100]), [5, 6, 7]);
    assert_eq!(of_range(8, s![-100..2]), [0, 1]);
    assert_eq!(of_range(8, s![-3..]), [5, 6, 7]);
    assert_eq!(of_range(8, s![..-6]), [0, 1]);
    assert_eq!(of_range(8, s![1..;3]), [1, 4, 7]);
    assert_eq!(of_range(8, s![isize::MIN..isize::MAX;5]), [0, 5]);
    assert!(of_range(8, s![6..2]).is_empty());
    assert!(of_range(0, s![..]).is_empty());
}

#[test]
fn negative_steps_go_from_the_end_of_the_range() {
    assert_eq!(of_range(4, s![..;-1]), [3, 2, 1, 0]);
    assert_eq!(of_range(8, s![1..6;-2]), [5, 3, 1]);
    assert_eq!(of_range(8, s![..;-3]), [7, 4, 1]);
    assert_eq!(of_range(8, s![2..4;-7]), [3]);
    assert!(of_range(8, s![4..4;-1]).is_empty());
    assert_eq!(of_range(8, s![..;isize::MIN]), [7]);
}

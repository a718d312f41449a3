use crate::check::{check, cuts};
use chunkwise_array::{Array, CollectionExt};
use ndarray::ArrayD;
use proptest::prelude::*;

/// A shape of so many elements.
fn shape_of(mut n: usize, picks: &[usize]) -> Vec<usize> {
    let mut shape = Vec::new();
    for pick in picks {
        let divisors: Vec<usize> = (1..=n).filter(|d| n.is_multiple_of(*d)).collect();
        let len = divisors[pick % divisors.len()];
        shape.push(len);
        n /= len;
    }
    shape.push(n);
    shape
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn to_any_shape(cut in cuts(0..5, any::<i32>()), picks in prop::collection::vec(any::<usize>(), 0..4)) {
        let flat: Vec<i32> = cut.memory.iter().copied().collect();
        let shape = match flat.len() {
            0 => vec![3, 0, 2],
            n => shape_of(n, &picks),
        };
        let expected = ArrayD::from_shape_vec(shape.clone(), flat.clone()).unwrap();
        let x = cut.array.map(|x| x);
        check(&x.reshape(&shape[..]), &expected);
        let n = flat.len();
        check(&x.t().ravel(), &ArrayD::from_shape_vec(vec![n], cut.memory.t().iter().copied().collect()).unwrap());
        check(&x.reshape(&shape[..]).reshape_like(&cut.array), &cut.memory);
    }
}

#[test]
fn chunks_are_kept_where_they_fit() {
    let text = |array: &Array<f32>| array.chunks().to_string();
    let x = Array::<f32>::zeros([100, 1000, 1000], [1, 1000, 1000]);
    assert_eq!(text(&x.reshape([100_000, 1000])), "100 chunks of (1_000, 1_000)");
    assert_eq!(text(&x.reshape([100, -1])), "100 chunks of (1, 1_000_000)");
    assert_eq!(text(&x.reshape([10, 10, 1000, 1000])), "100 chunks of (1, 1, 1_000, 1_000)");
    assert_eq!(text(&x.ravel()), "100 chunks of (1_000_000,)");
    let x = Array::<f32>::zeros([1_000_000], 10_000);
    assert_eq!(text(&x.reshape([1000, 1000])), "100 chunks of (10, 1_000)");
    assert_eq!(text(&x.reshape([100, 100, 100])), "100 chunks of (1, 100, 100)");
    assert_eq!(text(&x.reshape([-1, 1, 1])), "100 chunks of (10_000, 1, 1)");
    let x = Array::<f32>::zeros([20_000, 20_000], [5000, 5000]);
    // Whole rows of 5,000 would be 400 MB: as many rows as make some MiB.
    assert_eq!(text(&x.ravel()), "193 chunks of (2_080_000,)");
    assert_eq!(x.reshape([20_000, 20_000]).graph().n_layers(), 1);
}

#[test]
fn what_does_not_fit_says_so() {
    let x = Array::<f64>::zeros([3, 4], 2);
    let text = |array: &Array<f64>| array.checked().unwrap_err().to_string();
    assert_eq!(
        text(&x.reshape([5, -1])),
        "the 12 elements of an array of shape (3, 4) do not fit the shape (5, -1)"
    );
    assert!(x.reshape([-1, -1]).checked().is_err());
    assert!(x.reshape([-2, -6]).checked().is_err());
    assert!(x.reshape([0, -1]).checked().is_err());
    assert!(x.reshape([isize::MAX, isize::MAX]).checked().is_err());
    assert!(x.reshape(()).checked().is_err());
    assert_eq!(x.max().reshape([1, 1]).compute().unwrap().shape(), [1, 1]);
}

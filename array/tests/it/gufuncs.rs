use crate::check::{Cut, check, cut_as, cuts};
use chunkwise_array::{
    Array, ArrayError, CollectionExt, Gufunc, MapBlocks, Signature, SignatureError, apply_gufunc,
    apply_gufunc2, apply_gufunc3,
};
use ndarray::{ArrayD, ArrayViewD, Axis, Dimension, IxDyn};
use proptest::prelude::*;

fn last<T>(block: &ArrayViewD<'_, T>) -> Axis {
    Axis(block.ndim() - 1)
}

/// Two arrays with some loop dimensions in common, the first repeated along some of them, and a last
/// axis of the same length, cut in its own way.
fn pairs() -> impl Strategy<Value = (Cut<i64>, Cut<i64>, usize)> {
    let sizes = || prop::collection::vec(0usize..4, 1..4);
    (prop::collection::vec((sizes(), any::<bool>()), 0..3), sizes(), 0usize..3).prop_flat_map(
        |(loops, core, missing)| {
            let full: Vec<Vec<usize>> = loops.iter().map(|(sizes, _)| sizes.clone()).collect();
            let some = loops.iter().map(|(sizes, is_one)| match is_one {
                true => vec![1],
                false => vec![sizes.iter().sum()],
            });
            let some: Vec<Vec<usize>> = some.skip(missing.min(loops.len())).collect();
            let n: usize = core.iter().sum();
            let x = cut_as([&full[..], &[core]].concat(), -99i64..99);
            let y = cut_as([&some[..], &[vec![n]]].concat(), -99i64..99);
            (x, y, Just(full.len()))
        },
    )
}

/// The sums of the products along the last axes, element by element.
fn products(x: &ArrayD<i64>, y: &ArrayD<i64>) -> ArrayD<i64> {
    let y = y.broadcast(x.raw_dim()).unwrap();
    let loops = &x.shape()[..x.ndim() - 1];
    ArrayD::from_shape_fn(loops, |at| {
        let place = |i: usize| [at.slice(), &[i]].concat();
        (0..x.shape()[loops.len()]).map(|i| x[&place(i)[..]] * y[&place(i)[..]]).sum()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn one_array(cut in cuts(1..4, -99i64..99)) {
        let Cut { memory, array: x } = &cut;
        let along = Axis(memory.ndim() - 1);
        check(&apply_gufunc("(i)->()", x, |x| x.sum_axis(last(&x))), &memory.sum_axis(along));
        let one = Gufunc::new("(i)->()").vectorize();
        let sums = apply_gufunc(one, x, |x| ndarray::arr0(x.sum()).into_dyn());
        check(&sums, &memory.sum_axis(along));
        // Each element, twice: once in each order.
        let both = Gufunc::new("(i) -> (2, i)").vectorize();
        let both = apply_gufunc(both, x, |x| {
            let mut reversed = x.view();
            reversed.invert_axis(Axis(0));
            ndarray::stack(Axis(0), &[x.view(), reversed]).unwrap()
        });
        let mut reversed = memory.view();
        reversed.invert_axis(along);
        let expected = ndarray::stack(along, &[memory.view(), reversed]).unwrap();
        check(&both, &expected.as_standard_layout().into_owned());
        // No core dimensions: any function of blocks.
        check(&apply_gufunc("()->()", x, |x| x.mapv(|x| x as f64)), &memory.mapv(|x| x as f64));
    }

    #[test]
    fn two_arrays((x, y, _) in pairs()) {
        let expected = products(&x.memory, &y.memory);
        let found = apply_gufunc2("(i),(i)->()", &x.array, &y.array, |x, y| {
            assert_eq!(x.shape(), y.shape());
            (&x * &y).sum_axis(last(&x))
        });
        check(&found, &expected);
        let each = || Gufunc::new("(i),(i)->()").vectorize();
        let found = apply_gufunc2(each(), &y.array, &x.array, |x, y| {
            ndarray::arr0(x.iter().zip(&y).map(|(x, y)| x * y).sum()).into_dyn()
        });
        check(&found, &expected);
    }

    #[test]
    fn three_arrays((x, y, _) in pairs(), by in 1i64..5) {
        let by = Array::from_ndarray(&ndarray::arr0(by).into_dyn(), 1);
        let found = apply_gufunc3(
            Gufunc::new("(i),(i),()->(k)").output_size("k", 3).vectorize(),
            &x.array,
            &y.array,
            &by,
            |x, y, by| {
                let sum = x.iter().zip(&y).map(|(x, y)| x * y).sum::<i64>();
                let by = by.first().copied().unwrap();
                ndarray::arr1(&[sum, sum * by, sum - by]).into_dyn()
            },
        );
        let sums = products(&x.memory, &y.memory);
        let by = by.compute().unwrap()[IxDyn(&[])];
        let (times, less) = (&sums * by, &sums - by);
        let all = [sums.view(), times.view(), less.view()];
        let expected = ndarray::stack(Axis(sums.ndim()), &all).unwrap();
        check(&found, &expected);
    }

    #[test]
    fn signatures_are_read_as_they_are_written(
        arrays in prop::collection::vec(prop::collection::vec("[a-z_0-9]{1,3}", 0..3), 2..5),
        blank in " {0,2}",
    ) {
        let text = |arrays: &[Vec<String>], blank: &str| -> String {
            let all: Vec<String> = arrays
                .iter()
                .map(|names| format!("({blank}{})", names.join(&format!("{blank},{blank}"))))
                .collect();
            all.join(&format!("{blank},"))
        };
        let (inputs, output) = arrays.split_at(arrays.len() - 1);
        let spaced = format!("{}{blank}->{blank}{}", text(inputs, &blank), text(output, &blank));
        let signature: Signature = spaced.parse().unwrap();
        prop_assert_eq!(signature.to_string(), format!("{}->{}", text(inputs, ""), text(output, "")));
        prop_assert_eq!(signature.inputs().len(), inputs.len());
        for (found, names) in signature.inputs().chain(signature.outputs()).zip(&arrays) {
            prop_assert!(found.iter().map(|name| &**name).eq(names));
        }
    }

    #[test]
    fn any_text_is_a_signature_or_an_error_at_a_place(text in "[(),\\->ij é]{0,12}") {
        if let Err(SignatureError { at, .. }) = text.parse::<Signature>() {
            prop_assert!(text.is_char_boundary(at));
        }
    }
}

#[test]
fn texts_that_are_no_signatures() {
    let says = |text: &str| text.parse::<Signature>().unwrap_err().to_string();
    assert_eq!(says(""), "signature ``: `(` belongs at the end");
    assert_eq!(says("(i)"), "signature `(i)`: `,` or `->` belongs at the end");
    assert_eq!(
        says("(i,)->()"),
        "signature `(i,)->()`: the name of a dimension belongs before `)->()`"
    );
    assert_eq!(says("(i j)->()"), "signature `(i j)->()`: `,` or `)` belongs before `j)->()`");
    assert_eq!(says("(i)->() x"), "signature `(i)->() x`: `,` or the end belongs before `x`");
    let error = "(i->()".parse::<Signature>().unwrap_err();
    assert_eq!((error.at, error.expected), (2, "`,` or `)`"));
}

#[test]
fn what_cannot_be_applied() {
    let x = Array::<f64>::ones([4, 6], 2);
    let says = |gufunc: Gufunc, x: &Array<f64>| {
        apply_gufunc(gufunc, x, |x| x.to_owned()).checked().unwrap_err().to_string()
    };
    assert_eq!(says("i".into(), &x), "signature `i`: `(` belongs before `i`");
    assert_eq!(
        says("(i),(i)->()".into(), &x),
        "signature: `(i),(i)->()` is of 2 inputs, and 1 are given"
    );
    assert_eq!(says("(i)->(),()".into(), &x), "signature: `(i)->(),()` has 2 outputs, not one");
    assert_eq!(
        says("(i)->(k)".into(), &x),
        "output_size: that of dimension `k` of `(i)->(k)` is not given"
    );
    assert_eq!(
        says("(a,b,c)->()".into(), &x),
        "an array of shape (4, 6) where input 0 of `(a,b,c)->()` with its 3 core dimensions belongs"
    );
    assert_eq!(
        says("(i,i)->()".into(), &x),
        "dimension `i` of `(i,i)->()` has 6 elements in input 0, not 4"
    );
    assert_eq!(
        says("(3)->()".into(), &x),
        "dimension `3` of `(3)->()` has 6 elements in input 0, not 3"
    );
    assert_eq!(
        says(Gufunc::new("(i)->(i)").refuse_cuts(), &x),
        "refuse_cuts: dimension `i`, along axis 1, is cut into 3 chunks"
    );
    let whole = Array::<f64>::ones([4, 6], [2, -1]);
    let kept = apply_gufunc(Gufunc::new("(i)->(i)").refuse_cuts(), &whole, |x| x.to_owned());
    assert!(kept.checked().is_ok());
    let other = Array::<f64>::ones([3, 6], 2);
    let both = apply_gufunc2("(i),(i)->()", &x, &other, |x, _| x.to_owned());
    assert!(matches!(both.checked(), Err(ArrayError::Broadcast { axis: 0, .. })));
    let some = x.map_blocks_to(MapBlocks::new().deferred(1), |x, _| x.to_owned());
    let error = apply_gufunc("(i)->()", &some, |x| x.to_owned()).checked().unwrap_err();
    assert!(matches!(error, ArrayError::Deferred { operation: "apply_gufunc", axis: 1 }));
}

#[test]
fn a_result_of_another_shape_is_an_error_of_its_task() {
    let x = Array::<f64>::ones([4, 6], 2);
    for gufunc in [Gufunc::new("(i)->()"), Gufunc::new("(i)->()").vectorize()] {
        let error = apply_gufunc(gufunc, &x, |x| x.to_owned()).compute().unwrap_err();
        let text = error.report().to_string();
        assert!(text.contains("apply_gufunc") && text.contains("gufuncs.rs"), "{text}");
        assert!(text.contains("a chunk of shape"), "{text}");
    }
}

#[test]
fn loop_dimensions_of_deferred_length() {
    let memory = ArrayD::from_shape_fn(IxDyn(&[5, 3]), |at| (at[0] * 3 + at[1]) as i64);
    let x = Array::from_ndarray(&memory, 2);
    let some = x.map_blocks_to(MapBlocks::new().deferred(0), |x, _| {
        x.slice_axis(Axis(0), (..1).into()).to_owned()
    });
    let sums = apply_gufunc2("(i),(i)->()", &some, &x.index_axis(0, 0), |x, y| {
        (&x * &y).sum_axis(Axis(1))
    });
    let expected = [0usize, 2, 4].map(|row| (0..3).map(|i| memory[[row, i]] * i as i64).sum());
    check(&sums, &ndarray::arr1(&expected).into_dyn());
    let wrong = apply_gufunc("(i)->()", &some, |x| x.to_owned()).compute().unwrap_err();
    assert!(
        wrong.report().to_string().contains("a chunk of shape (1, 3) where one of (1,) belongs")
    );
}

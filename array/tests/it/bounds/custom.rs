use super::turned;
use super::{matrix, survey, vector};
use crate::check::counted;
use chunkwise_array::{
    Array, ArrayError, Boundary, CollectionExt, ConvolveMode, Gufunc, Reduction, apply_gufunc,
};
use ndarray::ArrayViewD;

#[test]
fn neighbours() {
    let (x, v) = (matrix(), vector());
    survey! {
        "overlap": x.overlap(3, Boundary::Reflect);
        "overlap, nothing around": x.overlap(3, Boundary::Nothing);
        "sliding_window_view": v.slice(chunkwise_array::s![..20_000]).sliding_window_view(8, 0);
        "convolve": v.convolve(&[1.0, 2.0, 3.0], ConvolveMode::Same);
        "convolve, long": v.convolve(&ndarray::Array1::ones(3_000), ConvolveMode::Full);
        "correlate": v.correlate(&[1.0, 2.0, 3.0], ConvolveMode::Valid);
    }
}

/// Nobody knows what these need, unless it is said.
#[test]
fn functions_of_the_users() {
    let x = matrix();
    let copied = |chunk: ArrayViewD<'_, f64>| {
        let copy: Vec<f64> = chunk.iter().copied().collect();
        chunk.mapv(|x| x + copy[0])
    };
    let operations = [
        x.map_blocks(move |chunk, _| copied(chunk)),
        x.zip_blocks(&turned(), move |chunk, other, _| copied(chunk) + other),
        x.map_overlap(2, Boundary::Nearest, move |chunk, _| copied(chunk)),
        x.apply_along_axis(0, 512, |lane| lane.to_owned()),
        apply_gufunc("(i)->(i)", &x, copied),
        apply_gufunc(Gufunc::new("(i)->(i)").vectorize(), &x, copied),
    ];
    // The copy, of a chunk with what lies around it too.
    let scratch = |shape: &[usize]| 8 * shape.iter().map(|len| len + 4).product::<usize>();
    for operation in operations {
        let name = last_name(&operation);
        let is_unknown = counted(&operation).unknown().iter().any(|found| found.contains(&*name));
        assert!(is_unknown, "{name} was known");
        let mut survey = super::Survey::default();
        survey.look(&name, 4.0, &operation.with_scratch(scratch));
        survey.look(&name, 4.0, &(&operation.with_scratch(scratch) + 1.0));
        survey.finish();
    }
    let error = x.exp().with_scratch(scratch).checked().unwrap_err();
    assert!(matches!(error, ArrayError::Argument { name: "with_scratch", .. }), "{error}");
}

/// Accumulators that own memory may own any amount.
#[test]
fn accumulators_of_the_users() {
    #[derive(Clone, serde::Serialize, serde::Deserialize)]
    struct All;
    impl Reduction for All {
        type In = f64;
        type Out = f64;
        type Acc = Vec<f64>;
        const NAME: &'static str = "all";
        fn start(&self) -> Vec<f64> {
            Vec::new()
        }
        fn take(&self, acc: &mut Vec<f64>, elements: &[f64]) {
            acc.extend_from_slice(elements);
        }
        fn join(&self, acc: &mut Vec<f64>, other: Vec<f64>) {
            acc.extend(other);
        }
        fn finish(&self, acc: Vec<f64>, n: u64) -> Option<f64> {
            Some(acc.iter().sum::<f64>() / n as f64)
        }
    }
    let counts = counted(&matrix().reduce(All));
    assert_eq!(counts.unknown().len(), 2, "{:?}", counts.unknown());
}

fn last_name(operation: &Array<f64>) -> String {
    let plan = operation.graph().plan().unwrap();
    plan.tasks().last().unwrap().op_name().into_owned()
}

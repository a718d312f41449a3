use chunkwise_array::{Array, Bins, ChunkSpec, QuantileMethod, Quantiles};
use chunkwise_graph::{CollectionExt, InOrder};
use ndarray::{ArrayD, IxDyn};
use std::collections::HashMap;

/// What NumPy says: see `fixtures/make_statistics.py`.
const FIXTURES: &str = include_str!("../fixtures/statistics.txt");

fn parse(shape: &str, elements: &str) -> ArrayD<f64> {
    let shape: Vec<usize> = shape.split_whitespace().map(|n| n.parse().unwrap()).collect();
    let elements = elements.split_whitespace().map(|x| x.parse::<f64>().unwrap());
    ArrayD::from_shape_vec(IxDyn(&shape), elements.collect()).unwrap()
}

/// A cut of a length: into ragged chunks, some of them empty, or whole.
fn sizes(len: usize, cut: usize) -> Vec<usize> {
    match cut {
        0 => vec![len],
        1 => vec![2.min(len), 0, len - 2.min(len)],
        _ => vec![1; len],
    }
}

fn floats<T: chunkwise_array::Real>(array: Array<T>) -> ArrayD<f64> {
    let array = array.compute_with(&InOrder).unwrap_or_else(|e| panic!("{}", e.report()));
    array.mapv(|x| x.to_f64())
}

fn truth(array: Array<bool>) -> ArrayD<f64> {
    array.compute_with(&InOrder).unwrap().mapv(|x| f64::from(u8::from(x)))
}

fn method(name: &str) -> QuantileMethod {
    match name {
        "linear" => QuantileMethod::Linear,
        "lower" => QuantileMethod::Lower,
        "higher" => QuantileMethod::Higher,
        "nearest" => QuantileMethod::Nearest,
        "midpoint" => QuantileMethod::Midpoint,
        other => panic!("{other}"),
    }
}

fn apply(operation: &str, parameters: &[&str], x: &Array<f64>) -> ArrayD<f64> {
    let number = |at: usize| -> f64 { parameters[at].parse().unwrap() };
    let axis = || number(0) as isize;
    let bins = || Bins::uniform(number(0) as usize, number(1), number(2));
    let quantiles = || Quantiles::from(number(1)).method(method(parameters[0]));
    match (operation, parameters.first().copied()) {
        ("median", Some("all")) => floats((*x.median()).clone()),
        ("nanmedian", Some("all")) => floats((*x.nanmedian()).clone()),
        ("sum", _) => floats(x.sum_axis(axis())),
        ("prod", _) => floats(x.prod_axis(axis())),
        ("mean", _) => floats(x.mean_axis(axis())),
        ("max", _) => floats(x.max_axis(axis())),
        ("min", _) => floats(x.min_axis(axis())),
        ("ptp", _) => floats(x.ptp_axis(axis())),
        ("argmax", _) => floats(x.argmax_axis(axis())),
        ("argmin", _) => floats(x.argmin_axis(axis())),
        ("any", _) => truth(x.any_axis(axis())),
        ("all", _) => truth(x.all_axis(axis())),
        ("nansum", _) => floats(x.nansum_axis(axis())),
        ("nanprod", _) => floats(x.nanprod_axis(axis())),
        ("nanmean", _) => floats(x.nanmean_axis(axis())),
        ("nanmax", _) => floats(x.nanmax_axis(axis())),
        ("nanmin", _) => floats(x.nanmin_axis(axis())),
        ("nanargmax", _) => floats(x.nanargmax_axis(axis())),
        ("nanargmin", _) => floats(x.nanargmin_axis(axis())),
        ("count_nonzero", _) => floats(x.count_nonzero_axis(axis())),
        ("median", _) => floats(x.median_axis(axis())),
        ("nanmedian", _) => floats(x.nanmedian_axis(axis())),
        ("sort", _) => floats(x.sort(axis())),
        ("argsort", _) => floats(x.argsort(axis())),
        ("cumsum", _) => floats(x.cumsum(axis())),
        ("cumprod", _) => floats(x.cumprod(axis())),
        ("nancumsum", _) => floats(x.nancumsum(axis())),
        ("nancumprod", _) => floats(x.nancumprod(axis())),
        ("cummax", _) => floats(x.cummax(axis())),
        ("cummin", _) => floats(x.cummin(axis())),
        ("gradient", _) => floats(x.gradient(axis(), 1.0)),
        ("diff", _) => floats(x.diff(axis(), 1)),
        ("trapezoid", _) => floats(x.trapezoid(axis(), 1.0)),
        ("var", _) => floats(x.var_axis(axis(), number(1))),
        ("std", _) => floats(x.std_axis(axis(), number(1))),
        ("nanvar", _) => floats(x.nanvar_axis(axis(), number(1))),
        ("nanstd", _) => floats(x.nanstd_axis(axis(), number(1))),
        ("skew", _) => floats(x.skew_axis(axis())),
        ("kurtosis", _) => floats(x.kurtosis_axis(axis())),
        ("moment", _) => floats(x.moment_axis(axis(), number(1) as u32)),
        ("quantile", _) => floats(x.quantile(quantiles())),
        ("nanquantile", _) => floats(x.nanquantile(quantiles())),
        ("percentile", _) => floats(x.percentile(number(1))),
        ("histogram", _) => floats(x.histogram(bins())),
        ("density", _) => floats(x.histogram_density(bins())),
        ("edges", _) => {
            let edges: Vec<f64> = (0..parameters.len()).map(number).collect();
            floats(x.histogram(edges))
        }
        ("cov", _) => floats(x.cov(number(0))),
        ("corrcoef", _) => floats(x.corrcoef()),
        ("unique", Some("values")) => floats(x.unique_all().values),
        ("unique", Some("index")) => floats(x.unique_all().index),
        ("unique", Some("counts")) => floats(x.unique_all().counts),
        ("unique", Some("inverse")) => floats(x.unique_all().inverse),
        _ => panic!("{operation}"),
    }
}

/// Whether two numbers are the same, but for rounding.
fn close(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-11 * b.abs().max(1.0)
}

#[test]
fn everything_is_as_numpy_says() {
    let mut arrays: HashMap<&str, ArrayD<f64>> = HashMap::new();
    for line in FIXTURES.lines() {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        if let ["array", name, shape, elements] = fields[..] {
            arrays.insert(name, parse(shape, elements));
            continue;
        }
        let [operation, parameters, name, shape, elements] = fields[..] else { panic!("{line}") };
        let (memory, expected) = (&arrays[name], parse(shape, elements));
        let parameters: Vec<&str> = parameters.split_whitespace().collect();
        for cut in 0..3 {
            let sizes: Vec<Vec<usize>> =
                memory.shape().iter().map(|&len| sizes(len, cut)).collect();
            let x = Array::from_ndarray(memory, ChunkSpec::sizes(sizes));
            let found = apply(operation, &parameters, &x);
            assert_eq!(found.shape(), expected.shape(), "{line}");
            let same = found.iter().zip(&expected).all(|(a, b)| close(*a, *b));
            assert!(same, "cut {cut}: {found} for {line}");
        }
    }
}

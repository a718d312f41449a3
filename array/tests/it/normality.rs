use crate::check::{check_close, computed};
use chunkwise_array::{Array, ArrayError, ChunkSpec};
use ndarray::{Array1, ArrayD, IxDyn};

/// What SciPy says: see `fixtures/make_normality.py`.
const FIXTURES: &str = include_str!("../fixtures/normality.txt");

fn numbers(text: &str) -> Vec<f64> {
    text.split_whitespace().map(|x| x.parse().unwrap()).collect()
}

#[test]
fn as_scipy_says() {
    for line in FIXTURES.lines() {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [test, x, statistic, p_value] = fields[..] else { panic!("{line}") };
        let x = numbers(x);
        let x = ArrayD::from_shape_vec(IxDyn(&[x.len() / 3, 3]), x).unwrap();
        let n = x.shape()[0];
        for rows in [vec![n], vec![3, 0, 4, n - 7], vec![1; n]] {
            let x = Array::from_ndarray(&x, ChunkSpec::sizes([rows, vec![2, 1]]));
            let found = match test {
                "skewtest" => x.skewtest(0),
                "kurtosistest" => x.kurtosistest(0),
                "normaltest" => x.normaltest(0),
                other => panic!("{other}"),
            };
            let expected = |text: &str| Array1::from(numbers(text)).into_dyn();
            check_close(&found.statistic, &expected(statistic), 1e-9);
            check_close(&found.p_value, &expected(p_value), 1e-9);
        }
    }
}

#[test]
fn along_several_axes_and_of_nothing_to_tell() {
    let x = Array::<f64>::arange(0.0, 24.0, 1.0, 5).reshape([4, 6]);
    let flat = x.ravel().kurtosistest(0);
    check_close(&x.kurtosistest([0, 1]).statistic, &computed(&flat.statistic), 1e-12);
    let equal = Array::<i64>::ones([9, 2], 4).skewtest(0);
    assert!(computed(&equal.p_value).iter().all(|p| p.is_nan()));
    // As many below as above.
    let even = Array::<f64>::arange(-5.0, 6.0, 1.0, 4).skewtest(0);
    check_close(&even.statistic, &ndarray::arr0(0.0).into_dyn(), 1e-12);
    check_close(&even.p_value, &ndarray::arr0(1.0).into_dyn(), 1e-12);
    let says = |result: chunkwise_array::TestResult| {
        let (a, b) = (result.statistic.checked().unwrap_err(), result.p_value.checked());
        assert_eq!(a.to_string(), b.unwrap_err().to_string());
        a
    };
    assert_eq!(
        says(x.skewtest(1)).to_string(),
        "an array of shape (4, 6) where skewtest needs 8 elements along its axes"
    );
    assert_eq!(
        says(x.normaltest(1)).to_string(),
        "an array of shape (4, 6) where skewtest needs 8 elements along its axes"
    );
    assert!(matches!(says(x.kurtosistest(2)), ArrayError::Axis { axis: 2, ndim: 2 }));
}

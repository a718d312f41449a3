use super::{matrix, survey, turned, vector, whole_numbers};
use chunkwise_array::random::{self, Seed};
use chunkwise_array::{Axes, Tolerance, polyval, to_complex};

#[test]
fn element_by_element() {
    let (x, y) = (matrix(), turned());
    let row = x.slice(chunkwise_array::s![0, ..]);
    survey! {
        "exp": x.exp();
        "exp of columns": y.exp();
        "add": &x + &y;
        "add a row": &x + &row;
        "a chain": (&x.sin() + &y.cos()) * 2.0;
        "to f32": x.cast_lossy::<f32>();
        "try_cast": x.floor().try_cast::<i64>();
        "compare": x.lt(&y);
        "complex": to_complex(&x, &y).abs();
        "frexp": (x.frexp().0, x.frexp().1);
        "divmod": (x.divmod(0.3).0, x.divmod(0.3).1);
        "clip": x.clip(-1.0, 1.0);
        "isclose": x.isclose(&y, Tolerance::default());
        "power": x.abs().power(0.5);
        "interp": x.interp(&[-1.0, 0.0, 1.0], &[0.0, 5.0, 7.0]);
        "polyval": polyval(&vector().slice(chunkwise_array::s![..4]), &x);
        "round": x.round(2);
        "gamma": x.gamma();
        "cross": x.slice(chunkwise_array::s![.., ..3]).cross(&y.slice(chunkwise_array::s![.., ..3]), 1);
        "map": x.map(|x| x + 1.0);
        "zip_map": x.zip_map(&y, |x, y| x + y);
        "bits": whole_numbers().bit_count();
        "gcd": whole_numbers().gcd(6);
    }
}

#[test]
fn reductions() {
    let (x, y) = (matrix(), turned());
    let stack = random::normal(0.0, 1.0, [40, 160, 200], Seed(3)).chunks([1, 160, 200]);
    let weights = x.abs();
    survey! {
        "sum": x.sum();
        "sum of a chain": (&x + &y).exp().sum();
        "sum of columns": y.sum_axis(0);
        "sum along 1": x.sum_axis(1);
        "sum along 0": x.sum_axis(0);
        "sum of a stack": stack.sum_axis(0);
        "mean of a stack": stack.mean_axis(0);
        "std of a stack": stack.std_axis(0, 1.0);
        "max of a stack": stack.max_axis(0);
        "argmax of a stack": stack.argmax_axis(0);
        "sum, rows kept": x.sum_axis(Axes::from(1).keep());
        "prod": x.prod_axis(1);
        "mean": x.mean_axis(0);
        "var": x.var_axis(0, 0.0);
        "std": x.std(1.0);
        "moment": x.moment_axis(0, 4);
        "skew": x.skew_axis(1);
        "kurtosis": x.kurtosis();
        "min": x.min_axis(0);
        "ptp": x.ptp_axis(1);
        "any": x.gt(0.0).any_axis(0);
        "count_nonzero": x.count_nonzero_axis(1);
        "argmax": x.argmax();
        "argmin": y.argmin_axis(1);
        "nansum": x.nansum_axis(0);
        "nanmax": x.nanmax();
        "nanvar": x.nanvar_axis(1, 0.0);
        "nanargmin": x.nanargmin_axis(0);
        "average": x.average(&weights);
        "average along": x.average_axis(0, &weights);
        "trace": x.trace(0);
        "allclose": x.allclose(&y, Tolerance::default());
        "skewtest": x.skewtest(0).statistic;
        "normaltest": x.normaltest(0).p_value;
    }
}

#[test]
fn scans() {
    let (x, y) = (matrix(), turned());
    survey! {
        "cumsum of columns": y.cumsum(0);
        "diff": x.diff(0, 1);
        "diff twice": y.diff(1, 2);
        "ediff1d": vector().ediff1d();
        "gradient": x.gradient(0, 0.5);
        "trapezoid": x.trapezoid(1, 0.5);
    }
}

/// Chunks that do not lie row by row are copied before they are scanned: these lie so, and totals are
/// small.
#[test]
fn scans_of_rows() {
    let x = matrix();
    survey! {
        within 300.0 times:
        "cumsum 0": x.cumsum(0);
        "cumsum 1": x.cumsum(1);
        "cumsum, in a tree": x.cumsum_with(1, chunkwise_array::ScanMethod::Blelloch);
        "cumprod": x.cumprod(1);
        "cummax": x.cummax(0);
        "nancumsum": x.nancumsum(1);
        "push": x.push(1);
        "cumsum of bools": x.gt(0.0).cast::<i32>().cumsum(1);
        "unwrap_phase": x.unwrap_phase(0, 6.0);
    }
}

//! Distribution functions to compare with, and how far a sample is from them.

use std::f64::consts::{PI, SQRT_2};

/// The largest distance between the distribution function of a sample and `cdf`, times the root of
/// the size of the sample: above 1.95 in one sample of a thousand, above 2.6 in one of a million.
pub(crate) fn kolmogorov_smirnov(mut sample: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    sample.sort_by(f64::total_cmp);
    let n = sample.len() as f64;
    let mut distance = 0.0_f64;
    for (i, &x) in sample.iter().enumerate() {
        let expected = cdf(x);
        assert!((-1e-9..=1.0 + 1e-9).contains(&expected), "cdf({x}) is {expected}");
        distance = distance.max(expected - i as f64 / n).max((i + 1) as f64 / n - expected);
    }
    distance * n.sqrt()
}

/// By how many standard deviations a chi-square statistic exceeds its mean; cells in which fewer
/// than 10 are expected are put together.
pub(crate) fn chi_square(counts: &[u64], expected: &[f64]) -> f64 {
    let (mut statistic, mut cells, mut few) = (0.0, 0.0, (0.0, 0.0));
    for (&count, &expected) in counts.iter().zip(expected) {
        let mut cell = (count as f64, expected);
        if expected < 10.0 {
            few = (few.0 + cell.0, few.1 + expected);
            if few.1 < 10.0 {
                continue;
            }
            cell = std::mem::take(&mut few);
        }
        statistic += (cell.0 - cell.1).powi(2) / cell.1;
        cells += 1.0;
    }
    if few.1 > 0.5 {
        statistic += (few.0 - few.1).powi(2) / few.1;
        cells += 1.0;
    }
    let df: f64 = cells - 1.0;
    (statistic - df) / (2.0 * df).sqrt()
}

/// `ln(gamma(x))`, by Stirling's series after shifting.
pub(crate) fn ln_gamma(mut x: f64) -> f64 {
    let mut shift = 0.0;
    while x < 15.0 {
        shift += x.ln();
        x += 1.0;
    }
    let series = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / x / x) / x / x) / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln() + series - shift
}

/// The regularised lower incomplete gamma function, by its power series.
pub(crate) fn gamma_p(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
    while term > sum * 1e-16 {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    (sum * (a * x.ln() - x - ln_gamma(a)).exp()).min(1.0)
}

/// The regularised incomplete beta function, by its power series in the smaller of both arguments.
pub(crate) fn beta_i(a: f64, b: f64, x: f64) -> f64 {
    if x > a / (a + b) {
        return 1.0 - beta_i_series(b, a, 1.0 - x);
    }
    beta_i_series(a, b, x)
}

fn beta_i_series(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, 0.0);
    while term > sum * 1e-16 {
        term *= x * (a + b + n) / (a + 1.0 + n);
        n += 1.0;
        sum += term;
    }
    let ln_beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    sum * (a * x.ln() + b * (1.0 - x).ln() - ln_beta).exp()
}

pub(crate) fn normal(x: f64) -> f64 {
    let half = 0.5 * gamma_p(0.5, x * x / 2.0);
    if x.abs() > 8.0 * SQRT_2 {
        return if x > 0.0 { 1.0 } else { 0.0 };
    }
    if x > 0.0 { 0.5 + half } else { 0.5 - half }
}

/// The mean of `f(k)` for a Poisson number `k`.
pub(crate) fn poisson_mean(mean: f64, f: impl Fn(f64) -> f64) -> f64 {
    let (mut probability, mut sum) = ((-mean).exp(), 0.0);
    for k in 0..200 {
        let k = f64::from(k);
        sum += probability * f(k);
        probability *= mean / (k + 1.0);
    }
    sum
}

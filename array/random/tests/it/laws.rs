//! Samples follow their distribution functions.

use std::f64::consts::PI;

use chunkwise_array_random::*;

use crate::every::sample;
use crate::functions::*;

const N: usize = 40_000;

fn follows<D: Fill<f64> + Fill<f32>>(d: Result<D, RandomError>, cdf: impl Fn(f64) -> f64) {
    let d = d.unwrap();
    let distance = kolmogorov_smirnov(sample::<f64>(&d, N), &cdf);
    assert!(distance < 1.95, "{distance}");
    let single = sample::<f32>(&d, N).into_iter().map(f64::from).collect();
    let distance = kolmogorov_smirnov(single, cdf);
    assert!(distance < 1.95, "of f32: {distance}");
}

#[test]
fn uniform_and_triangular() {
    follows(Uniform::new(-1.0, 3.0), |x| (x + 1.0) / 4.0);
    follows(Triangular::new(-1.0, 0.5, 4.0), |x| {
        if x < 0.5 { (x + 1.0).powi(2) / 7.5 } else { 1.0 - (4.0 - x).powi(2) / 17.5 }
    });
}

#[test]
fn normal_and_of_normal() {
    follows(Normal::new(1.0, 2.0), |x| normal((x - 1.0) / 2.0));
    follows(LogNormal::new(0.5, 0.75), |x| normal((x.ln() - 0.5) / 0.75));
    follows(Wald::new(2.0, 3.0), |x| {
        let root = (3.0 / x).sqrt();
        normal(root * (x / 2.0 - 1.0)) + 3.0_f64.exp() * normal(-root * (x / 2.0 + 1.0))
    });
    follows(Cauchy::new(1.0, 2.0), |x| 0.5 + ((x - 1.0) / 2.0).atan() / PI);
    follows(Rayleigh::new(2.0), |x| 1.0 - (-x * x / 8.0).exp());
}

#[test]
fn exponential_and_of_exponential() {
    follows(Exponential::new(2.0), |x| 1.0 - (-x / 2.0).exp());
    follows(Laplace::new(1.0, 2.0), |x| {
        let tail = (-(x - 1.0).abs() / 2.0).exp() / 2.0;
        if x < 1.0 { tail } else { 1.0 - tail }
    });
    follows(Logistic::new(1.0, 2.0), |x| 1.0 / (1.0 + (-(x - 1.0) / 2.0).exp()));
    follows(Gumbel::new(1.0, 2.0), |x| (-(-(x - 1.0) / 2.0).exp()).exp());
    follows(Weibull::new(1.5), |x| 1.0 - (-x.powf(1.5)).exp());
    follows(Pareto::new(3.0), |x| 1.0 - (1.0 + x).powi(-3));
    follows(Power::new(2.5), |x| x.powf(2.5));
}

#[test]
fn gamma_and_of_gamma() {
    for shape in [0.3, 1.0, 1.2, 2.5, 30.0] {
        follows(Gamma::new(shape, 2.0), |x| gamma_p(shape, x / 2.0));
    }
    for (a, b) in [(2.0, 3.5), (0.4, 0.7), (0.5, 3.0), (1.0, 1.0)] {
        follows(Beta::new(a, b), |x| beta_i(a, b, x));
    }
    follows(ChiSquare::new(3.0), |x| gamma_p(1.5, x / 2.0));
    follows(F::new(4.0, 7.0), |x| beta_i(2.0, 3.5, 4.0 * x / (4.0 * x + 7.0)));
    follows(StudentT::new(4.0), |x| {
        let tail = beta_i(2.0, 0.5, 4.0 / (4.0 + x * x)) / 2.0;
        if x < 0.0 { tail } else { 1.0 - tail }
    });
}

#[test]
fn noncentral() {
    for df in [0.5, 1.0, 3.0] {
        follows(NoncentralChiSquare::new(df, 2.0), |x| {
            poisson_mean(1.0, |k| gamma_p(df / 2.0 + k, x / 2.0))
        });
    }
    follows(NoncentralF::new(4.0, 7.0, 2.0), |x| {
        let y = 4.0 * x / (4.0 * x + 7.0);
        poisson_mean(1.0, |k| beta_i(2.0 + k, 3.5, y))
    });
}

#[test]
fn von_mises() {
    for kappa in [0.0, 1e-6, 0.5, 2.0, 200.0] {
        // the trapezoidal rule is exact for periodic functions, but for rounding
        let density = |x: f64| (kappa * (x.cos() - 1.0)).exp();
        let steps = 20_000;
        let mut table = vec![0.0; steps + 1];
        for i in 0..steps {
            let at = |i: usize| density(2.0 * PI * i as f64 / steps as f64 - PI);
            table[i + 1] = table[i] + (at(i) + at(i + 1)) / 2.0;
        }
        follows(VonMises::new(0.0, kappa), |x| {
            let place = ((x + PI) / (2.0 * PI) * steps as f64).clamp(0.0, steps as f64);
            let low = (place as usize).min(steps - 1);
            let part = place - low as f64;
            (table[low] * (1.0 - part) + table[low + 1] * part) / table[steps]
        });
    }
}

/// `ln_pmf` gives the logarithm of the probability of a count.
fn counts_follow(d: &impl Fill<i64>, most: usize, ln_pmf: impl Fn(f64) -> f64) {
    let mut counts = vec![0; most + 1];
    for x in sample(d, N) {
        counts[(x as usize).min(most)] += 1;
    }
    let mut expected: Vec<f64> = (0..most).map(|k| ln_pmf(k as f64).exp() * N as f64).collect();
    expected.push((N as f64 - expected.iter().sum::<f64>()).max(0.0));
    let excess = chi_square(&counts, &expected);
    assert!(excess < 4.0, "{excess}");
}

fn ln_choose(n: f64, k: f64) -> f64 {
    if k < 0.0 || k > n {
        return f64::NEG_INFINITY;
    }
    ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0)
}

#[test]
fn poisson() {
    for mean in [0.1, 3.0, 11.9, 12.0, 50.0, 1000.0] {
        let d = Poisson::new(mean).unwrap();
        let most = (mean + 10.0 * mean.sqrt() + 5.0) as usize;
        counts_follow(&d, most, |k| k * mean.ln() - mean - ln_gamma(k + 1.0));
    }
}

#[test]
fn binomial_and_negative() {
    for (n, p) in [(20, 0.3), (1000, 0.6), (1000, 0.004), (50, 0.5)] {
        let d = Binomial::new(n, p).unwrap();
        counts_follow(&d, n as usize + 1, |k| {
            ln_choose(n as f64, k) + k * p.ln() + (n as f64 - k) * (1.0 - p).ln()
        });
    }
    let d = NegativeBinomial::new(3.5, 0.25).unwrap();
    counts_follow(&d, 100, |k| {
        ln_gamma(k + 3.5) - ln_gamma(3.5) - ln_gamma(k + 1.0)
            + 3.5 * 0.25_f64.ln()
            + k * 0.75_f64.ln()
    });
}

#[test]
fn hypergeometric() {
    let cases = [(7, 30, 8), (70, 50, 40), (50, 70, 90), (500, 20, 100), (5, 5, 10), (0, 9, 3)];
    for (good, bad, sample) in cases {
        let d = Hypergeometric::new(good, bad, sample).unwrap();
        let (good, bad, sample) = (good as f64, bad as f64, sample as f64);
        let all = ln_choose(good + bad, sample);
        if good == 0.0 || sample == good + bad {
            assert!(crate::every::sample::<u64>(&d, 99).iter().all(|&x| x as f64 == good));
            continue;
        }
        counts_follow(&d, good as usize + 1, |k| {
            ln_choose(good, k) + ln_choose(bad, sample - k) - all
        });
    }
}

#[test]
fn geometric_logseries_and_zipf() {
    for p in [0.01, 0.3, 0.9] {
        counts_follow(&Geometric::new(p).unwrap(), 500, |k| {
            if k < 1.0 { f64::NEG_INFINITY } else { (k - 1.0) * (1.0 - p).ln() + p.ln() }
        });
    }
    for p in [0.1_f64, 0.7, 0.99] {
        let norm = (-(-p).ln_1p()).ln();
        counts_follow(&LogSeries::new(p).unwrap(), 500, |k| {
            if k < 1.0 { f64::NEG_INFINITY } else { k * p.ln() - k.ln() - norm }
        });
    }
    for a in [1.5, 2.5, 6.0] {
        let zeta: f64 = (1..1_000_000).map(|k| f64::from(k).powf(-a)).sum::<f64>()
            + 1e6_f64.powf(1.0 - a) / (a - 1.0);
        counts_follow(&Zipf::new(a).unwrap(), 500, |k| {
            if k < 1.0 { f64::NEG_INFINITY } else { -a * k.ln() - zeta.ln() }
        });
    }
}

#[test]
fn rows_have_binomial_and_hypergeometric_columns() {
    let key = Seed(5).stream(0);
    let mut rows = vec![0_i64; 3 * N];
    Multinomial::new(20, vec![0.2, 0.5, 0.3]).unwrap().fill_rows(key, 0, &mut rows);
    let urn = MultivariateHypergeometric::new(vec![40, 30, 50], 30).unwrap();
    let mut drawn = vec![0_u64; 3 * N];
    urn.fill_rows(key, 0, &mut drawn);
    assert!(rows.chunks(3).all(|row| row.iter().sum::<i64>() == 20));
    assert!(drawn.chunks(3).all(|row| row.iter().sum::<u64>() == 30));
    for (column, (p, n)) in [(0.2, 40.0), (0.5, 30.0), (0.3, 50.0)].into_iter().enumerate() {
        struct Column<'a, T>(&'a [T], usize);
        impl<T: Copy + TryInto<i64>> Fill<i64> for Column<'_, T> {
            fn fill(&self, _: StreamKey, _: u64, out: &mut [i64]) {
                for (element, row) in out.iter_mut().zip(self.0.chunks(3)) {
                    *element = row[self.1].try_into().ok().unwrap();
                }
            }
        }
        counts_follow(&Column(&rows, column), 21, |k| {
            ln_choose(20.0, k) + k * f64::ln(p) + (20.0 - k) * f64::ln(1.0 - p)
        });
        counts_follow(&Column(&drawn, column), 31, |k| {
            ln_choose(n, k) + ln_choose(120.0 - n, 30.0 - k) - ln_choose(120.0, 30.0)
        });
    }
}

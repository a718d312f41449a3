//! Parameters at the ends of their ranges: no hanging, no NaN, no panic.

use chunkwise_array_random::*;

use crate::every::sample;

fn constant<D: Fill<f64>>(d: Result<D, RandomError>, value: f64) {
    assert_eq!(sample::<f64>(&d.unwrap(), 50), [value; 50]);
}

#[test]
fn without_scale_all_are_equal() {
    constant(Normal::new(3.0, 0.0), 3.0);
    constant(LogNormal::new(0.0, 0.0), 1.0);
    constant(Uniform::new(3.0, 3.0), 3.0);
    constant(Exponential::new(0.0), 0.0);
    constant(Gamma::new(2.0, 0.0), 0.0);
    constant(Gamma::new(0.0, 2.0), 0.0);
    constant(Cauchy::new(3.0, 0.0), 3.0);
    constant(Laplace::new(3.0, 0.0), 3.0);
    constant(Logistic::new(3.0, 0.0), 3.0);
    constant(Gumbel::new(3.0, 0.0), 3.0);
    constant(Rayleigh::new(0.0), 0.0);
    constant(Weibull::new(0.0), 0.0);
    constant(Triangular::new(3.0, 3.0, 3.0), 3.0);
}

#[test]
fn constant_counts() {
    let zeros = [0_i64; 50];
    assert_eq!(sample::<i64>(&Poisson::new(0.0).unwrap(), 50), zeros);
    assert_eq!(sample::<i64>(&Binomial::new(0, 0.5).unwrap(), 50), zeros);
    assert_eq!(sample::<i64>(&Binomial::new(9, 0.0).unwrap(), 50), zeros);
    assert_eq!(sample::<i64>(&Binomial::new(9, 1.0).unwrap(), 50), [9_i64; 50]);
    assert_eq!(sample::<i64>(&NegativeBinomial::new(3.0, 1.0).unwrap(), 50), zeros);
    assert_eq!(sample::<i64>(&Geometric::new(1.0).unwrap(), 50), [1_i64; 50]);
    assert_eq!(sample::<i64>(&LogSeries::new(0.0).unwrap(), 50), [1_i64; 50]);
    assert_eq!(sample::<i64>(&Hypergeometric::new(0, 0, 0).unwrap(), 50), zeros);
    assert_eq!(sample::<i64>(&Zipf::new(5000.0).unwrap(), 50), [1_i64; 50]);
}

#[test]
fn tiny_and_huge_real_parameters() {
    let (tiny, huge) = (f64::MIN_POSITIVE, 1e300);
    fn numbers<D: Fill<f64> + Fill<f32>>(d: Result<D, RandomError>) -> Vec<f64> {
        let d = d.unwrap();
        assert!(sample::<f32>(&d, 200).iter().all(|x| !x.is_nan()));
        let out = sample::<f64>(&d, 200);
        assert!(out.iter().all(|x| !x.is_nan()), "{out:?}");
        out
    }
    for x in [tiny, 1e-9, 1e9, huge] {
        numbers(Uniform::new(-x, x));
        numbers(Normal::new(x, x));
        numbers(LogNormal::new(x, x));
        numbers(Exponential::new(x));
        numbers(Gamma::new(x, 1.0));
        numbers(ChiSquare::new(x));
        numbers(NoncentralChiSquare::new(x, 1.0));
        numbers(NoncentralChiSquare::new(0.5, x.min(1e18)));
        numbers(StudentT::new(x));
        numbers(Weibull::new(x));
        numbers(Pareto::new(x));
        numbers(Power::new(x));
        numbers(Triangular::new(-x, 0.0, x));
        numbers(VonMises::new(1.0, x));
        numbers(Wald::new(x, 1.0));
        numbers(Wald::new(1.0, x));
        for y in [tiny, 1.0, huge] {
            let shares = numbers(Beta::new(x, y));
            assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)));
            numbers(F::new(x, y));
            numbers(NoncentralF::new(x, y, 1.0));
        }
    }
    let below = sample::<f64>(&Uniform::new(1.0, 1.0_f64.next_up()).unwrap(), 50);
    assert_eq!(below, [1.0; 50]);
    let below = sample::<f32>(&Uniform::new(16_777_215.0, 16_777_216.0).unwrap(), 50);
    assert_eq!(below, [16_777_215.0; 50]);
}

/// Mean and standard deviation.
fn moments(out: &[i64]) -> (f64, f64) {
    let n = out.len() as f64;
    let mean = out.iter().map(|&x| x as f64).sum::<f64>() / n;
    let variance = out.iter().map(|&x| (x as f64 - mean).powi(2)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

#[test]
fn large_counts_keep_their_moments() {
    let n = 4000;
    let near = |(mean, deviation): (f64, f64), m: f64, d: f64| {
        assert!((mean - m).abs() <= 4.0 * d / f64::from(n).sqrt() + m * 1e-15, "{mean} {m}");
        assert!((deviation / d - 1.0).abs() < 0.05, "{deviation} {d}");
    };
    for mean in [1e4, 1e9, 1e15, 9e18_f64] {
        let out = sample::<i64>(&Poisson::new(mean).unwrap(), n as usize);
        near(moments(&out), mean, mean.sqrt());
    }
    for (trials, p) in [(1 << 40, 0.3_f64), (1 << 60, 1e-12)] {
        let out = sample::<i64>(&Binomial::new(trials, p).unwrap(), n as usize);
        let mean = trials as f64 * p;
        near(moments(&out), mean, (mean * (1.0 - p)).sqrt());
    }
    let out = sample::<i64>(
        &Hypergeometric::new(600_000_000, 400_000_000, 1_000_000).unwrap(),
        n as usize,
    );
    near(moments(&out), 6e5, (6e5 * 0.4 * 0.999_f64).sqrt());
    sample::<i64>(&Geometric::new(1e-300).unwrap(), 100);
    sample::<i64>(&Zipf::new(1.0_f64.next_up()).unwrap(), 100);
    sample::<i64>(&LogSeries::new(1.0_f64.next_down()).unwrap(), 100);
    sample::<i64>(&NegativeBinomial::new(1e-3, 1e-12).unwrap(), 100);
}

#[test]
fn rows_of_nothing() {
    let key = Seed(1).stream(0);
    let none = Multinomial::new(0, vec![]).unwrap();
    assert_eq!(FillRows::<i64>::width(&none), 0);
    none.fill_rows(key, 0, &mut [7_i64; 3]);
    let mut out = [7_i64; 4];
    Multinomial::new(0, vec![0.5, 0.5]).unwrap().fill_rows(key, 0, &mut out);
    assert_eq!(out, [0; 4]);
    let mut out = [7_i64; 3];
    MultivariateHypergeometric::new(vec![0, 5, 0], 5).unwrap().fill_rows(key, 0, &mut out);
    assert_eq!(out, [0, 5, 0]);
    let mut out = [7_u64; 3];
    Multinomial::new(9, vec![0.0, 1.0, 0.0]).unwrap().fill_rows(key, 0, &mut out);
    assert_eq!(out, [0, 9, 0]);
}

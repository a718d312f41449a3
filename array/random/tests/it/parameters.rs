//! What is not allowed is refused, by name.

use chunkwise_array_random::*;

/// The name of the parameter that is refused.
fn refused<D: std::fmt::Debug>(made: Result<D, RandomError>) -> &'static str {
    match made.unwrap_err() {
        RandomError::OutOfRange { parameter, .. } => parameter,
        RandomError::Disordered { parameters, .. } => parameters.0,
        RandomError::EmptyRange { .. } => "range",
        RandomError::Counts { .. } => "counts",
        RandomError::Probabilities { .. } => "probabilities",
        other => panic!("{other}"),
    }
}

#[test]
fn scales_and_shapes() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0] {
        assert_eq!(refused(Normal::new(0.0, bad)), "std");
        assert_eq!(refused(LogNormal::new(0.0, bad)), "sigma");
        assert_eq!(refused(Exponential::new(bad)), "scale");
        assert_eq!(refused(Gamma::new(bad, 1.0)), "shape");
        assert_eq!(refused(Gamma::new(1.0, bad)), "scale");
        assert_eq!(refused(Beta::new(1.0, bad)), "b");
        assert_eq!(refused(ChiSquare::new(bad)), "df");
        assert_eq!(refused(NoncentralChiSquare::new(1.0, bad)), "nonc");
        assert_eq!(refused(F::new(1.0, bad)), "dfden");
        assert_eq!(refused(NoncentralF::new(1.0, 1.0, bad)), "nonc");
        assert_eq!(refused(StudentT::new(bad)), "df");
        assert_eq!(refused(Cauchy::new(0.0, bad)), "scale");
        assert_eq!(refused(Laplace::new(0.0, bad)), "scale");
        assert_eq!(refused(Logistic::new(0.0, bad)), "scale");
        assert_eq!(refused(Gumbel::new(0.0, bad)), "scale");
        assert_eq!(refused(Rayleigh::new(bad)), "scale");
        assert_eq!(refused(Weibull::new(bad)), "a");
        assert_eq!(refused(Pareto::new(bad)), "a");
        assert_eq!(refused(Power::new(bad)), "a");
        assert_eq!(refused(VonMises::new(0.0, bad)), "kappa");
        assert_eq!(refused(Wald::new(1.0, bad)), "scale");
        assert_eq!(refused(Poisson::new(bad)), "lam");
        assert_eq!(refused(NegativeBinomial::new(bad, 0.5)), "n");
        assert_eq!(refused(Binomial::new(5, bad)), "p");
        assert_eq!(refused(Bernoulli::new(bad)), "p");
        assert_eq!(refused(Geometric::new(bad)), "p");
        assert_eq!(refused(LogSeries::new(bad)), "p");
        assert_eq!(refused(Zipf::new(bad)), "a");
        assert_eq!(refused(Choice::weighted(vec![0.5, bad])), "p");
        assert_eq!(refused(Multinomial::new(5, vec![0.5, bad])), "pvals");
    }
}

#[test]
fn locations_and_zeros() {
    for bad in [f64::NAN, f64::INFINITY] {
        assert_eq!(refused(Normal::new(bad, 1.0)), "mean");
        assert_eq!(refused(Cauchy::new(bad, 1.0)), "loc");
        assert_eq!(refused(VonMises::new(bad, 1.0)), "mu");
        assert_eq!(refused(Uniform::new(bad, 1.0)), "low");
        assert_eq!(refused(Triangular::new(0.0, 1.0, bad)), "right");
    }
    assert_eq!(refused(Wald::new(0.0, 1.0)), "mean");
    assert_eq!(refused(Geometric::new(0.0)), "p");
    assert_eq!(refused(LogSeries::new(1.0)), "p");
    assert_eq!(refused(Zipf::new(1.0)), "a");
    assert_eq!(refused(Pareto::new(0.0)), "a");
    assert_eq!(refused(Poisson::new(1e19)), "lam");
    assert_eq!(refused(Binomial::new(u64::MAX, 0.5)), "n");
    assert_eq!(refused(NegativeBinomial::new(1e18, 1e-9)), "n");
}

#[test]
fn order_counts_and_sums() {
    assert_eq!(refused(Uniform::new(1.0, 0.0)), "low");
    assert_eq!(refused(Uniform::new(f64::MIN, f64::MAX)), "low");
    assert_eq!(refused(Triangular::new(0.0, 2.0, 1.0)), "mode");
    assert_eq!(refused(Integers::<u8>::new(3, 3)), "range");
    assert_eq!(refused(Integers::<u8>::inclusive(4, 3)), "range");
    assert_eq!(refused(Choice::new(0)), "range");
    assert_eq!(refused(Choice::weighted(vec![])), "range");
    assert_eq!(refused(Choice::weighted(vec![0.5, 0.4])), "probabilities");
    assert_eq!(refused(Multinomial::new(5, vec![0.5, 0.4])), "probabilities");
    assert_eq!(refused(Hypergeometric::new(5, 5, 11)), "counts");
    assert_eq!(refused(Hypergeometric::new(u64::MAX, 5, 11)), "counts");
    assert_eq!(refused(MultivariateHypergeometric::new(vec![5, 5], 11)), "counts");
}

#[test]
fn texts() {
    let texts = [
        Uniform::new(1.0, 0.0).unwrap_err().to_string(),
        Integers::new(3, 3_u8).unwrap_err().to_string(),
        Hypergeometric::new(5, 5, 11).unwrap_err().to_string(),
        Choice::weighted(vec![0.5]).unwrap_err().to_string(),
        Zipf::new(1.0).unwrap_err().to_string(),
    ];
    let expected = [
        "low of uniform has to be at most high, with a finite difference, but they are 1 and 0",
        "there is no integer to draw between 3 and 3",
        "counts of hypergeometric have to be at least nsample together",
        "probabilities of choice have to sum to 1, but sum to 0.5",
        "a of zipf has to be finite and above 1, but is 1",
    ];
    assert_eq!(texts, expected);
}

//! One instance of each distribution, for the tests that treat all alike.

use chunkwise_array_random::*;

/// Calls `$body` with each distribution of real numbers as `$d`, and its name as `$name`.
macro_rules! each_real {
    (|$name:ident, $d:ident| $body:expr) => {
        $crate::every::each!(|$name, $d| $body;
            Uniform::new(-1.0, 3.0),
            Normal::new(1.0, 2.0),
            LogNormal::new(0.5, 0.75),
            Exponential::new(2.0),
            Gamma::new(2.5, 2.0),
            Gamma::new(0.3, 1.0),
            Gamma::new(1.0, 1.0),
            Beta::new(2.0, 3.5),
            Beta::new(0.4, 0.7),
            ChiSquare::new(3.0),
            NoncentralChiSquare::new(3.0, 2.0),
            NoncentralChiSquare::new(0.5, 2.0),
            F::new(4.0, 7.0),
            NoncentralF::new(4.0, 7.0, 2.0),
            StudentT::new(4.0),
            Cauchy::new(1.0, 2.0),
            Laplace::new(1.0, 2.0),
            Logistic::new(1.0, 2.0),
            Gumbel::new(1.0, 2.0),
            Rayleigh::new(2.0),
            Weibull::new(1.5),
            Pareto::new(3.0),
            Power::new(2.5),
            Triangular::new(-1.0, 0.5, 4.0),
            VonMises::new(0.5, 2.0),
            Wald::new(2.0, 3.0)
        )
    };
}

/// The same for distributions of counts.
macro_rules! each_count {
    (|$name:ident, $d:ident| $body:expr) => {
        $crate::every::each!(|$name, $d| $body;
            Poisson::new(3.0),
            Poisson::new(12.0),
            Poisson::new(400.0),
            Binomial::new(20, 0.3),
            Binomial::new(1_000, 0.6),
            NegativeBinomial::new(3.5, 0.25),
            Geometric::new(0.3),
            Hypergeometric::new(7, 30, 8),
            Hypergeometric::new(70, 50, 40),
            Hypergeometric::new(50, 70, 90),
            LogSeries::new(0.7),
            Zipf::new(2.5)
        )
    };
}

macro_rules! each {
    (|$name:ident, $d:ident| $body:expr; $($make:expr),+) => {
        $({
            let $name = stringify!($make);
            let $d = $make.unwrap();
            $body;
        })+
    };
}

pub(crate) use {each, each_count, each_real};

/// `n` elements from the start of a stream of its own.
pub(crate) fn sample<T: Copy + Default>(d: &impl Fill<T>, n: usize) -> Vec<T> {
    let mut out = vec![T::default(); n];
    d.fill(Seed(20).stream(1), 0, &mut out);
    out
}

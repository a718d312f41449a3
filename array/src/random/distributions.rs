//! A function, and a method of [`Generator`], for each distribution.

use super::draw::Draw;
use super::generator::Generator;
use crate::shape::Shape;
use chunkwise_array_random::*;

macro_rules! distributions {
    ($(
        $(#[$doc:meta])*
        $name:ident($($parameter:ident: $type:ty),*) = $distribution:ident, $make:expr => $element:ty;
    )+) => {
        $(
            $(#[$doc])*
            pub fn $name(
                $($parameter: $type,)*
                shape: impl Into<Shape>,
                seed: Seed,
            ) -> Draw<$distribution, $element> {
                Draw::new(stringify!($name), $make, shape.into(), seed)
            }
        )+

        impl Generator {
            $(
                $(#[$doc])*
                pub fn $name(
                    &mut self,
                    $($parameter: $type,)*
                    shape: impl Into<Shape>,
                ) -> Draw<$distribution, $element> {
                    $name($($parameter,)* shape, self.next_seed())
                }
            )+
        }
    };
}

distributions! {
    /// Numbers from 0 up to, but without, 1, all equally likely.
    random() = Uniform, Ok(Uniform::standard()) => f64;
    /// Numbers from `low` up to, but without, `high`, all equally likely.
    uniform(low: f64, high: f64) = Uniform, Uniform::new(low, high) => f64;
    /// The normal distribution with this mean and standard deviation.
    normal(mean: f64, std: f64) = Normal, Normal::new(mean, std) => f64;
    /// The normal distribution with mean 0 and standard deviation 1.
    standard_normal() = Normal, Ok(Normal::standard()) => f64;
    /// Numbers whose logarithm has the normal distribution with this mean and standard deviation.
    lognormal(mean: f64, sigma: f64) = LogNormal, LogNormal::new(mean, sigma) => f64;
    /// `true` with this probability.
    bernoulli(p: f64) = Bernoulli, Bernoulli::new(p) => bool;
    /// The beta distribution.
    beta(a: f64, b: f64) = Beta, Beta::new(a, b) => f64;
    /// How many of `n` trials succeed, each with probability `p`.
    binomial(n: u64, p: f64) = Binomial, Binomial::new(n, p) => i64;
    /// Bytes, all equally likely.
    bytes() = Bytes, Ok(Bytes) => u8;
    /// The Cauchy distribution with this centre and half width.
    cauchy(loc: f64, scale: f64) = Cauchy, Cauchy::new(loc, scale) => f64;
    /// The Cauchy distribution around 0 with half width 1.
    standard_cauchy() = Cauchy, Cauchy::new(0.0, 1.0) => f64;
    /// The chi-square distribution with so many degrees of freedom.
    chisquare(df: f64) = ChiSquare, ChiSquare::new(df) => f64;
    /// The exponential distribution with this mean.
    exponential(scale: f64) = Exponential, Exponential::new(scale) => f64;
    /// The exponential distribution with mean 1.
    standard_exponential() = Exponential, Ok(Exponential::standard()) => f64;
    /// The F distribution with so many degrees of freedom above and below.
    f(dfnum: f64, dfden: f64) = F, F::new(dfnum, dfden) => f64;
    /// The gamma distribution.
    gamma(shape_parameter: f64, scale: f64) = Gamma, Gamma::new(shape_parameter, scale) => f64;
    /// The gamma distribution of scale 1.
    standard_gamma(shape_parameter: f64) = Gamma, Gamma::new(shape_parameter, 1.0) => f64;
    /// How many trials it takes to succeed, each with probability `p`.
    geometric(p: f64) = Geometric, Geometric::new(p) => i64;
    /// The Gumbel distribution.
    gumbel(loc: f64, scale: f64) = Gumbel, Gumbel::new(loc, scale) => f64;
    /// How many of `nsample` items are good, taken from so many good and bad ones.
    hypergeometric(ngood: u64, nbad: u64, nsample: u64) = Hypergeometric, Hypergeometric::new(ngood, nbad, nsample) => i64;
    /// The Laplace distribution.
    laplace(loc: f64, scale: f64) = Laplace, Laplace::new(loc, scale) => f64;
    /// The logistic distribution.
    logistic(loc: f64, scale: f64) = Logistic, Logistic::new(loc, scale) => f64;
    /// The logarithmic series distribution.
    logseries(p: f64) = LogSeries, LogSeries::new(p) => i64;
    /// How many trials fail before `n` succeed, each with probability `p`.
    negative_binomial(n: f64, p: f64) = NegativeBinomial, NegativeBinomial::new(n, p) => i64;
    /// The noncentral chi-square distribution.
    noncentral_chisquare(df: f64, nonc: f64) = NoncentralChiSquare, NoncentralChiSquare::new(df, nonc) => f64;
    /// The noncentral F distribution.
    noncentral_f(dfnum: f64, dfden: f64, nonc: f64) = NoncentralF, NoncentralF::new(dfnum, dfden, nonc) => f64;
    /// The Pareto distribution of the second kind (Lomax).
    pareto(a: f64) = Pareto, Pareto::new(a) => f64;
    /// How many events happen where `lam` do on average.
    poisson(lam: f64) = Poisson, Poisson::new(lam) => i64;
    /// Numbers from 0 to 1 with density `a x^(a - 1)`.
    power(a: f64) = Power, Power::new(a) => f64;
    /// The Rayleigh distribution.
    rayleigh(scale: f64) = Rayleigh, Rayleigh::new(scale) => f64;
    /// Student's t distribution with so many degrees of freedom.
    standard_t(df: f64) = StudentT, StudentT::new(df) => f64;
    /// The triangular distribution from `left` to `right` with its peak at `mode`.
    triangular(left: f64, mode: f64, right: f64) = Triangular, Triangular::new(left, mode, right) => f64;
    /// The von Mises distribution of angles around `mu`.
    vonmises(mu: f64, kappa: f64) = VonMises, VonMises::new(mu, kappa) => f64;
    /// The Wald, or inverse Gaussian, distribution.
    wald(mean: f64, scale: f64) = Wald, Wald::new(mean, scale) => f64;
    /// The Weibull distribution of scale 1.
    weibull(a: f64) = Weibull, Weibull::new(a) => f64;
    /// The Zipf distribution.
    zipf(a: f64) = Zipf, Zipf::new(a) => i64;
}

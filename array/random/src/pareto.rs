//! The Pareto distribution of the second kind.

use crate::check::Check;
use crate::exponential::standard_exponential;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Excesses over a threshold of 1, with a tail of the power `-a`: `Generator.pareto`.
    ///
    /// This is the Lomax distribution, as in NumPy. Add 1 for the classical one, and multiply with its
    /// threshold.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Pareto, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Pareto::new(3.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x > 0.0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Pareto(a: f64)
    as "(f64,)" for f64, f32
}

impl Pareto {
    /// With this shape.
    ///
    /// # Errors
    ///
    /// `a` is not above 0, or not finite.
    pub fn new(a: f64) -> Result<Self, RandomError> {
        Check("pareto").positive("a", a)?;
        Ok(Self { a })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        (standard_exponential(rng) / self.a).exp_m1()
    }
}

//! The von Mises distribution.

use std::f64::consts::{PI, TAU};

use crate::check::Check;
use crate::fill::distribution;
use crate::normal::standard_normal;
use crate::{ElementRng, RandomError};

distribution! {
    /// Angles around a direction, between -pi and pi: `Generator.vonmises`.
    ///
    /// By rejection from a wrapped Cauchy distribution (Best, Fisher, *Efficient simulation of the von
    /// Mises distribution*, 1979). As in NumPy it is uniform for `kappa` below 1e-8, and a wrapped normal
    /// distribution above 1e6.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Seed, VonMises};
    ///
    /// let mut out = [0.0_f64; 100];
    /// VonMises::new(0.0, 4.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x.abs() <= std::f64::consts::PI));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct VonMises(mu: f64, kappa: f64) { envelope: f64 }
    as "(f64, f64)" for f64, f32
}

impl VonMises {
    /// Around `mu`, the closer the larger `kappa` is.
    ///
    /// # Errors
    ///
    /// - A parameter is not finite.
    /// - `kappa` is negative.
    pub fn new(mu: f64, kappa: f64) -> Result<Self, RandomError> {
        Check("vonmises").finite("mu", mu)?;
        Check("vonmises").not_negative("kappa", kappa)?;
        let envelope = if kappa < 1e-5 {
            // of the expansion in powers of kappa; not used for 0
            1.0 / kappa.max(f64::MIN_POSITIVE) + kappa
        } else {
            let r = 1.0 + (1.0 + 4.0 * kappa * kappa).sqrt();
            let rho = (r - (2.0 * r).sqrt()) / (2.0 * kappa);
            (1.0 + rho * rho) / (2.0 * rho)
        };
        Ok(Self { mu, kappa, envelope })
    }

    fn draw(&self, rng: &mut ElementRng) -> f64 {
        if self.kappa < 1e-8 {
            return PI * (2.0 * rng.unit() - 1.0);
        }
        let angle = if self.kappa > 1e6 {
            standard_normal(rng) / self.kappa.sqrt()
        } else {
            let angle = self.cosine(rng).clamp(-1.0, 1.0).acos();
            if rng.word() >> 63 == 0 { angle } else { -angle }
        };
        let wrapped = (angle + self.mu + PI).rem_euclid(TAU) - PI;
        wrapped.clamp(-PI, PI)
    }

    /// The cosine of the angle to `mu`.
    fn cosine(&self, rng: &mut ElementRng) -> f64 {
        let s = self.envelope;
        loop {
            let z = (PI * rng.unit()).cos();
            let w = (1.0 + s * z) / (s + z);
            let y = self.kappa * (s - w);
            let v = rng.open_unit();
            if y * (2.0 - y) >= v || (y / v).ln() + 1.0 >= y {
                return w;
            }
        }
    }
}

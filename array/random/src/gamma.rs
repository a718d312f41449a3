//! The gamma distribution.

use crate::check::Check;
use crate::exponential::standard_exponential;
use crate::fill::distribution;
use crate::normal::standard_normal;
use crate::{ElementRng, RandomError};

/// The gamma distribution of scale 1, prepared for one shape.
///
/// By rejection from a cubed normal number (Marsaglia, Tsang, *A simple method for generating gamma
/// variables*, 2000). A shape below 1 is drawn with 1 more, and multiplied with a power of a
/// uniform number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum StandardGamma {
    Zero,
    /// Shape 1.
    Exponential,
    /// Shape above 1.
    Large(Rejection),
    /// Shape below 1: that of one more, and the inverse of the shape.
    Small(Rejection, f64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rejection {
    d: f64,
    c: f64,
}

impl Rejection {
    fn new(shape: f64) -> Self {
        let d = shape - 1.0 / 3.0;
        Self { d, c: 1.0 / (9.0 * d).sqrt() }
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        loop {
            let x = standard_normal(rng);
            let root = 1.0 + self.c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let (u, squared) = (rng.open_unit(), x * x);
            if u < 1.0 - 0.0331 * squared * squared
                || u.ln() < 0.5 * squared + self.d * (1.0 - v + v.ln())
            {
                return self.d * v;
            }
        }
    }
}

impl StandardGamma {
    /// `shape` is finite and not negative.
    pub(crate) fn new(shape: f64) -> Self {
        if shape == 0.0 {
            Self::Zero
        } else if shape < 1.0 {
            Self::Small(Rejection::new(shape + 1.0), 1.0 / shape)
        } else if shape == 1.0 {
            Self::Exponential
        } else {
            Self::Large(Rejection::new(shape))
        }
    }

    #[inline]
    pub(crate) fn draw(&self, rng: &mut ElementRng) -> f64 {
        match self {
            Self::Zero => 0.0,
            Self::Exponential => standard_exponential(rng),
            Self::Large(rejection) => rejection.draw(rng),
            Self::Small(rejection, power) => rejection.draw(rng) * rng.open_unit().powf(*power),
        }
    }

    /// The logarithm of a draw, which does not underflow for small shapes.
    pub(crate) fn draw_ln(&self, rng: &mut ElementRng) -> f64 {
        match self {
            Self::Small(rejection, power) => {
                rejection.draw(rng).ln() - standard_exponential(rng) * power
            }
            _ => self.draw(rng).ln(),
        }
    }
}

distribution! {
    /// Waiting times for several events: `Generator.gamma` and `Generator.standard_gamma`.
    ///
    /// The mean is `shape * scale`. With `shape` or `scale` 0 every element is 0.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Gamma, Seed};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Gamma::new(2.5, 3.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| x > 0.0));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Gamma(shape: f64, scale: f64) { standard: StandardGamma }
    as "(f64, f64)" for f64, f32
}

impl Gamma {
    /// With these parameters; `scale` 1 gives the standard gamma distribution.
    ///
    /// # Errors
    ///
    /// A parameter is negative or not finite.
    pub fn new(shape: f64, scale: f64) -> Result<Self, RandomError> {
        Check("gamma").not_negative("shape", shape)?;
        Check("gamma").not_negative("scale", scale)?;
        Ok(Self { shape, scale, standard: StandardGamma::new(shape) })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        self.standard.draw(rng) * self.scale
    }
}

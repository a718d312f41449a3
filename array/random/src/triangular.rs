//! The triangular distribution.

use crate::check::Check;
use crate::fill::distribution;
use crate::{ElementRng, RandomError};

distribution! {
    /// Numbers whose density rises to `mode` and falls from there: `Generator.triangular`.
    ///
    /// By inversion. With `left` equal to `right` every element is that.
    ///
    /// ```
    /// use chunkwise_array_random::{Fill, Seed, Triangular};
    ///
    /// let mut out = [0.0_f64; 100];
    /// Triangular::new(-3.0, 0.0, 8.0)?.fill(Seed(7).stream(0), 0, &mut out);
    /// assert!(out.iter().all(|&x| (-3.0..=8.0).contains(&x)));
    /// # Ok::<(), chunkwise_array_random::RandomError>(())
    /// ```
    pub struct Triangular(left: f64, mode: f64, right: f64)
    as "(f64, f64, f64)" for f64, f32
}

impl Triangular {
    /// Between `left` and `right`, most often close to `mode`.
    ///
    /// # Errors
    ///
    /// - A parameter is not finite, or the difference of two of them is not.
    /// - They are not in order; equal ones are allowed.
    pub fn new(left: f64, mode: f64, right: f64) -> Result<Self, RandomError> {
        let check = Check("triangular");
        check.ordered(("left", "mode"), (left, mode))?;
        check.ordered(("mode", "right"), (mode, right))?;
        check.ordered(("left", "right"), (left, right))?;
        Ok(Self { left, mode, right })
    }

    #[inline]
    fn draw(&self, rng: &mut ElementRng) -> f64 {
        let (rise, base) = (self.mode - self.left, self.right - self.left);
        let u = rng.unit();
        if u * base <= rise {
            self.left + u.sqrt() * rise.sqrt() * base.sqrt()
        } else {
            self.right - (1.0 - u).sqrt() * (self.right - self.mode).sqrt() * base.sqrt()
        }
    }
}

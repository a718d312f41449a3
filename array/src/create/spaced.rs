//! `logspace`, `geomspace` and `vander`: powers.

use crate::array::Array;
use crate::chunk_spec::{ChunkAxis, ChunkSpec};
use crate::element::{Float, Number};
use crate::elementwise::{binary, unary_with};
use crate::error::ArrayError;

impl<T: Float> Array<T> {
    /// `base` to the power of `n` numbers at equal distances from `start` to `stop`, both included.
    #[track_caller]
    pub fn logspace(
        start: T,
        stop: T,
        n: usize,
        base: T,
        chunks: impl Into<ChunkSpec>,
    ) -> Array<T> {
        let exponents = Array::linspace(start.to_f64(), stop.to_f64(), n, chunks);
        unary_with("logspace", &exponents, base.to_f64(), |base, x: f64| T::of_f64(base.powf(x)))
    }

    /// `n` numbers from `start` to `stop`, both included, each the same multiple of the one before.
    ///
    /// It is an error if one of the two is 0, or their signs differ.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::geomspace(1.0, 1000.0, 4, 2);
    /// assert_eq!(x.compute()?, ndarray::arr1(&[1.0, 10.0, 100.0, 1000.0]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn geomspace(start: T, stop: T, n: usize, chunks: impl Into<ChunkSpec>) -> Array<T> {
        let (first, last) = (start.to_f64(), stop.to_f64());
        let is_open = first.is_nan() || last.is_nan() || first == 0.0 || last == 0.0;
        if is_open || first.signum() != last.signum() {
            let why = format!("no sequence of multiples leads from {start} to {stop}");
            return Array::build("geomspace", &[], |_| {
                Err(ArrayError::Argument { name: "stop", why })
            });
        }
        let exponents = Array::linspace(first.abs().log10(), last.abs().log10(), n, chunks);
        let inner = unary_with("geomspace", &exponents, first.signum(), |sign, x: f64| {
            sign * 10f64.powf(x)
        });
        // The ends are exact.
        inner.with_ends(first, last, n)
    }
}

impl Array<f64> {
    /// The same with other elements at both ends.
    #[track_caller]
    fn with_ends<T: Float>(&self, first: f64, last: f64, n: usize) -> Array<T> {
        let positions = Array::<i64>::arange(0, n as i64, 1, ChunkSpec::from(self.chunks()));
        let at = unary_with("ends", &positions, (first, last, n as i64), |ends, at: i64| {
            let (first, last, n) = *ends;
            match at {
                0 => first,
                at if at == n - 1 => last,
                _ => f64::NAN,
            }
        });
        binary("geomspace", self, &at, |x, end: f64| T::of_f64(if end.is_nan() { x } else { end }))
    }
}

impl<T: Number> Array<T> {
    /// The matrix of the powers of a vector's elements, from power `n - 1` down to 0, or the other
    /// way if `increasing`.
    ///
    /// It is an error if the array has not one axis.
    #[track_caller]
    pub fn vander(&self, n: usize, increasing: bool) -> Array<T> {
        if self.ndim() != 1 {
            let error = ArrayError::shape("a vector belongs", &self.shape());
            return Array::build("vander", &[&self.node], |_| Err(error));
        }
        let last = n as i64 - 1;
        let exponents = match increasing {
            true => Array::<i64>::arange(0, last + 1, 1, [ChunkAxis::Whole]),
            false => Array::<i64>::arange(last, -1, -1, [ChunkAxis::Whole]),
        };
        binary("vander", &self.expand_dims(-1), &exponents, |x: T, exponent: i64| {
            (0..exponent).fold(T::ONE, |power, _| power.times(x))
        })
    }
}

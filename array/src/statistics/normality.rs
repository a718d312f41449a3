//! `skewtest`, `kurtosistest`, `normaltest`: whether elements look as if drawn from a normal
//! distribution.

use crate::array::{Array, known_shape};
use crate::axes::Axes;
use crate::element::Real;
use crate::elementwise::{unary, unary_with};
use crate::error::ArrayError;
use std::f64::consts::SQRT_2;

/// What a statistical test finds.
#[derive(Clone, Debug)]
pub struct TestResult {
    /// How far what was found lies from what the hypothesis lets one expect.
    pub statistic: Array<f64>,
    /// How probable it is, if the hypothesis holds, to find something that lies as far or farther.
    pub p_value: Array<f64>,
}

impl TestResult {
    /// Of a statistic with a standard normal distribution, both tails.
    #[track_caller]
    fn of_normal(statistic: Array<f64>) -> TestResult {
        let p_value = unary("tails", &statistic, |z: f64| z.abs() / SQRT_2).erfc();
        TestResult { statistic, p_value }
    }
}

impl<T: Real> Array<T>
where
    T::Sum: Real,
{
    /// Whether the skewness along some axes is that of a normal distribution, 0 (D'Agostino 1970): the
    /// statistic has a standard normal distribution if it is. As SciPy's `skewtest`, two-sided.
    ///
    /// NaN of equal elements and where an element is NaN. Of elements that are not skewed at all the
    /// statistic is 0; SciPy takes the scaled skewness for 1 there, so that it would hang on rounding.
    ///
    /// # Errors
    /// - [`ArrayError::Axis`], [`ArrayError::RepeatedAxis`] if there are no such axes;
    /// - [`ArrayError::Shape`] if there are fewer than 8 elements along them;
    /// - [`ArrayError::Deferred`] if only a run tells how many.
    ///
    /// # Complexity
    /// As [`Array::skew_axis`].
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// // A few large ones.
    /// let x = Array::from_ndarray(&ndarray::arr1(&[1, 2, 3, 2, 1, 2, 90, 2]), 3);
    /// let test = x.skewtest(0);
    /// let (z, p) = (&test.statistic, &test.p_value).compute()?;
    /// assert!((z[[]] - 3.56913).abs() < 1e-5 && p[[]] < 0.001, "{z} {p}");
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn skewtest(&self, axes: impl Into<Axes>) -> TestResult {
        let axes = axes.into();
        TestResult::of_normal(match n_along(self, &axes, "skewtest", 8) {
            Ok(n) => unary_with("skewtest", &self.skew_axis(axes), n as f64, skew_statistic),
            Err(error) => Array::build("skewtest", &[&self.node], |_| Err(error)),
        })
    }

    /// Whether the kurtosis along some axes is that of a normal distribution (Anscombe and Glynn
    /// 1983): the statistic has about a standard normal distribution if it is. As SciPy's
    /// `kurtosistest`, two-sided; it wants 20 elements or more.
    ///
    /// # Errors
    /// As [`Array::skewtest`], but of fewer than 5 elements.
    ///
    /// # Complexity
    /// As [`Array::kurtosis_axis`].
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// // Spread evenly, without the tails of a normal distribution.
    /// let x = Array::<i64>::arange(0, 100, 1, 30);
    /// let (z, p) = (x.kurtosistest(0).statistic, x.kurtosistest(0).p_value);
    /// let (z, p) = (&z, &p).compute()?;
    /// assert!(z[[]] < -3.0 && p[[]] < 0.001, "{z} {p}");
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn kurtosistest(&self, axes: impl Into<Axes>) -> TestResult {
        let axes = axes.into();
        TestResult::of_normal(match n_along(self, &axes, "kurtosistest", 5) {
            Ok(n) => {
                let excess = self.kurtosis_axis(axes);
                unary_with("kurtosistest", &excess, n as f64, kurtosis_statistic)
            }
            Err(error) => Array::build("kurtosistest", &[&self.node], |_| Err(error)),
        })
    }

    /// Whether skewness and kurtosis together are those of a normal distribution (D'Agostino and
    /// Pearson 1973): the statistic, the sum of the squares of those of [`Array::skewtest`] and
    /// [`Array::kurtosistest`], has a χ² distribution with 2 degrees of freedom if they are. As SciPy's
    /// `normaltest`.
    ///
    /// # Errors
    /// As [`Array::skewtest`].
    ///
    /// # Complexity
    /// As [`Array::skew_axis`] and [`Array::kurtosis_axis`], in one run.
    ///
    /// ```
    /// use chunkwise_array::random::{self, Seed};
    /// use chunkwise_array::CollectionExt;
    /// let x = random::normal(3.0, 0.5, 10_000, Seed(1)).chunks(4_000);
    /// assert!(x.normaltest(0).p_value.compute()?[[]] > 0.001);
    /// assert!((&x * &x).normaltest(0).p_value.compute()?[[]] < 1e-9);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn normaltest(&self, axes: impl Into<Axes>) -> TestResult {
        let axes = axes.into();
        let skew = self.skewtest(axes.clone()).statistic;
        let kurtosis = self.kurtosistest(axes).statistic;
        let statistic = &skew * &skew + &kurtosis * &kurtosis;
        let p_value = unary("tail", &statistic, |square: f64| (-square / 2.0).exp());
        TestResult { statistic, p_value }
    }
}

/// How many elements lie along axes.
///
/// # Errors
/// If there are no such axes, or fewer elements than a test needs.
fn n_along<T: Real>(
    x: &Array<T>,
    axes: &Axes,
    test: &'static str,
    least: usize,
) -> Result<usize, ArrayError> {
    x.checked()?;
    let mask = axes.mask(x.ndim())?;
    let lens = x.chunks().axes().iter().zip(&mask).enumerate().filter(|(_, (_, is_one))| **is_one);
    let lens = lens
        .map(|(axis, (own, _))| own.len().ok_or(ArrayError::Deferred { operation: test, axis }));
    let n = lens.product::<Result<usize, _>>()?;
    match n < least {
        true => {
            let shape = known_shape(&x.node, test).map(|_| x.shape())?;
            Err(ArrayError::shape(format!("{test} needs {least} elements along its axes"), &shape))
        }
        false => Ok(n),
    }
}

/// The statistic of a skewness of `n` elements.
fn skew_statistic(n: &f64, skewness: f64) -> f64 {
    let n = *n;
    let y = skewness * ((n + 1.0) * (n + 3.0) / (6.0 * (n - 2.0))).sqrt();
    let beta = 3.0 * (n * n + 27.0 * n - 70.0) * (n + 1.0) * (n + 3.0)
        / ((n - 2.0) * (n + 5.0) * (n + 7.0) * (n + 9.0));
    let w = -1.0 + (2.0 * (beta - 1.0)).sqrt();
    let (delta, alpha) = (1.0 / (0.5 * w.ln()).sqrt(), (2.0 / (w - 1.0)).sqrt());
    delta * (y / alpha).asinh()
}

/// The statistic of an excess kurtosis of `n` elements.
fn kurtosis_statistic(n: &f64, excess: f64) -> f64 {
    let n = *n;
    let expected = 3.0 * (n - 1.0) / (n + 1.0);
    let variance =
        24.0 * n * (n - 2.0) * (n - 3.0) / ((n + 1.0) * (n + 1.0) * (n + 3.0) * (n + 5.0));
    let x = (excess + 3.0 - expected) / variance.sqrt();
    let root_beta = 6.0 * (n * n - 5.0 * n + 2.0) / ((n + 7.0) * (n + 9.0))
        * (6.0 * (n + 3.0) * (n + 5.0) / (n * (n - 2.0) * (n - 3.0))).sqrt();
    let a =
        6.0 + 8.0 / root_beta * (2.0 / root_beta + (1.0 + 4.0 / (root_beta * root_beta)).sqrt());
    let term = 1.0 - 2.0 / (9.0 * a);
    let denominator = 1.0 + x * (2.0 / (a - 4.0)).sqrt();
    let other = match denominator == 0.0 {
        true => f64::NAN,
        false => denominator.signum() * ((1.0 - 2.0 / a) / denominator.abs()).cbrt(),
    };
    (term - other) / (2.0 / (9.0 * a)).sqrt()
}

//! [`Quantiles`]: which quantiles, and how they are found between elements.

use crate::error::ArrayError;
use serde::{Deserialize, Serialize};

/// What a quantile is that lies between two elements. NumPy's methods of the same names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum QuantileMethod {
    /// As far between them as it lies.
    #[default]
    Linear,
    /// The lower one.
    Lower,
    /// The higher one.
    Higher,
    /// The nearer one; halfway, the one at an even position.
    Nearest,
    /// Halfway between them.
    Midpoint,
}

/// One quantile, or several ones that become the first axis of the result; from 0 to 1.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, QuantileMethod, Quantiles};
/// let x = Array::<i32>::arange(0, 10, 1, 4);
/// assert_eq!(x.quantile(0.5).compute()?[[]], 4.5);
/// assert_eq!(x.quantile([0.0, 0.25]).compute()?, ndarray::array![0.0, 2.25].into_dyn());
/// let lower = Quantiles::from(0.5).method(QuantileMethod::Lower);
/// assert_eq!(x.quantile(lower).compute()?[[]], 4.0);
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Quantiles {
    pub(super) parts: Vec<f64>,
    /// Whether there is one, which makes no axis.
    pub(super) is_one: bool,
    pub(super) method: QuantileMethod,
    pub(super) ignores_nan: bool,
}

/// Where a quantile of so many elements lies.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Between {
    pub(super) low: usize,
    pub(super) high: usize,
    /// How far it is from the lower to the higher element.
    share: f64,
}

impl Between {
    /// The quantile, of these elements.
    pub(super) fn value(&self, low: f64, high: f64) -> f64 {
        // Also of infinities.
        if low == high || self.share == 0.0 {
            return low;
        }
        if self.share == 1.0 {
            return high;
        }
        let difference = high - low;
        // From the nearer one, which rounds less; from an infinite one nothing can be taken off.
        match self.share < 0.5 || difference.is_infinite() {
            true => low + difference * self.share,
            false => high - difference * (1.0 - self.share),
        }
    }
}

impl QuantileMethod {
    /// Where the quantile lies among `n` elements, of which there is at least one.
    pub(super) fn between(self, part: f64, n: usize) -> Between {
        let last = n - 1;
        let position = part * last as f64;
        let low = (position.floor() as usize).min(last);
        let high = (low + 1).min(last);
        let share = position - low as f64;
        let share = match self {
            QuantileMethod::Linear => share,
            QuantileMethod::Lower => 0.0,
            QuantileMethod::Higher => share.ceil(),
            QuantileMethod::Nearest => position.round_ties_even() - low as f64,
            QuantileMethod::Midpoint if share > 0.0 => 0.5,
            QuantileMethod::Midpoint => 0.0,
        };
        Between { low, high, share }
    }
}

impl Quantiles {
    fn new(parts: Vec<f64>, is_one: bool) -> Quantiles {
        Quantiles { parts, is_one, method: QuantileMethod::default(), ignores_nan: false }
    }

    /// The same quantiles by a method.
    #[must_use]
    pub fn method(self, method: QuantileMethod) -> Quantiles {
        Quantiles { method, ..self }
    }

    pub(super) fn without_nan(self) -> Quantiles {
        Quantiles { ignores_nan: true, ..self }
    }

    /// Of percentages.
    pub(super) fn percent(self) -> Quantiles {
        Quantiles { parts: self.parts.iter().map(|part| part / 100.0).collect(), ..self }
    }

    pub(super) fn check(&self) -> Result<(), ArrayError> {
        match self.parts.iter().find(|part| !(0.0..=1.0).contains(*part)) {
            Some(part) => {
                let why = format!("{part} is not from 0 to 1");
                Err(ArrayError::Argument { name: "quantile", why })
            }
            None => Ok(()),
        }
    }
}

impl From<f64> for Quantiles {
    fn from(part: f64) -> Quantiles {
        Quantiles::new(vec![part], true)
    }
}

impl<const N: usize> From<[f64; N]> for Quantiles {
    fn from(parts: [f64; N]) -> Quantiles {
        Quantiles::new(parts.to_vec(), false)
    }
}

impl From<&[f64]> for Quantiles {
    fn from(parts: &[f64]) -> Quantiles {
        Quantiles::new(parts.to_vec(), false)
    }
}

impl From<Vec<f64>> for Quantiles {
    fn from(parts: Vec<f64>) -> Quantiles {
        Quantiles::new(parts, false)
    }
}

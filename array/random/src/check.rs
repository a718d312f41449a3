//! The ranges that parameters are checked against.

use crate::RandomError;

/// Checks the parameters of one distribution, named as in NumPy.
pub(crate) struct Check(pub(crate) &'static str);

impl Check {
    pub(crate) fn when(
        &self,
        holds: bool,
        parameter: &'static str,
        value: f64,
        allowed: &'static str,
    ) -> Result<(), RandomError> {
        if holds {
            Ok(())
        } else {
            let distribution = self.0;
            Err(RandomError::OutOfRange { distribution, parameter, value, allowed })
        }
    }

    pub(crate) fn finite(&self, parameter: &'static str, x: f64) -> Result<(), RandomError> {
        self.when(x.is_finite(), parameter, x, "finite")
    }

    pub(crate) fn not_negative(&self, parameter: &'static str, x: f64) -> Result<(), RandomError> {
        self.when(x.is_finite() && x >= 0.0, parameter, x, "finite and at least 0")
    }

    pub(crate) fn positive(&self, parameter: &'static str, x: f64) -> Result<(), RandomError> {
        self.when(x.is_finite() && x > 0.0, parameter, x, "finite and above 0")
    }

    pub(crate) fn above_one(&self, parameter: &'static str, x: f64) -> Result<(), RandomError> {
        self.when(x.is_finite() && x > 1.0, parameter, x, "finite and above 1")
    }

    /// In [0, 1].
    pub(crate) fn probability(&self, parameter: &'static str, x: f64) -> Result<(), RandomError> {
        self.when((0.0..=1.0).contains(&x), parameter, x, "between 0 and 1")
    }

    /// In (0, 1].
    pub(crate) fn probability_above_zero(
        &self,
        parameter: &'static str,
        x: f64,
    ) -> Result<(), RandomError> {
        self.when(x > 0.0 && x <= 1.0, parameter, x, "above 0 and at most 1")
    }

    /// In [0, 1).
    pub(crate) fn probability_below_one(
        &self,
        parameter: &'static str,
        x: f64,
    ) -> Result<(), RandomError> {
        self.when((0.0..1.0).contains(&x), parameter, x, "at least 0 and below 1")
    }

    pub(crate) fn at_most(
        &self,
        parameter: &'static str,
        x: f64,
        limit: f64,
        allowed: &'static str,
    ) -> Result<(), RandomError> {
        self.when(x <= limit, parameter, x, allowed)
    }

    /// A count that `i64` holds.
    pub(crate) fn fits(&self, parameter: &'static str, n: u64) -> Result<(), RandomError> {
        self.when(i64::try_from(n).is_ok(), parameter, n as f64, "at most 2^63 - 1")
    }

    pub(crate) fn ordered(
        &self,
        names: (&'static str, &'static str),
        values: (f64, f64),
    ) -> Result<(), RandomError> {
        self.finite(names.0, values.0)?;
        self.finite(names.1, values.1)?;
        if values.0 <= values.1 && (values.1 - values.0).is_finite() {
            return Ok(());
        }
        Err(RandomError::Disordered { distribution: self.0, parameters: names, values })
    }
}

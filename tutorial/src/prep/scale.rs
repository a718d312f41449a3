//! The part of the full size that is made.

use std::fmt;
use std::str::FromStr;

/// A factor above 0 and at most 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale(f64);

impl Scale {
    /// The original size.
    pub(crate) const FULL: Self = Self(1.0);
    /// What a run without a scale makes: the accounts take 4 MB and a few hundredths of a second.
    pub(crate) const QUICK: Self = Self(0.1);
    /// The same for arrays, which are larger: some 100 MB together, and about a second.
    pub(crate) const QUICK_ARRAYS: Self = Self(0.02);

    /// The scaled number of entries, rounded up, so that it is at least 1 when `full` is.
    pub(crate) fn of(self, full: u64) -> u64 {
        (self.0 * full as f64).ceil() as u64
    }

    /// The factor by which each side of something with two sides is scaled.
    pub(crate) fn of_side(self) -> f64 {
        self.0.sqrt()
    }
}

/// A text that is no [`Scale`].
#[derive(Debug, PartialEq)]
pub(crate) struct ScaleError;

impl fmt::Display for ScaleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected a number above 0 and at most 1")
    }
}

impl std::error::Error for ScaleError {}

impl FromStr for Scale {
    type Err = ScaleError;

    fn from_str(text: &str) -> Result<Self, ScaleError> {
        match text.parse() {
            // False for NaN.
            Ok(factor) if factor > 0.0 && factor <= 1.0 => Ok(Self(factor)),
            _ => Err(ScaleError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_factors_of_the_full_size_are_accepted() {
        for bad in ["", "0", "-0", "-0.1", "1.0001", "NaN", "inf", "-inf", "one", "0,5", " 1"] {
            assert_eq!(bad.parse::<Scale>(), Err(ScaleError), "{bad:?}");
        }
        for good in ["1", "1.0", "0.1", "1e-9", "5e-324"] {
            assert!(good.parse::<Scale>().is_ok(), "{good:?}");
        }
    }

    #[test]
    fn scaling_rounds_up() {
        assert_eq!(Scale::FULL.of(1_000_000), 1_000_000);
        assert_eq!(Scale::QUICK.of(1_000_000), 100_000);
        assert_eq!(Scale(1e-9).of(1_000_000), 1);
        assert_eq!(Scale(0.1).of(0), 0);
    }
}

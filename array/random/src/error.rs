//! What can be wrong with the parameters of a distribution.

use std::fmt;

/// A parameter that its distribution does not allow.
///
/// ```
/// use chunkwise_array_random::{Normal, RandomError};
///
/// let error = Normal::new(0.0, -1.0).unwrap_err();
/// assert!(matches!(error, RandomError::OutOfRange { parameter: "std", .. }));
/// assert_eq!(error.to_string(), "std of normal has to be finite and at least 0, but is -1");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RandomError {
    /// A parameter lies outside its range.
    OutOfRange {
        /// The distribution, as NumPy names it.
        distribution: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// The value that was given.
        value: f64,
        /// What is allowed, in words.
        allowed: &'static str,
    },
    /// Two parameters are in the wrong order, or too far apart for a floating-point number.
    Disordered {
        /// The distribution, as NumPy names it.
        distribution: &'static str,
        /// The names of the parameters, the one that has to be smaller first.
        parameters: (&'static str, &'static str),
        /// The values that were given, in the same order.
        values: (f64, f64),
    },
    /// There is no integer to draw.
    EmptyRange {
        /// The lower end.
        low: i128,
        /// The upper end.
        high: i128,
    },
    /// Counts add up to more than their type holds, or fewer than are to be drawn.
    Counts {
        /// The distribution, as NumPy names it.
        distribution: &'static str,
        /// What they have to be, in words.
        allowed: &'static str,
    },
    /// Probabilities that do not sum to one.
    Probabilities {
        /// The distribution, as NumPy names it.
        distribution: &'static str,
        /// What they sum to.
        sum: f64,
    },
}

impl fmt::Display for RandomError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfRange { distribution, parameter, value, allowed } => {
                write!(f, "{parameter} of {distribution} has to be {allowed}, but is {value}")
            }
            Self::Disordered { distribution, parameters: (lower, upper), values: (a, b) } => {
                write!(
                    f,
                    "{lower} of {distribution} has to be at most {upper}, with a finite \
                     difference, but they are {a} and {b}"
                )
            }
            Self::EmptyRange { low, high } => {
                write!(f, "there is no integer to draw between {low} and {high}")
            }
            Self::Counts { distribution, allowed } => {
                write!(f, "counts of {distribution} have to be {allowed}")
            }
            Self::Probabilities { distribution, sum } => {
                write!(f, "probabilities of {distribution} have to sum to 1, but sum to {sum}")
            }
        }
    }
}

impl std::error::Error for RandomError {}

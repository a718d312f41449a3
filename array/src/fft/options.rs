//! [`FftOptions`] and [`FftnOptions`]: lengths, axes, scales.

use serde::{Deserialize, Serialize};

/// Which of two transforms that undo each other is divided by the number of elements.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum FftNorm {
    /// The inverse one.
    #[default]
    Backward,
    /// Both, by the square root.
    Ortho,
    /// The forward one.
    Forward,
}

impl FftNorm {
    /// The same for a transform that is counted as the other one.
    pub(super) fn swapped(self) -> FftNorm {
        match self {
            FftNorm::Backward => FftNorm::Forward,
            FftNorm::Ortho => FftNorm::Ortho,
            FftNorm::Forward => FftNorm::Backward,
        }
    }

    /// What a transform of so many elements is multiplied by.
    pub(super) fn scale(self, n: usize, is_inverse: bool) -> f64 {
        match (self, is_inverse) {
            (FftNorm::Ortho, _) => 1.0 / (n as f64).sqrt(),
            (FftNorm::Backward, true) | (FftNorm::Forward, false) => 1.0 / n as f64,
            _ => 1.0,
        }
    }
}

/// How one axis is transformed.
///
/// ```
/// use chunkwise_array::fft::{FftNorm, FftOptions};
/// let options = FftOptions { axis: 0, norm: FftNorm::Ortho, ..FftOptions::default() };
/// assert_eq!(options.len, None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FftOptions {
    /// Elements of what is transformed, or of the result of an inverse transform to real numbers;
    /// what is longer is cut off, what is shorter is filled with zeros. As many as there are if
    /// nothing is said.
    pub len: Option<usize>,
    /// The axis; negative ones count from the end. The last one if nothing is said.
    pub axis: isize,
    /// What is divided by the number of elements.
    pub norm: FftNorm,
}

impl Default for FftOptions {
    fn default() -> FftOptions {
        FftOptions { len: None, axis: -1, norm: FftNorm::Backward }
    }
}

/// How several axes are transformed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FftnOptions {
    /// As [`FftOptions::len`], of each of the axes.
    pub lens: Option<Vec<usize>>,
    /// The axes; negative ones count from the end. If nothing is said, as many of the last ones as
    /// there are lengths, or all of them.
    pub axes: Option<Vec<isize>>,
    /// What is divided by the number of elements.
    pub norm: FftNorm,
}

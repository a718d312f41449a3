//! [`Bins`]: the bins of a histogram.

use crate::error::ArrayError;
use serde::{Deserialize, Serialize};

/// The bins of a histogram: each from one edge up to, but without, the next; the last one with it.
///
/// ```
/// use chunkwise_array::Bins;
/// assert_eq!(Bins::uniform(4, 0.0, 2.0).edges(), [0.0, 0.5, 1.0, 1.5, 2.0]);
/// assert_eq!(Bins::from([0.0, 1.0, 10.0]).edges().len(), 3);
/// ```
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Bins {
    edges: Vec<f64>,
    is_uniform: bool,
}

impl Bins {
    /// `n` bins of equal width from `low` to `high`. If these are equal, from half below to half
    /// above.
    pub fn uniform(n: usize, low: f64, high: f64) -> Bins {
        let (low, high) = if low == high { (low - 0.5, high + 0.5) } else { (low, high) };
        let step = (high - low) / n as f64;
        let mut edges: Vec<f64> = (0..=n).map(|at| low + at as f64 * step).collect();
        if let Some(last) = edges.last_mut() {
            *last = high;
        }
        Bins { edges, is_uniform: true }
    }

    /// The edges.
    pub fn edges(&self) -> &[f64] {
        &self.edges
    }

    pub(super) fn n(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    pub(super) fn check(&self) -> Result<(), ArrayError> {
        let wrong = |why: String| Err(ArrayError::Argument { name: "bins", why });
        if self.n() == 0 {
            return wrong("there is no bin".to_owned());
        }
        if let Some(edge) = self.edges.iter().find(|edge| !edge.is_finite()) {
            return wrong(format!("an edge at {edge}"));
        }
        match self.edges.windows(2).find(|pair| pair[0] > pair[1]) {
            Some(pair) => wrong(format!("{} comes behind {}", pair[1], pair[0])),
            None => Ok(()),
        }
    }

    /// The bin of a number, if it is in one. Edges must be checked.
    #[inline]
    pub(super) fn find(&self, x: f64) -> Option<usize> {
        let n = self.n();
        let (low, high) = (self.edges[0], self.edges[n]);
        // Not of NaN either.
        if !(x >= low && x <= high) {
            return None;
        }
        if !self.is_uniform {
            let behind = self.edges.partition_point(|edge| *edge <= x);
            return Some(behind.min(n).saturating_sub(1)).map(|bin| self.last_of_equal(bin, x));
        }
        let bin = (((x - low) / (high - low) * n as f64) as usize).min(n - 1);
        // Rounding may lead over an edge.
        if x < self.edges[bin] {
            return Some(bin - 1);
        }
        Some(if bin + 1 < n && x >= self.edges[bin + 1] { bin + 1 } else { bin })
    }

    /// A number at the last edge is in the last bin, also if that has no width.
    fn last_of_equal(&self, bin: usize, x: f64) -> usize {
        if x == self.edges[self.n()] { self.n() - 1 } else { bin }
    }
}

impl<const N: usize> From<[f64; N]> for Bins {
    fn from(edges: [f64; N]) -> Bins {
        Bins { edges: edges.to_vec(), is_uniform: false }
    }
}

impl From<Vec<f64>> for Bins {
    fn from(edges: Vec<f64>) -> Bins {
        Bins { edges, is_uniform: false }
    }
}

impl From<&[f64]> for Bins {
    fn from(edges: &[f64]) -> Bins {
        edges.to_vec().into()
    }
}

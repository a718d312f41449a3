//! `unwrap_phase`: angles without jumps.

use super::neighbours::{Neighbours, Slices, neighbours};
use crate::array::Array;
use crate::axes::Axes;
use crate::element::Real;
use crate::elementwise::binary;
use crate::error::ArrayError;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

/// What is to be added from each element on, so that it is as near as can be to the one before.
#[derive(Clone, Serialize, Deserialize)]
#[serde(bound = "")]
struct Jumps<T> {
    period: f64,
    of: PhantomData<fn() -> T>,
}

impl<T> Jumps<T> {
    fn correction(&self, before: f64, x: f64) -> f64 {
        let (difference, half) = (x - before, self.period / 2.0);
        if difference.abs() < half {
            return 0.0;
        }
        let wrapped = (difference + half).rem_euclid(self.period) - half;
        // Half a period up stays one up.
        let wrapped = if wrapped == -half && difference > 0.0 { half } else { wrapped };
        wrapped - difference
    }
}

impl<T: Real> Neighbours for Jumps<T> {
    type In = T;
    type Out = f64;
    const NAME: &'static str = "unwrap_phase";
    const REACH: (usize, usize) = (1, 0);
    const SHORTER: usize = 0;

    fn slice(&self, position: usize, _: usize, input: &Slices<'_, T>, out: &mut [f64]) {
        let Some(before) = position.checked_sub(1) else { return out.fill(0.0) };
        let pairs = input.at(before).iter().zip(input.at(position));
        for (out, (before, x)) in out.iter_mut().zip(pairs) {
            *out = self.correction(before.to_f64(), x.to_f64());
        }
    }
}

impl<T: Real> Array<T> {
    /// The elements along an axis with whole periods added, so that none differs from the one before
    /// by more than half a period: angles that run on where they jumped, of period 2π or 360. NumPy's
    /// `unwrap`.
    ///
    /// Preserves shape and chunks. Behind a NaN everything is NaN.
    ///
    /// # Errors
    /// - [`ArrayError::Axis`] if there is no such axis, [`ArrayError::Argument`] if it is not one, or
    ///   if the period is not greater than 0;
    /// - [`ArrayError::Deferred`] if only a run tells the length of the axis.
    ///
    /// # Complexity
    /// O(elements): a running sum, as [`Array::cumsum`], of what [`Array::diff`] takes to find.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let degrees = Array::from_ndarray(&ndarray::arr1(&[350.0, 355.0, 0.0, 5.0, 358.0]), 2);
    /// let on = degrees.unwrap_phase(0, 360.0);
    /// assert_eq!(on.compute()?, ndarray::arr1(&[350.0, 355.0, 360.0, 365.0, 358.0]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn unwrap_phase(&self, axis: impl Into<Axes>, period: f64) -> Array<f64> {
        if period.is_nan() || period <= 0.0 {
            let why = format!("{period}, which is not greater than 0");
            return Array::build("unwrap_phase", &[&self.node], |_| {
                Err(ArrayError::Argument { name: "period", why })
            });
        }
        let axis = axis.into();
        let jumps = neighbours(self, axis.clone(), Jumps { period, of: PhantomData }, 0);
        let periods = jumps.cumsum(axis);
        binary("unwrap_phase", self, &periods, |x: T, added: f64| x.to_f64() + added)
    }
}

//! Quantiles, percentiles and medians, along axes and over everything.

use super::quantiles::{Between, QuantileMethod, Quantiles};
use super::selection::select_over_all;
use crate::array::Array;
use crate::axes::Axes;
use crate::element::{Float, Real};
use crate::elementwise::unary;
use crate::error::ArrayError;
use crate::scalar::Scalar;
use crate::sort::{LaneKernel, LaneVec, Place, lanes, order};
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize)]
struct QuantileLanes(Quantiles);

impl QuantileLanes {
    fn lane(&self, lane: &mut [f64], out: &mut [f64]) {
        let Quantiles { parts, method, ignores_nan, .. } = &self.0;
        let mut n = 0;
        for at in 0..lane.len() {
            if !lane[at].is_nan() {
                lane.swap(n, at);
                n += 1;
            }
        }
        if n == 0 || (n < lane.len() && !ignores_nan) {
            out.fill(f64::NAN);
            return;
        }
        let lane = &mut lane[..n];
        let places: Vec<Between> = parts.iter().map(|part| method.between(*part, n)).collect();
        let mut wanted: Vec<usize> = places.iter().flat_map(|p| [p.low, p.high]).collect();
        wanted.sort_unstable();
        wanted.dedup();
        // Each is looked for behind the one before.
        let mut start = 0;
        for rank in wanted {
            lane[start..].select_nth_unstable_by(rank - start, order);
            start = rank + 1;
        }
        for (out, place) in out.iter_mut().zip(&places) {
            *out = place.value(lane[place.low], lane[place.high]);
        }
    }
}

impl LaneKernel for QuantileLanes {
    type In = f64;
    type Out = f64;
    const NAME: &'static str = "quantile";

    fn out_len(&self, _: Option<usize>) -> Option<usize> {
        Some(self.0.parts.len())
    }

    fn lanes(&self, lanes: LaneVec<f64>) -> Result<Vec<f64>, ArrayError> {
        Ok(lanes.map(self.0.parts.len(), |lane, out| self.lane(lane, out)))
    }

    fn scratch(&self, _: usize) -> usize {
        self.0.parts.len() * 64
    }
}

#[track_caller]
pub(super) fn to_f64<T: Real>(x: &Array<T>) -> Array<f64> {
    unary("to_f64", x, |x: T| x.to_f64())
}

#[track_caller]
fn over_all<T: Real>(x: &Array<T>, quantiles: Quantiles) -> Array<f64> {
    if let Err(error) = quantiles.check() {
        return Array::build("quantile", &[&x.node], |_| Err(error));
    }
    match x.n_chunks() {
        1 => along(x, Axes::all(), quantiles),
        _ => select_over_all(&to_f64(x), quantiles),
    }
}

#[track_caller]
fn along<T: Real>(x: &Array<T>, axes: Axes, quantiles: Quantiles) -> Array<f64> {
    let checked = quantiles.check();
    let place = match quantiles.is_one {
        true => Place::Gone { keep: axes.is_kept() },
        false => Place::First,
    };
    lanes(&to_f64(x), QuantileLanes(quantiles), place, |ndim| {
        checked?;
        axes.mask(ndim)
    })
}

impl<T: Real> Array<T> {
    /// Exact quantiles of all elements: without an axis of one quantile, else along one axis. NaN if
    /// one of the elements is, or if there are none.
    ///
    /// # Complexity
    /// O(elements x log of those in a chunk). The elements are never brought together: each chunk
    /// gives 1_024 of its elements, at equal distances in sorted order; bounds are found from these,
    /// between which a quantile must lie; then each chunk gives what it has between the bounds,
    /// about 3 / 1_024 of all elements for each quantile, of which one task finds the exact one.
    /// Every chunk is needed twice.
    #[track_caller]
    pub fn quantile(&self, quantiles: impl Into<Quantiles>) -> Array<f64> {
        over_all(self, quantiles.into())
    }

    /// Exact quantiles along some axes; several ones along a new first axis. As [`Array::quantile`]
    /// in everything else.
    ///
    /// With [`Axes::keep`] the axes stay with length 1, if it is one quantile.
    ///
    /// # Complexity
    /// O(elements). A task takes all chunks along the axes, and holds their elements as `f64` while
    /// it looks.
    #[track_caller]
    pub fn quantile_axis(
        &self,
        axes: impl Into<Axes>,
        quantiles: impl Into<Quantiles>,
    ) -> Array<f64> {
        along(self, axes.into(), quantiles.into())
    }

    /// [`Array::quantile`], of percentages: from 0 to 100.
    #[track_caller]
    pub fn percentile(&self, percentages: impl Into<Quantiles>) -> Array<f64> {
        over_all(self, percentages.into().percent())
    }

    /// [`Array::quantile_axis`], of percentages: from 0 to 100.
    #[track_caller]
    pub fn percentile_axis(
        &self,
        axes: impl Into<Axes>,
        percentages: impl Into<Quantiles>,
    ) -> Array<f64> {
        along(self, axes.into(), percentages.into().percent())
    }

    /// The element in the middle of all in sorted order; of an even number the mean of the two in
    /// the middle. See [`Array::quantile`].
    #[track_caller]
    pub fn median(&self) -> Scalar<f64> {
        Scalar(over_all(self, Quantiles::from(0.5).method(QuantileMethod::Midpoint)))
    }

    /// The medians along some axes; see [`Array::quantile_axis`].
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![[1, 9], [7, 3], [2, 5]], 2);
    /// assert_eq!(x.median_axis(0).compute()?, ndarray::array![2.0, 5.0].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn median_axis(&self, axes: impl Into<Axes>) -> Array<f64> {
        along(self, axes.into(), Quantiles::from(0.5).method(QuantileMethod::Midpoint))
    }
}

impl<T: Float> Array<T> {
    /// [`Array::quantile`] of the elements that are not NaN; NaN of none.
    #[track_caller]
    pub fn nanquantile(&self, quantiles: impl Into<Quantiles>) -> Array<f64> {
        over_all(self, quantiles.into().without_nan())
    }

    /// [`Array::quantile_axis`] of the elements that are not NaN; NaN of none.
    #[track_caller]
    pub fn nanquantile_axis(
        &self,
        axes: impl Into<Axes>,
        quantiles: impl Into<Quantiles>,
    ) -> Array<f64> {
        along(self, axes.into(), quantiles.into().without_nan())
    }

    /// [`Array::percentile`] of the elements that are not NaN; NaN of none.
    #[track_caller]
    pub fn nanpercentile(&self, percentages: impl Into<Quantiles>) -> Array<f64> {
        over_all(self, percentages.into().percent().without_nan())
    }

    /// [`Array::percentile_axis`] of the elements that are not NaN; NaN of none.
    #[track_caller]
    pub fn nanpercentile_axis(
        &self,
        axes: impl Into<Axes>,
        percentages: impl Into<Quantiles>,
    ) -> Array<f64> {
        along(self, axes.into(), percentages.into().percent().without_nan())
    }

    /// [`Array::median`] of the elements that are not NaN; NaN of none.
    #[track_caller]
    pub fn nanmedian(&self) -> Scalar<f64> {
        let median = Quantiles::from(0.5).method(QuantileMethod::Midpoint);
        Scalar(over_all(self, median.without_nan()))
    }

    /// [`Array::median_axis`] of the elements that are not NaN; NaN of none.
    #[track_caller]
    pub fn nanmedian_axis(&self, axes: impl Into<Axes>) -> Array<f64> {
        let median = Quantiles::from(0.5).method(QuantileMethod::Midpoint);
        along(self, axes.into(), median.without_nan())
    }
}

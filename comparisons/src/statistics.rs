//! Median, smallest and largest of a few measurements.

use serde::Serialize;

/// What a few measurements of one thing come to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Summary {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Summary {
    /// Summarises `values`; `None` when there are none.
    ///
    /// NaN sorts above every number, so it shows in `max` rather than being dropped.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let (&min, &max) = (sorted.first()?, sorted.last()?);
        let middle = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        };
        Some(Self { median, min, max })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_has_no_summary() {
        assert_eq!(Summary::of([]), None);
    }

    #[test]
    fn median_of_odd_and_even_counts() {
        assert_eq!(Summary::of([7.0]), Some(Summary { median: 7.0, min: 7.0, max: 7.0 }));
        assert_eq!(Summary::of([3.0, 1.0, 9.0]), Some(Summary { median: 3.0, min: 1.0, max: 9.0 }));
        assert_eq!(
            Summary::of([4.0, 1.0, 2.0, 100.0]),
            Some(Summary { median: 3.0, min: 1.0, max: 100.0 })
        );
    }

    #[test]
    fn nan_shows_as_largest() {
        let summary = Summary::of([f64::NAN, 1.0, 2.0]).unwrap();
        assert_eq!((summary.median, summary.min), (2.0, 1.0));
        assert!(summary.max.is_nan());
    }

    proptest! {
        #[test]
        fn half_lies_on_each_side(values in prop::collection::vec(-1e9..1e9, 1..40)) {
            let summary = Summary::of(values.iter().copied()).unwrap();
            let below = values.iter().filter(|&&v| v < summary.median).count();
            let above = values.iter().filter(|&&v| v > summary.median).count();
            prop_assert!(below * 2 <= values.len() && above * 2 <= values.len());
            prop_assert!(values.iter().all(|&v| summary.min <= v && v <= summary.max));
            prop_assert!(values.contains(&summary.min) && values.contains(&summary.max));
        }
    }
}

//! Statistics of the distribution of elements: quantiles, histograms, the different elements,
//! covariance, tests of normality.

mod bincount;
mod bins;
mod covariance;
mod histogram;
mod normality;
mod quantile;
mod quantiles;
mod selection;
mod sets;
mod unique;

pub use bins::Bins;
pub use normality::TestResult;
pub use quantiles::{QuantileMethod, Quantiles};
pub use unique::Unique;

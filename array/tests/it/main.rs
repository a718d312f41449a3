//! Arrays from the outside: results against `ndarray`, on every scheduler, from any cut.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

/// Arrays with parts replaced, choices, and places among sorted elements.
mod assigning;
/// Functions of chunks, with what lies around them, and of lanes.
mod blocks;
/// What tasks on larger chunks allocate, beside what they said.
mod bounds;
/// What every operation is checked with.
mod check;
/// Ranges, positions, triangles and powers.
mod creation;
/// Decompositions of matrices, equations.
#[cfg(feature = "linalg")]
mod decompositions;
/// Fourier transforms.
#[cfg(feature = "fft")]
mod fourier;
/// Functions along core dimensions.
mod gufuncs;
/// Arrays put together and taken apart, repeated, and padded.
mod joining;
/// Axes permuted, added, dropped, reversed and repeated.
mod layout;
/// Selections by masks, and where something is.
mod masking;
/// Norms, powers, least squares: as NumPy gives them.
#[cfg(feature = "linalg")]
mod matrices;
/// Tests of normality, as SciPy does them.
mod normality;
/// Reductions, quantiles, histograms and sorting as NumPy does them.
mod numpy;
/// Indexing against what NumPy says.
mod numpy_indexing;
/// Other chunks, and sorting, of arrays larger than memory.
mod outofcore;
/// Borders around arrays, as NumPy makes them.
mod pad;
/// Pictures of arrays.
mod pictures;
/// Products of vectors and matrices.
#[cfg(feature = "linalg")]
mod products;
/// Selections that move to the sources: what is read, and that parts are parts of the whole.
mod pushdown;
/// Values put at positions along an axis, and places by several keys.
mod putting;
/// Random numbers.
mod random;
/// Other chunks, in stages.
mod rechunk;
/// Sums, means, extremes.
mod reductions;
/// The same elements in another shape.
mod reshape;
/// Running sums, differences.
mod scans;
/// Slices with any step, single positions, new axes.
mod slicing;
/// Kernels that slide along, polynomials, angles, bits, pieces.
mod sliding;
/// Sorting, the greatest few.
mod sorting;
/// Quantiles, histograms, sets, covariances.
mod statistics;
/// The page of what there is.
mod status;
/// Writing, and reading what was written.
mod store;
/// Elements by lists of positions, by points, by chunks.
mod taking;
/// Functions of elements, casts, common types.
mod ufuncs;

//! Coordinates: across the layers and along the flow.

use super::align::{self, Bias};
use super::layered::Layered;

/// Free room between two nodes of a layer; half of it comes from each side.
const NODE_GAP: f64 = 20.0;
/// Free room between two arcs that pass a layer side by side.
const DUMMY_GAP: f64 = 12.0;
/// Free room between two layers.
const LAYER_GAP: f64 = 38.0;
/// Layers move apart by this share of the widest step between them, so that it is not too flat.
const GAP_PER_STEP: f64 = 0.07;
/// The most that layers move apart for wide steps.
const MAX_EXTRA_GAP: f64 = 130.0;

/// The least distance between the middles of two neighbours on a layer.
pub(super) fn separation(layered: &Layered, a: u32, b: u32) -> f64 {
    let half = |v: u32| {
        let gap = if layered.is_dummy(v) { DUMMY_GAP } else { NODE_GAP };
        (layered.size[v as usize].width + gap) / 2.0
    };
    half(a) + half(b)
}

/// The x coordinate of every vertex: four extreme placements, and of each vertex the mean of the
/// two middle ones (Brandes, Köpf, "Fast and simple horizontal coordinate assignment", 2001).
///
/// # Complexity
/// O(vertices + arcs), besides sorting the neighbours of each vertex.
pub(super) fn across(layered: &Layered) -> Vec<f64> {
    let marked = align::conflicts(layered);
    let biases = [(false, false), (false, true), (true, false), (true, true)];
    let mut placements = biases.map(|(upwards, mirrored)| {
        align::coordinates(layered, &marked, Bias { upwards, mirrored })
    });
    let extents = placements.each_ref().map(|xs| extent(layered, xs));
    let width = |i: &usize| extents[*i].1 - extents[*i].0;
    let narrowest = (0..4).min_by(|a, b| width(a).total_cmp(&width(b))).unwrap_or(0);
    for (i, xs) in placements.iter_mut().enumerate() {
        // Placements pushed to the left agree on the left edge, the others on the right one.
        let shift = if biases[i].1 {
            extents[narrowest].1 - extents[i].1
        } else {
            extents[narrowest].0 - extents[i].0
        };
        xs.iter_mut().for_each(|x| *x += shift);
    }
    (0..layered.len())
        .map(|v| {
            let mut of_v = placements.each_ref().map(|xs| xs[v]);
            of_v.sort_by(f64::total_cmp);
            (of_v[1] + of_v[2]) / 2.0
        })
        .collect()
}

fn extent(layered: &Layered, xs: &[f64]) -> (f64, f64) {
    let halves = layered.size.iter().map(|size| size.width / 2.0);
    xs.iter().zip(halves).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (x, half)| {
        (low.min(x - half), high.max(x + half))
    })
}

/// Top and bottom of each layer.
pub(super) fn along(layered: &Layered, across: &[f64]) -> Vec<(f64, f64)> {
    let mut bands = Vec::with_capacity(layered.layers.len());
    let mut y = 0.0;
    for layer in &layered.layers {
        let height = |&v: &u32| layered.size[v as usize].height;
        let height = layer.iter().map(height).fold(0.0, f64::max);
        bands.push((y, y + height));
        let step = |&v: &u32| {
            let here = across[v as usize];
            let there = layered.below[v as usize].iter().map(|&w| across[w as usize]);
            there.map(|x| (x - here).abs()).fold(0.0, f64::max)
        };
        let widest = layer.iter().map(step).fold(0.0, f64::max);
        y += height + LAYER_GAP + (widest * GAP_PER_STEP).min(MAX_EXTRA_GAP);
    }
    bands
}

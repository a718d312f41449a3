//! The last touch on the coordinates across: nodes that line up with nothing move between their
//! neighbours.

use super::layered::Layered;
use super::place::separation;
use std::cmp::Ordering;

/// Rounds over all layers; each goes down and up.
const ROUNDS: usize = 4;
/// Two vertices line up if their middles differ by less than this, in pixels.
const LINED_UP: f64 = 0.5;
/// A straight arrow holds a node if it is one of at most so many on its side; among more of them
/// it is straight by accident.
const MAX_HOLDING: usize = 3;

/// Moves nodes to the middle of their neighbours, as far as the others on their layer allow, unless a
/// straight arrow holds them or they stand in the middle of their neighbours before or after.
///
/// The mean of extreme placements is straight and symmetric but leaves uneven gaps where a layer
/// is free to choose. Between two vertices that stand still, the free ones get the places with
/// the least squared distance to their wishes that keep the separations: an isotonic regression,
/// solved by pooling adjacent violators (Ayer et al. 1955).
///
/// # Complexity
/// O(vertices + arcs) for each of 8 passes.
pub(super) fn free_nodes(layered: &Layered, xs: &mut [f64]) {
    for _ in 0..ROUNDS {
        for l in (0..layered.layers.len()).chain((0..layered.layers.len()).rev()) {
            settle_layer(layered, &layered.layers[l], xs);
        }
    }
}

fn settle_layer(layered: &Layered, layer: &[u32], xs: &mut [f64]) {
    let wishes: Vec<Option<f64>> = layer.iter().map(|&v| wish(layered, v, xs)).collect();
    let mut start = 0;
    while start < layer.len() {
        let run = wishes[start..].iter().take_while(|w| w.is_some()).count();
        if run > 0 {
            settle_run(layered, layer, start..start + run, &wishes, xs);
        }
        start += run + 1;
    }
}

/// Where a vertex would like to be; `None` if it stays.
fn wish(layered: &Layered, v: u32, xs: &[f64]) -> Option<f64> {
    let sides = [&layered.above[v as usize], &layered.below[v as usize]];
    let lined_up = |x: f64| (x - xs[v as usize]).abs() < LINED_UP;
    let mean = |side: &[u32]| side.iter().map(|&w| xs[w as usize]).sum::<f64>() / side.len() as f64;
    let held = |side: &Vec<u32>| {
        let straight = |&w: &u32| lined_up(xs[w as usize]);
        let few = side.len() <= MAX_HOLDING;
        !side.is_empty() && (lined_up(mean(side)) || (few && side.iter().any(straight)))
    };
    if layered.is_dummy(v) || sides.into_iter().any(held) {
        return None;
    }
    // The side with more neighbours is the one where standing off the middle shows.
    match sides[0].len().cmp(&sides[1].len()) {
        Ordering::Less => Some(mean(sides[1])),
        Ordering::Greater => Some(mean(sides[0])),
        Ordering::Equal if sides[0].is_empty() => None,
        Ordering::Equal => Some((mean(sides[0]) + mean(sides[1])) / 2.0),
    }
}

/// Places the free vertices `run` of a layer between the fixed ones on both sides.
fn settle_run(
    layered: &Layered,
    layer: &[u32],
    run: std::ops::Range<usize>,
    wishes: &[Option<f64>],
    xs: &mut [f64],
) {
    // With the separations taken off, "keeps its distance" reads "does not decrease".
    let mut taken = 0.0;
    let mut offsets = Vec::with_capacity(run.len());
    let mut pools: Vec<(f64, f64)> = Vec::with_capacity(run.len());
    for at in run.clone() {
        if at > run.start {
            taken += separation(layered, layer[at - 1], layer[at]);
        }
        offsets.push(taken);
        let mut pool = (wishes[at].unwrap_or(xs[layer[at] as usize]) - taken, 1.0);
        while let Some(&(mean, size)) = pools.last() {
            if mean <= pool.0 {
                break;
            }
            pools.pop();
            pool = ((mean * size + pool.0 * pool.1) / (size + pool.1), size + pool.1);
        }
        pools.push(pool);
    }
    let low = match run.start.checked_sub(1) {
        Some(at) => xs[layer[at] as usize] + separation(layered, layer[at], layer[run.start]),
        None => f64::NEG_INFINITY,
    };
    let high = match layer.get(run.end) {
        Some(&v) => xs[v as usize] - separation(layered, layer[run.end - 1], v) - taken,
        None => f64::INFINITY,
    };
    let mut vertices = run.map(|at| layer[at]).zip(offsets);
    for (mean, size) in pools {
        for (v, offset) in vertices.by_ref().take(size as usize) {
            // The bounds leave room because the places before kept the same separations; rounding
            // may turn them by a hair.
            xs[v as usize] = mean.min(high).max(low) + offset;
        }
    }
}

//! The order of the vertices within each layer, for few crossings.

use super::crossings;
use super::layered::Layered;

/// Sweeps over all layers; more gain little (Gansner et al. 1993 use 24 as well).
const MAX_SWEEPS: usize = 24;
/// Give up after this many sweeps that found nothing better.
const PATIENCE: usize = 6;
/// Passes over one layer that exchange neighbours.
const MAX_EXCHANGES: usize = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Above,
    Below,
}

/// Orders every layer.
///
/// Two starting orders, by depth-first search from the sinks and from the sources: each keeps the
/// order in which arguments were given, and has no crossing where the graph is a tree. Then
/// sweeps down and up which sort each layer by the median or the mean position of its neighbours
/// (Sugiyama, Tagawa, Toda 1981; Eades, Wormald 1994) and exchange neighbouring vertices while
/// that helps (Gansner et al. 1993). The best order seen is kept.
pub(super) fn reduce_crossings(layered: &mut Layered) {
    let mut best = u64::MAX;
    let mut best_layers = Vec::new();
    for from in [Side::Above, Side::Below] {
        depth_first(layered, from);
        let start = crossings::count(layered);
        if start < best {
            best = start;
            best_layers.clone_from(&layered.layers);
        }
        if best > 0 {
            sweep_all(layered, &mut best, &mut best_layers);
        }
        if best == 0 {
            break;
        }
    }
    layered.layers = best_layers;
    layered.renumber();
}

fn sweep_all(layered: &mut Layered, best: &mut u64, best_layers: &mut Vec<Vec<u32>>) {
    let mut fruitless = 0;
    for sweep in 0..MAX_SWEEPS {
        sort_layers(layered, sweep);
        exchange_neighbours(layered);
        let now = crossings::count(layered);
        fruitless += 1;
        if now < *best {
            *best = now;
            best_layers.clone_from(&layered.layers);
            fruitless = 0;
        }
        if now == 0 || fruitless == PATIENCE {
            return;
        }
    }
}

/// Lists the vertices of each layer as a depth-first search meets them: from those without a
/// neighbour below, upwards, or the other way round.
fn depth_first(layered: &mut Layered, towards: Side) {
    let n = layered.len() as u32;
    let mut seen = vec![false; n as usize];
    let mut layers: Vec<Vec<u32>> =
        layered.layers.iter().map(|l| Vec::with_capacity(l.len())).collect();
    let (ahead, behind) = match towards {
        Side::Above => (&layered.above, &layered.below),
        Side::Below => (&layered.below, &layered.above),
    };
    let mut stack = Vec::new();
    for root in (0..n).filter(|&v| behind[v as usize].is_empty()) {
        stack.push(root);
        while let Some(v) = stack.pop() {
            if std::mem::replace(&mut seen[v as usize], true) {
                continue;
            }
            layers[layered.rank[v as usize] as usize].push(v);
            stack.extend(ahead[v as usize].iter().rev().filter(|&&w| !seen[w as usize]));
        }
    }
    layered.layers = layers;
    layered.renumber();
}

/// One sweep: even ones go down and look up, odd ones the other way; the first two of four go by
/// the median, the others by the mean; every second pair turns ties round.
fn sort_layers(layered: &mut Layered, sweep: usize) {
    let side = if sweep.is_multiple_of(2) { Side::Above } else { Side::Below };
    let by_median = sweep % 4 < 2;
    let turn_ties = sweep % 8 >= 4;
    let n = layered.layers.len();
    for step in 0..n {
        let l = if side == Side::Above { step } else { n - 1 - step };
        let mut layer = std::mem::take(&mut layered.layers[l]);
        sort_layer(layered, &mut layer, side, by_median, turn_ties);
        for (at, &v) in (0u32..).zip(&layer) {
            layered.position[v as usize] = at;
        }
        layered.layers[l] = layer;
    }
}

fn sort_layer(layered: &Layered, layer: &mut [u32], side: Side, by_median: bool, turn: bool) {
    let neighbours = if side == Side::Above { &layered.above } else { &layered.below };
    let mut slots = Vec::with_capacity(layer.len());
    let mut movable = Vec::with_capacity(layer.len());
    let mut at = Vec::new();
    for (slot, &v) in layer.iter().enumerate() {
        at.clear();
        at.extend(neighbours[v as usize].iter().map(|&w| layered.position[w as usize]));
        if at.is_empty() {
            // Nothing pulls it on this side: it stays.
            continue;
        }
        slots.push(slot);
        movable.push((if by_median { median(&mut at) } else { mean(&at) }, v));
    }
    if turn {
        movable.reverse();
    }
    movable.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (slot, (_, v)) in slots.into_iter().zip(movable) {
        layer[slot] = v;
    }
}

fn mean(positions: &[u32]) -> f64 {
    positions.iter().map(|&p| f64::from(p)).sum::<f64>() / positions.len() as f64
}

/// The median; for an even number the two middle ones, weighted towards the closer-packed side.
fn median(positions: &mut [u32]) -> f64 {
    positions.sort_unstable();
    let n = positions.len();
    let at = |i: usize| f64::from(positions[i]);
    let middle = n / 2;
    match n {
        1 => at(0),
        2 => (at(0) + at(1)) / 2.0,
        n if n % 2 == 1 => at(middle),
        _ => {
            let left = at(middle - 1) - at(0);
            let right = at(n - 1) - at(middle);
            if left + right == 0.0 {
                (at(middle - 1) + at(middle)) / 2.0
            } else {
                (at(middle - 1) * right + at(middle) * left) / (left + right)
            }
        }
    }
}

/// Exchanges neighbours within each layer while that removes crossings.
fn exchange_neighbours(layered: &mut Layered) {
    for l in 0..layered.layers.len() {
        let mut layer = std::mem::take(&mut layered.layers[l]);
        let sorted = |lists: &[Vec<u32>], v: u32| {
            let mut at: Vec<u32> =
                lists[v as usize].iter().map(|&w| layered.position[w as usize]).collect();
            at.sort_unstable();
            at
        };
        // The other layers stand still meanwhile, so that their positions are looked up once.
        let mut ends: Vec<(Vec<u32>, Vec<u32>)> =
            layer.iter().map(|&v| (sorted(&layered.above, v), sorted(&layered.below, v))).collect();
        for _ in 0..MAX_EXCHANGES {
            let mut improved = false;
            for i in 1..layer.len() {
                let (a, b) = (&ends[i - 1], &ends[i]);
                let now = crossings::between(&a.0, &b.0) + crossings::between(&a.1, &b.1);
                if now == 0 {
                    continue;
                }
                let then = crossings::between(&b.0, &a.0) + crossings::between(&b.1, &a.1);
                if then < now {
                    layer.swap(i - 1, i);
                    ends.swap(i - 1, i);
                    improved = true;
                }
            }
            if !improved {
                break;
            }
        }
        for (at, &v) in (0u32..).zip(&layer) {
            layered.position[v as usize] = at;
        }
        layered.layers[l] = layer;
    }
}

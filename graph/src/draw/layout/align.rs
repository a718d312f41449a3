//! One of the four alignments of Brandes and Köpf, as coordinates.

use super::layered::Layered;
use super::place::separation;
use std::collections::HashSet;

/// Which neighbours vertices line up with, and which side gets its wish first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bias {
    /// Line up with the layer after rather than with the one before.
    pub(super) upwards: bool,
    /// From right to left.
    pub(super) mirrored: bool,
}

/// Arcs (from, to) that must not be straightened because they cross a long arc.
pub(super) type Conflicts = HashSet<(u32, u32)>;

/// Finds the arcs that cross the inner part of a long arc (between two dummies): long arcs are
/// the ones to keep straight.
pub(super) fn conflicts(layered: &Layered) -> Conflicts {
    let mut marked = Conflicts::new();
    let position = |v: u32| layered.position[v as usize];
    let inner_end = |v: u32| {
        let end = layered.above[v as usize].first().copied();
        end.filter(|&u| layered.is_dummy(v) && layered.is_dummy(u)).map(position)
    };
    for pair in layered.layers.windows(2) {
        let (upper, lower) = (&pair[0], &pair[1]);
        let (mut scanned, mut left) = (0, 0);
        for (i, &v) in lower.iter().enumerate() {
            let end = inner_end(v);
            if end.is_none() && i + 1 < lower.len() {
                continue;
            }
            let right = end.unwrap_or(upper.len() as u32);
            while scanned <= i {
                let w = lower[scanned];
                for &u in &layered.above[w as usize] {
                    let inner = layered.is_dummy(u) && layered.is_dummy(w);
                    if !inner && (position(u) < left || position(u) > right) {
                        marked.insert((u, w));
                    }
                }
                scanned += 1;
            }
            left = end.unwrap_or(left);
        }
    }
    marked
}

/// The x coordinate of every vertex under one bias: vertices are chained into vertical blocks,
/// and the blocks pushed together.
pub(super) fn coordinates(layered: &Layered, marked: &Conflicts, bias: Bias) -> Vec<f64> {
    let layers = oriented_layers(layered, bias);
    let block = blocks(layered, &layers, marked, bias);
    let mut x = compact(layered, &layers, &block);
    if bias.mirrored {
        x.iter_mut().for_each(|x| *x = -*x);
    }
    x
}

fn oriented_layers(layered: &Layered, bias: Bias) -> Vec<Vec<u32>> {
    let mut layers = layered.layers.clone();
    if bias.upwards {
        layers.reverse();
    }
    if bias.mirrored {
        layers.iter_mut().for_each(|layer| layer.reverse());
    }
    layers
}

/// The block of each vertex, named by its first vertex. Each vertex joins the block of a median
/// neighbour unless that would cross an earlier join.
fn blocks(layered: &Layered, layers: &[Vec<u32>], marked: &Conflicts, bias: Bias) -> Vec<u32> {
    let mut block: Vec<u32> = (0..layered.len() as u32).collect();
    let lists = if bias.upwards { &layered.below } else { &layered.above };
    let mut ends = Vec::new();
    for pair in layers.windows(2) {
        let width = pair[0].len() as u32;
        let place = |v: u32| {
            let at = layered.position[v as usize];
            if bias.mirrored { width - 1 - at } else { at }
        };
        // The first place of the layer before that is still free to be joined.
        let mut free = 0;
        for &v in &pair[1] {
            ends.clear();
            ends.extend(lists[v as usize].iter().map(|&u| (place(u), u)));
            ends.sort_unstable();
            let n = ends.len();
            for m in [n.saturating_sub(1) / 2, n / 2].into_iter().take(n.min(2)) {
                let (at, u) = ends[m];
                let arc = if bias.upwards { (v, u) } else { (u, v) };
                if block[v as usize] == v && at >= free && !marked.contains(&arc) {
                    block[v as usize] = block[u as usize];
                    free = at + 1;
                }
            }
        }
    }
    block
}

/// Places blocks as far left as their left neighbours allow, then draws each back to the right
/// until it meets one: compact, and without the class bookkeeping whose flaw Brandes, Walter and
/// Zink (2020) correct.
fn compact(layered: &Layered, layers: &[Vec<u32>], block: &[u32]) -> Vec<f64> {
    let n = layered.len();
    // (left block, right block, distance) for all neighbours.
    let mut steps: Vec<(u32, u32, f64)> = Vec::with_capacity(n);
    for layer in layers {
        for pair in layer.windows(2) {
            let distance = separation(layered, pair[0], pair[1]);
            steps.push((block[pair[0] as usize], block[pair[1] as usize], distance));
        }
    }
    let out = super::incidence::Incidence::new(n, steps.iter().zip(0u32..).map(|(s, i)| (s.0, i)));
    let mut pending = vec![0u32; n];
    for step in &steps {
        pending[step.1 as usize] += 1;
    }
    let is_block = |v: &u32| block[*v as usize] == *v;
    let mut sorted: Vec<u32> =
        (0..n as u32).filter(is_block).filter(|&v| pending[v as usize] == 0).collect();
    let mut x = vec![0.0f64; n];
    let mut next = 0;
    while next < sorted.len() {
        let left = sorted[next];
        for &i in out.of(left) {
            let (_, right, distance) = steps[i as usize];
            x[right as usize] = x[right as usize].max(x[left as usize] + distance);
            pending[right as usize] -= 1;
            if pending[right as usize] == 0 {
                sorted.push(right);
            }
        }
        next += 1;
    }
    for &left in sorted.iter().rev() {
        let room = |&i: &u32| x[steps[i as usize].1 as usize] - steps[i as usize].2;
        let nearest = out.of(left).iter().map(room).fold(f64::INFINITY, f64::min);
        if nearest.is_finite() {
            x[left as usize] = x[left as usize].max(nearest);
        }
    }
    (0..n).map(|v| x[block[v] as usize]).collect()
}

//! Which layer each node is on.

use super::bundles::Arc;
use super::incidence::Incidence;

/// Rounds of tightening; real graphs settle within a few.
const MAX_ROUNDS: usize = 24;

/// Gives each of `n` nodes a layer, 0 being the first, such that every arc spans at least its
/// minimum, and the arcs are short in sum.
///
/// Longest paths from the sources first; then nodes move within the room that their arcs leave,
/// towards the side that pulls more (a node pulled equally goes along with later ones, which
/// frees what is before it). Each round lowers the summed, weighted span or is the last one. This
/// reaches what the network simplex of Gansner et al. (1993) reaches on trees and most task
/// graphs, and may stay above it elsewhere.
///
/// # Complexity
/// O(n + arcs) for each of at most 24 rounds.
pub(super) fn assign(n: usize, arcs: &[Arc]) -> Vec<u32> {
    let out = Incidence::new(n, arcs.iter().zip(0u32..).map(|(arc, i)| (arc.tail, i)));
    let into = Incidence::new(n, arcs.iter().zip(0u32..).map(|(arc, i)| (arc.head, i)));
    let sorted = topological(n, arcs, &out, &into);
    let mut rank = vec![0u32; n];
    for &v in &sorted {
        rank[v as usize] = earliest(v, arcs, &into, &rank).unwrap_or(0);
    }
    let weight = |arc_ids: &[u32]| arc_ids.iter().map(|&i| arcs[i as usize].weight).sum::<u32>();
    let pull: Vec<(u32, u32)> =
        (0..n as u32).map(|v| (weight(into.of(v)), weight(out.of(v)))).collect();
    let mut best = total_span(arcs, &rank);
    for _ in 0..MAX_ROUNDS {
        let before = rank.clone();
        for &v in sorted.iter().rev().filter(|&&v| pull[v as usize].1 >= pull[v as usize].0) {
            rank[v as usize] = latest(v, arcs, &out, &rank).unwrap_or(rank[v as usize]);
        }
        for &v in sorted.iter().filter(|&&v| pull[v as usize].0 > pull[v as usize].1) {
            rank[v as usize] = earliest(v, arcs, &into, &rank).unwrap_or(rank[v as usize]);
        }
        let now = total_span(arcs, &rank);
        if now >= best {
            rank = before;
            break;
        }
        best = now;
    }
    close_gaps(&mut rank);
    rank
}

/// Nodes such that every arc leads forward.
fn topological(n: usize, arcs: &[Arc], out: &Incidence, into: &Incidence) -> Vec<u32> {
    let mut pending: Vec<usize> = (0..n as u32).map(|v| into.of(v).len()).collect();
    let mut sorted: Vec<u32> = (0..n as u32).filter(|&v| pending[v as usize] == 0).collect();
    let mut next = 0;
    while next < sorted.len() {
        for &i in out.of(sorted[next]) {
            let head = arcs[i as usize].head;
            pending[head as usize] -= 1;
            if pending[head as usize] == 0 {
                sorted.push(head);
            }
        }
        next += 1;
    }
    sorted
}

fn earliest(v: u32, arcs: &[Arc], into: &Incidence, rank: &[u32]) -> Option<u32> {
    let bound = |&i: &u32| {
        let arc = &arcs[i as usize];
        rank[arc.tail as usize] + arc.min_span()
    };
    into.of(v).iter().map(bound).max()
}

fn latest(v: u32, arcs: &[Arc], out: &Incidence, rank: &[u32]) -> Option<u32> {
    let bound = |&i: &u32| {
        let arc = &arcs[i as usize];
        rank[arc.head as usize] - arc.min_span()
    };
    out.of(v).iter().map(bound).min()
}

fn total_span(arcs: &[Arc], rank: &[u32]) -> u64 {
    let span = |arc: &Arc| rank[arc.head as usize] - rank[arc.tail as usize];
    arcs.iter().map(|arc| u64::from(span(arc)) * u64::from(arc.weight)).sum()
}

/// Renumbers the layers so that the first is 0.
fn close_gaps(rank: &mut [u32]) {
    let first = rank.iter().copied().min().unwrap_or(0);
    for r in rank.iter_mut() {
        *r -= first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::geometry::Size;
    use proptest::prelude::*;

    fn arc(tail: u32, head: u32) -> Arc {
        Arc { tail, head, weight: 1, label: Size::default() }
    }

    #[test]
    fn sources_sit_beside_their_first_use_and_sinks_beside_their_input() {
        // 0 -> 1 -> 2 -> 3, a constant 4 for the last step, a side result 5 of the first.
        let ranks = assign(6, &[arc(0, 1), arc(1, 2), arc(2, 3), arc(4, 3), arc(0, 5)]);
        assert_eq!(ranks, [0, 1, 2, 3, 2, 1]);
    }

    #[test]
    fn a_whole_branch_moves_where_single_nodes_would_not_gain() {
        // 4 feeds 5 and 6, each used only at the end of the chain 0..=3.
        let chain = [arc(0, 1), arc(1, 2), arc(2, 3)];
        let branch = [arc(4, 5), arc(4, 6), arc(5, 3), arc(6, 3)];
        assert_eq!(assign(7, &[chain.as_slice(), &branch].concat()), [0, 1, 2, 3, 1, 2, 2]);
    }

    #[test]
    fn labels_get_a_layer_of_their_own() {
        let mut labelled = arc(0, 1);
        labelled.label = Size::new(30.0, 12.0);
        assert_eq!(assign(2, &[labelled]), [0, 2]);
        assert_eq!(assign(0, &[]), Vec::<u32>::new());
    }

    proptest! {
        #[test]
        fn every_arc_leads_on(pairs in prop::collection::vec((0u32..30, 0u32..30), 0..80)) {
            let arcs: Vec<Arc> = pairs.iter().filter(|(a, b)| a != b)
                .map(|&(a, b)| arc(a.min(b), a.max(b))).collect();
            let ranks = assign(30, &arcs);
            for a in &arcs {
                prop_assert!(ranks[a.head as usize] > ranks[a.tail as usize]);
            }
            prop_assert_eq!(ranks.iter().min(), Some(&0));
        }
    }
}

//! Arrows that close cycles, and arrows that lie on one.

use super::incidence::Incidence;

/// Two flags for each arrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cycles {
    /// Turned round for the layout, which makes the rest acyclic. Never a loop on one node.
    pub(super) reversed: Vec<bool>,
    /// On some cycle: both ends in the same strongly connected component, loops included.
    pub(super) cyclic: Vec<bool>,
}

/// Finds both with one depth-first search (Tarjan, "Depth-first search and linear graph
/// algorithms", 1972): an arrow to a node on the current path is reversed.
///
/// The search starts from nodes that nothing points to, in the order of their numbers, so that
/// the arrows reversed are the ones that a reader would call backward.
///
/// # Complexity
/// O(nodes + arrows), without recursion.
pub(super) fn find(n: usize, arrows: &[(u32, u32)]) -> Cycles {
    let leaving = Incidence::new(n, arrows.iter().zip(0u32..).map(|(&(from, _), i)| (from, i)));
    let mut entered = vec![false; n];
    for &(from, to) in arrows {
        entered[to as usize] |= from != to;
    }
    let (roots, others): (Vec<u32>, Vec<u32>) = (0..n as u32).partition(|&v| !entered[v as usize]);
    let mut search = Search::new(n, arrows.len());
    for root in roots.into_iter().chain(others) {
        if search.found[root as usize] == UNSEEN {
            search.run(root, arrows, &leaving);
        }
    }
    let cyclic =
        arrows.iter().map(|&(a, b)| search.group[a as usize] == search.group[b as usize]).collect();
    Cycles { reversed: search.reversed, cyclic }
}

const UNSEEN: u32 = u32::MAX;

struct Search {
    /// When a node was found, counting from 0.
    found: Vec<u32>,
    /// The earliest node of the same component that can be reached.
    low: Vec<u32>,
    /// The component of a node, `UNSEEN` until it is complete.
    group: Vec<u32>,
    on_path: Vec<bool>,
    open: Vec<u32>,
    clock: u32,
    reversed: Vec<bool>,
}

impl Search {
    fn new(n: usize, n_arrows: usize) -> Search {
        Search {
            found: vec![UNSEEN; n],
            low: vec![0; n],
            group: vec![UNSEEN; n],
            on_path: vec![false; n],
            open: Vec::new(),
            clock: 0,
            reversed: vec![false; n_arrows],
        }
    }

    fn run(&mut self, root: u32, arrows: &[(u32, u32)], leaving: &Incidence) {
        let mut path = vec![(root, 0usize)];
        self.enter(root);
        while let Some((v, next)) = path.last_mut() {
            let v = *v;
            let Some(&arrow) = leaving.of(v).get(*next) else {
                path.pop();
                self.leave(v);
                if let Some(&(parent, _)) = path.last() {
                    let low = self.low[v as usize];
                    self.low[parent as usize] = self.low[parent as usize].min(low);
                }
                continue;
            };
            *next += 1;
            let to = arrows[arrow as usize].1;
            let t = to as usize;
            if self.found[t] == UNSEEN {
                self.enter(to);
                path.push((to, 0));
            } else if self.group[t] == UNSEEN {
                self.low[v as usize] = self.low[v as usize].min(self.found[t]);
                self.reversed[arrow as usize] = self.on_path[t] && to != v;
            }
        }
    }

    fn enter(&mut self, v: u32) {
        self.found[v as usize] = self.clock;
        self.low[v as usize] = self.clock;
        self.clock += 1;
        self.on_path[v as usize] = true;
        self.open.push(v);
    }

    fn leave(&mut self, v: u32) {
        self.on_path[v as usize] = false;
        if self.low[v as usize] != self.found[v as usize] {
            return;
        }
        while let Some(member) = self.open.pop() {
            self.group[member as usize] = v;
            if member == v {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_closing_arrow_is_reversed_and_only_the_cycle_is_cyclic() {
        let found = find(5, &[(0, 1), (1, 2), (2, 3), (3, 1), (3, 4), (4, 4)]);
        assert_eq!(found.reversed, [false, false, false, true, false, false]);
        assert_eq!(found.cyclic, [false, true, true, true, false, true]);
    }

    #[test]
    fn a_deep_chain_needs_no_stack() {
        let n = 200_000u32;
        let arrows: Vec<_> = (0..n).map(|i| (i, (i + 1) % n)).collect();
        let found = find(n as usize, &arrows);
        assert_eq!(found.reversed.iter().filter(|&&r| r).count(), 1);
        assert!(found.cyclic.iter().all(|&c| c));
    }

    proptest! {
        #[test]
        fn reversing_leaves_no_cycle(arrows in prop::collection::vec((0u32..12, 0u32..12), 0..40)) {
            let found = find(12, &arrows);
            // Reachability by repeated squaring, the slow obvious way.
            let mut reach = [[false; 12]; 12];
            let mut acyclic = [[false; 12]; 12];
            for (i, &(a, b)) in arrows.iter().enumerate() {
                reach[a as usize][b as usize] = true;
                let (a, b) = if found.reversed[i] { (b, a) } else { (a, b) };
                acyclic[a as usize][b as usize] |= a != b;
            }
            for _ in 0..4 {
                for table in [&mut reach, &mut acyclic] {
                    let old = *table;
                    for a in 0..12 { for b in 0..12 {
                        table[a][b] |= (0..12).any(|k| old[a][k] && old[k][b]);
                    } }
                }
            }
            prop_assert!((0..12).all(|v| !acyclic[v][v]));
            for (i, &(a, b)) in arrows.iter().enumerate() {
                prop_assert_eq!(found.cyclic[i], a == b || reach[b as usize][a as usize]);
                prop_assert!(!found.reversed[i] || found.cyclic[i]);
            }
        }
    }
}

//! Parts of the graph that no arrow joins.

use super::incidence::Incidence;

/// The nodes and arrows of one connected part, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Component {
    pub(super) nodes: Vec<u32>,
    pub(super) edges: Vec<u32>,
}

/// Splits a graph into its connected parts, ordered by their first node.
///
/// # Complexity
/// O((nodes + arrows) * log(nodes)).
pub(super) fn split(n: usize, arrows: &[(u32, u32)]) -> Vec<Component> {
    let mut parent: Vec<u32> = (0..n as u32).collect();
    for &(from, to) in arrows {
        let (a, b) = (root(&mut parent, from), root(&mut parent, to));
        // The smaller number wins, so that a part is named by its first node.
        parent[a.max(b) as usize] = a.min(b);
    }
    let owner: Vec<u32> = (0..n as u32).map(|v| root(&mut parent, v)).collect();
    let nodes = Incidence::new(n, owner.iter().zip(0u32..).map(|(&part, v)| (part, v)));
    let owners = arrows.iter().zip(0u32..).map(|(&(from, _), i)| (owner[from as usize], i));
    let edges = Incidence::new(n, owners);
    (0..n as u32)
        .filter(|&v| owner[v as usize] == v)
        .map(|v| Component { nodes: nodes.of(v).to_vec(), edges: edges.of(v).to_vec() })
        .collect()
}

/// The first node of the part, halving the path on the way.
fn root(parent: &mut [u32], mut v: u32) -> u32 {
    while parent[v as usize] != v {
        parent[v as usize] = parent[parent[v as usize] as usize];
        v = parent[v as usize];
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_in_the_order_of_their_first_node() {
        let parts = split(6, &[(5, 1), (2, 0), (1, 3)]);
        let nodes: Vec<_> = parts.iter().map(|p| p.nodes.clone()).collect();
        assert_eq!(nodes, [vec![0, 2], vec![1, 3, 5], vec![4]]);
        assert_eq!(parts[1].edges, [0, 2]);
        assert!(split(0, &[]).is_empty());
    }
}

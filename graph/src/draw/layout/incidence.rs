//! [`Incidence`]: lists of numbers for each node, as two arrays.

/// For each of `n` nodes the numbers that belong to it, in the order in which they were given.
#[derive(Clone, Debug)]
pub(super) struct Incidence {
    offsets: Vec<u32>,
    items: Vec<u32>,
}

impl Incidence {
    /// Groups `items` by their node.
    pub(super) fn new(n: usize, items: impl Iterator<Item = (u32, u32)> + Clone) -> Incidence {
        let mut offsets = vec![0u32; n + 1];
        for (node, _) in items.clone() {
            offsets[node as usize + 1] += 1;
        }
        for i in 0..n {
            offsets[i + 1] += offsets[i];
        }
        let mut next = offsets.clone();
        let mut grouped = vec![0; offsets[n] as usize];
        for (node, item) in items {
            let at = &mut next[node as usize];
            grouped[*at as usize] = item;
            *at += 1;
        }
        Incidence { offsets, items: grouped }
    }

    /// The numbers that belong to `node`.
    pub(super) fn of(&self, node: u32) -> &[u32] {
        let i = node as usize;
        &self.items[self.offsets[i] as usize..self.offsets[i + 1] as usize]
    }
}

//! [`Groups`]: for each block of a result, where its elements come from.

use crate::axis_chunks::AxisChunks;
use crate::error::ArrayError;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Blocks that take from at most this many others do so at once; others from pieces of them, so that
/// no task holds more than it gives.
const AT_ONCE: usize = 4;

/// For each block of the result the blocks that it takes from, and for each of these pairs the
/// positions of the result's block that come from there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Groups {
    /// The first pair of each block, and the number of pairs.
    blocks: Vec<u32>,
    /// Where each pair takes from.
    sources: Vec<u32>,
    /// The first item of each pair, and the number of items.
    pairs: Vec<usize>,
    /// The items' positions in their block; `None` if they are in order everywhere.
    order: Option<Vec<u32>>,
}

impl Groups {
    /// Of a list that is cut into blocks, and the source of each of its items.
    ///
    /// A block without items takes nothing from the first source, so that it has an input whose
    /// shape it can follow.
    ///
    /// # Errors
    /// [`ArrayError::TooLarge`] if there are more pairs than blocks can be.
    pub(super) fn new(
        cut: &AxisChunks,
        source_of: impl Fn(usize) -> u32,
    ) -> Result<Groups, ArrayError> {
        let (mut blocks, mut sources, mut pairs) = (vec![0], Vec::new(), vec![0]);
        let mut order: Vec<u32> = Vec::new();
        let mut is_in_order = true;
        let mut items: Vec<(u32, u32)> = Vec::new();
        for block in 0..cut.n_chunks() {
            let range = cut.range(block).unwrap_or(0..0);
            items.clear();
            items.extend(range.clone().map(|item| (source_of(item), (item - range.start) as u32)));
            if !items.is_sorted_by_key(|(source, _)| *source) {
                is_in_order = false;
                items.sort_unstable();
            }
            if items.is_empty() {
                sources.push(0);
                pairs.push(order.len());
            }
            for group in items.chunk_by(|a, b| a.0 == b.0) {
                sources.push(group[0].0);
                order.extend(group.iter().map(|(_, at)| at));
                pairs.push(order.len());
            }
            let n_pairs = u32::try_from(sources.len());
            blocks.push(n_pairs.map_err(|_| ArrayError::TooLarge { shape: [order.len()].into() })?);
        }
        let order = if is_in_order { None } else { Some(order) };
        Ok(Groups { blocks, sources, pairs, order })
    }

    /// Number of pairs.
    pub(super) fn n_pairs(&self) -> u32 {
        self.sources.len() as u32
    }

    /// Whether every block takes from few sources.
    pub(super) fn is_direct(&self) -> bool {
        self.blocks.windows(2).all(|block| (block[1] - block[0]) as usize <= AT_ONCE)
    }

    /// The pairs of a block.
    pub(super) fn pairs_of(&self, block: u32) -> Range<u32> {
        self.blocks[block as usize]..self.blocks[block as usize + 1]
    }

    /// Where a pair takes from.
    pub(super) fn source(&self, pair: u32) -> u32 {
        self.sources[pair as usize]
    }

    /// Number of items of a pair.
    pub(super) fn n_items(&self, pair: u32) -> usize {
        self.pairs[pair as usize + 1] - self.pairs[pair as usize]
    }

    /// The positions, in its block, of a pair's items.
    pub(super) fn items(&self, pair: u32) -> impl Iterator<Item = usize> + Clone {
        let range = self.pairs[pair as usize]..self.pairs[pair as usize + 1];
        let first = self.pairs[self.blocks[self.block_of(pair)] as usize];
        range.map(move |item| match &self.order {
            Some(order) => order[item] as usize,
            None => item - first,
        })
    }

    /// The block that a pair is of.
    pub(super) fn block_of(&self, pair: u32) -> usize {
        self.blocks.partition_point(|&first| first <= pair) - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_grouped_by_where_they_come_from() {
        let sources = [2, 0, 2, 1, 1, 5];
        let cut = AxisChunks::of_sizes([4, 0, 2]);
        let groups = Groups::new(&cut, |item| sources[item]).unwrap();
        let of_block = |block: u32| -> Vec<(u32, Vec<usize>)> {
            let pair = |pair| (groups.source(pair), groups.items(pair).collect());
            groups.pairs_of(block).map(pair).collect()
        };
        assert_eq!(of_block(0), [(0, vec![1]), (1, vec![3]), (2, vec![0, 2])]);
        assert_eq!(of_block(1), [(0, vec![])]);
        assert_eq!(of_block(2), [(1, vec![0]), (5, vec![1])]);
        assert_eq!((groups.n_pairs(), groups.is_direct()), (6, true));
        assert_eq!((groups.n_items(2), groups.block_of(3), groups.block_of(5)), (2, 1, 2));
        let in_order = Groups::new(&cut, |item| item as u32).unwrap();
        assert!(in_order.order.is_none());
        assert_eq!(in_order.items(1).collect::<Vec<_>>(), [1]);
        assert_eq!(in_order.items(6).collect::<Vec<_>>(), [1]);
    }
}

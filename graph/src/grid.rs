//! Arithmetic on grids of blocks: row-major numbers to indices and back.

use crate::key::Index;

/// Number of blocks of a grid; 1 for the empty grid, which is a single task.
///
/// `None` when it does not fit `u32`.
pub fn n_blocks(grid: &[u32]) -> Option<u32> {
    grid.iter().try_fold(1u32, |n, &extent| n.checked_mul(extent))
}

/// The index of block number `number`, in row-major order.
pub fn unflatten(grid: &[u32], mut number: u32) -> Index {
    let mut index: Index = smallvec::smallvec![0; grid.len()];
    for (at, &extent) in index.iter_mut().zip(grid).rev() {
        *at = number % extent;
        number /= extent;
    }
    index
}

/// The number of the block at `index`, in row-major order.
pub fn flatten(grid: &[u32], index: &[u32]) -> u32 {
    grid.iter().zip(index).fold(0, |number, (&extent, &at)| number * extent + at)
}

/// Whether `index` lies in `grid`.
pub fn contains(grid: &[u32], index: &[u32]) -> bool {
    index.len() == grid.len() && index.iter().zip(grid).all(|(at, extent)| at < extent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_and_indices_are_one_to_one(grid in prop::collection::vec(1u32..5, 0..4)) {
            let n = n_blocks(&grid).unwrap();
            for number in 0..n {
                let index = unflatten(&grid, number);
                prop_assert!(contains(&grid, &index));
                prop_assert_eq!(flatten(&grid, &index), number);
            }
        }
    }

    #[test]
    fn extremes() {
        assert_eq!(n_blocks(&[]), Some(1));
        assert_eq!(n_blocks(&[3, 0, 5]), Some(0));
        assert_eq!(n_blocks(&[1 << 20, 1 << 20]), None);
        assert!(contains(&[], &[]) && !contains(&[2], &[2]) && !contains(&[2], &[]));
    }
}

//! [`BlockMap`]: which blocks of an input one output block is computed from.

use crate::grid::{flatten, unflatten};
use crate::key::Index;
use crate::layer::Dep;
use smallvec::SmallVec;

/// Where one axis of an input's blocks comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum AxisMap {
    /// The same position as along this axis of the output.
    Out(u8),
    /// The only block there is (broadcast).
    One,
    /// Every block along the axis (contraction).
    All,
}

/// Which blocks of one input a block of the output needs.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum BlockMap {
    /// The one at the same position; both grids are equal.
    Same,
    /// An entry for each axis of the input.
    Axes {
        /// The input's grid.
        grid: Vec<u32>,
        /// As many as the input has axes.
        axes: SmallVec<[AxisMap; 4]>,
    },
}

impl BlockMap {
    /// How many blocks of the input each block of the output needs.
    pub(crate) fn n_deps(&self) -> u32 {
        match self {
            BlockMap::Same => 1,
            BlockMap::Axes { grid, axes } => {
                let contracted = grid.iter().zip(axes).filter(|(_, axis)| **axis == AxisMap::All);
                contracted.map(|(extent, _)| extent).product()
            }
        }
    }

    /// What is wrong with the map for an output of grid `out` and an input of grid `input`.
    pub(crate) fn check(&self, out: &[u32], input: &[u32]) -> Result<(), String> {
        let BlockMap::Axes { grid, axes } = self else {
            return if out == input {
                Ok(())
            } else {
                Err(format!("grids {out:?} and {input:?} differ, but blocks are paired one to one"))
            };
        };
        if grid != input || axes.len() != input.len() {
            return Err(format!("the map is for grid {grid:?}, the input has {input:?}"));
        }
        for (at, (&extent, axis)) in input.iter().zip(axes).enumerate() {
            let fits = match *axis {
                AxisMap::Out(axis) => out.get(axis as usize) == Some(&extent),
                AxisMap::One => extent == 1,
                AxisMap::All => true,
            };
            if !fits {
                return Err(format!(
                    "axis {at} of input grid {input:?} does not fit {axis:?} of {out:?}"
                ));
            }
        }
        Ok(())
    }

    /// Appends the needed blocks of input number `input`, the last axis running fastest.
    #[inline]
    pub(crate) fn push_deps(&self, out: &[u32], block: u32, input: u32, deps: &mut Vec<Dep>) {
        match self {
            BlockMap::Same => deps.push(Dep::input(input, block)),
            BlockMap::Axes { grid, axes } => {
                let mut at = self.first(&unflatten(out, block), axes);
                for _ in 0..self.n_deps() {
                    deps.push(Dep::input(input, flatten(grid, &at)));
                    advance(&mut at, grid, axes);
                }
            }
        }
    }

    fn first(&self, out: &[u32], axes: &[AxisMap]) -> Index {
        let position = |axis: &AxisMap| match *axis {
            AxisMap::Out(axis) => out[axis as usize],
            AxisMap::One | AxisMap::All => 0,
        };
        axes.iter().map(position).collect()
    }

    /// The single block that `block` of the output is paired with; meaningless with contraction.
    #[inline]
    pub(crate) fn paired(&self, out: &[u32], block: u32) -> u32 {
        match self {
            BlockMap::Same => block,
            BlockMap::Axes { grid, axes } => {
                flatten(grid, &self.first(&unflatten(out, block), axes))
            }
        }
    }

    /// Whether each block of the input is needed by at most one block of the output, and each
    /// output block needs just one: then the producer can run inside the consumer, and no work is
    /// done twice.
    pub(crate) fn is_one_to_one(&self, out: &[u32]) -> bool {
        let BlockMap::Axes { axes, .. } = self else { return true };
        let covered = |at: usize| axes.contains(&AxisMap::Out(at as u8));
        !axes.contains(&AxisMap::All)
            && out.iter().enumerate().all(|(at, &extent)| extent == 1 || covered(at))
    }

    /// The map from the output straight to the input of an input: `self` leads to the middle
    /// layer and holds no contraction, `inner` leads on from there.
    pub(crate) fn then(&self, inner: &BlockMap) -> BlockMap {
        match (self, inner) {
            (BlockMap::Same, inner) => inner.clone(),
            (outer, BlockMap::Same) => outer.clone(),
            (BlockMap::Axes { axes: outer, .. }, BlockMap::Axes { grid, axes }) => {
                let through = |axis: &AxisMap| match *axis {
                    AxisMap::Out(middle) => outer[middle as usize],
                    other => other,
                };
                BlockMap::Axes { grid: grid.clone(), axes: axes.iter().map(through).collect() }
            }
        }
    }

    /// The grid that the map leads to from an output of grid `out`.
    pub(crate) fn input_grid<'a>(&'a self, out: &'a [u32]) -> &'a [u32] {
        match self {
            BlockMap::Same => out,
            BlockMap::Axes { grid, .. } => grid,
        }
    }
}

/// Counts on along the contracted axes, the last one fastest.
fn advance(at: &mut Index, grid: &[u32], axes: &[AxisMap]) {
    for axis in (0..axes.len()).rev() {
        if axes[axis] == AxisMap::All {
            at[axis] += 1;
            if at[axis] < grid[axis] {
                return;
            }
            at[axis] = 0;
        }
    }
}

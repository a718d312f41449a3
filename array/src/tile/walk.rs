//! How a block is cut into tiles.

use super::TILE;

/// The tiles of a block of `len` elements, as start and length, in order.
///
/// Tiles are whole numbers of `run`s of elements, or, where a run is longer than a tile, parts of
/// one: how a run is cut then depends on its length alone, not on where it lies in its block. So a
/// reduction over runs has the same bits for a part of an array as for the whole.
pub(crate) fn tiles(len: usize, run: usize) -> impl Iterator<Item = (usize, usize)> {
    let run = run.max(1);
    let step = if run <= TILE { TILE / run * run } else { run };
    let mut start = 0;
    let mut end_of_step = step.min(len);
    std::iter::from_fn(move || {
        if start >= len {
            return None;
        }
        let tile = (start, TILE.min(end_of_step - start));
        start += tile.1;
        if start == end_of_step {
            end_of_step = (end_of_step + step).min(len);
        }
        Some(tile)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_everything_once_and_keep_runs_together() {
        for len in [0, 1, 25, TILE - 1, TILE, TILE + 1, 10 * TILE + 7] {
            for run in [0, 1, 3, 25, TILE, TILE + 1, 3 * TILE + 5] {
                let mut next = 0;
                for (start, n) in tiles(len, run) {
                    assert!(start == next && n > 0 && n <= TILE, "{len} {run}");
                    let run = run.max(1);
                    let whole_runs = start % run == 0 && (n % run == 0 || start + n == len);
                    let one_run = start / run == (start + n - 1) / run;
                    assert!(whole_runs || one_run, "{start}+{n} of runs of {run}");
                    next = start + n;
                }
                assert_eq!(next, len);
            }
        }
    }

    #[test]
    fn long_runs_are_cut_alike() {
        let run = 2 * TILE + 10;
        let all: Vec<_> = tiles(3 * run, run).collect();
        let lens = |r: usize| all[3 * r..3 * r + 3].iter().map(|tile| tile.1).collect::<Vec<_>>();
        assert_eq!((all.len(), lens(0)), (9, vec![TILE, TILE, 10]));
        assert!(lens(1) == lens(0) && lens(2) == lens(0));
    }
}

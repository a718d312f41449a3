//! The expression `((x + 1) * 2 + y).sum()` as layers.

use std::sync::Arc;

use chunkwise::graph::{AxisMap, BlockMap, Blockwise, Kernel, Layer, Name};

use super::kernels::{Numbers, Sum, TwoBlocks, WithNumber};

/// `((x + 1) * 2 + y).sum()` with x = y = 0, 1, 2, ...: one layer an operation, whatever the number
/// of blocks. Collections write this for you; here it is by hand.
pub(super) fn expression(n_blocks: u32, len: usize) -> Arc<Layer> {
    let source = |name| {
        let numbers = Blockwise::new(vec![n_blocks], vec![], name, Numbers { len });
        Layer::new(Name::unique(name), [], numbers)
    };
    let plus_1 = WithNumber { function: |x, one| x + one, number: 1.0, len };
    let times_2 = WithNumber { function: |x, two| x * two, number: 2.0, len };
    let plus_y = TwoBlocks { function: |x, y| x + y, len };

    let (x, y) = (source("x"), source("y"));
    let increased = elementwise("add 1", [x], plus_1);
    let doubled = elementwise("times 2", [increased], times_2);
    let added = elementwise("add", [doubled, y], plus_y);
    let sums = elementwise("sum", [added], Sum);
    let all = BlockMap::Axes { grid: vec![n_blocks], axes: [AxisMap::All].into_iter().collect() };
    Layer::new(Name::unique("total"), [sums], Blockwise::new(vec![], vec![all], "total", Sum))
}

/// A layer whose blocks need the blocks at the same position of each input.
fn elementwise<const N: usize>(
    name: &'static str,
    inputs: [Arc<Layer>; N],
    kernel: impl Kernel,
) -> Arc<Layer> {
    let grid = inputs[0].grid().to_vec();
    let blocks = Blockwise::new(grid, vec![BlockMap::Same; N], name, kernel);
    Layer::new(Name::unique(name), inputs, blocks)
}

/// The answer by arithmetic: 3 x + 2 summed over n numbers.
pub(super) fn expected(n_blocks: u32, len: usize) -> f64 {
    let n = f64::from(n_blocks) * len as f64;
    3.0 * n * (n - 1.0) / 2.0 + 2.0 * n
}

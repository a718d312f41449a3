//! [`PanelBlocks`]: factoring panels and updating those on the right.

use super::{ORDER, PANEL};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, take_array};
use crate::chunks::Chunks;
use crate::error::ArrayError;
use crate::expr::Node;
use crate::linalg::dense::{Dense, Triangle, bytes_of};
use crate::linalg::field::Field;
use crate::linalg::parts::{Parts, parts_bytes};
use crate::linalg::ready::{About, ready};
use crate::linalg::shapes::{cut, square, square_cut};
use crate::linalg::triangular::{Diagonal, solve_in_place};
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, Tokenizer, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// A matrix whose panels are factored.
pub(super) struct Panels {
    /// Of a grid of steps and panels; the factors are on its diagonal.
    pub(super) node: Arc<Node>,
    /// How both axes are cut.
    pub(super) axis: AxisChunks,
    pub(super) n: usize,
}

impl Panels {
    /// Number of panels.
    pub(super) fn n_panels(&self) -> u32 {
        self.axis.n_chunks() as u32
    }
}

/// The factored panels of a square matrix.
///
/// # Errors
/// [`ArrayError::Shape`], [`ArrayError::Deferred`].
pub(super) fn panels<T: Field>(
    a: &Arc<Node>,
    operation: &'static str,
    made_at: &'static Location<'static>,
) -> Result<Panels, ArrayError> {
    let n = square(a, operation)?;
    let axis = square_cut(a);
    let a = cut(a, [AxisChunks::whole(n), axis.clone()], made_at);
    let n_panels = axis.n_chunks();
    let chunks: Chunks =
        [AxisChunks::regular(n_panels, 1), AxisChunks::regular(n_panels, 1)].into_iter().collect();
    let token = Tokenizer::of("lu panels", &a.token);
    let blocks = PanelBlocks::<T> { grid: chunks.grid(), axis: axis.clone(), n, of: PhantomData };
    let about = About { name: "lu", dtype: T::DTYPE, chunks, token, made_at };
    Ok(Panels { node: ready(about, [a], blocks), axis, n })
}

/// Block (step, panel): on the diagonal a factored panel, on its right one that is updated by it;
/// nothing below.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct PanelBlocks<T> {
    grid: Vec<u32>,
    axis: AxisChunks,
    n: usize,
    of: PhantomData<fn() -> T>,
}

/// The row and column at which a panel starts.
pub(super) fn start(axis: &AxisChunks, panel: u32) -> usize {
    axis.range(panel as usize).map_or(0, |range| range.start)
}

impl<T: Field> Blocks for PanelBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let n = self.grid[1];
        let (step, panel) = (block / n, block % n);
        if panel < step {
            return;
        }
        deps.push(match step {
            0 => Dep::input(0, panel),
            _ => Dep::own(block - n),
        });
        if panel > step {
            deps.push(Dep::own(step * n + step));
        }
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let first = start(&self.axis, block / self.grid[1]);
        match inputs {
            [own] => {
                let mut panel = Dense::from_chunk(Chunk::new(take_array::<T>(own)?));
                let order = panel.lu(first);
                let order: Vec<i64> = order.into_iter().map(|at| at as i64).collect();
                let order = Chunk::from_vec(&[order.len()], order)?;
                Ok(Parts::default().with(panel.into_chunk()?).with(order).into_value())
            }
            [own, factor] => {
                let mut panel = Dense::from_chunk(Chunk::new(take_array::<T>(own)?));
                update(&mut panel, factor.take().get::<Parts>()?, first)?;
                Ok(panel.into_chunk()?.into_value())
            }
            _ => Err("no panel is below the diagonal".into()),
        }
    }

    fn op_name(&self) -> Cow<'_, str> {
        "lu".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let n = self.grid[1];
        let (step, panel) = (block / n, block % n);
        let first = start(&self.axis, step);
        let elements = self.n * self.axis.size(panel as usize).unwrap_or(0);
        let chunk = chunk_bytes::<T>(elements);
        // The first panels may lie row by row, and are copied then; others lie column by column.
        let copied = if step == 0 { elements } else { 0 };
        let rows = bytes_of::<usize>(3 * (self.n - first));
        match panel == step {
            true => {
                let order = chunk_bytes::<i64>(self.n - first);
                // It is kept until it is seen that no pivot is zero.
                let scratch = bytes_of::<T>(elements) + rows;
                Bounds::output(parts_bytes([chunk, order])).with_scratch(scratch)
            }
            false => Bounds::output(chunk).with_scratch(bytes_of::<T>(copied) + rows),
        }
    }

    fn ship(&self) -> Result<Shipment, String> {
        Shipment::of_blocks(self)
    }
}

/// Does to the columns of a panel what factoring another one did to its own, whose first pivot is in
/// row `first`.
pub(super) fn update<T: Field>(
    panel: &mut Dense<T>,
    factor: &Parts,
    first: usize,
) -> Result<(), BoxError> {
    let order: Vec<usize> =
        factor.get::<i64>(ORDER)?.in_memory_order().iter().map(|&at| at as usize).collect();
    panel.reorder(first, &order);
    let factor = crate::linalg::dense::matrix(factor.get::<T>(PANEL)?).in_faer();
    let (n, width) = (factor.nrows(), factor.ncols().min(factor.nrows() - first));
    if width == 0 || panel.cols() == 0 {
        return Ok(());
    }
    let pivots = factor.submatrix(first, 0, width, width);
    let rows = panel.view_mut().subrows_mut(first, width);
    solve_in_place(pivots, rows, Triangle::Lower, Diagonal::Ones);
    let below = factor.submatrix(first + width, 0, n - first - width, width);
    panel.subtract_below(below, first, width);
    Ok(())
}

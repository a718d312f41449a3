//! `lu`: a matrix as a permutation, a lower and an upper triangular matrix.

use super::PANEL;
use super::panels::{Panels, panels, start};
use super::permutation::{orders, permutation, reorder};
use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_bytes, chunk_of};
use crate::chunks::Chunks;
use crate::expr::Node;
use crate::linalg::dense::{Dense, Triangle, matrix};
use crate::linalg::field::Field;
use crate::linalg::parts::Parts;
use crate::linalg::ready::{About, ready};
use crate::linalg::several::several;
use crate::linalg::shapes::cut;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, Tokenizer, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// A permutation matrix `P`, a lower triangular `L` with ones on the diagonal and an upper triangular
/// `U`, whose product is `a`.
///
/// All have shape (n, n), and are cut along both axes like the axis of `a` that has more chunks.
/// Pivots are the largest of all rows, as in a decomposition in one piece. It is an error if `a` is
/// not square.
///
/// # Complexity
/// O(2 n^3 / 3) time; a task for each pair of chunks of columns, which holds the whole columns of
/// both.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg};
/// let a = Array::from_ndarray(&ndarray::arr2(&[[1.0, 2.0], [4.0, 6.0]]).into_dyn(), 1);
/// let (p, l, u) = linalg::lu(&a);
/// assert_eq!(u.compute()?, ndarray::arr2(&[[4.0, 6.0], [0.0, 0.5]]).into_dyn());
/// assert_eq!(p.dot(&l).dot(&u).compute()?, a.compute()?);
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn lu<T: Field>(a: &Array<T>) -> (Array<T>, Array<T>, Array<T>) {
    let all = several("lu", vec![&a.node], |made_at| {
        let panels = panels::<T>(&a.node, "lu", made_at)?;
        let orders = orders(&panels, made_at);
        let rows = permutation(&orders, &panels, made_at);
        let lower = factor::<T>(&panels, Some(&orders), made_at);
        let upper = factor::<T>(&panels, None, made_at);
        let axes = || [panels.axis.clone(), panels.axis.clone()];
        let tiles = |node: &Arc<Node>| cut(node, axes(), made_at);
        let chunks: Chunks = axes().into_iter().collect();
        let token = Tokenizer::of("lu p", &(rows.token, T::DTYPE.name(), &chunks));
        let blocks = PermutedBlocks::<T> {
            grid: chunks.grid(),
            chunks: Arc::new(chunks.clone()),
            of: PhantomData,
        };
        let about = About { name: "lu_p", dtype: T::DTYPE, chunks, token, made_at };
        Ok([ready(about, [rows], blocks), tiles(&lower), tiles(&upper)])
    });
    (all.array(0), all.array(1), all.array(2))
}

/// One of the factors, by panels: the lower one, given the orders of all panels, or the upper one.
pub(super) fn factor<T: Field>(
    panels: &Panels,
    orders: Option<&Arc<Node>>,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let (triangle, name) = match orders {
        Some(_) => (Triangle::Lower, "lu_l"),
        None => (Triangle::Upper, "lu_u"),
    };
    let chunks: Chunks = [AxisChunks::whole(panels.n), panels.axis.clone()].into_iter().collect();
    let token = Tokenizer::of(name, &panels.node.token);
    let (axis, n) = (panels.axis.clone(), panels.n);
    let blocks = TriangleBlocks::<T> { grid: chunks.grid(), axis, n, triangle, of: PhantomData };
    let about = About { name, dtype: T::DTYPE, chunks, token, made_at };
    ready(about, [&panels.node].into_iter().chain(orders).cloned(), blocks)
}

/// The panels of one of the factors.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct TriangleBlocks<T> {
    grid: Vec<u32>,
    axis: AxisChunks,
    n: usize,
    triangle: Triangle,
    of: PhantomData<fn() -> T>,
}

impl<T: Field> Blocks for TriangleBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let n = self.grid[1];
        deps.push(Dep::input(0, block * n + block));
        if self.triangle == Triangle::Lower {
            deps.extend((block + 1..n).map(|later| Dep::input(1, later)));
        }
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [factored, later @ ..] = inputs else { return Err("a factor is of a panel".into()) };
        let factored = factored.take();
        let panel = matrix(factored.get::<Parts>()?.get::<T>(PANEL)?);
        let mut out = Dense::zeros(panel.rows, panel.cols);
        let first = start(&self.axis, block);
        for col in 0..panel.cols {
            let diagonal = first + col;
            let rows = match self.triangle {
                Triangle::Lower => diagonal + 1..panel.rows,
                Triangle::Upper => 0..diagonal + 1,
            };
            let column = out.column_mut(col);
            for row in rows {
                let at = row * panel.row_stride + col * panel.col_stride;
                column[row] = panel.elements[at];
            }
            if self.triangle == Triangle::Lower {
                column[diagonal] = T::ONE;
            }
        }
        for order in later {
            let order = order.take();
            let order = chunk_of::<i64>(&order)?.in_memory_order();
            (0..out.cols()).for_each(|col| reorder(out.column_mut(col), order));
        }
        Ok(out.into_chunk()?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "lu".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let n = self.n * self.axis.size(block as usize).unwrap_or(0);
        let rows = (size_of::<T>() * self.n) as u64;
        Bounds::output(chunk_bytes::<T>(n)).with_scratch(rows)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

/// The matrix that brings the rows of a product of factors where they were.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct PermutedBlocks<T> {
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
    of: PhantomData<fn() -> T>,
}

impl<T: Field> Blocks for PermutedBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, _: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, 0));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [rows] = inputs else { return Err("there is one permutation".into()) };
        let rows = rows.take();
        let rows = chunk_of::<i64>(&rows)?.in_memory_order();
        let region = self.chunks.region_of(block).ok_or("its chunks have known lengths")?;
        let [of_rows, of_cols] = region.spans() else { return Err("a matrix has two axes".into()) };
        let mut out = Dense::zeros(of_rows.count, of_cols.count);
        for col in 0..of_cols.count {
            let row = rows[of_cols.start + col] as usize;
            if let Some(inside) = row.checked_sub(of_rows.start).filter(|&at| at < of_rows.count) {
                out.column_mut(col)[inside] = T::ONE;
            }
        }
        Ok(out.into_chunk()?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "permutation".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        chunk_bounds::<T>(&self.chunks, block)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

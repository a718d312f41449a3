//! Covariances and correlations of variables.

use super::quantile::to_f64;
use crate::array::Array;
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bounds, chunk_of};
use crate::chunks::Chunks;
use crate::element::Real;
use crate::elementwise::unary;
use crate::error::ArrayError;
use crate::expr::{Node, Operation, layer_of};
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Layer, Shipment, Tokenizer, TypeInfo, Value};
use chunkwise_storage::Element as _;
use ndarray::{Axis, Ix2};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

/// Products of the rows of an array with one another, block by block of its columns: an array of
/// (blocks of columns, rows, rows), which is added up along the first axis.
struct Gram;

impl Operation for Gram {
    fn name(&self) -> &'static str {
        "cov-products"
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let from = Arc::clone(&node.inputs()[0].chunks);
        let to = Arc::clone(&node.chunks);
        layer_of(node, inputs.iter().cloned(), GramBlocks { grid: to.grid(), from, to })
    }
}

#[derive(Serialize, Deserialize)]
struct GramBlocks {
    grid: Vec<u32>,
    from: Arc<Chunks>,
    to: Arc<Chunks>,
}

impl Blocks for GramBlocks {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let index = self.to.index_of(block);
        let (columns, rows, others) = (index[0], index[1], index[2]);
        deps.push(Dep::input(0, self.from.block_at(&[rows, columns])));
        if others != rows {
            deps.push(Dep::input(0, self.from.block_at(&[others, columns])));
        }
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let (rows, others) = match &*inputs {
            [both] => (both, both),
            [rows, others] => (rows, others),
            _ => return Err("a product is of two blocks".into()),
        };
        let (rows, others) = (chunk_of::<f64>(rows)?, chunk_of::<f64>(others)?);
        let rows = rows.view().into_dimensionality::<Ix2>()?;
        let others = others.view().into_dimensionality::<Ix2>()?;
        let product = rows.dot(&others.t());
        Ok(Chunk::new(product.insert_axis(Axis(0)).into_dyn()).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "cov-products".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let index = self.to.index_of(block);
        let rows = |row: u32| self.from.chunk_shape(self.from.block_at(&[row, index[0]]));
        let (Some(rows), Some(others)) = (rows(index[1]), rows(index[2])) else {
            return Bounds::UNKNOWN;
        };
        chunk_bounds::<f64>(&self.to, block).with_scratch(packed_bytes(rows[0], others[0], rows[1]))
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<f64>>()))
    }
}

/// Bytes in which a product of `m` rows and `n` columns packs parts of its factors, whose inner
/// length is `k`: ndarray's products go by blocks of 64 by 256 by 1,024, in whole registers.
fn packed_bytes(m: usize, n: usize, k: usize) -> u64 {
    let whole = |len: usize, most: usize| len.min(most).next_multiple_of(16);
    let packed = (whole(m, 64) + whole(n, 1024)) * k.min(256);
    (packed * size_of::<f64>()) as u64
}

/// The products of all rows with one another.
#[track_caller]
fn products(x: &Array<f64>) -> Array<f64> {
    let blocks = Array::<f64>::build("cov", &[&x.node], |made_at| {
        let [rows, columns] = x.node.chunks.axes() else {
            let expected = "rows of observations are needed, one row a variable";
            return Err(ArrayError::shape(expected, &x.shape()));
        };
        let cut = AxisChunks::regular(columns.n_chunks(), 1);
        let chunks: Chunks = [cut, rows.clone(), rows.clone()].into_iter().collect();
        let token = Tokenizer::of("cov-products", &x.node.token);
        Ok(Node::new(Gram, [x.node.clone()], f64::DTYPE, chunks, token, made_at))
    });
    blocks.sum_axis(0)
}

impl<T: Real> Array<T>
where
    T::Sum: Real,
{
    /// The covariances of the rows of an array of two axes: each row a variable, each column an
    /// observation of all. An array (rows, rows), cut as the rows are.
    ///
    /// The sum of products is divided by the number of observations less `ddof`: 1 for the unbiased
    /// estimate from a sample. It is an error if there are not two axes, or if the number of
    /// observations is deferred.
    ///
    /// # Complexity
    /// O(rows^2 x columns) as products of blocks; a task for each pair of blocks of rows and each
    /// block of columns.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::from_ndarray(&ndarray::array![[1, 2, 3], [6, 4, 2]], 2);
    /// assert_eq!(x.cov(1.0).compute()?, ndarray::array![[1.0, -2.0], [-2.0, 4.0]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn cov(&self, ddof: f64) -> Array<f64> {
        let axis = 1;
        let n = self.chunks().axes().get(axis).map(AxisChunks::len);
        match n {
            Some(None) => Array::build("cov", &[&self.node], |_| {
                Err(ArrayError::Deferred { operation: "cov", axis })
            }),
            _ => {
                let x = to_f64(self);
                let n = n.flatten().unwrap_or(0) as f64 - ddof;
                let divisor = if n > 0.0 { n } else { f64::NAN };
                let apart = match self.ndim() {
                    2 => &x - x.mean_axis(Axes::from(1).keep()),
                    _ => x,
                };
                products(&apart) / divisor
            }
        }
    }

    /// The correlations of the rows of an array of two axes: covariances over the standard
    /// deviations of both variables, from -1 to 1; NaN of a variable that does not vary. As
    /// [`Array::cov`] in everything else.
    #[track_caller]
    pub fn corrcoef(&self) -> Array<f64> {
        let cov = self.cov(0.0);
        if cov.checked().is_err() {
            return cov;
        }
        let x = to_f64(self);
        let (rows, columns) = (x.std_axis(1, 0.0), x.std_axis(Axes::from(1).keep(), 0.0));
        unary("clip", &(cov / rows / columns), |r: f64| r.clamp(-1.0, 1.0))
    }
}

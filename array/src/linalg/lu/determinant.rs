//! `det` and `slogdet`.

use super::panels::{panels, start};
use super::{ORDER, PANEL};
use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes};
use crate::chunks::Chunks;
use crate::element::{Float, Number, Real};
use crate::error::ArrayError;
use crate::expr::Node;
use crate::linalg::dense::{Side, matrix};
use crate::linalg::field::Field;
use crate::linalg::parts::{Parts, part, parts_bytes};
use crate::linalg::ready::{About, ready};
use crate::linalg::several::several;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, Tokenizer, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// The determinant of a square matrix, an array without axes.
///
/// That of a matrix without rows is 1. It is an error if `a` is not square. Where it would be too
/// large or too small for a number, [`slogdet`] still is not.
///
/// # Complexity
/// That of [`lu`](super::lu).
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, linalg};
/// let a = Array::from_ndarray(&ndarray::arr2(&[[1.0, 2.0], [4.0, 6.0]]).into_dyn(), 1);
/// assert_eq!(linalg::det(&a).compute()?, ndarray::arr0(-2.0).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn det<T: Field>(a: &Array<T>) -> Array<T> {
    several("det", vec![&a.node], |made_at| {
        let all = determinant::<T>(&a.node, "det", made_at)?;
        Ok([part::<T>("det", &all, PRODUCT, Side::AsIs, Chunks::default())])
    })
    .array(0)
}

/// The sign of the determinant, which of complex numbers has absolute value 1, and the natural
/// logarithm of its absolute value; of a singular matrix 0 and minus infinity.
///
/// As [`det`] in everything else.
#[track_caller]
pub fn slogdet<T: Field>(a: &Array<T>) -> (Array<T>, Array<T::Modulus>) {
    let both = several("slogdet", vec![&a.node], |made_at| {
        let all = determinant::<T>(&a.node, "slogdet", made_at)?;
        let sign = part::<T>("slogdet", &all, SIGN, Side::AsIs, Chunks::default());
        let log = part::<T::Modulus>("slogdet", &all, LOG, Side::AsIs, Chunks::default());
        Ok([sign, log])
    });
    (both.array(0), both.array(1))
}

const PRODUCT: usize = 0;
const SIGN: usize = 1;
const LOG: usize = 2;

/// A factor of a determinant: itself, and its sign and its logarithm.
struct Factor<T: Field> {
    product: T,
    sign: T,
    log: f64,
}

impl<T: Field> Factor<T> {
    const ONE: Factor<T> = Factor { product: T::ONE, sign: T::ONE, log: 0.0 };

    fn times(self, x: T) -> Factor<T> {
        let modulus = x.modulus();
        let sign = match modulus == T::Modulus::ZERO {
            true => T::ZERO,
            false => x.over(T::of_real(modulus)),
        };
        Factor {
            product: self.product.times(x),
            sign: self.sign.times(sign),
            log: self.log + modulus.to_f64().ln(),
        }
    }

    fn into_value(self) -> Result<Value, BoxError> {
        let log = T::Modulus::of_f64(self.log);
        let parts = Parts::default().with(Chunk::from_vec(&[], vec![self.product])?);
        let parts = parts.with(Chunk::from_vec(&[], vec![self.sign])?);
        Ok(parts.with(Chunk::from_vec(&[], vec![log])?).into_value())
    }

    fn and(self, value: &Value) -> Result<Factor<T>, BoxError> {
        let parts = value.get::<Parts>()?;
        let one = |part: usize| -> Result<T, BoxError> {
            Ok(parts.get::<T>(part)?.in_memory_order().first().copied().unwrap_or(T::ONE))
        };
        let log = parts.get::<T::Modulus>(LOG)?.in_memory_order().first().copied();
        Ok(Factor {
            product: self.product.times(one(PRODUCT)?),
            sign: self.sign.times(one(SIGN)?),
            log: self.log + log.map_or(0.0, Real::to_f64),
        })
    }
}

fn determinant<T: Field>(
    a: &Arc<Node>,
    operation: &'static str,
    made_at: &'static Location<'static>,
) -> Result<Arc<Node>, ArrayError> {
    let panels = panels::<T>(a, operation, made_at)?;
    let n = panels.n_panels();
    let about = |token, n: usize| {
        let chunks = [AxisChunks::regular(n, 1)].into_iter().collect();
        About { name: "det", dtype: T::DTYPE, chunks, token, made_at }
    };
    let of_panels = DiagonalBlocks::<T> { grid: vec![n], axis: panels.axis, of: PhantomData };
    let token = Tokenizer::of("det of panels", &panels.node.token);
    let factors = ready(about(token, n as usize), [panels.node], of_panels);
    let token = Tokenizer::of("det", &factors.token);
    let blocks = ProductBlocks::<T> { n, of: PhantomData };
    Ok(ready(about(token, 1), [factors], blocks))
}

/// The product of the pivots of each panel, with the sign of its permutation.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct DiagonalBlocks<T> {
    grid: Vec<u32>,
    axis: AxisChunks,
    of: PhantomData<fn() -> T>,
}

fn factor_bytes<T: Field>() -> Bounds {
    let (own, modulus) = (chunk_bytes::<T>(1), chunk_bytes::<T::Modulus>(1));
    Bounds::output(parts_bytes([own, own, modulus]))
}

impl<T: Field> Blocks for DiagonalBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block * self.grid[0] + block));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("pivots are of one panel".into()) };
        let input = input.take();
        let parts = input.get::<Parts>()?;
        let (panel, first) = (matrix(parts.get::<T>(PANEL)?), start(&self.axis, block));
        let mut factor = Factor::<T>::ONE;
        for col in 0..panel.cols.min(panel.rows.saturating_sub(first)) {
            let at = (first + col) * panel.row_stride + col * panel.col_stride;
            factor = factor.times(panel.elements[at]);
        }
        if is_odd(parts.get::<i64>(ORDER)?.in_memory_order()) {
            factor = factor.times(T::ONE.negated());
        }
        factor.into_value()
    }

    fn op_name(&self) -> Cow<'_, str> {
        "det".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let rows = self.axis.len().unwrap_or(0) - start(&self.axis, block);
        factor_bytes::<T>().with_scratch(rows as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Parts>()))
    }
}

/// Whether a permutation is one of an odd number of swaps.
fn is_odd(order: &[i64]) -> bool {
    let mut seen = vec![false; order.len()];
    let mut swaps = 0;
    for start in 0..order.len() {
        let mut at = start;
        while !seen[at] {
            seen[at] = true;
            at = order[at] as usize;
            // A cycle of n items is one of n - 1 swaps.
            swaps += usize::from(at != start);
        }
    }
    swaps % 2 == 1
}

/// The product of all factors.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct ProductBlocks<T> {
    n: u32,
    of: PhantomData<fn() -> T>,
}

impl<T: Field> Blocks for ProductBlocks<T> {
    fn grid(&self) -> &[u32] {
        &[1]
    }

    fn deps(&self, _: u32, deps: &mut Vec<Dep>) {
        deps.extend((0..self.n).map(|factor| Dep::input(0, factor)));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let mut product = Factor::<T>::ONE;
        for input in inputs {
            product = product.and(input)?;
        }
        product.into_value()
    }

    fn op_name(&self) -> Cow<'_, str> {
        "det".into()
    }

    fn bytes(&self, _: u32) -> Bounds {
        factor_bytes::<T>()
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Parts>()))
    }
}

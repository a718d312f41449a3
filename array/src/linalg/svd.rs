//! `svd`: singular values and vectors.

use super::dense::{Dense, Side, bytes_of};
use super::field::Field;
use super::parts::{Parts, part, parts_bytes};
use super::ready::{About, ready};
use super::several::several;
use super::shapes::{check_matrix, cut};
use super::tsqr::tsqr;
use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::chunks::Chunks;
use crate::error::ArrayError;
use crate::expr::Node;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, Tokenizer, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// `U`, the singular values from the largest to the smallest, and `V` transposed and conjugated:
/// `a` is `U` times the diagonal matrix of the values times that.
///
/// Of a matrix of shape (m, n), they have the shapes (m, k), (k,) and (k, n), where k is the smaller
/// of m and n. The longer axis may be cut, and `U` or `V` is cut like it; the shorter one is made one
/// chunk, and so is what belongs to it. [`svd_flip`](super::svd_flip) makes the signs of vectors
/// reproducible. It is an error if `a` is no matrix; of one with NaN, its task fails.
///
/// # Complexity
/// That of [`qr`](super::qr) of the longer axis, and of a singular value decomposition of k x k in
/// one task.
#[track_caller]
pub fn svd<T: Field>(a: &Array<T>) -> (Array<T>, Array<T::Modulus>, Array<T>) {
    let all = several("svd", vec![&a.node], |made_at| svd_nodes::<T>(&a.node, made_at));
    (all.array(0), all.array(1), all.array(2))
}

/// The singular values from the largest to the smallest, a vector.
///
/// As [`svd`] in everything else.
#[track_caller]
pub fn svdvals<T: Field>(a: &Array<T>) -> Array<T::Modulus> {
    let one = several("svd", vec![&a.node], |made_at| {
        let small = reduced::<T>(&a.node, made_at)?;
        let k = small.k;
        let node = decomposed::<T>(&small.node, (k, small.n), false, made_at);
        Ok([part::<T::Modulus>("svd_s", &node, 0, Side::AsIs, Chunks::whole(&[k]))])
    });
    one.array(0)
}

/// The R of a matrix, or of its adjoint if that has more rows.
struct Reduced {
    factors: super::tsqr::Tsqr,
    node: Arc<Node>,
    side: Side,
    k: usize,
    n: usize,
}

fn reduced<T: Field>(
    a: &Arc<Node>,
    made_at: &'static Location<'static>,
) -> Result<Reduced, ArrayError> {
    check_matrix(a)?;
    let (rows, cols) = (&a.chunks.axes()[0], &a.chunks.axes()[1]);
    let side = match (rows.len(), cols.len()) {
        (Some(m), Some(n)) if m < n => Side::Adjoint,
        (None, None) => return Err(ArrayError::Deferred { operation: "svd", axis: 1 }),
        (Some(_), None) => Side::Adjoint,
        _ => Side::AsIs,
    };
    let (long, short) = if side == Side::AsIs { (rows, cols) } else { (cols, rows) };
    let n = short.len().unwrap_or(0);
    let whole = match short.n_chunks() {
        1 => Arc::clone(a),
        _ if long.len().is_none() => {
            let axis = usize::from(side == Side::Adjoint);
            return Err(ArrayError::Deferred { operation: "svd", axis });
        }
        _ => match side {
            Side::AsIs => cut(a, [long.clone(), AxisChunks::whole(n)], made_at),
            Side::Adjoint => cut(a, [AxisChunks::whole(n), long.clone()], made_at),
        },
    };
    let factors = tsqr::<T>(&whole, side, made_at);
    Ok(Reduced { node: factors.r::<T>(), k: factors.k, n, side, factors })
}

pub(super) fn svd_nodes<T: Field>(
    a: &Arc<Node>,
    made_at: &'static Location<'static>,
) -> Result<[Arc<Node>; 3], ArrayError> {
    let Reduced { factors, node, side, k, n } = reduced::<T>(a, made_at)?;
    let all = decomposed::<T>(&node, (k, n), true, made_at);
    let u = part::<T>("svd_u", &all, 1, Side::AsIs, Chunks::whole(&[k, k]));
    let s = part::<T::Modulus>("svd_s", &all, 0, Side::AsIs, Chunks::whole(&[k]));
    let long = factors.q::<T>(Some((u, k)), side);
    let short = match side {
        Side::AsIs => Chunks::whole(&[k, n]),
        Side::Adjoint => Chunks::whole(&[n, k]),
    };
    let short = part::<T>("svd_v", &all, 2, side, short);
    Ok(match side {
        Side::AsIs => [long, s, short],
        Side::Adjoint => [short, s, long],
    })
}

/// The decomposition of a matrix in one chunk: singular values, U, V.
fn decomposed<T: Field>(
    node: &Arc<Node>,
    shape: (usize, usize),
    vectors: bool,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let token = Tokenizer::of("svd of a block", &(node.token, u64::from(vectors)));
    let chunks = [AxisChunks::whole(1)].into_iter().collect();
    let about = About { name: "svd", dtype: T::DTYPE, chunks, token, made_at };
    let blocks = SvdBlocks::<T> { grid: vec![1], shape, vectors, of: PhantomData };
    ready(about, [Arc::clone(node)], blocks)
}

/// One decomposition.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct SvdBlocks<T> {
    grid: Vec<u32>,
    shape: (usize, usize),
    vectors: bool,
    of: PhantomData<fn() -> T>,
}

impl<T: Field> Blocks for SvdBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, _: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, 0));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("one block is decomposed".into()) };
        let input = input.take();
        let dense = Dense::of_chunk(chunk_of::<T>(&input)?, Side::AsIs);
        drop(input);
        let failed = || ArrayError::NotConverged { operation: "svd" };
        let values = |s: Vec<T::Modulus>| Chunk::from_vec(&[s.len()], s);
        if dense.has_infinite() {
            return Err(failed().into());
        }
        if !self.vectors {
            let s = dense.singular_values().ok_or_else(failed)?;
            return Ok(Parts::default().with(values(s)?).into_value());
        }
        let (u, s, v) = dense.svd().ok_or_else(failed)?;
        let parts = Parts::default().with(values(s)?);
        Ok(parts.with(u.into_chunk()?).with(v.into_chunk()?).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "svd".into()
    }

    fn bytes(&self, _: u32) -> Bounds {
        let (m, n) = self.shape;
        let k = m.min(n);
        let s = chunk_bytes::<T::Modulus>(k);
        let vectors = [chunk_bytes::<T>(m * k), chunk_bytes::<T>(k * n)];
        let n_vectors = if self.vectors { 2 } else { 0 };
        let parts = [s].into_iter().chain(vectors.into_iter().take(n_vectors));
        // The matrix, its bidiagonal form, and the vectors of that.
        let scratch = bytes_of::<T>(2 * m * n + 6 * (k + 1) * (m.max(n) + 1) + (64 << 10));
        Bounds::output(parts_bytes(parts)).with_scratch(scratch)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Parts>()))
    }
}

//! `eigh` and `eigvalsh`: eigenvalues of Hermitian matrices.

use super::dense::{Dense, Side, bytes_of};
use super::field::Field;
use super::parts::{Parts, part, parts_bytes};
use super::ready::{About, ready};
use super::several::several;
use super::shapes::{cut, square};
use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, take_array};
use crate::chunks::Chunks;
use crate::error::ArrayError;
use crate::expr::Node;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, Tokenizer, TypeInfo, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// The eigenvalues of a Hermitian matrix from the least to the greatest, of shape (n,), and its
/// eigenvectors, the columns of an (n, n) matrix.
///
/// What is above the diagonal is not looked at. It is an error if `a` is not square; of one with
/// NaN, the task fails.
///
/// # Complexity
/// O(n^3) time in one task, which holds the whole matrix some times: for matrices that fit in memory
/// easily.
#[track_caller]
pub fn eigh<T: Field>(a: &Array<T>) -> (Array<T::Modulus>, Array<T>) {
    let both = several("eigh", vec![&a.node], |made_at| {
        let (node, n) = eigen::<T>(&a.node, true, made_at)?;
        let values = part::<T::Modulus>("eigh", &node, 0, Side::AsIs, Chunks::whole(&[n]));
        Ok([values, part::<T>("eigh", &node, 1, Side::AsIs, Chunks::whole(&[n, n]))])
    });
    (both.array(0), both.array(1))
}

/// The eigenvalues of a Hermitian matrix from the least to the greatest, of shape (n,).
///
/// As [`eigh`] in everything else.
#[track_caller]
pub fn eigvalsh<T: Field>(a: &Array<T>) -> Array<T::Modulus> {
    several("eigvalsh", vec![&a.node], |made_at| {
        let (node, n) = eigen::<T>(&a.node, false, made_at)?;
        Ok([part::<T::Modulus>("eigvalsh", &node, 0, Side::AsIs, Chunks::whole(&[n]))])
    })
    .array(0)
}

fn eigen<T: Field>(
    a: &Arc<Node>,
    vectors: bool,
    made_at: &'static Location<'static>,
) -> Result<(Arc<Node>, usize), ArrayError> {
    let n = square(a, "eigh")?;
    let a = cut(a, [AxisChunks::whole(n), AxisChunks::whole(n)], made_at);
    let token = Tokenizer::of("eigh", &(a.token, u64::from(vectors)));
    let chunks = [AxisChunks::whole(1)].into_iter().collect();
    let about = About { name: "eigh", dtype: T::DTYPE, chunks, token, made_at };
    Ok((ready(about, [a], EigenBlocks::<T> { n, vectors, of: PhantomData }), n))
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct EigenBlocks<T> {
    n: usize,
    vectors: bool,
    of: PhantomData<fn() -> T>,
}

impl<T: Field> Blocks for EigenBlocks<T> {
    fn grid(&self) -> &[u32] {
        &[1]
    }

    fn deps(&self, _: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, 0));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("one block is decomposed".into()) };
        let dense = Dense::from_chunk(Chunk::new(take_array::<T>(input)?));
        let failed = ArrayError::NotConverged { operation: "eigh" };
        if dense.has_infinite() {
            return Err(failed.into());
        }
        let (values, vectors) = dense.eigh(self.vectors).ok_or(failed)?;
        let parts = Parts::default().with(Chunk::from_vec(&[values.len()], values)?);
        Ok(parts.with(vectors.into_chunk()?).into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "eigh".into()
    }

    fn bytes(&self, _: u32) -> Bounds {
        let n = self.n;
        let values = chunk_bytes::<T::Modulus>(n);
        let vectors = chunk_bytes::<T>(if self.vectors { n * n } else { 0 });
        let scratch = bytes_of::<T>(4 * (n + 1) * (n + 1) + (64 << 10));
        Bounds::output(parts_bytes([values, vectors])).with_scratch(scratch)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Parts>()))
    }
}

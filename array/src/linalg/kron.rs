//! `kron`: every element of one array times another array.

use super::ready::{About, ready};
use crate::array::{Array, known_shape};
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::element::Number;
use crate::error::ArrayError;
use crate::rechunk::rechunk;
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Shipment, Tokenizer, TypeInfo, Value};
use ndarray::{ArrayD, IxDyn};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

impl<T: Number> Array<T> {
    /// The product of Kronecker: where this has an element, the result has that times the other
    /// array.
    ///
    /// Each axis has the product of both lengths; an array with fewer axes gets axes of length 1
    /// before its own. The result is cut where this is. The other array is made one chunk.
    ///
    /// # Complexity
    /// O(elements of the result) time; a task for each chunk of this, which holds one of it, the
    /// whole other array, and their product.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let (x, y) = (Array::arange(1, 3, 1, 1), Array::arange(1, 4, 1, 2));
    /// assert_eq!(x.kron(&y).compute()?, ndarray::arr1(&[1, 2, 3, 2, 4, 6]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn kron(&self, other: &Array<T>) -> Array<T> {
        Array::build("kron", &[&self.node, &other.node], |made_at| {
            let (a, b) = (&self.node, &other.node);
            let whole = known_shape(b, "kron")?;
            known_shape(a, "kron")?;
            let ndim = a.chunks.ndim().max(b.chunks.ndim());
            let axis = |at: usize| {
                let of_a =
                    (at + a.chunks.ndim()).checked_sub(ndim).map(|axis| &a.chunks.axes()[axis]);
                let of_b = (at + whole.len()).checked_sub(ndim).map_or(1, |axis| whole[axis]);
                product(of_a, of_b).ok_or_else(|| {
                    let shape = known_shape(a, "kron").unwrap_or_default();
                    ArrayError::TooLarge { shape: shape.as_slice().into() }
                })
            };
            let chunks: Chunks = (0..ndim).map(axis).collect::<Result<_, _>>()?;
            let b = rechunk(Arc::clone(b), Chunks::whole(&whole), made_at);
            let token = Tokenizer::of("kron", &(a.token, b.token));
            let blocks = KronBlocks::<T> {
                grid: chunks.grid(),
                chunks: Arc::new(chunks.clone()),
                n_whole: whole.iter().product(),
                of: PhantomData,
            };
            let about = About { name: "kron", dtype: T::DTYPE, chunks, token, made_at };
            Ok(ready(about, [Arc::clone(a), b], blocks))
        })
    }
}

/// The cut of an axis, each of whose elements becomes so many; `None` if they cannot be counted.
fn product(axis: Option<&AxisChunks>, times: usize) -> Option<AxisChunks> {
    let Some(axis) = axis else { return Some(AxisChunks::whole(times)) };
    axis.len()?.checked_mul(times)?;
    Some(match (axis.regular_size(), times) {
        // An axis without elements is one chunk, whatever it came from.
        (Some(size), 1..) => AxisChunks::regular(axis.len()? * times, size * times),
        _ => AxisChunks::of_sizes(axis.sizes()?.into_iter().map(|size| size * times)),
    })
}

/// The product of each chunk and the whole other array.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct KronBlocks<T> {
    grid: Vec<u32>,
    chunks: Arc<Chunks>,
    /// Elements of the whole other array.
    n_whole: usize,
    of: PhantomData<fn() -> T>,
}

impl<T: Number> Blocks for KronBlocks<T> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block));
        deps.push(Dep::input(1, 0));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [a, b] = inputs else { return Err("a product is of two chunks".into()) };
        let (a, b) = (a.take(), b.take());
        let (a, b) = (chunk_of::<T>(&a)?.view(), chunk_of::<T>(&b)?.view());
        let ndim = a.ndim().max(b.ndim());
        let shape_of = |shape: &[usize]| -> PerAxis<usize> {
            std::iter::repeat_n(1, ndim - shape.len()).chain(shape.iter().copied()).collect()
        };
        let (of_a, of_b) = (shape_of(a.shape()), shape_of(b.shape()));
        // With the axes of both one behind the other, and then in pairs.
        let pairs: PerAxis<usize> = of_a.iter().zip(&of_b).flat_map(|(&a, &b)| [a, b]).collect();
        let mut out = ArrayD::from_elem(IxDyn(&pairs), T::ZERO);
        let spread = |of: &[usize], first: bool| -> PerAxis<usize> {
            of.iter().flat_map(|&len| if first { [len, 1] } else { [1, len] }).collect()
        };
        let a = a.to_shape(IxDyn(&spread(&of_a, true)))?;
        let b = b.to_shape(IxDyn(&spread(&of_b, false)))?;
        ndarray::Zip::from(&mut out)
            .and_broadcast(&a)
            .and_broadcast(&b)
            .for_each(|out, &a, &b| *out = a.times(b));
        let shape: PerAxis<usize> = of_a.iter().zip(&of_b).map(|(a, b)| a * b).collect();
        let (elements, _) = out.into_raw_vec_and_offset();
        Ok(Chunk::from_vec(&shape, elements)?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        "kron".into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let n = self.chunks.chunk_len(block);
        // Chunks that do not lie row by row are copied.
        n.map_or(Bounds::UNKNOWN, |n| {
            let copies = n / self.n_whole.max(1) + self.n_whole;
            Bounds::output(chunk_bytes::<T>(n)).with_scratch((copies * size_of::<T>()) as u64)
        })
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<T>>()))
    }
}

//! Functions along core dimensions: `apply_gufunc` and its relatives.

use super::cells::{Cells, cell};
use super::function::{BlockInfo, OfBlocks, of_blocks};
use super::gufunc_plan::Plan;
use super::signature::{Signature, SignatureError};
use crate::array::Array;
use crate::chunk::chunk_of;
use crate::chunks::PerAxis;
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::Node;
use chunkwise_graph::{BoxError, Captureless, Token, Value};
use ndarray::{ArrayD, ArrayViewD};
use std::sync::Arc;

/// Which axes a function works along, and how it is called: a [`Signature`], with options. Made from
/// a text such as `"(i,j),(j)->(i)"`.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, Gufunc, apply_gufunc};
/// let x = Array::arange(0, 6, 1, 3).reshape([2, 3]);
/// // The least and the greatest element of each row; the function is given one row at a time.
/// let ends = Gufunc::new("(i)->(ends)").output_size("ends", 2).vectorize();
/// let y = apply_gufunc(ends, &x, |row| {
///     let (least, most) = row.iter().fold((i32::MAX, i32::MIN), |e, &x| (e.0.min(x), e.1.max(x)));
///     ndarray::arr1(&[least, most]).into_dyn()
/// });
/// assert_eq!(y.compute()?, ndarray::array![[0, 2], [3, 5]].into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gufunc {
    pub(super) signature: Result<Signature, SignatureError>,
    pub(super) output_sizes: Vec<(String, usize)>,
    pub(super) is_vectorized: bool,
    pub(super) refuses_cuts: bool,
}

impl Gufunc {
    /// A function of whole blocks along these core dimensions. A text that is no signature is an
    /// error of what is made with it.
    pub fn new(signature: &str) -> Gufunc {
        Gufunc {
            signature: signature.parse(),
            output_sizes: Vec::new(),
            is_vectorized: false,
            refuses_cuts: false,
        }
    }

    /// The length of a core dimension that only the output has.
    #[must_use]
    pub fn output_size(mut self, dimension: &str, len: usize) -> Gufunc {
        self.output_sizes.push((dimension.to_owned(), len));
        self
    }

    /// The function is called for each place along the loop dimensions, with what lies along the
    /// core dimensions there; it gives the core dimensions of the output.
    #[must_use]
    pub fn vectorize(self) -> Gufunc {
        Gufunc { is_vectorized: true, ..self }
    }

    /// A core dimension that is cut into several chunks is an error. Otherwise it is made one chunk,
    /// which may need much memory.
    #[must_use]
    pub fn refuse_cuts(self) -> Gufunc {
        Gufunc { refuses_cuts: true, ..self }
    }
}

impl From<&str> for Gufunc {
    fn from(signature: &str) -> Gufunc {
        Gufunc::new(signature)
    }
}

impl From<Signature> for Gufunc {
    fn from(signature: Signature) -> Gufunc {
        Gufunc { signature: Ok(signature), ..Gufunc::new("()->()") }
    }
}

/// `f` of the blocks of an array, along the core dimensions that a signature names: a generalised
/// universal function.
///
/// The signature says which of the last axes the function works along (core dimensions), and which
/// axes there are in their place in the output: `"(i)->()"` takes one away, `"(i,j)->(j)"` the last
/// but one. The axes before them (loop dimensions) stay as they are. The function is given blocks
/// that are whole along the core dimensions, and gives a block with the same loop dimensions, then
/// the core dimensions of the output; with [`Gufunc::vectorize`] it sees core dimensions only. Core
/// dimensions that only the output has get their length by [`Gufunc::output_size`], or by a name
/// that is a number.
///
/// A core dimension that is cut is made one chunk first, as everywhere in this crate where elements
/// along an axis are needed together; Dask refuses that unless `allow_rechunk` is set, as
/// [`Gufunc::refuse_cuts`] does here. Dask's `axes` and `axis` are [`Array::move_axis`] before and
/// after, `keepdims` is [`Array::expand_dims`].
///
/// Every call is work of its own: equal functions cannot be told. A function that captures something
/// runs on threads only; what it would capture can be one more input, without axes: `"(i),()->(i)"`.
///
/// # Errors
/// Of the array:
/// - [`ArrayError::Signature`] if the text is none;
/// - [`ArrayError::Argument`] if the signature has another number of inputs, not one output, or an
///   output dimension whose length is not known;
/// - [`ArrayError::Shape`] if an array has fewer axes than core dimensions;
/// - [`ArrayError::CoreDimension`] if lengths along a core dimension differ;
/// - [`ArrayError::Deferred`] if only a run tells the length of a core dimension;
/// - [`ArrayError::Broadcast`] if the loop dimensions do not broadcast;
/// - [`ArrayError::Argument`] if a core dimension is cut that must not be.
///
/// Of a task: [`ArrayError::Chunk`] if the function gives a block of another shape.
///
/// # Complexity
/// A task for each block of the loop dimensions, and the call of the function in it; what that needs
/// in memory besides its result is not known, unless [`Array::with_scratch`] says it. Making core dimensions whole is a rechunk.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, apply_gufunc};
/// use ndarray::Axis;
/// let x = Array::arange(0.0, 12.0, 1.0, 4).reshape([3, 4]);
/// let means = apply_gufunc("(i)->()", &x, |x| x.mean_axis(Axis(x.ndim() - 1)).unwrap_or_default());
/// assert_eq!(means.compute()?, ndarray::arr1(&[1.5, 5.5, 9.5]).into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn apply_gufunc<A, D, F>(gufunc: impl Into<Gufunc>, x: &Array<A>, f: F) -> Array<D>
where
    A: Element,
    D: Element,
    F: Fn(ArrayViewD<'_, A>) -> ArrayD<D> + Send + Sync + 'static,
{
    let function = move |cells: &Cells, blocks: &mut [Value], _: &BlockInfo| {
        let [x] = blocks else { return Err("it is called with one block".into()) };
        let x = chunk_of::<A>(x)?.view();
        let loops = cells.loops(&[x.shape()])?;
        cells.call(&loops, |place| f(cell(&x, place)))
    };
    applied(&gufunc.into(), &[&x.node], Captureless::<F>::refusal, function)
}

/// `f` of the blocks of two arrays, along the core dimensions that a signature names.
///
/// The loop dimensions broadcast and are cut alike; the function is given blocks that were broadcast
/// already. As [`apply_gufunc`] in everything else.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, Gufunc, apply_gufunc2};
/// use ndarray::{Ix1, Ix2, array};
/// let matrices = Array::from_ndarray(&array![[[1, 2], [3, 4]], [[0, 1], [1, 0]]], 1);
/// let vector = Array::from_ndarray(&array![10, 1], 2);
/// let product = apply_gufunc2(Gufunc::new("(i,j),(j)->(i)").vectorize(), &matrices, &vector, |m, v| {
///     let (m, v) = (m.into_dimensionality::<Ix2>(), v.into_dimensionality::<Ix1>());
///     m.and_then(|m| Ok(m.dot(&v?).into_dyn())).unwrap_or_default()
/// });
/// assert_eq!(product.compute()?, array![[12, 34], [1, 10]].into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn apply_gufunc2<A, B, D, F>(
    gufunc: impl Into<Gufunc>,
    x: &Array<A>,
    y: &Array<B>,
    f: F,
) -> Array<D>
where
    A: Element,
    B: Element,
    D: Element,
    F: Fn(ArrayViewD<'_, A>, ArrayViewD<'_, B>) -> ArrayD<D> + Send + Sync + 'static,
{
    let function = move |cells: &Cells, blocks: &mut [Value], _: &BlockInfo| {
        let [x, y] = blocks else { return Err("it is called with two blocks".into()) };
        let (x, y) = (chunk_of::<A>(x)?.view(), chunk_of::<B>(y)?.view());
        let loops = cells.loops(&[x.shape(), y.shape()])?;
        let (x, y) = (cells.spread(0, &x, &loops)?, cells.spread(1, &y, &loops)?);
        cells.call(&loops, |place| f(cell(&x, place), cell(&y, place)))
    };
    applied(&gufunc.into(), &[&x.node, &y.node], Captureless::<F>::refusal, function)
}

/// `f` of the blocks of three arrays, along the core dimensions that a signature names: as
/// [`apply_gufunc2`].
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, apply_gufunc3};
/// let x = Array::arange(0.0, 6.0, 1.0, 2).reshape([2, 3]);
/// let (by, to) = (Array::full([], 2.0, 1), Array::full([2], 1.0, 1));
/// let y = apply_gufunc3("(i),(),()->(i)", &x, &by, &to, |x, by, to| {
///     let (by, to) = (by.insert_axis(ndarray::Axis(1)), to.insert_axis(ndarray::Axis(1)));
///     &x * &by + &to
/// });
/// assert_eq!(y.compute()?, ndarray::array![[1.0, 3.0, 5.0], [7.0, 9.0, 11.0]].into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[track_caller]
pub fn apply_gufunc3<A, B, C, D, F>(
    gufunc: impl Into<Gufunc>,
    x: &Array<A>,
    y: &Array<B>,
    z: &Array<C>,
    f: F,
) -> Array<D>
where
    A: Element,
    B: Element,
    C: Element,
    D: Element,
    F: Fn(ArrayViewD<'_, A>, ArrayViewD<'_, B>, ArrayViewD<'_, C>) -> ArrayD<D>
        + Send
        + Sync
        + 'static,
{
    let function = move |cells: &Cells, blocks: &mut [Value], _: &BlockInfo| {
        let [x, y, z] = blocks else { return Err("it is called with three blocks".into()) };
        let (x, y, z) =
            (chunk_of::<A>(x)?.view(), chunk_of::<B>(y)?.view(), chunk_of::<C>(z)?.view());
        let loops = cells.loops(&[x.shape(), y.shape(), z.shape()])?;
        let (x, y) = (cells.spread(0, &x, &loops)?, cells.spread(1, &y, &loops)?);
        let z = cells.spread(2, &z, &loops)?;
        cells.call(&loops, |place| f(cell(&x, place), cell(&y, place), cell(&z, place)))
    };
    applied(&gufunc.into(), &[&x.node, &y.node, &z.node], Captureless::<F>::refusal, function)
}

#[track_caller]
fn applied<D: Element, F>(
    gufunc: &Gufunc,
    inputs: &[&Arc<Node>],
    refusal: fn() -> String,
    function: F,
) -> Array<D>
where
    F: Fn(&Cells, &mut [Value], &BlockInfo) -> Result<ArrayD<D>, BoxError> + Send + Sync + 'static,
{
    const NAME: &str = "apply_gufunc";
    Array::build(NAME, inputs, |made_at| -> Result<_, ArrayError> {
        let Plan { parameters, chunks, inputs, maps } = gufunc.plan(inputs, made_at)?;
        let token = Token::unique();
        let margins = PerAxis::new();
        let of = OfBlocks { name: NAME, parameters, function, refusal, chunks, margins, token };
        Ok(of_blocks::<Cells, D, _>(of, inputs, maps, made_at))
    })
}

//! [`Array`]: a lazy, chunked, n-dimensional array.

use crate::chunks::Chunks;
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::{Failed, Node, OfLayer, failed};
use crate::extent::Extent;
use chunkwise_graph::{Error, Key, Layer, Name, Place, TaskSite, Token, Tokenizer};
use chunkwise_storage::DType;
use smallvec::SmallVec;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// A lazy array of elements `T`, cut into chunks along each axis.
///
/// Cheap to clone: a handle to an expression. Nothing runs before
/// [`compute`](crate::CollectionExt::compute); printing one shows what it is.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt};
/// let x = Array::<f64>::ones([4, 6], [2, 3]);
/// let y = (&x + 1.0) * &x;
/// assert_eq!(y.sum().compute()?, 48.0);
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
///
/// # Errors
/// Methods do not fail: an expression that cannot be (shapes that do not broadcast, an axis that
/// there is not) becomes an array that says so when it is computed, with the line that made it.
/// [`Array::checked`] says it at once.
pub struct Array<T> {
    pub(crate) node: Arc<Node>,
    element: PhantomData<fn() -> T>,
}

impl<T> Clone for Array<T> {
    fn clone(&self) -> Array<T> {
        Array { node: Arc::clone(&self.node), element: PhantomData }
    }
}

/// What an operation makes, or why it cannot.
pub(crate) type Built = Result<Arc<Node>, ArrayError>;

impl<T: Element> Array<T> {
    /// The array of a node, whose elements are `T`.
    pub(crate) fn of_node(node: Arc<Node>) -> Array<T> {
        debug_assert!(node.dtype == T::DTYPE, "{} as {}", node.dtype, T::DTYPE);
        Array { node, element: PhantomData }
    }

    /// What `build` makes of the inputs; what is wrong with one of them is wrong with the result.
    ///
    /// Every operation goes through here; `operation` is its name in messages.
    #[track_caller]
    pub(crate) fn build(
        operation: &'static str,
        inputs: &[&Arc<Node>],
        build: impl FnOnce(&'static Location<'static>) -> Built,
    ) -> Array<T> {
        let made_at = Location::caller();
        let broken = inputs.iter().find_map(|node| {
            let failed: &Failed = node.as_operation()?;
            Some((failed.error.clone(), failed.operation, node.made_at))
        });
        let node = match broken {
            Some((error, operation, made_at)) => failed(error, operation, T::DTYPE, made_at),
            None => {
                build(made_at).unwrap_or_else(|error| failed(error, operation, T::DTYPE, made_at))
            }
        };
        Array::of_node(node)
    }

    /// An array whose chunks are the blocks of a layer, which must give [`Chunk`](crate::Chunk)s of
    /// `T` in this cut.
    pub fn from_layer(layer: Arc<Layer>, chunks: Chunks) -> Array<T> {
        let mut hash = Tokenizer::new("layer");
        hash.token(layer.name().token());
        let (token, made_at): (Token, _) = (hash.finish(), layer.made_at());
        Array::of_node(Node::new(OfLayer(layer), [], T::DTYPE, chunks, token, made_at))
    }

    /// What is wrong with the expression, if something is.
    ///
    /// # Errors
    /// What computing it would say, without its place.
    pub fn checked(&self) -> Result<&Array<T>, ArrayError> {
        match self.node.as_operation::<Failed>() {
            Some(failed) => Err(failed.error.clone()),
            None => Ok(self),
        }
    }

    /// What is said when the array was computed, and the result could not be put where it belongs.
    pub(crate) fn refused(&self, operation: &'static str, error: ArrayError) -> Error {
        let key = Key::new(Name::structural(operation, self.node.token));
        let made_at: Place = self.node.made_at.into();
        let site = TaskSite::new(key, operation.to_owned(), made_at, Vec::new());
        Error::Task { site: Box::new(site), source: Arc::new(error) }
    }

    /// The length of each axis. Of an expression that cannot be: no axes.
    pub fn shape(&self) -> SmallVec<[Extent; 4]> {
        self.node.chunks.extents()
    }

    /// The length of each axis, as numbers.
    ///
    /// # Errors
    /// [`ArrayError::Deferred`] if a length is known at run time only.
    pub fn dims(&self) -> Result<SmallVec<[usize; 4]>, ArrayError> {
        known_shape(&self.node, "shape")
    }

    /// Number of axes.
    pub fn ndim(&self) -> usize {
        self.node.chunks.ndim()
    }

    /// Number of elements, if it is known.
    pub fn n_elements(&self) -> Option<usize> {
        self.node.chunks.n_elements()
    }

    /// Bytes of the elements, if their number is known.
    pub fn nbytes(&self) -> Option<usize> {
        self.n_elements()?.checked_mul(size_of::<T>())
    }

    /// The type of the elements.
    pub fn dtype(&self) -> DType {
        T::DTYPE
    }

    /// How it is cut.
    pub fn chunks(&self) -> &Chunks {
        &self.node.chunks
    }

    /// Number of chunks.
    pub fn n_chunks(&self) -> u64 {
        self.node.chunks.n_chunks()
    }
}

/// The shape of a node, for an operation that needs it.
///
/// # Errors
/// [`ArrayError::Deferred`].
pub(crate) fn known_shape(
    node: &Node,
    operation: &'static str,
) -> Result<SmallVec<[usize; 4]>, ArrayError> {
    let known = |(axis, extent): (usize, &crate::axis_chunks::AxisChunks)| {
        extent.len().ok_or(ArrayError::Deferred { operation, axis })
    };
    node.chunks.axes().iter().enumerate().map(known).collect()
}

//! [`ArrayError`]: what can be wrong with an expression of arrays.

use crate::blocks::SignatureError;
use crate::extent::{Extent, shape_text, tuple_text};
use chunkwise_array_random::RandomError;
use chunkwise_graph::BoxError;
use chunkwise_storage::DType;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// What is wrong with an expression. It is found when the expression is built, kept in the array,
/// and reported by whatever computes it, with the place in the program;
/// [`Array::checked`](crate::Array::checked) gives it at once.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ArrayError {
    /// Chunks that do not fit the array.
    Chunks {
        /// The shape of the array.
        shape: Box<[usize]>,
        /// What is wrong.
        why: String,
    },
    /// Arrays that cannot be combined element by element.
    Broadcast {
        /// The shapes, in the order of the arrays.
        shapes: Vec<Box<[Extent]>>,
        /// The axis of the result at which they disagree, from 0.
        axis: usize,
    },
    /// Arrays that cannot be put together.
    Join {
        /// The shape of the first array.
        first: Box<[Extent]>,
        /// The shape of one that does not fit it.
        other: Box<[Extent]>,
        /// Which one that is, from 0.
        number: usize,
        /// The axis along which they differ; `None`: they have different numbers of axes.
        axis: Option<usize>,
    },
    /// A shape with another number of elements than the array has.
    Reshape {
        /// The shape of the array.
        from: Box<[usize]>,
        /// The shape that was asked for.
        to: Box<[i128]>,
    },
    /// An axis that the array does not have.
    Axis {
        /// The axis, from 0.
        axis: isize,
        /// The axes of the array.
        ndim: usize,
    },
    /// The same axis given twice.
    RepeatedAxis {
        /// The axis, from 0.
        axis: usize,
    },
    /// A position behind the end of an axis.
    Index {
        /// The position.
        index: isize,
        /// The axis, from 0.
        axis: usize,
        /// The length of the axis.
        len: usize,
    },
    /// More positions or slices than the array has axes.
    TooManyIndices {
        /// How many axes were named.
        given: usize,
        /// The axes of the array.
        ndim: usize,
    },
    /// An array of another shape than an operation takes.
    Shape {
        /// What the operation takes.
        expected: String,
        /// The shape of the array.
        found: Box<[Extent]>,
    },
    /// An operation needs a length that only a run will tell.
    Deferred {
        /// The operation.
        operation: &'static str,
        /// The axis of that length, from 0.
        axis: usize,
    },
    /// An argument that means nothing.
    Argument {
        /// What it is called.
        name: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Axes of two arrays that are paired, and have different lengths.
    Contract {
        /// The axis of the first array and that of the second, from 0.
        axes: (usize, usize),
        /// The shapes of both.
        shapes: Box<[Vec<Extent>; 2]>,
    },
    /// More elements or chunks than can be counted.
    TooLarge {
        /// The shape.
        shape: Box<[usize]>,
    },
    /// The extreme of no elements.
    Empty {
        /// The operation.
        operation: &'static str,
    },
    /// A matrix that has no Cholesky decomposition.
    NotPositiveDefinite {
        /// The first row, from 0, up to which the matrix is not positive definite.
        row: usize,
    },
    /// A system of equations without one solution.
    Singular {
        /// The row, from 0, in which the triangular matrix has nothing on the diagonal.
        row: usize,
    },
    /// An iteration that came to no end, as with elements that are not finite.
    NotConverged {
        /// The operation.
        operation: &'static str,
    },
    /// A chunk that is not what was promised: a function gave one of another shape.
    Chunk {
        /// Its shape.
        found: Box<[usize]>,
        /// The shape that it should have.
        expected: Box<[usize]>,
    },
    /// A value that no element of another type equals.
    Cast {
        /// The value.
        value: String,
        /// Its type.
        from: DType,
        /// The other type.
        to: DType,
    },
    /// A text that is no signature of core dimensions.
    Signature {
        /// What is wrong with it, and where.
        error: SignatureError,
    },
    /// An array whose length along a core dimension is another one than it should be.
    CoreDimension {
        /// The signature.
        signature: String,
        /// The name of the dimension.
        dimension: String,
        /// Which input the array is, from 0.
        input: usize,
        /// Its length along the dimension.
        found: usize,
        /// The length that an input before it has, or that the signature says.
        expected: usize,
    },
    /// A parameter that a distribution of random numbers does not have.
    Random {
        /// What is wrong with it.
        error: RandomError,
    },
    /// A source or a target of the array's data refused it.
    Storage {
        /// What it is: `data/random.hdf5 /x`.
        place: String,
        /// What it said.
        source: Arc<dyn StdError + Send + Sync>,
    },
}

impl ArrayError {
    /// A source or target refused.
    pub(crate) fn storage(place: String, source: BoxError) -> ArrayError {
        ArrayError::Storage { place, source: source.into() }
    }

    /// A shape that an operation does not take.
    pub(crate) fn shape(expected: impl Into<String>, found: &[Extent]) -> ArrayError {
        ArrayError::Shape { expected: expected.into(), found: found.into() }
    }
}

impl fmt::Display for ArrayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArrayError::Chunks { shape, why } => {
                write!(f, "chunks of an array of shape {}: {why}", shape_text(shape))
            }
            ArrayError::Broadcast { shapes, axis } => write_broadcast(f, shapes, *axis),
            ArrayError::Join { first, other, number, axis } => {
                let (first, other) = (tuple_text(first.iter()), tuple_text(other.iter()));
                write!(
                    f,
                    "array {number} of shape {other} does not fit the first one of {first}: "
                )?;
                match axis {
                    Some(axis) => write!(f, "axis {axis} has another length"),
                    None => f.write_str("they have different numbers of axes"),
                }
            }
            ArrayError::Reshape { from, to } => {
                let (n, from) = (from.iter().product::<usize>(), shape_text(from));
                let to = tuple_text(to.iter());
                write!(f, "the {n} elements of an array of shape {from} do not fit the shape {to}")
            }
            ArrayError::Axis { axis, ndim } => {
                write!(f, "axis {axis} of an array with {ndim} axes")
            }
            ArrayError::RepeatedAxis { axis } => write!(f, "axis {axis} is given twice"),
            ArrayError::Index { index, axis, len } => {
                write!(f, "position {index} along axis {axis}, which has {len} elements")
            }
            ArrayError::TooManyIndices { given, ndim } => {
                write!(f, "{given} axes are indexed of an array with {ndim} axes")
            }
            ArrayError::Shape { expected, found } => {
                write!(f, "an array of shape {} where {expected}", tuple_text(found.iter()))
            }
            ArrayError::Deferred { operation, axis } => write!(
                f,
                "{operation} needs the length of axis {axis}, which only a run will tell: call \
                 `resolve` first"
            ),
            ArrayError::Argument { name, why } => write!(f, "{name}: {why}"),
            ArrayError::Contract { axes, shapes } => {
                let [left, right] = &**shapes;
                write!(
                    f,
                    "axis {} of an array of shape {} does not go with axis {} of one of shape {}",
                    axes.0,
                    tuple_text(left),
                    axes.1,
                    tuple_text(right)
                )
            }
            ArrayError::TooLarge { shape } => {
                write!(f, "an array of shape {} has too many elements", shape_text(shape))
            }
            ArrayError::Empty { operation } => {
                write!(f, "{operation} of no elements has no value")
            }
            ArrayError::NotPositiveDefinite { row } => {
                write!(f, "the matrix is not positive definite, as is seen in row {row}")
            }
            ArrayError::Singular { row } => {
                write!(f, "the matrix is singular, as is seen in row {row}")
            }
            ArrayError::NotConverged { operation } => {
                write!(f, "{operation} did not converge: are all elements finite?")
            }
            ArrayError::Chunk { found, expected } => write!(
                f,
                "a chunk of shape {} where one of {} belongs",
                shape_text(found),
                shape_text(expected)
            ),
            ArrayError::Cast { value, from, to } => {
                write!(f, "{value} is an {from} that no {to} equals")
            }
            ArrayError::Signature { error } => write!(f, "{error}"),
            ArrayError::CoreDimension { signature, dimension, input, found, expected } => write!(
                f,
                "dimension `{dimension}` of `{signature}` has {found} elements in input {input}, not \
                 {expected}"
            ),
            ArrayError::Random { error } => write!(f, "{error}"),
            ArrayError::Storage { place, .. } => write!(f, "{place}"),
        }
    }
}

fn write_broadcast(
    f: &mut fmt::Formatter<'_>,
    shapes: &[Box<[Extent]>],
    axis: usize,
) -> fmt::Result {
    f.write_str("shapes ")?;
    let ndim = shapes.iter().map(|shape| shape.len()).max().unwrap_or(0);
    for (at, shape) in shapes.iter().enumerate() {
        let between = if at == 0 { "" } else { " and " };
        write!(f, "{between}{}", tuple_text(shape.iter()))?;
    }
    let along = |shape: &[Extent]| {
        // Shapes are aligned at their ends; a missing axis counts as 1.
        (axis + shape.len()).checked_sub(ndim).map_or(Extent::Known(1), |at| shape[at])
    };
    let lens: Vec<String> = shapes.iter().map(|shape| along(shape).to_string()).collect();
    write!(f, " do not broadcast: axis {axis} is {}", lens.join(" against "))
}

impl StdError for ArrayError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            ArrayError::Storage { source, .. } => Some(&**source),
            _ => None,
        }
    }
}

//! `dot`, `matmul`, `tensordot` and their kin.

use super::contract::{Label, contract};
use crate::array::{Array, Built};
use crate::axes::find_axis;
use crate::chunks::PerAxis;
use crate::element::{Element, Number};
use crate::elementwise::unary;
use crate::error::ArrayError;
use crate::expr::Node;
use crate::extent::Extent;
use chunkwise_storage::DType;
use num_complex::Complex;
use std::any::Any;
use std::panic::Location;
use std::sync::Arc;

impl<T: Number> Array<T> {
    /// The product of vectors or matrices; of arrays with more axes, the sums of products over the
    /// last axis of this and the last but one of the other.
    ///
    /// The result has the other axes of this, then those of the other, cut as these are. An operand
    /// without axes multiplies every element. It is an error if the two axes have different
    /// lengths. Integers wrap around.
    ///
    /// # Complexity
    /// O(elements of the result x length of the axis) time. A task for each chunk of the result,
    /// and for each 64 MiB of the chunks that it is made of; a task holds so much of them and one
    /// chunk of the result. Of `x.dot(&x.t())` one half is computed.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::<f64>::ones([4, 6], [2, 3]);
    /// let y = Array::<f64>::ones([6, 5], [2, 5]);
    /// assert_eq!(x.dot(&y).compute()?, ndarray::Array::from_elem([4, 5], 6.0).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn dot(&self, other: &Array<T>) -> Array<T> {
        if self.ndim() == 0 || other.ndim() == 0 {
            return self * other;
        }
        product("dot", self, other, |left, right, made_at| {
            let inner = left.chunks.ndim() - 1;
            let of_other = right.chunks.ndim().saturating_sub(2);
            paired("dot", (left, &[inner]), (right, &[of_other]), made_at)
        })
    }

    /// The product of matrices along the last two axes; the axes before them broadcast.
    ///
    /// A vector on the left is a row, one on the right a column, whose axis the result does not
    /// have. It is an error if one of the operands has no axes, or if lengths do not go together.
    /// Integers wrap around.
    ///
    /// # Complexity
    /// As [`Array::dot`].
    ///
    /// ```
    /// use chunkwise_array::Array;
    /// let x = Array::<f32>::ones([10, 1, 4, 6], 3);
    /// let y = Array::<f32>::ones([7, 6, 5], 3);
    /// assert_eq!(x.matmul(&y).dims()?[..], [10, 7, 4, 5]);
    /// # Ok::<(), chunkwise_array::ArrayError>(())
    /// ```
    #[track_caller]
    pub fn matmul(&self, other: &Array<T>) -> Array<T> {
        product("matmul", self, other, matmul)
    }

    /// The sums of products over the last `n_axes` axes of this and the first ones of the other.
    ///
    /// The result has the other axes of this, then those of the other.
    ///
    /// # Complexity
    /// As [`Array::dot`].
    #[track_caller]
    pub fn tensordot(&self, other: &Array<T>, n_axes: usize) -> Array<T> {
        product("tensordot", self, other, |left, right, made_at| {
            let (ndim, of_other) = (left.chunks.ndim(), right.chunks.ndim());
            if n_axes > ndim || n_axes > of_other {
                return Err(ArrayError::Argument {
                    name: "n_axes",
                    why: format!("{n_axes} axes of arrays with {ndim} and {of_other}"),
                });
            }
            let (of_left, of_right) = ((ndim - n_axes..ndim), (0..n_axes));
            let (of_left, of_right): (PerAxis<_>, PerAxis<_>) =
                (of_left.collect(), of_right.collect());
            paired("tensordot", (left, &of_left), (right, &of_right), made_at)
        })
    }

    /// The sums of products over pairs of axes: of this, and of the other. Negative numbers count
    /// from the end.
    ///
    /// The result has the other axes of this, then those of the other.
    ///
    /// # Complexity
    /// As [`Array::dot`].
    ///
    /// ```
    /// use chunkwise_array::Array;
    /// let x = Array::<i64>::ones([3, 4, 5], 2);
    /// let y = Array::<i64>::ones([4, 3, 2], 2);
    /// assert_eq!(x.tensordot_axes(&y, &[(1, 0), (0, 1)]).dims()?[..], [5, 2]);
    /// # Ok::<(), chunkwise_array::ArrayError>(())
    /// ```
    #[track_caller]
    pub fn tensordot_axes(&self, other: &Array<T>, axes: &[(isize, isize)]) -> Array<T> {
        product("tensordot", self, other, |left, right, made_at| {
            let (mut of_left, mut of_right): (PerAxis<usize>, PerAxis<usize>) = Default::default();
            for &(axis, of_other) in axes {
                add_axis(&mut of_left, axis, left.chunks.ndim())?;
                add_axis(&mut of_right, of_other, right.chunks.ndim())?;
            }
            paired("tensordot", (left, &of_left), (right, &of_right), made_at)
        })
    }

    /// The sums of products over the last axes of both.
    ///
    /// The result has the other axes of this, then those of the other. An operand without axes
    /// multiplies every element.
    ///
    /// # Complexity
    /// As [`Array::dot`].
    #[track_caller]
    pub fn inner(&self, other: &Array<T>) -> Array<T> {
        if self.ndim() == 0 || other.ndim() == 0 {
            return self * other;
        }
        product("inner", self, other, |left, right, made_at| {
            let (of_left, of_right) = (left.chunks.ndim() - 1, right.chunks.ndim() - 1);
            paired("inner", (left, &[of_left]), (right, &[of_right]), made_at)
        })
    }

    /// The product of each element of this with each one of the other: the axes of this, then those
    /// of the other. Of vectors, a matrix.
    ///
    /// NumPy's `outer` makes vectors of its arguments first, its `multiply.outer` does not.
    #[track_caller]
    pub fn outer(&self, other: &Array<T>) -> Array<T> {
        product("outer", self, other, |left, right, made_at| {
            paired("outer", (left, &[]), (right, &[]), made_at)
        })
    }

    /// The sum of the products of all elements, those of this conjugated.
    ///
    /// It is an error if the shapes differ.
    #[track_caller]
    pub fn vdot(&self, other: &Array<T>) -> Array<T> {
        let conjugated = conj(self);
        product("vdot", &conjugated, other, |left, right, made_at| {
            if left.chunks.ndim() != right.chunks.ndim() {
                let expected = format!("one of {} axes belongs", left.chunks.ndim());
                return Err(ArrayError::shape(expected, &right.chunks.extents()));
            }
            let axes: PerAxis<usize> = (0..left.chunks.ndim()).collect();
            paired("vdot", (left, &axes), (right, &axes), made_at)
        })
    }
}

#[track_caller]
fn product<T: Number>(
    name: &'static str,
    left: &Array<T>,
    right: &Array<T>,
    build: impl FnOnce(&Arc<Node>, &Arc<Node>, &'static Location<'static>) -> Built,
) -> Array<T> {
    Array::build(name, &[&left.node, &right.node], |made_at| {
        build(&left.node, &right.node, made_at)
    })
}

fn add_axis(axes: &mut PerAxis<usize>, axis: isize, ndim: usize) -> Result<(), ArrayError> {
    let axis = find_axis(axis, ndim)?;
    if axes.contains(&axis) {
        return Err(ArrayError::RepeatedAxis { axis });
    }
    axes.push(axis);
    Ok(())
}

/// The sums of products over axes that are paired; the result has the other ones.
fn paired(
    name: &'static str,
    (left, of_left): (&Arc<Node>, &[usize]),
    (right, of_right): (&Arc<Node>, &[usize]),
    made_at: &'static Location<'static>,
) -> Built {
    let n_left = left.chunks.ndim() as Label;
    let left_labels: PerAxis<Option<Label>> = (0..n_left).map(Some).collect();
    let label = |axis: usize| match of_right.iter().position(|&paired| paired == axis) {
        Some(at) => of_left[at] as Label,
        None => n_left + axis as Label,
    };
    let right_labels: PerAxis<Option<Label>> =
        (0..right.chunks.ndim()).map(|axis| Some(label(axis))).collect();
    let of_result = |labels: &[Option<Label>], summed: &[usize]| -> PerAxis<Label> {
        let kept = labels.iter().enumerate().filter(|(axis, _)| !summed.contains(axis));
        kept.filter_map(|(_, label)| *label).collect()
    };
    let mut out = of_result(&left_labels, of_left);
    out.extend(of_result(&right_labels, of_right));
    contract(name, (left, &left_labels), (right, &right_labels), &out, made_at)
}

/// The label of the axis that matrices are multiplied along, and of their rows and columns.
const INNER: Label = 0;
const ROW: Label = 1;
const COL: Label = 2;
const BATCH: Label = 3;

fn matmul(left: &Arc<Node>, right: &Arc<Node>, made_at: &'static Location<'static>) -> Built {
    for operand in [left, right] {
        if operand.chunks.ndim() == 0 {
            return Err(ArrayError::shape("a matrix or a vector belongs", &[]));
        }
    }
    let batch = |node: &Node| node.chunks.ndim().saturating_sub(2);
    let n_batch = batch(left).max(batch(right));
    let mut out: PerAxis<Label> = (0..n_batch as Label).map(|at| BATCH + at).collect();
    let (mut of_left, mut of_right): (PerAxis<_>, PerAxis<_>) = Default::default();
    for at in 0..n_batch {
        let extent = |node: &Node| -> Option<Extent> {
            let axis = (at + batch(node)).checked_sub(n_batch)?;
            Some(node.chunks.axes()[axis].extent())
        };
        let (a, b) = (extent(left), extent(right));
        let one = Some(Extent::Known(1));
        if let (Some(a), Some(b)) = (a, b)
            && a != b
            && Some(a) != one
            && Some(b) != one
        {
            let shape = |node: &Node| node.chunks.extents().to_vec().into_boxed_slice();
            let shapes = vec![shape(left), shape(right)];
            return Err(ArrayError::Broadcast { shapes, axis: at });
        }
        let label = Some(BATCH + at as Label);
        let is_repeated = |own: Option<Extent>, other: Option<Extent>| {
            own == one && other.is_some() && other != one
        };
        if a.is_some() {
            of_left.push(if is_repeated(a, b) { None } else { label });
        }
        if b.is_some() {
            of_right.push(if is_repeated(b, a) { None } else { label });
        }
    }
    if left.chunks.ndim() > 1 {
        of_left.push(Some(ROW));
        out.push(ROW);
    }
    of_left.push(Some(INNER));
    of_right.push(Some(INNER));
    if right.chunks.ndim() > 1 {
        of_right.push(Some(COL));
        out.push(COL);
    }
    contract("matmul", (left, &of_left), (right, &of_right), &out, made_at)
}

/// Complex conjugates; other numbers as they are.
#[track_caller]
pub(super) fn conj<T: Number>(x: &Array<T>) -> Array<T> {
    match T::DTYPE {
        DType::C64 | DType::C128 => unary("conj", x, conjugated::<T>),
        _ => x.clone(),
    }
}

/// The complex conjugate; another number as it is.
pub(super) fn conjugated<T: Element>(mut x: T) -> T {
    let any: &mut dyn Any = &mut x;
    if let Some(x) = any.downcast_mut::<Complex<f64>>() {
        x.im = -x.im;
    } else if let Some(x) = any.downcast_mut::<Complex<f32>>() {
        x.im = -x.im;
    }
    x
}

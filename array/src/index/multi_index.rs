//! `unravel_index`, `ravel_multi_index`: row-major numbers to positions along axes and back.

use super::checked::{Checked, TileKernel};
use crate::array::Array;
use crate::elementwise::elementwise;
use crate::error::ArrayError;
use crate::expr::Node;
use crate::shape::Shape;
use crate::tile::{TileBuf, TileRef};
use chunkwise_graph::{BoxError, Tokenize, Tokenizer};
use chunkwise_storage::DType;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The position along one axis of an element of a row-major number.
#[derive(Serialize, Deserialize)]
struct Unravel {
    /// Elements of the array.
    n_elements: usize,
    /// From one position along the axis to the next.
    stride: usize,
    len: usize,
}

/// A position of an axis, from 0.
///
/// # Errors
/// [`ArrayError::Index`].
fn checked(index: i64, axis: usize, len: usize) -> Result<usize, ArrayError> {
    usize::try_from(index).ok().filter(|at| *at < len).ok_or_else(|| ArrayError::Index {
        index: isize::try_from(index).unwrap_or(isize::MAX),
        axis,
        len,
    })
}

impl TileKernel for Unravel {
    fn output(&self) -> DType {
        DType::I64
    }

    fn run(&self, operands: &[TileRef<'_>], len: usize, out: &mut TileBuf) -> Result<(), BoxError> {
        let [numbers] = operands else { return Err("one array is unravelled".into()) };
        for (out, &number) in out.get::<i64>()?[..len].iter_mut().zip(numbers.get::<i64>()?) {
            *out = (checked(number, 0, self.n_elements)? / self.stride % self.len) as i64;
        }
        Ok(())
    }
}

/// The row-major number of an element, by its position along each axis.
#[derive(Serialize, Deserialize)]
struct Ravel {
    shape: Vec<usize>,
}

impl TileKernel for Ravel {
    fn output(&self) -> DType {
        DType::I64
    }

    fn run(&self, operands: &[TileRef<'_>], len: usize, out: &mut TileBuf) -> Result<(), BoxError> {
        let out = &mut out.get::<i64>()?[..len];
        out.fill(0);
        for (axis, (operand, &len)) in operands.iter().zip(&self.shape).enumerate() {
            for (out, &index) in out.iter_mut().zip(operand.get::<i64>()?) {
                *out = *out * len as i64 + checked(index, axis, len)? as i64;
            }
        }
        Ok(())
    }
}

impl Array<i64> {
    /// The positions, along each axis of an array of this shape, of the elements of these numbers in
    /// row-major order: as many arrays as the shape has axes, like this one.
    ///
    /// It is an error, when it is computed, if there is no such element.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt, ravel_multi_index};
    /// use ndarray::array;
    /// let numbers = Array::from_ndarray(&array![22i64, 41, 37], 2);
    /// let at = numbers.unravel_index([7, 6]);
    /// assert_eq!(at[0].compute()?, array![3, 6, 6].into_dyn());
    /// assert_eq!(at[1].compute()?, array![4, 5, 1].into_dyn());
    /// let again = ravel_multi_index(&[&at[0], &at[1]], [7, 6]);
    /// assert_eq!(again.compute()?, array![22, 41, 37].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn unravel_index(&self, shape: impl Into<Shape>) -> Vec<Array<i64>> {
        let shape = shape.into();
        let lens: Vec<usize> = shape.checked().map(<[usize]>::to_vec).unwrap_or_default();
        let n_elements = lens.iter().product();
        let of_axis = |axis: usize| {
            let stride = lens[axis + 1..].iter().product::<usize>().max(1);
            let unravel = Unravel { n_elements, stride, len: lens[axis].max(1) };
            let token = Tokenizer::of("unravel_index", &(n_elements, stride, unravel.len));
            Array::build("unravel_index", &[&self.node], |made_at| {
                let inputs = [self.node.clone()];
                elementwise("unravel_index", Checked(unravel), &inputs, token, made_at)
            })
        };
        match shape.checked() {
            Ok(_) => (0..lens.len()).map(of_axis).collect(),
            Err(error) => vec![Array::build("unravel_index", &[], |_| Err(error))],
        }
    }
}

/// The numbers, in row-major order, of the elements of an array of this shape that have these
/// positions along its axes. The positions broadcast.
///
/// It is an error if there are not as many arrays of positions as axes, and, when it is computed, if
/// there is no such element.
#[track_caller]
pub fn ravel_multi_index(positions: &[&Array<i64>], shape: impl Into<Shape>) -> Array<i64> {
    let shape = shape.into();
    let inputs: Vec<Arc<Node>> = positions.iter().map(|array| array.node.clone()).collect();
    Array::build("ravel_multi_index", &inputs.iter().collect::<Vec<_>>(), |made_at| {
        let shape = shape.checked()?.to_vec();
        if shape.len() != inputs.len() || inputs.is_empty() {
            let why = format!("{} arrays for {} axes", inputs.len(), shape.len());
            return Err(ArrayError::Argument { name: "positions", why });
        }
        let mut hash = Tokenizer::new("ravel_multi_index");
        shape[..].tokenize(&mut hash);
        let ravel = Checked(Ravel { shape });
        elementwise("ravel_multi_index", ravel, &inputs, hash.finish(), made_at)
    })
}

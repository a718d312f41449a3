//! [`Roles`]: which axes of the operands are paired, and which stay.

use crate::chunks::PerAxis;
use crate::error::ArrayError;
use serde::{Deserialize, Serialize};

/// The name of an axis.
pub(crate) type Label = u32;

/// What becomes of the axes of two operands. Axes that are named nowhere have one element, and are
/// dropped.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Roles {
    /// For each axis of the result, which axis of the left and of the right operand it is.
    pub(super) out: PerAxis<(Option<usize>, Option<usize>)>,
    /// The pairs of axes that are summed over.
    pub(super) summed: PerAxis<(usize, usize)>,
}

impl Roles {
    /// Of labels, `None` for axes that are dropped.
    ///
    /// # Errors
    /// [`ArrayError::Argument`] if a label of the result is in neither operand.
    pub(super) fn new(
        left: &[Option<Label>],
        right: &[Option<Label>],
        out: &[Label],
    ) -> Result<Roles, ArrayError> {
        let find = |labels: &[Option<Label>], label| labels.iter().position(|l| *l == Some(label));
        let of_result = |&label: &Label| match (find(left, label), find(right, label)) {
            (None, None) => Err(ArrayError::Argument {
                name: "axes",
                why: "an axis of the result is in no operand".to_owned(),
            }),
            axes => Ok(axes),
        };
        let summed = left.iter().enumerate().filter_map(|(axis, label)| {
            let label = (*label)?;
            let other = find(right, label)?;
            (!out.contains(&label)).then_some((axis, other))
        });
        Ok(Roles {
            summed: summed.collect(),
            out: out.iter().map(of_result).collect::<Result<_, _>>()?,
        })
    }

    /// The axes of the result that both operands have.
    pub(super) fn batch(&self) -> PerAxis<usize> {
        self.axes_where(|(left, right)| left.is_some() && right.is_some())
    }

    /// The axes of the result that only the left operand has.
    pub(super) fn rows(&self) -> PerAxis<usize> {
        self.axes_where(|(_, right)| right.is_none())
    }

    /// The axes of the result that only the right operand has.
    pub(super) fn cols(&self) -> PerAxis<usize> {
        self.axes_where(|(left, _)| left.is_none())
    }

    fn axes_where(&self, f: impl Fn((Option<usize>, Option<usize>)) -> bool) -> PerAxis<usize> {
        (0..self.out.len()).filter(|&axis| f(self.out[axis])).collect()
    }

    /// The axes of the result in the order in which a block is computed.
    pub(super) fn order(&self) -> PerAxis<usize> {
        self.batch().into_iter().chain(self.rows()).chain(self.cols()).collect()
    }

    /// Whether the product of an array with itself is the same with its two axes swapped.
    pub(super) fn is_symmetric(&self) -> bool {
        let [(Some(left), None), (None, Some(right))] = self.out[..] else {
            return matches!(self.out[..], [(None, Some(a)), (Some(b), None)] if a == b)
                && self.summed.iter().all(|(left, right)| left == right);
        };
        left == right && self.summed.iter().all(|(left, right)| left == right)
    }
}

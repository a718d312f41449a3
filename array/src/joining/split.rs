//! Arrays taken apart along an axis.

use crate::array::Array;
use crate::axes::find_axis;
use crate::element::Element;
use crate::error::ArrayError;
use crate::layout::span_of;
use chunkwise_storage::Span;
use ndarray::Axis;

impl<T: Element> Array<T> {
    /// `n` parts of equal length along an axis, in their order.
    ///
    /// It is an error of each part if the length is no multiple of `n`; see
    /// [`Array::array_split`].
    #[track_caller]
    pub fn split(&self, n: usize, axis: isize) -> Vec<Array<T>> {
        let checked = self.length_along("split", axis).and_then(|(axis, len)| {
            match n > 0 && len.is_multiple_of(n) {
                true => Ok((axis, len)),
                false => {
                    let why = format!("axis {axis} of length {len} does not fall into {n} equal");
                    Err(ArrayError::Argument { name: "n", why: format!("{why} parts") })
                }
            }
        });
        let checked = checked.map(|(axis, len)| (axis, (1..n).map(|at| at * (len / n)).collect()));
        self.parts("split", checked, n)
    }

    /// `n` parts along an axis of about the same length: the first ones have one element more.
    #[track_caller]
    pub fn array_split(&self, n: usize, axis: isize) -> Vec<Array<T>> {
        let checked = self.length_along("array_split", axis).and_then(|(axis, len)| match n {
            0 => Err(ArrayError::Argument { name: "n", why: "there are no 0 parts".into() }),
            _ => {
                let (each, longer) = (len / n, len % n);
                Ok((axis, (1..n).map(|at| at * each + at.min(longer)).collect()))
            }
        });
        self.parts("array_split", checked, n)
    }

    /// The parts between these positions along an axis, in their order: one more than positions.
    ///
    /// As in NumPy, positions behind the end stand for the end, and a part whose end is not behind
    /// its start is empty.
    #[track_caller]
    pub fn split_at(&self, positions: &[usize], axis: isize) -> Vec<Array<T>> {
        let checked = self.length_along("split_at", axis);
        self.parts(
            "split_at",
            checked.map(|(axis, _)| (axis, positions.to_vec())),
            positions.len() + 1,
        )
    }

    /// [`Array::split`] along axis 1; along axis 0 of arrays with one axis.
    #[track_caller]
    pub fn hsplit(&self, n: usize) -> Vec<Array<T>> {
        self.split(n, if self.ndim() > 1 { 1 } else { 0 })
    }

    /// [`Array::split`] along axis 0.
    #[track_caller]
    pub fn vsplit(&self, n: usize) -> Vec<Array<T>> {
        self.split(n, 0)
    }

    /// [`Array::split`] along axis 2.
    #[track_caller]
    pub fn dsplit(&self, n: usize) -> Vec<Array<T>> {
        self.split(n, 2)
    }

    /// An array for each position along an axis, without that axis.
    #[track_caller]
    pub fn unstack(&self, axis: isize) -> Vec<Array<T>> {
        let n = self.length_along("unstack", axis).map_or(1, |(_, len)| len);
        let along = find_axis(axis, self.ndim()).unwrap_or_default();
        self.split(n.max(1), axis)
            .iter()
            .take(n)
            .map(|part| part.squeeze_axis(Axis(along)))
            .collect()
    }

    fn length_along(
        &self,
        operation: &'static str,
        axis: isize,
    ) -> Result<(usize, usize), ArrayError> {
        let axis = find_axis(axis, self.ndim())?;
        let len = self.node.chunks.axes()[axis].len();
        Ok((axis, len.ok_or(ArrayError::Deferred { operation, axis })?))
    }

    /// The parts between positions; one array that says what is wrong, so often, if something is.
    #[track_caller]
    fn parts(
        &self,
        name: &'static str,
        cuts: Result<(usize, Vec<usize>), ArrayError>,
        n: usize,
    ) -> Vec<Array<T>> {
        let (axis, positions) = match cuts {
            Ok(cuts) => cuts,
            Err(error) => {
                let failed = Array::build(name, &[&self.node], |_| Err(error));
                return vec![failed; n.max(1)];
            }
        };
        let len = self.node.chunks.axes()[axis].len().unwrap_or(0);
        let mut starts = vec![0];
        starts.extend(positions.iter().map(|position| *position.min(&len)));
        let ends = starts[1..].iter().copied().chain([len]);
        let part = |(start, end): (usize, usize)| {
            Array::build(name, &[&self.node], |made_at| {
                let span = Span::new(start, end.saturating_sub(start));
                Ok(span_of(&self.node, axis, span, made_at))
            })
        };
        starts.iter().copied().zip(ends).map(part).collect()
    }
}

//! Windows that slide along an axis.

use super::built_in::{BlockOp, block_op};
use super::function::BlockInfo;
use super::map::maps_of;
use crate::array::Array;
use crate::axes::find_axis;
use crate::axis_chunks::AxisChunks;
use crate::chunk::chunk_of;
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::selected_axis;
use crate::rechunk::{Reach, gathered};
use chunkwise_graph::{BoxError, Value};
use chunkwise_storage::Span;
use ndarray::{ArrayD, Axis, IxDyn};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

impl<T: Element> Array<T> {
    /// The windows of `window` elements along an axis, which lie along a new axis, the last one: the
    /// window at each position that has one.
    ///
    /// # Complexity
    /// A task for each chunk; each chunk becomes `window` times as large, so that small chunks are
    /// wanted: the elements are copied.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 5, 1, 2).sliding_window_view(3, 0);
    /// let expected = ndarray::array![[0, 1, 2], [1, 2, 3], [2, 3, 4]];
    /// assert_eq!(x.compute()?, expected.into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn sliding_window_view(&self, window: usize, axis: isize) -> Array<T> {
        Array::build("sliding_window_view", &[&self.node], |made_at| {
            let axis = find_axis(axis, self.ndim())?;
            let own = &self.chunks().axes()[axis];
            let len = own.len();
            let len = len.ok_or(ArrayError::Deferred { operation: "sliding_window_view", axis })?;
            if window == 0 || window > len {
                let why = format!("{window} elements, along axis {axis} of length {len}");
                return Err(ArrayError::Argument { name: "window", why });
            }
            let starts = selected_axis(own, &Span::new(0, len + 1 - window));
            let base = self.chunks().with_axis(axis, starts.clone());
            let reach = (0..self.ndim()).map(|at| match at == axis {
                true => Reach { before: 0, after: window - 1 },
                false => Reach { before: 0, after: 0 },
            });
            let reach: PerAxis<Reach> = reach.collect();
            let input = gathered("overlap", self.node.clone(), base.clone(), reach, made_at);
            let axes = base.axes().iter().cloned().chain([AxisChunks::whole(window)]);
            let chunks: Chunks = axes.collect();
            let from: Vec<Option<usize>> = (0..self.ndim()).map(Some).chain([None]).collect();
            let maps = maps_of(&from, &input.chunks);
            let windows = Windows::<T> { axis, window, of: PhantomData };
            Ok(block_op(windows, [input], maps, chunks, made_at))
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct Windows<T> {
    axis: usize,
    window: usize,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Windows<T> {
    fn clone(&self) -> Windows<T> {
        Windows { ..*self }
    }
}

impl<T: Element> BlockOp for Windows<T> {
    type Out = T;
    const NAME: &'static str = "sliding_window_view";

    fn call(&self, inputs: &mut [Value], _: &BlockInfo) -> Result<ArrayD<T>, BoxError> {
        let [chunk] = inputs else { return Err("windows are of one chunk".into()) };
        let chunk = chunk_of::<T>(chunk)?.view();
        let mut shape = chunk.shape().to_vec();
        shape[self.axis] = (shape[self.axis] + 1).saturating_sub(self.window);
        let n = shape[self.axis];
        shape.push(self.window);
        let mut out = ArrayD::from_elem(IxDyn(&shape), T::default());
        let last = Axis(out.ndim() - 1);
        for (at, mut place) in out.axis_iter_mut(last).enumerate() {
            place.assign(&chunk.slice_axis(Axis(self.axis), (at..at + n).into()));
        }
        Ok(out)
    }

    fn scratch(&self, _: &[usize]) -> usize {
        0
    }
}

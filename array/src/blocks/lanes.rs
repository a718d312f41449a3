//! Functions of lanes: the elements along one axis.

use super::function::{BlockInfo, OfBlocks, of_blocks};
use super::map::maps_of;
use crate::array::Array;
use crate::axes::{Axes, find_axis};
use crate::axis_chunks::AxisChunks;
use crate::chunk::chunk_of;
use crate::chunks::PerAxis;
use crate::element::{Element, Real};
use crate::error::ArrayError;
use crate::rechunk::rechunk;
use chunkwise_graph::{BoxError, Captureless, Token, Tokenizer, Value};
use ndarray::{Array1, ArrayD, ArrayView1, Axis, IxDyn, Zip};

impl<T: Element> Array<T> {
    /// `f` of the elements along an axis, which must give `len` others; they take the place of the
    /// axis.
    ///
    /// The axis is made one chunk first, if it is not. As [`Array::map_blocks`] in everything else.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 6, 1, 3).reshape([2, 3]);
    /// let ends = x.apply_along_axis(1, 2, |row| ndarray::arr1(&[row[0], row[2]]));
    /// assert_eq!(ends.compute()?, ndarray::array![[0, 2], [3, 5]].into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn apply_along_axis<B: Element, F>(&self, axis: isize, len: usize, f: F) -> Array<B>
    where
        F: Fn(ArrayView1<'_, T>) -> Array1<B> + Send + Sync + 'static,
    {
        let refusal = Captureless::<F>::refusal;
        let by = move |lane: ArrayView1<'_, T>, mut out: ndarray::ArrayViewMut1<'_, B>| {
            let found = f(lane);
            if found.len() != out.len() {
                return Err(ArrayError::Chunk {
                    found: [found.len()].into(),
                    expected: [out.len()].into(),
                });
            }
            out.assign(&found);
            Ok(())
        };
        lanes("apply_along_axis", self, axis, len, Token::unique(), refusal, by)
    }

    /// One axis after the other through `f`, which is given an array and an axis, such as a
    /// reduction; an axis that it drops stays with length 1.
    #[track_caller]
    pub fn apply_over_axes(
        &self,
        axes: impl Into<Axes>,
        f: impl Fn(&Array<T>, isize) -> Array<T>,
    ) -> Array<T> {
        let mask = match axes.into().mask(self.ndim()) {
            Ok(mask) => mask,
            Err(error) => return Array::build("apply_over_axes", &[&self.node], |_| Err(error)),
        };
        let mut all = self.clone();
        for (axis, _) in mask.iter().enumerate().filter(|(_, is_wanted)| **is_wanted) {
            let one = f(&all, axis as isize);
            all = match one.ndim() + 1 == all.ndim() {
                true => one.expand_dims(axis as isize),
                false => one,
            };
        }
        all
    }
}

/// `f` of the elements along an axis, and of room for `len` others that take its place.
#[track_caller]
fn lanes<T: Element, B: Element, F>(
    name: &'static str,
    x: &Array<T>,
    axis: isize,
    len: usize,
    token: Token,
    refusal: fn() -> String,
    f: F,
) -> Array<B>
where
    F: Fn(ArrayView1<'_, T>, ndarray::ArrayViewMut1<'_, B>) -> Result<(), ArrayError>
        + Send
        + Sync
        + 'static,
{
    Array::build(name, &[&x.node], |made_at| {
        let axis = find_axis(axis, x.ndim())?;
        let own = x.chunks().axes()[axis].len();
        let own = own.ok_or(ArrayError::Deferred { operation: name, axis })?;
        let input =
            rechunk(x.node.clone(), x.chunks().with_axis(axis, AxisChunks::whole(own)), made_at);
        let chunks = input.chunks.with_axis(axis, AxisChunks::whole(len));
        let function = move |(axis, len): &(usize, usize), chunks: &mut [Value], _: &BlockInfo| {
            let [chunk] = chunks else { return Err("it is called with one chunk".into()) };
            each_lane(chunk_of::<T>(chunk)?.view(), Axis(*axis), *len, &f)
        };
        let from: Vec<Option<usize>> = (0..x.ndim()).map(Some).collect();
        let maps = maps_of(&from, &input.chunks);
        let (parameters, margins) = ((axis, len), PerAxis::new());
        let of = OfBlocks { name, parameters, function, refusal, chunks, margins, token };
        Ok(of_blocks::<(usize, usize), B, _>(of, [input], maps, made_at))
    })
}

fn each_lane<T: Element, B: Element>(
    chunk: ndarray::ArrayViewD<'_, T>,
    axis: Axis,
    len: usize,
    f: impl Fn(ArrayView1<'_, T>, ndarray::ArrayViewMut1<'_, B>) -> Result<(), ArrayError>,
) -> Result<ArrayD<B>, BoxError> {
    if axis.0 >= chunk.ndim() {
        return Err(format!("a chunk without axis {}", axis.0).into());
    }
    let mut shape = chunk.shape().to_vec();
    shape[axis.0] = len;
    let mut out = ArrayD::from_elem(IxDyn(&shape), B::default());
    let mut outcome = Ok(());
    if shape.iter().enumerate().all(|(at, len)| at == axis.0 || *len > 0) {
        Zip::from(chunk.lanes(axis)).and(out.lanes_mut(axis)).for_each(|lane, out| {
            if outcome.is_ok() {
                outcome = f(lane, out);
            }
        });
    }
    outcome?;
    Ok(out)
}

/// The medians along an axis, which stays with length 1; NaN of nothing, and where there is one.
#[track_caller]
pub(crate) fn medians<T: Real>(x: &Array<T>, axis: isize) -> Array<f64> {
    let token = Tokenizer::of("medians", &(x.node.token, axis));
    let f = |lane: ArrayView1<'_, T>, mut out: ndarray::ArrayViewMut1<'_, f64>| {
        out.fill(median(lane.iter().map(|x| x.to_f64()).collect()));
        Ok(())
    };
    let medians = lanes("median", x, axis, 1, token, String::new, f);
    // A copy of one lane, of whole axes.
    let axis = find_axis(axis, x.ndim()).ok();
    match axis.and_then(|axis| x.chunks().axes()[axis].len()) {
        Some(len) => medians.with_scratch(move |_| len.saturating_mul(size_of::<f64>())),
        None => medians,
    }
}

fn median(mut elements: Vec<f64>) -> f64 {
    let n = elements.len();
    if n == 0 || elements.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    let (below, upper, _) = elements.select_nth_unstable_by(n / 2, f64::total_cmp);
    match n % 2 {
        1 => *upper,
        _ => {
            let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (lower + *upper) / 2.0
        }
    }
}

//! Chunks with some of their neighbours' elements around them: `overlap`, `map_overlap`.

use super::function::{BlockInfo, OfBlocks, of_blocks};
use crate::array::{Array, known_shape};
use crate::chunk::chunk_of;
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::error::ArrayError;
use crate::expr::Node;
use crate::joining::{PadMode, PadWidths};
use crate::rechunk::{Reach, gathered};
use crate::tile::check_shape;
use chunkwise_graph::{BlockMap, BoxError, Captureless, Token, Value};
use ndarray::{ArrayD, ArrayViewD, Axis, Slice};
use std::panic::Location;
use std::sync::Arc;

/// What lies around an array, for chunks at its edges.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Boundary<T> {
    /// Nothing: chunks at the edges have fewer elements around them.
    Nothing,
    /// The array reflected, its edge repeated: `2 1 | 1 2 3 | 3 2`.
    Reflect,
    /// The element at the edge.
    Nearest,
    /// The array again: `2 3 | 1 2 3 | 1 2`.
    Periodic,
    /// The same element everywhere.
    Constant(T),
}

impl<T: Element> Array<T> {
    /// Each chunk with elements of its neighbours around it, as many as `depth` says for each side
    /// of each axis: an array in which those elements lie several times.
    ///
    /// # Complexity
    /// A task for each chunk, which copies the chunk and, of its neighbours, what lies around it.
    #[track_caller]
    pub fn overlap(&self, depth: impl Into<PadWidths>, boundary: Boundary<T>) -> Array<T> {
        let depth = depth.into();
        let padded = self.bounded(&depth, boundary);
        Array::build("overlap", &[&self.node, &padded.node], |made_at| {
            let widths = depth.of_axes(self.ndim())?;
            Ok(overlapping(self.chunks(), &padded.node, &widths, boundary, made_at))
        })
    }

    /// The array with what lies around it.
    #[track_caller]
    fn bounded(&self, depth: &PadWidths, boundary: Boundary<T>) -> Array<T> {
        let mode = match boundary {
            Boundary::Nothing => return self.clone(),
            Boundary::Reflect => PadMode::symmetric(),
            Boundary::Nearest => PadMode::edge(),
            Boundary::Periodic => PadMode::wrap(),
            Boundary::Constant(element) => PadMode::constant(element),
        };
        self.pad(depth.clone(), mode)
    }

    /// `f` of each chunk with elements of its neighbours around it (as [`Array::overlap`] gives
    /// them), which must give a chunk of the same shape; what lies around is cut off again.
    ///
    /// Preserves shape and chunks: what stencils and filters need. As [`Array::map_blocks`] in
    /// everything else.
    ///
    /// ```
    /// use chunkwise_array::{Array, Boundary, CollectionExt};
    /// let x = Array::arange(0.0, 6.0, 1.0, 2);
    /// // Half the difference of the two neighbours.
    /// let slope = x.map_overlap(1, Boundary::Nearest, |chunk, _| {
    ///     let n = chunk.len();
    ///     ndarray::ArrayD::from_shape_fn(chunk.raw_dim(), |at| {
    ///         (chunk[(at[0] + 1).min(n - 1)] - chunk[at[0].saturating_sub(1)]) / 2.0
    ///     })
    /// });
    /// let expected = ndarray::arr1(&[0.5, 1.0, 1.0, 1.0, 1.0, 0.5]).into_dyn();
    /// assert_eq!(slope.compute()?, expected);
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn map_overlap<B: Element, F>(
        &self,
        depth: impl Into<PadWidths>,
        boundary: Boundary<T>,
        f: F,
    ) -> Array<B>
    where
        F: Fn(ArrayViewD<'_, T>, &BlockInfo) -> ArrayD<B> + Send + Sync + 'static,
    {
        let depth = depth.into();
        let padded = self.bounded(&depth, boundary);
        Array::build("map_overlap", &[&self.node, &padded.node], |made_at| {
            known_shape(&self.node, "map_overlap")?;
            let widths = depth.of_axes(self.ndim())?;
            let input = overlapping(self.chunks(), &padded.node, &widths, boundary, made_at);
            let is_open = boundary == Boundary::Nothing;
            let before: PerAxis<usize> = widths.iter().map(|(before, _)| *before).collect();
            let function = move |(before, is_open): &(PerAxis<usize>, bool),
                                 chunks: &mut [Value],
                                 at: &BlockInfo| {
                let [chunk] = chunks else { return Err("it is called with one chunk".into()) };
                let chunk = chunk_of::<T>(chunk)?;
                let out = f(chunk.view(), at);
                check_shape(out.shape(), chunk.shape())?;
                trimmed(out, before, *is_open, at)
            };
            let of = OfBlocks {
                name: "map_overlap",
                parameters: (before, is_open),
                function,
                refusal: Captureless::<F>::refusal,
                chunks: self.chunks().clone(),
                margins: widths.iter().map(|(before, after)| before + after).collect(),
                token: Token::unique(),
            };
            Ok(of_blocks::<_, B, _>(of, [input], vec![BlockMap::Same], made_at))
        })
    }
}

/// Each chunk of an array that is cut like `own` with what lies around it in `padded`.
fn overlapping<T: Element>(
    own: &Chunks,
    padded: &Arc<Node>,
    widths: &[(usize, usize)],
    boundary: Boundary<T>,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let reach = widths.iter().map(|&(before, after)| match boundary {
        Boundary::Nothing => Reach { before, after },
        // Chunks start so far behind where they did.
        _ => Reach { before: 0, after: before + after },
    });
    gathered("overlap", Arc::clone(padded), own.clone(), reach.collect(), made_at)
}

/// The chunk without what lay around it.
fn trimmed<B: Element>(
    mut out: ArrayD<B>,
    before: &[usize],
    is_open: bool,
    at: &BlockInfo,
) -> Result<ArrayD<B>, BoxError> {
    let (Some(start), Some(shape)) = (&at.start, &at.shape) else {
        return Err(ArrayError::Deferred { operation: "map_overlap", axis: 0 }.into());
    };
    for (axis, (&before, &len)) in before.iter().zip(shape).enumerate() {
        let before = if is_open { before.min(start[axis]) } else { before };
        out.slice_axis_inplace(Axis(axis), Slice::from(before..before + len));
    }
    Ok(out)
}

//! The user's functions of chunks: `map_blocks` and its relatives.

use super::function::{BlockInfo, Maps, OfBlocks, of_blocks};
use crate::array::Array;
use crate::axes::Axes;
use crate::axis_chunks::AxisChunks;
use crate::chunk::chunk_of;
use crate::chunks::{Chunks, PerAxis};
use crate::element::Element;
use crate::elementwise::{align, block_map};
use crate::error::ArrayError;
use crate::rechunk::rechunk;
use crate::tile::Parameter;
use chunkwise_graph::{AxisMap, BlockMap, Captureless, Token, Value};
use ndarray::{ArrayD, ArrayViewD};

/// What chunks a function of chunks gives, where they differ from those that it is given: axes are
/// dropped first, then new ones are added, then sizes are set.
///
/// ```
/// use chunkwise_array::{Array, CollectionExt, MapBlocks};
/// let x = Array::<f64>::ones([4, 6], [2, 3]);
/// // The number of rows and columns of each chunk.
/// let options = MapBlocks::new().sizes(1, [2, 2]).sizes(0, [1, 1]);
/// let shapes = x.map_blocks_to(options, |chunk, _| {
///     ndarray::array![[chunk.shape()[0] as i64, chunk.shape()[1] as i64]].into_dyn()
/// });
/// assert_eq!(shapes.compute()?, ndarray::array![[2, 3, 2, 3], [2, 3, 2, 3]].into_dyn());
/// # Ok::<(), chunkwise_array::Error>(())
/// ```
#[derive(Clone, Default, Debug)]
pub struct MapBlocks {
    dropped: Option<Axes>,
    added: Option<Axes>,
    sizes: Vec<(isize, Option<Vec<usize>>)>,
}

impl MapBlocks {
    /// The same chunks.
    pub fn new() -> MapBlocks {
        MapBlocks::default()
    }

    /// The function drops these axes, which it is given whole.
    #[must_use]
    pub fn drop_axes(self, axes: impl Into<Axes>) -> MapBlocks {
        MapBlocks { dropped: Some(axes.into()), ..self }
    }

    /// The function adds these axes, with one chunk of one element each if nothing else is said.
    #[must_use]
    pub fn new_axes(self, axes: impl Into<Axes>) -> MapBlocks {
        MapBlocks { added: Some(axes.into()), ..self }
    }

    /// The chunks of the result have these sizes along an axis: as many as there are chunks.
    #[must_use]
    pub fn sizes(mut self, axis: isize, sizes: impl IntoIterator<Item = usize>) -> MapBlocks {
        self.sizes.push((axis, Some(sizes.into_iter().collect())));
        self
    }

    /// Only a run tells what sizes the chunks of the result have along an axis.
    #[must_use]
    pub fn deferred(mut self, axis: isize) -> MapBlocks {
        self.sizes.push((axis, None));
        self
    }

    /// The axes of the input that become the axes of the result.
    fn axes(&self, ndim: usize) -> Result<PerAxis<Option<usize>>, ArrayError> {
        let dropped = match &self.dropped {
            Some(axes) => axes.mask(ndim)?,
            None => smallvec::smallvec![false; ndim],
        };
        let kept: PerAxis<usize> = (0..ndim).filter(|axis| !dropped[*axis]).collect();
        let Some(added) = &self.added else { return Ok(kept.into_iter().map(Some).collect()) };
        let n = added.n_named().unwrap_or(0);
        let mask = added.mask(kept.len() + n)?;
        let mut kept = kept.into_iter();
        Ok(mask.iter().map(|added| if *added { None } else { kept.next() }).collect())
    }

    /// The cut of the result.
    fn chunks(
        &self,
        from: &[Option<usize>],
        own: &Chunks,
        token: Token,
    ) -> Result<Chunks, ArrayError> {
        let axis = |axis: &Option<usize>| match axis {
            Some(axis) => own.axes()[*axis].clone(),
            None => AxisChunks::whole(1),
        };
        let mut axes: PerAxis<AxisChunks> = from.iter().map(axis).collect();
        for (axis, sizes) in &self.sizes {
            let axis = crate::axes::find_axis(*axis, from.len())?;
            let n = axes[axis].n_chunks();
            axes[axis] = match sizes {
                None => AxisChunks::deferred(n, token),
                Some(sizes) if sizes.len() == n => AxisChunks::of_sizes(sizes.iter().copied()),
                Some(sizes) => {
                    let why = format!("{} for the {n} chunks along axis {axis}", sizes.len());
                    return Err(ArrayError::Argument { name: "sizes", why });
                }
            };
        }
        Ok(axes.into_iter().collect())
    }
}

impl<T: Element> Array<T> {
    /// `f` of each chunk, and of where it lies; it must give a chunk of the same shape.
    ///
    /// Preserves shape and chunks. Every call is work of its own: equal functions cannot be told.
    /// A function that captures something runs on threads only; [`Array::map_blocks_with`] takes
    /// what it would capture as a parameter. A chunk of another shape is an error of its task.
    ///
    /// # Complexity
    /// A task for each chunk, joined with what comes before and after.
    ///
    /// ```
    /// use chunkwise_array::{Array, CollectionExt};
    /// let x = Array::arange(0, 4, 1, 2).map_blocks(|chunk, at| &chunk + 100 * at.index[0] as i32);
    /// assert_eq!(x.compute()?, ndarray::arr1(&[0, 1, 102, 103]).into_dyn());
    /// # Ok::<(), chunkwise_array::Error>(())
    /// ```
    #[track_caller]
    pub fn map_blocks<B: Element, F>(&self, f: F) -> Array<B>
    where
        F: Fn(ArrayViewD<'_, T>, &BlockInfo) -> ArrayD<B> + Send + Sync + 'static,
    {
        self.map_blocks_to(MapBlocks::new(), f)
    }

    /// `f` of each chunk, which gives other chunks: as [`MapBlocks`] says.
    #[track_caller]
    pub fn map_blocks_to<B: Element, F>(&self, options: MapBlocks, f: F) -> Array<B>
    where
        F: Fn(ArrayViewD<'_, T>, &BlockInfo) -> ArrayD<B> + Send + Sync + 'static,
    {
        let refusal = Captureless::<F>::refusal;
        self.mapped(options, (), refusal, move |(): &(), chunk, at| f(chunk, at))
    }

    /// `f` of a parameter, each chunk, and where it lies. The parameter goes along to other
    /// processes.
    #[track_caller]
    pub fn map_blocks_with<P: Parameter, B: Element, F>(&self, parameter: P, f: F) -> Array<B>
    where
        F: Fn(&P, ArrayViewD<'_, T>, &BlockInfo) -> ArrayD<B> + Send + Sync + 'static,
    {
        self.mapped(MapBlocks::new(), parameter, Captureless::<F>::refusal, f)
    }

    #[track_caller]
    fn mapped<P: Parameter, B: Element, F>(
        &self,
        options: MapBlocks,
        parameters: P,
        refusal: fn() -> String,
        f: F,
    ) -> Array<B>
    where
        F: Fn(&P, ArrayViewD<'_, T>, &BlockInfo) -> ArrayD<B> + Send + Sync + 'static,
    {
        Array::build("map_blocks", &[&self.node], |made_at| {
            let (from, token) = (options.axes(self.ndim())?, Token::unique());
            let whole = self.chunks().axes().iter().enumerate().map(|(axis, own)| {
                match (from.contains(&Some(axis)), own.len()) {
                    (true, _) => Ok(own.clone()),
                    (false, Some(len)) => Ok(AxisChunks::whole(len)),
                    (false, None) => Err(ArrayError::Deferred { operation: "map_blocks", axis }),
                }
            });
            let input = rechunk(self.node.clone(), whole.collect::<Result<_, _>>()?, made_at);
            let chunks = options.chunks(&from, &input.chunks, token)?;
            let maps = maps_of(&from, &input.chunks);
            let function = move |p: &P, chunks: &mut [Value], at: &BlockInfo| {
                let [chunk] = chunks else { return Err("it is called with one chunk".into()) };
                Ok(f(p, chunk_of::<T>(chunk)?.view(), at))
            };
            let (name, margins) = ("map_blocks", PerAxis::new());
            let of = OfBlocks { name, parameters, function, refusal, chunks, margins, token };
            Ok(of_blocks::<P, B, _>(of, [input], maps, made_at))
        })
    }

    /// `f` of the chunks of two arrays that lie at the same place, and of which place that is; it
    /// must give a chunk of the shape to which the two broadcast.
    ///
    /// The arrays are cut alike first. As [`Array::map_blocks`] in everything else.
    #[track_caller]
    pub fn zip_blocks<U: Element, B: Element, F>(&self, other: &Array<U>, f: F) -> Array<B>
    where
        F: Fn(ArrayViewD<'_, T>, ArrayViewD<'_, U>, &BlockInfo) -> ArrayD<B>
            + Send
            + Sync
            + 'static,
    {
        Array::build("zip_blocks", &[&self.node, &other.node], |made_at| {
            let aligned = align(&[self.node.clone(), other.node.clone()], made_at)?;
            let grid = aligned.chunks.grid();
            let map = |input: &std::sync::Arc<crate::expr::Node>| {
                block_map(&aligned.chunks, &grid, &input.chunks)
            };
            let maps = aligned.inputs.iter().map(map).collect();
            let function = move |(): &(), chunks: &mut [Value], at: &BlockInfo| {
                let [a, b] = chunks else { return Err("it is called with two chunks".into()) };
                Ok(f(chunk_of::<T>(a)?.view(), chunk_of::<U>(b)?.view(), at))
            };
            let of = OfBlocks {
                name: "zip_blocks",
                parameters: (),
                function,
                refusal: Captureless::<F>::refusal,
                chunks: (*aligned.chunks).clone(),
                margins: PerAxis::new(),
                token: Token::unique(),
            };
            Ok(of_blocks::<(), B, _>(of, aligned.inputs, maps, made_at))
        })
    }
}

/// Which block of an input goes with a block of the result, whose axes are these of the input.
pub(super) fn maps_of(from: &[Option<usize>], input: &Chunks) -> Maps {
    let axis = |axis: usize| {
        let found = from.iter().position(|from| *from == Some(axis));
        found.map_or(AxisMap::One, |to| AxisMap::Out(to as u8))
    };
    let is_same =
        from.len() == input.ndim() && from.iter().enumerate().all(|(at, axis)| *axis == Some(at));
    match is_same {
        true => vec![BlockMap::Same],
        false => {
            let axes = (0..input.ndim()).map(axis).collect();
            vec![BlockMap::Axes { grid: input.grid(), axes }]
        }
    }
}

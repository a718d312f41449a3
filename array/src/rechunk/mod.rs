//! Cutting an array otherwise.

mod blocks;
mod choice;
mod coarsen;
mod exchange;
mod plan;

use crate::array::Array;
use crate::axis_chunks::AxisChunks;
use crate::chunk_spec::ChunkSpec;
use crate::chunks::{Chunks, PerAxis};
use crate::element::{Element, for_each_dtype};
use crate::elementwise::align;
use crate::expr::{Node, Nodes, Operation, layer_of, selected_chunks};
pub(crate) use blocks::Reach;
use blocks::RechunkBlocks;
pub(crate) use blocks::each_index;
use chunkwise_graph::{Layer, Tokenizer};
use chunkwise_storage::{DType, Region};
pub use plan::{RechunkMethod, RechunkOptions, RechunkPlan, RechunkStage, plan_rechunk};
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// The same elements, cut otherwise.
#[derive(Clone)]
struct Rechunk {
    name: &'static str,
    method: RechunkMethod,
    /// The places of the blocks, and how far they reach around them, if they do: then their cut is
    /// not that of their places.
    around: Option<(Arc<Chunks>, PerAxis<Reach>)>,
}

/// The same array cut like this, in stages if that is better; the node itself if it is.
pub(crate) fn rechunk(
    input: Arc<Node>,
    chunks: Chunks,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    staged(input, chunks, &RechunkOptions::DEFAULT, made_at)
}

fn staged(
    input: Arc<Node>,
    chunks: Chunks,
    options: &RechunkOptions,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    if *input.chunks == chunks {
        return input;
    }
    if let Some(recut) = input.operation().recut(&input, &chunks) {
        return recut;
    }
    let operation = Rechunk { name: "rechunk", method: options.method, around: None };
    if choice::is_asked_for(&operation, &input.chunks) {
        return once(operation, input, chunks, made_at);
    }
    let plan = plan_rechunk(&input.chunks, &chunks, input.dtype.size(), options);
    let n = plan.stages.len();
    plan.stages.into_iter().enumerate().fold(input, |input, (at, stage)| {
        let name = if at + 1 == n { "rechunk" } else { STAGE };
        once(Rechunk { name, ..operation.clone() }, input, stage.chunks, made_at)
    })
}

/// What stages but the last are called.
const STAGE: &str = "rechunk-stage";

/// The same array cut like this, in one stage.
fn once(
    operation: Rechunk,
    input: Arc<Node>,
    chunks: Chunks,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    if *input.chunks == chunks {
        return input;
    }
    let token = Tokenizer::of("rechunk", &(input.token, &chunks));
    let dtype = input.dtype;
    Node::new(operation, [input], dtype, chunks, token, made_at)
}

/// Chunks at the places that a cut of the input names, each with as many elements around its place
/// as there are within reach: some elements come several times.
pub(crate) fn gathered(
    name: &'static str,
    input: Arc<Node>,
    places: Chunks,
    reach: PerAxis<Reach>,
    made_at: &'static Location<'static>,
) -> Arc<Node> {
    let sizes = |(axis, place): (usize, &AxisChunks)| {
        let len = input.chunks.axes()[axis].len();
        let size = |at| Some(reach[axis].around(&place.range(at)?, len?).len());
        let sizes: Option<Vec<usize>> = (0..place.n_chunks()).map(size).collect();
        sizes.map_or_else(|| place.clone(), AxisChunks::of_sizes)
    };
    let chunks: Chunks = places.axes().iter().enumerate().map(sizes).collect();
    let mut hash = Tokenizer::new(name);
    hash.token(input.token);
    chunkwise_graph::Tokenize::tokenize(&places, &mut hash);
    for Reach { before, after } in &reach {
        hash.u64(*before as u64).u64(*after as u64);
    }
    let (token, dtype) = (hash.finish(), input.dtype);
    let around = Some((Arc::new(places), reach));
    let operation = Rechunk { name, method: RechunkMethod::Tasks, around };
    Node::new(operation, [input], dtype, chunks, token, made_at)
}

impl<T: Element> Array<T> {
    /// The same array in other chunks.
    ///
    /// Axes that a specification leaves out ([`ChunkSpec::axis`]) stay as they are, and only those
    /// may have a deferred length.
    ///
    /// # Complexity
    /// O(elements) copied once a stage; a task for each new chunk, which holds the old chunks that
    /// it takes from. There is one stage, unless its tasks would hold more than 512 MiB or have
    /// more than four million dependencies; see [`Array::rechunk_with`]. Under a memory limit that
    /// is too small for it the chunks go through bytes that may leave memory, see
    /// [`RechunkMethod::Auto`].
    ///
    /// ```
    /// use chunkwise_array::{Array, ChunkSpec};
    /// let x = Array::<f32>::zeros([20_000, 20_000], [200, -1]).rechunk([-1, 200]);
    /// assert_eq!(x.chunks().to_string(), "100 chunks of (20_000, 200)");
    /// let y = x.rechunk(ChunkSpec::axis(1, 400));
    /// assert_eq!(y.chunks().to_string(), "50 chunks of (20_000, 400)");
    /// ```
    #[track_caller]
    pub fn rechunk(&self, chunks: impl Into<ChunkSpec>) -> Array<T> {
        self.rechunk_with(chunks, &RechunkOptions::DEFAULT)
    }

    /// The same array in other chunks, within limits of one's own: chunks of intermediate shapes are
    /// made where going straight to the new ones would exceed them. [`Array::plan_rechunk`] tells
    /// which.
    #[track_caller]
    pub fn rechunk_with(&self, chunks: impl Into<ChunkSpec>, options: &RechunkOptions) -> Array<T> {
        let spec = chunks.into();
        Array::build("rechunk", &[&self.node], |made_at| {
            let chunks = spec.resolve_again(self.chunks(), size_of::<T>())?;
            let chunks = if options.balance { balanced(&chunks) } else { chunks };
            Ok(staged(self.node.clone(), chunks, options, made_at))
        })
    }

    /// The stages in which [`Array::rechunk_with`] goes.
    ///
    /// # Errors
    /// As [`Array::checked`] of what it gives.
    pub fn plan_rechunk(
        &self,
        chunks: impl Into<ChunkSpec>,
        options: &RechunkOptions,
    ) -> Result<RechunkPlan, crate::ArrayError> {
        let chunks = chunks.into().resolve_again(self.checked()?.chunks(), size_of::<T>())?;
        let chunks = if options.balance { balanced(&chunks) } else { chunks };
        Ok(plan_rechunk(self.chunks(), &chunks, size_of::<T>(), options))
    }

    /// The same array in chunks of about the same size along each axis, none larger than now.
    ///
    /// ```
    /// use chunkwise_array::Array;
    /// let x = Array::<f32>::zeros(101, 25);
    /// assert_eq!(x.balance().chunks().to_string(), "5 chunks of (21,)");
    /// ```
    #[track_caller]
    pub fn balance(&self) -> Array<T> {
        Array::build("balance", &[&self.node], |made_at| {
            Ok(rechunk(self.node.clone(), balanced(self.chunks()), made_at))
        })
    }
}

fn balanced(chunks: &Chunks) -> Chunks {
    let axis = |axis: &AxisChunks| match (axis.len(), axis.largest()) {
        (Some(len), Some(size)) if size > 0 => {
            AxisChunks::regular(len, len.div_ceil(len.div_ceil(size)))
        }
        _ => axis.clone(),
    };
    chunks.axes().iter().map(axis).collect()
}

/// Arrays cut alike: along each axis wherever one of them is cut. Shapes must broadcast; axes of
/// length 1 stay so.
///
/// If they do not, each of the results says so.
#[track_caller]
pub fn unify_chunks<T: Element>(arrays: &[&Array<T>]) -> Vec<Array<T>> {
    let nodes: Vec<Arc<Node>> = arrays.iter().map(|array| array.node.clone()).collect();
    let inputs: Vec<&Arc<Node>> = nodes.iter().collect();
    let one = |at: usize| {
        Array::build("unify_chunks", &inputs, |made_at| {
            Ok(Arc::clone(&align(&nodes, made_at)?.inputs[at]))
        })
    };
    (0..arrays.len()).map(one).collect()
}

impl Operation for Rechunk {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        if let Some(origin) = choice::exchange_from(self, node, inputs) {
            return exchange::lower(node, &origin);
        }
        let from = Arc::clone(&node.inputs()[0].chunks);
        let (to, reach) = match &self.around {
            Some((places, reach)) => (Arc::clone(places), reach.clone()),
            None => (Arc::clone(&node.chunks), PerAxis::new()),
        };
        let (grid, name) = (to.grid(), self.name.into());
        macro_rules! of_dtype {
            ($($variant:ident $element:ty),+) => {
                match node.dtype {
                    $(DType::$variant => {
                        let of = PhantomData;
                        let blocks = RechunkBlocks::<$element> { grid, from, to, reach, name, of };
                        layer_of(node, inputs.iter().cloned(), blocks)
                    })+
                    _ => Arc::clone(&inputs[0]),
                }
            };
        }
        for_each_dtype!(of_dtype)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        if self.around.is_some() {
            return None;
        }
        node.chunks.shape()?;
        Some(vec![region.clone()])
    }

    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let [input] = &inputs[..] else { return node.again() };
        let chunks = selected_chunks(&node.chunks, region);
        once(self.clone(), Arc::clone(input), chunks, node.made_at)
    }
}

#[cfg(test)]
mod tests {
    use crate::expr::parts_check::{arrays, check_part, spans};
    use crate::{ChunkSpec, RechunkOptions};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn selections_move_through(x in arrays(0..4), by in spans(), size in 1usize..4) {
            let x = x.map(|x| x);
            check_part(&x.rechunk(size), &by);
            let options = RechunkOptions::DEFAULT.limit_bytes(1);
            check_part(&x.rechunk_with(ChunkSpec::from(size), &options), &by);
            check_part(&x.balance(), &by);
        }
    }
}

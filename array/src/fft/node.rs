//! The node of transforms along some axes.

use super::kind::Signal;
use super::pass::Pass;
use crate::axis_chunks::AxisChunks;
use crate::chunk::{Chunk, chunk_bytes, chunk_of};
use crate::chunks::{Chunks, PerAxis};
use crate::expr::{Node, Nodes, Operation, layer_of, select};
use chunkwise_graph::{Blocks, Bounds, BoxError, Dep, Layer, Shipment, Tokenizer, TypeInfo, Value};
use chunkwise_storage::{Region, Span};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::Arc;

/// Transforms along some axes, one after the other.
struct Transform<I, O> {
    name: &'static str,
    passes: PerAxis<Pass>,
    of: PhantomData<fn(I) -> O>,
}

/// A node transformed along axes that are one chunk each.
pub(super) fn transformed<I, O>(
    name: &'static str,
    input: Arc<Node>,
    passes: PerAxis<Pass>,
    made_at: &'static Location<'static>,
) -> Arc<Node>
where
    I: Signal,
    O: Signal<Part = I::Part>,
{
    let mut hash = Tokenizer::new("fft");
    hash.token(input.token).bytes(&postcard::to_stdvec(&passes[..]).unwrap_or_default());
    hash.str(O::DTYPE.name());
    let chunks = passes.iter().fold((*input.chunks).clone(), |chunks, pass| {
        chunks.with_axis(pass.axis, AxisChunks::whole(pass.len_out()))
    });
    let operation = Transform::<I, O> { name, passes, of: PhantomData };
    Node::new(operation, [input], O::DTYPE, chunks, hash.finish(), made_at)
}

impl<I: Signal, O: Signal<Part = I::Part>> Operation for Transform<I, O> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lower(&self, node: &Node, inputs: &[Arc<Layer>]) -> Arc<Layer> {
        let blocks = TransformBlocks::<I, O> {
            grid: node.chunks.grid(),
            name: self.name.to_owned(),
            passes: self.passes.clone(),
            from: Arc::clone(&node.inputs()[0].chunks),
            to: Arc::clone(&node.chunks),
            of: PhantomData,
        };
        layer_of(node, inputs.iter().cloned(), blocks)
    }

    fn demand(&self, node: &Node, region: &Region) -> Option<Vec<Region>> {
        let input = &node.inputs()[0].chunks;
        input.shape()?;
        let span = |(axis, span): (usize, &Span)| match self.transforms(axis) {
            true => Some(Span::new(0, input.axes()[axis].len()?)),
            false => Some(*span),
        };
        Some(vec![region.spans().iter().enumerate().map(span).collect::<Option<_>>()?])
    }

    fn part(&self, node: &Node, region: &Region, inputs: Nodes) -> Arc<Node> {
        let input = Arc::clone(&inputs[0]);
        let whole = transformed::<I, O>(self.name, input, self.passes.clone(), node.made_at);
        // Of what is transformed all is needed; of the result, the part.
        let spans =
            region.spans().iter().enumerate().map(|(axis, span)| match self.transforms(axis) {
                true => *span,
                false => Span::new(0, span.count),
            });
        select(whole, spans.collect(), node.made_at)
    }
}

impl<I, O> Transform<I, O> {
    fn transforms(&self, axis: usize) -> bool {
        self.passes.iter().any(|pass| pass.axis == axis)
    }
}

/// Each chunk, transformed along all axes.
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
struct TransformBlocks<I, O> {
    grid: Vec<u32>,
    name: String,
    passes: PerAxis<Pass>,
    from: Arc<Chunks>,
    to: Arc<Chunks>,
    of: PhantomData<fn(I) -> O>,
}

impl<I: Signal, O: Signal<Part = I::Part>> Blocks for TransformBlocks<I, O> {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        deps.push(Dep::input(0, block));
    }

    fn run(&self, _: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let [input] = inputs else { return Err("one chunk is transformed".into()) };
        let input = input.take();
        let chunk = chunk_of::<I>(&input)?;
        let mut shape: PerAxis<usize> = chunk.shape().into();
        let (Some((first, others)), Some(last)) = (self.passes.split_first(), self.passes.last())
        else {
            return Err("there is an axis to transform".into());
        };
        let rows = chunk.view();
        let rows = rows.as_standard_layout();
        let elements = rows.as_slice().unwrap_or(&[]);
        if others.is_empty() {
            let out = run(first, elements, &mut shape);
            return Ok(Chunk::<O>::from_vec(&shape, out)?.into_value());
        }
        let mut between: Vec<I::Complex> = run(first, elements, &mut shape);
        drop(rows);
        drop(input);
        for pass in &others[..others.len() - 1] {
            between = run(pass, &between, &mut shape);
        }
        let out = run(last, &between, &mut shape);
        Ok(Chunk::<O>::from_vec(&shape, out)?.into_value())
    }

    fn op_name(&self) -> Cow<'_, str> {
        self.name.as_str().into()
    }

    fn bytes(&self, block: u32) -> Bounds {
        let (Some(from), Some(out)) = (self.from.chunk_shape(block), self.to.chunk_len(block))
        else {
            return Bounds::UNKNOWN;
        };
        // A chunk that does not lie row by row, and what is between two passes.
        let mut shape = from.clone();
        let (mut most, mut lanes) = (0, 0);
        for pass in &self.passes {
            shape[pass.axis] = pass.len_out();
            most = most.max(shape.iter().product::<usize>());
            lanes = lanes.max(pass.scratch_bytes(&shape, size_of::<I::Part>()));
        }
        let copied = from.iter().product::<usize>() * size_of::<I>();
        let between = if self.passes.len() > 1 { 4 * most * size_of::<I::Part>() } else { 0 };
        Bounds::output(chunk_bytes::<O>(out)).with_scratch((copied + between + lanes) as u64)
    }

    fn ship(&self) -> Result<Shipment, String> {
        Ok(Shipment::of_blocks(self)?.with_output(TypeInfo::data::<Chunk<O>>()))
    }
}

fn run<I, O>(pass: &Pass, from: &[I], shape: &mut [usize]) -> Vec<O>
where
    I: Signal,
    O: Signal<Part = I::Part>,
{
    let before: PerAxis<usize> = (&*shape).into();
    shape[pass.axis] = pass.len_out();
    let mut to = vec![O::default(); shape.iter().product()];
    pass.run(from, &before, &mut to);
    to
}

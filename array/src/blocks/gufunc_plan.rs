//! From a [`Gufunc`] and arrays to blocks that go together.

use super::cells::Cells;
use super::function::Maps;
use super::gufunc::Gufunc;
use super::signature::Signature;
use crate::axis_chunks::AxisChunks;
use crate::chunks::Chunks;
use crate::elementwise::align_cuts;
use crate::error::ArrayError;
use crate::expr::Node;
use crate::extent::Extent;
use crate::rechunk::rechunk;
use chunkwise_graph::{AxisMap, BlockMap};
use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::Arc;

/// What an application is made of.
pub(super) struct Plan {
    pub(super) parameters: Cells,
    /// The cut of the result.
    pub(super) chunks: Chunks,
    /// Cut alike along loop dimensions, whole along core dimensions.
    pub(super) inputs: Vec<Arc<Node>>,
    pub(super) maps: Maps,
}

/// The length of each core dimension by its name.
type Lengths<'a> = BTreeMap<&'a str, usize>;

impl Gufunc {
    /// What an application to these inputs is made of.
    ///
    /// # Errors
    /// As [`apply_gufunc`](super::gufunc::apply_gufunc) says.
    pub(super) fn plan(
        &self,
        inputs: &[&Arc<Node>],
        made_at: &'static Location<'static>,
    ) -> Result<Plan, ArrayError> {
        let signature = self.signature.as_ref();
        let signature = signature.map_err(|e| ArrayError::Signature { error: e.clone() })?;
        let output = check_numbers(signature, inputs.len())?;
        let n_core: Vec<usize> = signature.inputs().map(<[_]>::len).collect();
        let lengths = self.lengths(signature, inputs)?;
        let loops = inputs.iter().zip(&n_core).map(|(input, n_core)| {
            let axes = input.chunks.axes();
            axes[..axes.len() - n_core].iter().cloned().collect()
        });
        let loops: Vec<Chunks> = loops.collect();
        let (common, of_inputs) = align_cuts(&loops.iter().collect::<Vec<_>>())?;
        let output = self.output_lengths(signature, output, &lengths)?;
        let whole = output.iter().map(|&len| AxisChunks::whole(len));
        let chunks = common.axes().iter().cloned().chain(whole);
        let chunks: Chunks = chunks.collect();
        let recut = |((input, n_core), loops): ((&&Arc<Node>, &usize), &Chunks)| {
            let core = &input.chunks.axes()[input.chunks.ndim() - n_core..];
            let core = core.iter().map(|axis| axis.len().map_or(axis.clone(), AxisChunks::whole));
            let cut = loops.axes().iter().cloned().chain(core).collect();
            rechunk(Arc::clone(input), cut, made_at)
        };
        let inputs = inputs.iter().zip(&n_core).zip(&of_inputs).map(recut);
        let inputs: Vec<Arc<Node>> = inputs.collect();
        let maps = inputs.iter().zip(&n_core);
        let maps = maps.map(|(input, n_core)| map(&chunks, common.ndim(), &input.chunks, *n_core));
        let maps = maps.collect();
        let parameters = Cells { n_core, output, is_vectorized: self.is_vectorized };
        Ok(Plan { parameters, chunks, inputs, maps })
    }

    /// The length of each core dimension of the inputs.
    fn lengths<'a>(
        &self,
        signature: &'a Signature,
        inputs: &[&Arc<Node>],
    ) -> Result<Lengths<'a>, ArrayError> {
        let mut lengths = Lengths::new();
        for (number, (names, input)) in signature.inputs().zip(inputs).enumerate() {
            let Some(first) = input.chunks.ndim().checked_sub(names.len()) else {
                let expected = format!(
                    "input {number} of `{signature}` with its {} core dimensions belongs",
                    names.len()
                );
                return Err(ArrayError::shape(expected, &input.chunks.extents()));
            };
            for (axis, name) in (first..).zip(names) {
                let found = self.core_len(&input.chunks, axis, name)?;
                let said = name.parse().unwrap_or(found);
                let expected = *lengths.entry(&**name).or_insert(said);
                if found != expected {
                    let (signature, dimension) = (signature.to_string(), name.to_string());
                    let input = number;
                    return Err(ArrayError::CoreDimension {
                        signature,
                        dimension,
                        input,
                        found,
                        expected,
                    });
                }
            }
        }
        Ok(lengths)
    }

    /// The length of an axis that is a core dimension.
    fn core_len(&self, chunks: &Chunks, axis: usize, name: &str) -> Result<usize, ArrayError> {
        let own = &chunks.axes()[axis];
        let len = own.len();
        let len = len.ok_or(ArrayError::Deferred { operation: "apply_gufunc", axis })?;
        match own.n_chunks() {
            n if n > 1 && self.refuses_cuts => Err(ArrayError::Argument {
                name: "refuse_cuts",
                why: format!("dimension `{name}`, along axis {axis}, is cut into {n} chunks"),
            }),
            _ => Ok(len),
        }
    }

    /// The length of each core dimension of the output.
    fn output_lengths(
        &self,
        signature: &Signature,
        output: &[Box<str>],
        lengths: &Lengths<'_>,
    ) -> Result<Vec<usize>, ArrayError> {
        let said = |name: &str| {
            let said = self.output_sizes.iter().rev().find(|(dimension, _)| dimension == name);
            said.map(|(_, len)| *len)
        };
        let len = |name: &str| {
            let own = lengths.get(name).copied().or_else(|| name.parse().ok());
            let unknown = || ArrayError::Argument {
                name: "output_size",
                why: format!("that of dimension `{name}` of `{signature}` is not given"),
            };
            own.or_else(|| said(name)).ok_or_else(unknown)
        };
        output.iter().map(|name| len(name)).collect()
    }
}

/// The names of the one output's dimensions, if there are as many inputs as arrays.
fn check_numbers(signature: &Signature, n_arrays: usize) -> Result<&[Box<str>], ArrayError> {
    let wrong = |why: String| Err(ArrayError::Argument { name: "signature", why });
    let (n_inputs, n_outputs) = (signature.inputs().len(), signature.outputs().len());
    match (signature.outputs().next(), n_outputs) {
        _ if n_inputs != n_arrays => {
            wrong(format!("`{signature}` is of {n_inputs} inputs, and {n_arrays} are given"))
        }
        (Some(output), 1) => Ok(output),
        _ => wrong(format!("`{signature}` has {n_outputs} outputs, not one")),
    }
}

/// Which block of an input goes with a block of the result: the one at its place along the loop
/// dimensions, but for those that the input repeats.
fn map(out: &Chunks, n_loops: usize, input: &Chunks, n_core: usize) -> BlockMap {
    let own_loops = input.ndim() - n_core;
    let axis = |(at, own): (usize, &AxisChunks)| {
        let Some(to) = (at < own_loops).then_some(n_loops - own_loops + at) else {
            return AxisMap::One;
        };
        let is_repeated =
            own.extent() == Extent::Known(1) && out.axes()[to].extent() != Extent::Known(1);
        if is_repeated { AxisMap::One } else { AxisMap::Out(to as u8) }
    };
    BlockMap::Axes { grid: input.grid(), axes: input.axes().iter().enumerate().map(axis).collect() }
}

//! [`Blockwise`]: kernels over aligned blocks; after fusion, a straight-line program of them.

use crate::block_map::BlockMap;
use crate::bounds::Bounds;
use crate::error::BoxError;
use crate::kernel::{Block, Kernel};
use crate::layer::{Blocks, Dep};
use crate::ship::Shipment;
use crate::value::Value;
use smallvec::SmallVec;
use std::borrow::Cow;
use std::sync::Arc;

/// What a step of a blockwise program works on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Operand {
    /// All blocks that the layer's input of this number gives.
    Input(u16),
    /// The result of an earlier step.
    Step(u16),
}

/// One kernel of a blockwise program.
#[derive(Clone)]
pub struct Step {
    pub(crate) name: Cow<'static, str>,
    pub(crate) kernel: Arc<dyn Kernel>,
    pub(crate) operands: SmallVec<[Operand; 3]>,
    /// From the layer's block to the block that the kernel is computing.
    pub(crate) at: BlockMap,
}

impl Step {
    /// A kernel that works on `operands` and computes the layer's own block.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        kernel: Arc<dyn Kernel>,
        operands: impl IntoIterator<Item = Operand>,
    ) -> Step {
        let (name, operands) = (name.into(), operands.into_iter().collect());
        Step { name, kernel, operands, at: BlockMap::Same }
    }

    /// What it does.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The kernel.
    pub fn kernel(&self) -> &Arc<dyn Kernel> {
        &self.kernel
    }

    /// What it works on.
    pub fn operands(&self) -> &[Operand] {
        &self.operands
    }

    /// From the layer's block to the block that the kernel is computing.
    pub fn at(&self) -> &BlockMap {
        &self.at
    }

    /// The same kernel, for the block that the layer's own block is mapped to.
    #[must_use]
    pub fn mapped(self, at: BlockMap) -> Step {
        Step { at, ..self }
    }

    /// The same kernel on other operands.
    #[must_use]
    pub fn with_operands(&self, operands: impl IntoIterator<Item = Operand>) -> Step {
        Step { operands: operands.into_iter().collect(), ..self.clone() }
    }
}

/// A layer of kernels over aligned blocks: the output block at a position is computed from the
/// blocks of the inputs that a [`BlockMap`] pairs with it.
#[derive(Clone)]
pub struct Blockwise {
    pub(crate) grid: Vec<u32>,
    pub(crate) maps: Vec<BlockMap>,
    pub(crate) steps: Vec<Step>,
    /// For each step and operand: whether nothing after it needs the same values.
    last_uses: Vec<SmallVec<[bool; 3]>>,
    /// Where the values of each input start among a block's values; one more entry at the end.
    starts: Vec<u32>,
    /// Whether one kernel alone takes the inputs as they come.
    is_plain: bool,
    pub(crate) inlinable: bool,
}

impl Blockwise {
    /// One kernel, over the inputs in their order. The inputs' layers come with the
    /// [`crate::Layer`] that this is put into.
    pub fn new(
        grid: Vec<u32>,
        maps: Vec<BlockMap>,
        name: impl Into<Cow<'static, str>>,
        kernel: impl Kernel,
    ) -> Blockwise {
        let operands = (0..maps.len() as u16).map(Operand::Input).collect();
        let step =
            Step { name: name.into(), kernel: Arc::new(kernel), operands, at: BlockMap::Same };
        Blockwise::program(grid, maps, vec![step])
    }

    pub(crate) fn program(grid: Vec<u32>, maps: Vec<BlockMap>, steps: Vec<Step>) -> Blockwise {
        let last_uses = last_uses(&steps, maps.len());
        let mut starts = vec![0];
        for map in &maps {
            starts.push(starts[starts.len() - 1] + map.n_deps());
        }
        let is_plain = matches!(&steps[..], [step] if {
            let as_they_come = (0..maps.len() as u16).map(Operand::Input);
            step.operands.iter().copied().eq(as_they_come)
        });
        Blockwise { grid, maps, steps, last_uses, starts, is_plain, inlinable: false }
    }

    /// The same layer, marked as cheap enough to be computed again in each consumer: constants,
    /// views, slices of a source. The inline pass then saves holding its results.
    #[must_use]
    pub fn inlinable(mut self) -> Blockwise {
        self.inlinable = true;
        self
    }

    /// The kernels, in the order in which they run; the last one gives the block.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The same layer by another program over the same inputs.
    ///
    /// # Panics
    /// If a step works on an input that there is not, or on a step that is not before it.
    #[must_use]
    pub fn with_steps(&self, steps: Vec<Step>) -> Blockwise {
        for (at, step) in steps.iter().enumerate() {
            let known = |operand: &Operand| match *operand {
                Operand::Input(input) => usize::from(input) < self.maps.len(),
                Operand::Step(step) => usize::from(step) < at,
            };
            assert!(step.operands.iter().all(known), "step {at} works on what there is not");
        }
        let inlinable = self.inlinable;
        Blockwise { inlinable, ..Blockwise::program(self.grid.clone(), self.maps.clone(), steps) }
    }

    /// Number of kernels that run for each block.
    pub fn n_steps(&self) -> usize {
        self.steps.len()
    }

    /// Number of values that each block is given.
    #[cfg(feature = "serde")]
    pub(crate) fn n_arguments(&self) -> usize {
        self.starts[self.maps.len()] as usize
    }

    /// What is wrong with the maps for inputs of these grids.
    pub(crate) fn check(&self, inputs: &[&[u32]]) -> Result<(), String> {
        if inputs.len() != self.maps.len() {
            return Err(format!("{} inputs for {} block maps", inputs.len(), self.maps.len()));
        }
        self.maps.iter().zip(inputs).try_for_each(|(map, input)| map.check(&self.grid, input))
    }

    fn block<'a>(&'a self, step: &'a Step, block: u32) -> Block<'a> {
        Block { number: step.at.paired(&self.grid, block), grid: step.at.input_grid(&self.grid) }
    }

    fn input_range(&self, input: u16) -> std::ops::Range<usize> {
        self.starts[input as usize] as usize..self.starts[input as usize + 1] as usize
    }

    /// Runs the program, moving each value into its last use, so that kernels work in place.
    fn run_steps(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let mut results: SmallVec<[Value; 8]> = SmallVec::new();
        let mut arguments: SmallVec<[Value; 4]> = SmallVec::new();
        for (step, last_uses) in self.steps.iter().zip(&self.last_uses) {
            arguments.clear();
            for (operand, &last) in step.operands.iter().zip(last_uses) {
                let values = match *operand {
                    Operand::Input(input) => &mut inputs[self.input_range(input)],
                    Operand::Step(step) => std::slice::from_mut(&mut results[step as usize]),
                };
                if last {
                    arguments.extend(values.iter_mut().map(Value::take));
                } else {
                    arguments.extend(values.iter().cloned());
                }
            }
            results.push(step.kernel.call(self.block(step, block), &mut arguments)?);
        }
        Ok(results.pop().unwrap_or_default())
    }

    /// Bounds of a program: results of steps are held from their step to their last use.
    fn bytes_of_steps(&self, block: u32) -> Option<Bounds> {
        let mut held: SmallVec<[u64; 8]> = SmallVec::new();
        let mut scratch = 0;
        for (at, (step, last_uses)) in self.steps.iter().zip(&self.last_uses).enumerate() {
            let bounds = step.kernel.bytes(self.block(step, block));
            let output = bounds.output?;
            let others: u64 = held.iter().sum();
            let own = if at + 1 == self.steps.len() { 0 } else { output };
            scratch = scratch.max(others.checked_add(own)?.checked_add(bounds.scratch?)?);
            for (operand, _) in step.operands.iter().zip(last_uses).filter(|(_, last)| **last) {
                if let Operand::Step(step) = *operand {
                    held[step as usize] = 0;
                }
            }
            held.push(output);
        }
        Some(Bounds::output(held.pop()?).with_scratch(scratch))
    }
}

/// For each step and operand, whether nothing after it needs the same values. O(operands).
fn last_uses(steps: &[Step], n_inputs: usize) -> Vec<SmallVec<[bool; 3]>> {
    let (mut seen_input, mut seen_step) = (vec![false; n_inputs], vec![false; steps.len()]);
    let mut first_from_behind = |operand: &Operand| {
        let seen = match *operand {
            Operand::Input(input) => &mut seen_input[input as usize],
            Operand::Step(step) => &mut seen_step[step as usize],
        };
        !std::mem::replace(seen, true)
    };
    let mut uses: Vec<SmallVec<[bool; 3]>> = Vec::with_capacity(steps.len());
    for step in steps.iter().rev() {
        let mut of_step: SmallVec<[bool; 3]> =
            step.operands.iter().rev().map(&mut first_from_behind).collect();
        of_step.reverse();
        uses.push(of_step);
    }
    uses.reverse();
    uses
}

impl Blocks for Blockwise {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        for (input, map) in self.maps.iter().enumerate() {
            map.push_deps(&self.grid, block, input as u32, deps);
        }
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        match &self.steps[..] {
            [step] if self.is_plain => step.kernel.call(self.block(step, block), inputs),
            _ => self.run_steps(block, inputs),
        }
    }

    fn op_name(&self) -> Cow<'_, str> {
        match &self.steps[..] {
            [step] => Cow::Borrowed(&step.name),
            steps => steps.iter().map(|step| &*step.name).collect::<Vec<_>>().join("+").into(),
        }
    }

    fn bytes(&self, block: u32) -> Bounds {
        self.bytes_of_steps(block).unwrap_or(Bounds::UNKNOWN)
    }

    fn ship(&self) -> Result<Shipment, String> {
        match &self.steps[..] {
            [step] if self.is_plain && step.at == BlockMap::Same => step.kernel.ship(),
            #[cfg(feature = "serde")]
            _ => self.ship_program(),
            #[cfg(not(feature = "serde"))]
            _ => Err("fused programs are shipped with the feature `serde` of the graph".into()),
        }
    }

    fn as_blockwise(&self) -> Option<&Blockwise> {
        Some(self)
    }
}

impl std::fmt::Debug for Blockwise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blockwise({} over {:?}, {:?})", self.op_name(), self.grid, self.maps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_kernel_may_take_the_inputs_in_another_order() {
        let difference = |numbers: &mut [Value]| {
            Ok(Value::new(numbers[0].get::<i64>()? - numbers[1].get::<i64>()?))
        };
        let plain = Blockwise::new(vec![], vec![BlockMap::Same; 2], "subtract", difference);
        let turned: Vec<Step> =
            vec![plain.steps()[0].with_operands([Operand::Input(1), Operand::Input(0)])];
        let run = |blocks: &Blockwise| {
            let value = blocks.run(0, &mut [Value::new(7i64), Value::new(2i64)]).unwrap();
            *value.get::<i64>().unwrap()
        };
        assert_eq!((run(&plain), run(&plain.with_steps(turned))), (5, -5));
    }
}

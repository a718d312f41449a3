//! [`Fold`]: blocks that take their inputs one after the other; [`Folded`]: such blocks that make
//! some of their inputs themselves, each when it is asked for.

use crate::bounds::Bounds;
use crate::error::BoxError;
use crate::kernel::{Block, Kernel};
use crate::layer::{Blocks, Dep};
use crate::ship::Shipment;
use crate::value::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// Blocks that are done with one input before they need the next.
///
/// [`crate::Graph::fuse_folds`] lets a task of them make its inputs itself, so that one at a time is
/// held: a stack of files that is summed is read file by file.
pub trait Fold: Blocks {
    /// Computes one block of inputs that come in the order of [`Blocks::deps`].
    ///
    /// # Errors
    /// The first error of an input; whatever the blocks' own code reports.
    fn fold(&self, block: u32, inputs: &mut Inputs<'_>) -> Result<Value, BoxError>;
}

/// The inputs of a block, made or taken out one by one.
pub type Inputs<'a> = dyn Iterator<Item = Result<Value, BoxError>> + 'a;

/// Blocks that hold their inputs already, as inputs one by one.
pub fn taken(inputs: &mut [Value]) -> impl Iterator<Item = Result<Value, BoxError>> + '_ {
    inputs.iter_mut().map(|input| Ok(input.take()))
}

/// Blocks that make some of their inputs themselves.
#[derive(Clone)]
pub(crate) struct Folded {
    pub(crate) consumer: Arc<dyn Blocks>,
    /// For each input of the consumer where it comes from.
    pub(crate) sources: Vec<Source>,
}

/// Where an input of the consumer comes from.
#[derive(Clone)]
pub(crate) enum Source {
    /// Another layer: the input of this number.
    Outside(u32),
    /// These blocks, whose own inputs have the numbers from `first` on.
    Inside { blocks: Arc<dyn Blocks>, first: u32 },
}

impl Folded {
    fn deps_of_consumer(&self, block: u32) -> Vec<Dep> {
        let mut deps = Vec::new();
        self.consumer.deps(block, &mut deps);
        deps
    }
}

impl Blocks for Folded {
    fn grid(&self) -> &[u32] {
        self.consumer.grid()
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        for dep in self.deps_of_consumer(block) {
            match &self.sources[dep.input as usize] {
                Source::Outside(number) => deps.push(Dep::input(*number, dep.block)),
                Source::Inside { blocks, first } => {
                    let n_before = deps.len();
                    blocks.deps(dep.block, deps);
                    deps[n_before..].iter_mut().for_each(|dep| dep.input += first);
                }
            }
        }
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let makers: Vec<Maker<'_>> = self.sources.iter().map(Maker::of_source).collect();
        run_folded(&*self.consumer, block, &makers, inputs)
    }

    fn op_name(&self) -> Cow<'_, str> {
        let mut names: Vec<Cow<'_, str>> = Vec::new();
        for source in &self.sources {
            if let Source::Inside { blocks, .. } = source {
                let name = blocks.op_name();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names.push(self.consumer.op_name());
        names.join("+").into()
    }

    /// Those of the consumer, beside the largest input that is made here.
    fn bytes(&self, block: u32) -> Bounds {
        let own = self.consumer.bytes(block);
        let mut largest = Some(0u64);
        for dep in self.deps_of_consumer(block) {
            if let Source::Inside { blocks, .. } = &self.sources[dep.input as usize] {
                let bounds = blocks.bytes(dep.block);
                let all = bounds.output.zip(bounds.scratch).and_then(|(a, b)| a.checked_add(b));
                largest = largest.zip(all).map(|(largest, all)| largest.max(all));
            }
        }
        match (own.scratch, largest) {
            (Some(scratch), Some(largest)) => own.with_scratch(scratch.saturating_add(largest)),
            _ => Bounds::UNKNOWN,
        }
    }

    fn ship(&self) -> Result<Shipment, String> {
        #[cfg(feature = "serde")]
        return crate::fold_ship::ship(self);
        #[cfg(not(feature = "serde"))]
        Err("fused folds are shipped with the feature `serde` of the graph".into())
    }
}

/// What makes an input of the consumer, if it is made here.
pub(crate) enum Maker<'a> {
    Nothing,
    Blocks(&'a dyn Blocks),
    /// Blocks that came from another process as their kernel, and how many arguments each has: one
    /// number if all have as many.
    Kernel {
        kernel: &'a dyn Kernel,
        grid: &'a [u32],
        n_arguments: &'a [u32],
    },
}

impl Maker<'_> {
    fn of_source(source: &Source) -> Maker<'_> {
        match source {
            Source::Outside(_) => Maker::Nothing,
            Source::Inside { blocks, .. } => Maker::Blocks(&**blocks),
        }
    }

    /// How many of the inputs are for a block of this; one that is not made here is an input.
    fn n_arguments(&self, block: u32) -> usize {
        match self {
            Maker::Nothing => 1,
            Maker::Kernel { n_arguments: [all], .. } => *all as usize,
            Maker::Kernel { n_arguments, .. } => {
                n_arguments.get(block as usize).map_or(0, |n| *n as usize)
            }
            Maker::Blocks(blocks) => {
                let mut deps = Vec::new();
                blocks.deps(block, &mut deps);
                deps.len()
            }
        }
    }

    fn make(&self, block: u32, arguments: &mut [Value]) -> Result<Value, BoxError> {
        match self {
            Maker::Nothing => Ok(arguments.first_mut().map(Value::take).unwrap_or_default()),
            Maker::Blocks(blocks) => blocks.run(block, arguments),
            Maker::Kernel { kernel, grid, .. } => {
                kernel.call(Block { number: block, grid }, arguments)
            }
        }
    }
}

/// Runs a block of a fold; `inputs` are those of the block itself and of what it makes.
pub(crate) fn run_folded(
    consumer: &dyn Blocks,
    block: u32,
    makers: &[Maker<'_>],
    inputs: &mut [Value],
) -> Result<Value, BoxError> {
    let fold = consumer.as_fold().ok_or("a layer that was a fold is none any more")?;
    let mut deps = Vec::new();
    consumer.deps(block, &mut deps);
    let mut rest = inputs;
    let mut next = |dep: Dep| {
        let maker = makers.get(dep.input as usize).ok_or("a fold without one of its inputs")?;
        let n = maker.n_arguments(dep.block);
        let (arguments, behind) = std::mem::take(&mut rest)
            .split_at_mut_checked(n)
            .ok_or("a fold with too few inputs")?;
        rest = behind;
        maker.make(dep.block, arguments)
    };
    fold.fold(block, &mut deps.into_iter().map(&mut next))
}

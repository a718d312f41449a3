//! Fused folds in portable form: what they consist of as parts, the consumer first.

use crate::error::BoxError;
use crate::fold::{Folded, Maker, Source, run_folded};
use crate::grid::n_blocks;
use crate::kernel::{Block, Kernel};
use crate::layer::Blocks;
use crate::ship::{Parcel, ShipFn, Shipment};
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Blocks that become inputs: their grid, and how many arguments each has; one number if all have as
/// many.
#[derive(Serialize, Deserialize)]
struct Inside {
    grid: Vec<u32>,
    n_arguments: Vec<u32>,
}

const FUNCTION: &ShipFn = &ShipFn::new::<Folded>(|parcel| Ok(Arc::new(load(parcel)?)));

pub(crate) fn ship(folded: &Folded) -> Result<Shipment, String> {
    let consumer = folded.consumer.ship()?;
    let output = consumer.output();
    let mut parts = vec![consumer];
    let mut sources: Vec<Option<Inside>> = Vec::with_capacity(folded.sources.len());
    for source in &folded.sources {
        let Source::Inside { blocks, .. } = source else {
            sources.push(None);
            continue;
        };
        let part = blocks.ship().map_err(|why| format!("{}: {why}", blocks.op_name()))?;
        let n_arguments = n_arguments(&**blocks);
        sources.push(Some(Inside { grid: blocks.grid().to_vec(), n_arguments }));
        parts.push(part);
    }
    if parts.iter().any(|part| !part.arguments().is_empty()) {
        return Err("a fold of kernels with arguments of their own".to_owned());
    }
    let shipment = Shipment::new(FUNCTION).with_parts(parts).with_serde(&sources)?;
    Ok(match output {
        Some(output) => shipment.with_output(output),
        None => shipment,
    })
}

fn n_arguments(blocks: &dyn Blocks) -> Vec<u32> {
    let mut deps = Vec::new();
    let n_of = |block| {
        deps.clear();
        blocks.deps(block, &mut deps);
        deps.len() as u32
    };
    let mut all: Vec<u32> = (0..n_blocks(blocks.grid()).unwrap_or(0)).map(n_of).collect();
    if all.iter().all(|n| *n == all[0]) {
        all.truncate(1);
    }
    all
}

/// A fold that was shipped.
struct FoldedKernel {
    consumer: Arc<dyn Kernel>,
    sources: Vec<Part>,
}

fn load(parcel: Parcel<'_>) -> Result<FoldedKernel, BoxError> {
    let sources: Vec<Option<Inside>> = parcel.read()?;
    let mut parts = parcel.parts.into_iter();
    let consumer = parts.next().ok_or("a fold without its consumer")?;
    let mut with_kernel = |source: Option<Inside>| {
        let Some(inside) = source else { return Ok(None) };
        let kernel = parts.next().ok_or("a fold without one of its parts")?;
        Ok::<_, BoxError>(Some((kernel, inside)))
    };
    let sources = sources.into_iter().map(&mut with_kernel).collect::<Result<_, _>>()?;
    Ok(FoldedKernel { consumer, sources })
}

type Part = Option<(Arc<dyn Kernel>, Inside)>;

fn maker(part: &Part) -> Maker<'_> {
    match part {
        None => Maker::Nothing,
        Some((kernel, Inside { grid, n_arguments })) => {
            Maker::Kernel { kernel: &**kernel, grid, n_arguments }
        }
    }
}

impl Kernel for FoldedKernel {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let consumer = self.consumer.as_blocks().ok_or("a fold whose consumer has no blocks")?;
        let makers: Vec<Maker<'_>> = self.sources.iter().map(maker).collect();
        run_folded(consumer, block.number, &makers, arguments)
    }
}

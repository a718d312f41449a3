//! Blockwise programs in portable form: the kernels as parts, and how they work on each other.

use crate::block_map::BlockMap;
use crate::blockwise::{Blockwise, Operand, Step};
use crate::error::BoxError;
use crate::kernel::{Block, Kernel};
use crate::layer::Blocks;
use crate::ship::{Parcel, ShipFn, Shipment};
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// All of a [`Blockwise`] but its kernels.
#[derive(Serialize, Deserialize)]
struct Program {
    grid: Vec<u32>,
    maps: Vec<BlockMap>,
    steps: Vec<ProgramStep>,
}

#[derive(Serialize, Deserialize)]
struct ProgramStep {
    name: String,
    operands: Vec<Operand>,
    at: BlockMap,
}

const FUNCTION: &ShipFn = &ShipFn::new::<Program>(|parcel| Ok(Arc::new(load(parcel)?)));

impl Blockwise {
    pub(crate) fn ship_program(&self) -> Result<Shipment, String> {
        let steps = self.steps.iter().map(|step| ProgramStep {
            name: step.name.clone().into_owned(),
            operands: step.operands.to_vec(),
            at: step.at.clone(),
        });
        let program =
            Program { grid: self.grid.clone(), maps: self.maps.clone(), steps: steps.collect() };
        let mut parts = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let part = step.kernel.ship().map_err(|why| format!("{}: {why}", step.name))?;
            if !part.arguments().is_empty() {
                return Err(format!("{}: a kernel with arguments of its own", step.name));
            }
            parts.push(part);
        }
        let output = parts.last().and_then(Shipment::output);
        let shipment = Shipment::new(FUNCTION).with_parts(parts).with_serde(&program)?;
        Ok(match output {
            Some(output) => shipment.with_output(output),
            None => shipment,
        })
    }
}

fn load(parcel: Parcel<'_>) -> Result<ProgramKernel, BoxError> {
    let program: Program = parcel.read()?;
    if program.steps.len() != parcel.parts.len() {
        return Err("a blockwise program has as many kernels as steps".into());
    }
    let mut steps = Vec::with_capacity(program.steps.len());
    for (step, kernel) in program.steps.into_iter().zip(parcel.parts) {
        let n_before = steps.len();
        let exists = |operand: &Operand| match *operand {
            Operand::Input(input) => (input as usize) < program.maps.len(),
            Operand::Step(step) => (step as usize) < n_before,
        };
        if !step.operands.iter().all(exists) {
            return Err("a step of a blockwise program works on what does not exist".into());
        }
        let (name, operands) = (step.name.into(), step.operands.into_iter().collect());
        steps.push(Step { name, kernel, operands, at: step.at });
    }
    Ok(ProgramKernel(Blockwise::program(program.grid, program.maps, steps)))
}

struct ProgramKernel(Blockwise);

impl Kernel for ProgramKernel {
    fn call(&self, block: Block<'_>, arguments: &mut [Value]) -> Result<Value, BoxError> {
        let n_wanted = self.0.n_arguments();
        if arguments.len() != n_wanted {
            return Err(format!("{} inputs, not {n_wanted}", arguments.len()).into());
        }
        self.0.run(block.number, arguments)
    }
}

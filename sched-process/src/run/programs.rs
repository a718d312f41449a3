//! [`Programs`]: the tasks of a plan as they are sent: kernels by number, and what a task is given
//! besides its inputs.

use crate::image::{Marked, StaticRef};
use crate::message::{Parts, Step};
use crate::options::NotPortable;
use chunkwise_graph::{Error, Plan, Result, Shipment, TaskBlock, TaskRef, TypeInfo, Value};
use std::collections::HashMap;
use std::ops::Range;

/// A kernel in portable form, as bytes and references.
pub(crate) fn parts_of(shipment: &Shipment) -> Result<Parts, String> {
    let function = StaticRef::to(shipment.function())
        .map_err(|_| format!("{} is in a shared library", shipment.function().name()))?;
    let parts = shipment.parts().iter().map(parts_of).collect::<Result<Vec<_>, _>>()?;
    Ok(Parts { function, state: shipment.state().to_vec(), parts })
}

/// References to what is registered; what belongs to a shared library is nothing that a worker has.
pub(super) fn references<T: Marked>(known: &[&'static T]) -> Vec<StaticRef> {
    known.iter().filter_map(|info| StaticRef::to(*info).ok()).collect()
}

/// What is to be done for a task.
pub(super) enum Work<'a> {
    /// Nothing: its value is known.
    Known(&'a Value),
    /// A worker runs it.
    There { steps: &'a [Step], arguments: &'a [Value] },
    /// It runs in this process.
    Here,
}

pub(super) struct Program {
    pub(super) grid: Vec<u32>,
    pub(super) parts: Parts,
}

#[derive(Default)]
pub(super) struct Programs {
    programs: Vec<Program>,
    steps: Vec<Step>,
    arguments: Vec<Value>,
    /// For each task.
    tasks: Vec<TaskWork>,
    any_here: bool,
}

#[derive(Clone)]
enum TaskWork {
    Known,
    /// Which of the steps and of the arguments are its own.
    There {
        steps: Range<u32>,
        arguments: Range<u32>,
    },
    Here,
}

impl Programs {
    pub(super) fn new(plan: &Plan, not_portable: NotPortable) -> Result<Programs> {
        let mut collect = Collect {
            programs: Programs::default(),
            known: HashMap::new(),
            layers: HashMap::new(),
        };
        for task in plan.tasks() {
            let work = match collect.task(task) {
                Ok(work) => work,
                Err(_) if not_portable == NotPortable::RunHere => {
                    collect.programs.any_here = true;
                    TaskWork::Here
                }
                Err(why) => {
                    return Err(Error::NotShippable { site: Box::new(task.site()), why });
                }
            };
            collect.programs.tasks.push(work);
        }
        Ok(collect.programs)
    }

    pub(super) fn any_here(&self) -> bool {
        self.any_here
    }

    pub(super) fn program(&self, number: u32) -> &Program {
        &self.programs[number as usize]
    }

    /// What is to be done for a task, and the number of its first argument among all.
    pub(super) fn work<'a>(&'a self, task: TaskRef<'a>) -> (Work<'a>, u32) {
        match &self.tasks[task.id() as usize] {
            TaskWork::Known => match task.constant() {
                Some(value) => (Work::Known(value), 0),
                None => (Work::Here, 0),
            },
            TaskWork::Here => (Work::Here, 0),
            TaskWork::There { steps, arguments } => {
                let first = arguments.start;
                let steps = &self.steps[steps.start as usize..steps.end as usize];
                let arguments = &self.arguments[first as usize..arguments.end as usize];
                (Work::There { steps, arguments }, first)
            }
        }
    }

    fn ends(&self) -> (u32, u32) {
        (self.steps.len() as u32, self.arguments.len() as u32)
    }
}

/// A layer's program and the arguments of all its blocks.
type OfLayer = Result<(u32, Vec<Value>), String>;

struct Collect {
    programs: Programs,
    /// Equal kernels are one program.
    known: HashMap<(Parts, Vec<u32>), u32>,
    layers: HashMap<u32, OfLayer>,
}

impl Collect {
    fn task(&mut self, task: TaskRef<'_>) -> Result<TaskWork, String> {
        if task.blocks().len() == 1
            && let Some(value) = task.constant()
        {
            check_codec(value.info(), "it")?;
            return Ok(TaskWork::Known);
        }
        let (first_step, first_argument) = self.programs.ends();
        if let Err(why) = self.blocks(task) {
            self.programs.steps.truncate(first_step as usize);
            self.programs.arguments.truncate(first_argument as usize);
            return Err(why);
        }
        let (end_step, end_argument) = self.programs.ends();
        Ok(TaskWork::There { steps: first_step..end_step, arguments: first_argument..end_argument })
    }

    fn blocks(&mut self, task: TaskRef<'_>) -> Result<(), String> {
        let mut n_inputs = task.deps().len() as u32;
        for block in task.blocks() {
            // A chain may start with a value.
            if let Some(value) = block.constant() {
                check_codec(value.info(), "a value that it is given")?;
                self.programs.arguments.push(value.clone());
                n_inputs += 1;
                continue;
            }
            let (program, arguments) = self.block(block)?;
            for argument in &arguments {
                check_codec(argument.info(), "a value that is written into it")?;
            }
            n_inputs += arguments.len() as u32;
            self.programs.arguments.extend(arguments);
            self.programs.steps.push(Step { program, block: block.number(), n_inputs });
            n_inputs = 0;
        }
        Ok(())
    }

    /// The program of a block, and its arguments.
    fn block(&mut self, block: TaskBlock<'_>) -> OfLayer {
        if let Some(own) = block.ship_own() {
            return self.shipment(own?, block.grid());
        }
        let layer = block.layer_number();
        if let Some(known) = self.layers.get(&layer) {
            return known.clone();
        }
        let of_layer =
            block.ship_layer().and_then(|shipment| self.shipment(shipment, block.grid()));
        self.layers.insert(layer, of_layer.clone());
        of_layer
    }

    fn shipment(&mut self, mut shipment: Shipment, grid: &[u32]) -> OfLayer {
        if let Some(output) = shipment.output() {
            check_codec(output, "its result")?;
        }
        let arguments = shipment.take_arguments();
        let key = (parts_of(&shipment)?, grid.to_vec());
        if let Some(&number) = self.known.get(&key) {
            return Ok((number, arguments));
        }
        let number = self.programs.programs.len() as u32;
        self.programs.programs.push(Program { grid: key.1.clone(), parts: key.0.clone() });
        self.known.insert(key, number);
        Ok((number, arguments))
    }
}

fn check_codec(info: &TypeInfo, what: &str) -> Result<(), String> {
    if info.codec().is_some() {
        return Ok(());
    }
    let name = info.short_name();
    Err(format!(
        "{what} is of type {name}, which has no portable form: derive serde's Serialize and \
         Deserialize for it and call `register_serde::<{name}>()` before the run"
    ))
}

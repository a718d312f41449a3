//! [`Programs`]: the kernels of a run, made from what was sent of them.

use crate::message::Parts;
use chunkwise_graph::{BoxError, Kernel, Parcel, ShipFn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock};

/// A kernel, and the grid of the layer whose blocks it computes.
pub(super) struct Program {
    pub(super) kernel: Arc<dyn Kernel>,
    pub(super) grid: Vec<u32>,
}

type Made = Result<Arc<Program>, String>;

#[derive(Default)]
pub(super) struct Programs(RwLock<Vec<Option<Made>>>);

impl Programs {
    /// Makes a kernel. What goes wrong is told by the tasks that need it.
    pub(super) fn add(&self, number: u32, grid: Vec<u32>, parts: &Parts) {
        let kernel = catch_unwind(AssertUnwindSafe(|| load(parts)));
        let made = match kernel {
            Ok(Ok(kernel)) => Ok(Arc::new(Program { kernel, grid })),
            Ok(Err(error)) => Err(error.to_string()),
            Err(panic) => Err(chunkwise_graph::panic_message(&*panic)),
        };
        let mut programs = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let at = number as usize;
        if programs.len() <= at {
            programs.resize_with(at + 1, || None);
        }
        programs[at] = Some(made);
    }

    pub(super) fn get(&self, number: u32) -> Result<Arc<Program>, BoxError> {
        let programs = self.0.read().unwrap_or_else(PoisonError::into_inner);
        match programs.get(number as usize) {
            Some(Some(Ok(program))) => Ok(program.clone()),
            Some(Some(Err(why))) => Err(format!("it could not be made here: {why}").into()),
            _ => Err("the worker was not sent what it is to run".into()),
        }
    }

    pub(super) fn clear(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// The kernel that was sent.
pub(super) fn load(parts: &Parts) -> Result<Arc<dyn Kernel>, BoxError> {
    let function: &ShipFn =
        parts.function.find().ok_or("a function that this executable does not have")?;
    let inner = parts.parts.iter().map(load).collect::<Result<_, _>>()?;
    function.load(Parcel { state: &parts.state, parts: inner })
}

//! The values that were asked for, as they come home.

use super::PlanRun;
use super::ledger::Place;
use crate::frames::read_inline;
use crate::published::read_shared;
use chunkwise_graph::{BoxError, Plan, Result, Value};
use std::collections::HashMap;

pub(super) struct Outputs {
    /// How often each output is asked for.
    wanted: HashMap<u32, u32>,
    /// Those that have come home, before the run is over.
    home: HashMap<u32, Value>,
}

impl Outputs {
    pub(super) fn new(plan: &Plan) -> Outputs {
        let mut wanted = HashMap::new();
        for &output in plan.outputs() {
            *wanted.entry(output).or_default() += 1;
        }
        Outputs { wanted, home: HashMap::new() }
    }

    pub(super) fn is_wanted(&self, task: u32) -> bool {
        self.wanted.contains_key(&task)
    }

    /// Whether the value has come home.
    pub(super) fn has(&self, task: u32) -> bool {
        self.home.contains_key(&task)
    }
}

impl PlanRun<'_> {
    /// A large output is read from shared memory at once, so that its place there is free for the
    /// next one.
    pub(super) fn take_home(&mut self, task: u32) {
        if !self.outputs.is_wanted(task) {
            return;
        }
        match self.read(task) {
            Ok(value) => {
                self.outputs.home.insert(task, value);
            }
            Err(source) => {
                let error = self.run.failed_elsewhere(self.plan, task, Vec::new(), source);
                self.fail(task, error);
            }
        }
    }

    /// A value that is here, or in shared memory.
    pub(super) fn read(&self, task: u32) -> Result<Value, BoxError> {
        if let Some(value) = self.outputs.home.get(&task) {
            return Ok(value.clone());
        }
        match self.ledger.place(task) {
            Place::Here(value, _) => Ok(value.clone()),
            Place::Bytes(bytes, _) => read_inline(&bytes.frames, &mut &bytes.bytes[..]),
            Place::Held(held) => {
                let published = held.published.as_ref().ok_or("a value was not fetched")?;
                let is_owner_alive = || self.pool.is_region_written(published.progress.region);
                // SAFETY: its owner was not told to release it.
                unsafe { read_shared(published, &self.pool.arena, &is_owner_alive) }
            }
            Place::Nowhere => Err("a value is lost that is needed".into()),
        }
    }

    /// The value of a task whose only copy with a worker is lost, if it has come home.
    pub(super) fn come_home(&mut self, task: u32) -> bool {
        let Some(value) = self.outputs.home.get(&task) else { return false };
        *self.ledger.place_mut(task) = Place::Here(value.clone(), Default::default());
        true
    }

    /// The outputs, in the order in which they were asked for.
    pub(super) fn take_outputs(mut self) -> Result<Vec<Value>> {
        let mut outputs = Vec::with_capacity(self.plan.outputs().len());
        for &output in self.plan.outputs() {
            let value = match self.outputs.home.remove(&output) {
                Some(value) => value,
                None => {
                    let read = self.read(output);
                    *self.ledger.place_mut(output) = Place::Nowhere;
                    read.map_err(|source| {
                        self.run.failed_elsewhere(self.plan, output, Vec::new(), source)
                    })?
                }
            };
            // Whoever asked last has it alone.
            let wanted = self.outputs.wanted.entry(output).or_insert(1);
            *wanted -= 1;
            if *wanted > 0 {
                self.outputs.home.insert(output, value.clone());
            }
            outputs.push(value);
        }
        Ok(outputs)
    }
}

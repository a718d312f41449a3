//! [`InOrder`]: one task after the other, in the calling thread.

use crate::error::{Error, Result};
use crate::observer::WorkerId;
use crate::plan::Plan;
use crate::run::Run;
use crate::scheduler::Scheduler;
use crate::value::Value;
use smallvec::SmallVec;
use std::sync::Arc;

/// The scheduler for when nothing else is there: one task after the other, in plan order, in the
/// calling thread. Its memory peak is exactly the one that the plan predicts.
///
/// Under a memory budget it runs what fits, by what tasks say of themselves, and refuses what does
/// not: spilling to disk is what
/// `chunkwise-sched-sync` does, which builds on [`InOrder::run_as`]. A crate used alone computes on
/// this one.
#[derive(Clone, Copy, Debug, Default)]
pub struct InOrder;

impl Scheduler for InOrder {
    fn name(&self) -> &'static str {
        "in order"
    }

    fn run(&self, plan: &Plan, run: &Run) -> Result<Vec<Value>> {
        // This loop holds what the plan predicts and can do nothing about it.
        run.within_budget(plan, 1)?;
        self.run_as(plan, run, Arc::new(*self))
    }
}

impl InOrder {
    /// As [`Scheduler::run`], for a scheduler that is built on this one: graphs that tasks compute
    /// run on `scheduler`. A memory budget is that scheduler's affair.
    ///
    /// # Errors
    /// As [`Scheduler::run`].
    pub fn run_as(
        &self,
        plan: &Plan,
        run: &Run,
        scheduler: Arc<dyn Scheduler>,
    ) -> Result<Vec<Value>> {
        run.started(plan);
        let result = run.clone().scheduler(scheduler).enter(|| run_all(plan, run));
        run.finished(plan, result.as_ref().err());
        result
    }
}

fn run_all(plan: &Plan, run: &Run) -> Result<Vec<Value>> {
    let mut values = Values::new(plan);
    let mut inputs: SmallVec<[Value; 8]> = SmallVec::new();
    let mut released: Vec<u32> = Vec::new();
    for task in 0..plan.len() as u32 {
        if run.is_cancelled() {
            return Err(Error::Cancelled { running: Vec::new() });
        }
        for &dep in plan.dag().deps(task) {
            inputs.push(values.hand_out(dep));
        }
        let value = run.execute(plan, task, &mut inputs, WorkerId(0))?;
        inputs.clear();
        values.keep(task, value);
        if run.is_observed() {
            values.released_by(plan, task, &mut released);
            run.released(plan, &released, task)?;
        }
    }
    Ok(plan.outputs().iter().map(|&output| values.hand_out(output)).collect())
}

/// The values that are alive, in few slots that are used again: the working set stays as small as
/// the peak of live values, however many tasks there are.
struct Values {
    /// For each task: how many more times its value will be handed out.
    left: Vec<u32>,
    /// For each task: where its value is, while it is alive.
    slot: Vec<u32>,
    slots: Vec<Value>,
    free: Vec<u32>,
}

impl Values {
    fn new(plan: &Plan) -> Values {
        let left = plan.n_uses();
        Values { left, slot: vec![0; plan.len()], slots: Vec::new(), free: Vec::new() }
    }

    /// A task's value: the value itself the last time, a shared one before.
    #[inline]
    fn hand_out(&mut self, task: u32) -> Value {
        let slot = self.slot[task as usize];
        let left = &mut self.left[task as usize];
        *left -= 1;
        if *left == 0 {
            self.free.push(slot);
            self.slots[slot as usize].take()
        } else {
            self.slots[slot as usize].clone()
        }
    }

    /// Keeps a value for the tasks that need it, and drops it if there are none.
    #[inline]
    fn keep(&mut self, task: u32, value: Value) {
        if self.left[task as usize] == 0 {
            return;
        }
        let slot = self.free.pop().unwrap_or(self.slots.len() as u32);
        match self.slots.get_mut(slot as usize) {
            Some(place) => *place = value,
            None => self.slots.push(value),
        }
        self.slot[task as usize] = slot;
    }

    fn released_by(&self, plan: &Plan, task: u32, released: &mut Vec<u32>) {
        released.clear();
        for &dep in plan.dag().deps(task) {
            if self.left[dep as usize] == 0 && !released.contains(&dep) {
                released.push(dep);
            }
        }
        if plan.dag().dependents(task).is_empty() && self.left[task as usize] == 0 {
            released.push(task);
        }
    }
}

//! What a plan will need under a budget: the run is gone through in advance, task by task, with the
//! results that do not fit leaving memory, that first which is needed last (Belady, 1966).
//!
//! One task at a time shows what cannot be avoided. Of several workers each holds what one more
//! task takes, and the run is held to that sum (see [`crate::governed`]), so that it is a bound and
//! no guess.

use crate::allowance::{resident, usable};
use crate::need::{Needs, distinct};
use chunkwise_graph::{Error, Forecast, MemoryNeed, Plan, Result};
use std::collections::BTreeSet;

/// Forecasts a run of `plan` in a process that may hold `limit` bytes more; see
/// [`chunkwise_graph::MemoryBudget::forecast`]. The second result is what the run may reserve.
///
/// # Complexity
/// O(tasks + dependencies), O(log tasks) more for each result once memory is full; 40 bytes a task.
pub(crate) fn forecast(
    plan: &Plan,
    needs: &Needs,
    limit: u64,
    n_workers: usize,
) -> Result<(Forecast, u64)> {
    let usable = usable(limit);
    let mut run = Run::new(plan, needs, usable);
    for task in plan.dag().tasks() {
        run.step(task)?;
    }
    run.outputs_fit()?;
    let beside = needs.largest().saturating_mul(n_workers.saturating_sub(1) as u64);
    // Results that are made ahead of their turn wait for those that they are needed with.
    let peak = run.peak.saturating_add(beside.saturating_mul(2)).min(usable);
    let mut forecast = Forecast::new(limit, n_workers);
    forecast.peak = resident(peak, needs.largest(), n_workers, limit);
    forecast.evicted = run.evicted;
    forecast.n_unknown = needs.n_unknown();
    // What is not known may need everything.
    let cap = if forecast.n_unknown > 0 { usable } else { peak };
    Ok((forecast, cap))
}

/// A sequential run under a limit.
struct Run<'a> {
    plan: &'a Plan,
    needs: &'a Needs,
    limit: u64,
    uses: Vec<u32>,
    /// For each task, which of its dependents comes next.
    next: Vec<u32>,
    place: Vec<Place>,
    /// Results in memory, by the task that needs them next.
    held: BTreeSet<(u32, u32)>,
    held_bytes: u64,
    peak: u64,
    evicted: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Nowhere,
    Memory,
    /// In memory, and evicted before: it can go again without being written.
    MemoryAgain,
    Evicted,
}

impl<'a> Run<'a> {
    fn new(plan: &'a Plan, needs: &'a Needs, limit: u64) -> Run<'a> {
        Run {
            plan,
            needs,
            limit,
            uses: plan.n_uses(),
            next: vec![0; plan.len()],
            place: vec![Place::Nowhere; plan.len()],
            held: BTreeSet::new(),
            held_bytes: 0,
            peak: 0,
            evicted: 0,
        }
    }

    fn step(&mut self, task: u32) -> Result<()> {
        let inputs = distinct(self.plan.dag().deps(task));
        let is_evicted = |&&input: &&u32| self.place[input as usize] == Place::Evicted;
        let sizes = |inputs: &[u32]| -> u64 {
            inputs.iter().map(|&input| self.needs.output(input)).fold(0, u64::saturating_add)
        };
        let missing: Vec<u32> = inputs.iter().filter(is_evicted).copied().collect();
        // While a result is read back, its bytes on disk are in memory beside it.
        let largest = missing.iter().map(|&input| self.needs.output(input)).max().unwrap_or(0);
        let (scratch, output) = (self.needs.scratch(task), self.needs.output(task));
        let own = scratch.saturating_add(output).max(largest);
        let need = MemoryNeed { inputs: sizes(&inputs), scratch, output, kept: 0 };
        if need.inputs.saturating_add(own) > self.limit {
            return Err(self.refused(task, need));
        }
        for input in &inputs {
            self.leave(*input);
        }
        while self.held_with(&inputs).saturating_add(own) > self.limit && self.evict_one() {}
        self.peak = self.peak.max(self.held_with(&inputs).saturating_add(own));
        for input in missing {
            self.place[input as usize] = Place::MemoryAgain;
        }
        for &dep in self.plan.dag().deps(task) {
            self.uses[dep as usize] -= 1;
        }
        for input in inputs {
            self.keep(input, task);
        }
        self.place[task as usize] = Place::Memory;
        self.keep(task, task);
        Ok(())
    }

    /// What is held while a task has so many inputs, which are not among the held ones then.
    fn held_with(&self, inputs: &[u32]) -> u64 {
        let sizes = inputs.iter().map(|&input| self.needs.output(input));
        sizes.fold(self.held_bytes, u64::saturating_add)
    }

    /// Takes a result out of those that may be evicted.
    fn leave(&mut self, input: u32) {
        if self.held.remove(&(self.next_use(input), input)) {
            self.held_bytes -= self.needs.output(input);
        }
    }

    /// Puts a result among those that may be evicted, or drops it if nobody needs it after `task`.
    fn keep(&mut self, of: u32, task: u32) {
        if self.uses[of as usize] == 0 {
            self.place[of as usize] = Place::Nowhere;
            return;
        }
        let dependents = self.plan.dag().dependents(of);
        let next = &mut self.next[of as usize];
        while dependents.get(*next as usize).is_some_and(|&dependent| dependent <= task) {
            *next += 1;
        }
        self.held.insert((self.next_use(of), of));
        self.held_bytes = self.held_bytes.saturating_add(self.needs.output(of));
    }

    /// The task that needs a result next; outputs are needed after all tasks.
    fn next_use(&self, of: u32) -> u32 {
        let dependents = self.plan.dag().dependents(of);
        dependents.get(self.next[of as usize] as usize).copied().unwrap_or(u32::MAX)
    }

    fn evict_one(&mut self) -> bool {
        let Some((_, furthest)) = self.held.pop_last() else { return false };
        let bytes = self.needs.output(furthest);
        self.held_bytes -= bytes;
        if self.place[furthest as usize] == Place::Memory {
            self.evicted = self.evicted.saturating_add(bytes);
        }
        self.place[furthest as usize] = Place::Evicted;
        true
    }

    /// The outputs are all in memory at the end.
    fn outputs_fit(&mut self) -> Result<()> {
        let outputs = distinct(self.plan.outputs());
        let size = |output: &u32| self.needs.output(*output);
        let kept = outputs.iter().map(size).fold(0, u64::saturating_add);
        self.peak = self.peak.max(kept);
        match outputs.iter().max_by_key(|output| size(output)) {
            Some(&largest) if kept > self.limit => {
                let output = size(&largest);
                let kept = kept - output;
                Err(self.refused(largest, MemoryNeed { output, kept, ..MemoryNeed::default() }))
            }
            _ => Ok(()),
        }
    }

    fn refused(&self, task: u32, needs: MemoryNeed) -> Error {
        Error::OverBudget { site: Box::new(self.plan.task(task).site()), needs, limit: self.limit }
    }
}

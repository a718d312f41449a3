//! The lowest peak of a small graph, by search over sets of finished tasks.
//!
//! What is held depends only on *which* tasks have run, so a state is a set. States are taken by
//! the peak of the best way to them, the fullest first: the first complete one is optimal. Three
//! rules that keep an optimum leave few states:
//! - a task that fits and leaves no more held than before runs at once;
//! - of tasks with the same inputs, dependents and size, the lower number runs first;
//! - a connected component is finished before the next is begun.

use crate::dag::Dag;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

/// The most tasks that [`exact`] takes: one bit each.
pub const EXACT_MAX_TASKS: usize = 64;

/// How [`exact`] ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exact {
    /// This sequence has the lowest peak that any has.
    Optimal {
        /// The tasks in the order of their execution.
        sequence: Vec<u32>,
        /// Its peak, as [`crate::simulate::peak`] counts without outputs.
        peak: u64,
    },
    /// No sequence has a peak below the one given.
    NoneBelow,
    /// More states than allowed, more tasks than [`EXACT_MAX_TASKS`], or a cycle.
    GaveUp,
}

/// Searches an order with the lowest peak, if that is lower than `below`.
///
/// Sizes of the results are 1 each where `sizes` is `None`; those of all together must stay below
/// `u64::MAX`. After `max_states` sets of finished
/// tasks the search gives up.
///
/// ```
/// # use chunkwise_graph::{dag::Dag, order::{Exact, exact}};
/// let dag = Dag::from_lists([vec![], vec![0], vec![], vec![2], vec![1, 3]]);
/// assert!(matches!(exact(&dag, None, u64::MAX, 1000), Exact::Optimal { peak: 3, .. }));
/// assert_eq!(exact(&dag, None, 3, 1000), Exact::NoneBelow);
/// ```
///
/// # Panics
/// If there are fewer sizes than tasks.
///
/// # Complexity
/// O(states tasks) time, 50 bytes a state; up to 2^tasks states.
pub fn exact(dag: &Dag, sizes: Option<&[u64]>, below: u64, max_states: usize) -> Exact {
    if dag.len() > EXACT_MAX_TASKS || dag.find_cycle().is_some() {
        return Exact::GaveUp;
    }
    Search::new(dag, sizes).run(below, max_states)
}

struct Task {
    size: u64,
    inputs: u64,
    dependents: u64,
    /// Equal tasks with a lower number, which run first.
    twins: u64,
}

struct State {
    finished: u64,
    held: u64,
    parent: usize,
    /// Tasks run after the parent's state, in order.
    ran: Vec<u8>,
}

struct Search {
    tasks: Vec<Task>,
    components: Vec<u64>,
    states: Vec<State>,
}

impl Search {
    fn new(dag: &Dag, sizes: Option<&[u64]>) -> Search {
        let set = |tasks: &[u32]| tasks.iter().fold(0u64, |set, &task| set | 1 << task);
        let mut tasks: Vec<Task> = Vec::with_capacity(dag.len());
        for task in dag.tasks() {
            let size = sizes.map_or(1, |sizes| sizes[task as usize]);
            let (inputs, dependents) = (set(dag.deps(task)), set(dag.dependents(task)));
            let twin = |other: &Task| {
                (other.size, other.inputs, other.dependents) == (size, inputs, dependents)
            };
            let twins = tasks.iter().enumerate().filter(|(_, other)| twin(other));
            let twins = twins.fold(0, |set, (i, _)| set | 1 << i);
            tasks.push(Task { size, inputs, dependents, twins });
        }
        let components = components(&tasks);
        Search { tasks, components, states: Vec::new() }
    }

    /// No order can do with less: each task's inputs and result.
    fn lower_bound(&self) -> u64 {
        let inputs = |task: &Task| bits(task.inputs).map(|dep| self.tasks[dep].size);
        let needs = self.tasks.iter().map(|t| inputs(t).fold(t.size, u64::saturating_add));
        needs.max().unwrap_or(0)
    }

    fn run(mut self, below: u64, max_states: usize) -> Exact {
        let all = self.components.iter().fold(0, |all, component| all | component);
        let bound = self.lower_bound();
        if bound >= below {
            return Exact::NoneBelow;
        }
        let mut seen = HashSet::new();
        let mut queue = BinaryHeap::new();
        let mut first = State { finished: 0, held: 0, parent: usize::MAX, ran: Vec::new() };
        self.close(&mut first, bound);
        queue.push((Reverse(bound), first.finished.count_ones(), 0usize));
        self.states.push(first);
        while let Some((Reverse(peak), _, at)) = queue.pop() {
            let (finished, held) = (self.states[at].finished, self.states[at].held);
            if finished == all {
                return Exact::Optimal { sequence: self.path(at), peak };
            }
            // Sets are entered once taken, not once found: a later way to one may be better.
            if !seen.insert(finished) {
                continue;
            }
            for task in self.ready(finished) {
                let peak = peak.max(held.saturating_add(self.tasks[task].size));
                if peak >= below {
                    continue;
                }
                let mut next = State { finished, held, parent: at, ran: Vec::new() };
                self.finish(&mut next, task);
                self.close(&mut next, peak);
                if seen.contains(&next.finished) {
                    continue;
                }
                if self.states.len() >= max_states {
                    return Exact::GaveUp;
                }
                queue.push((Reverse(peak), next.finished.count_ones(), self.states.len()));
                self.states.push(next);
            }
        }
        Exact::NoneBelow
    }

    /// Tasks that may run next, of the first unfinished component, one of each set of twins.
    fn ready(&self, finished: u64) -> impl Iterator<Item = usize> + use<> {
        let component = self.components.iter().find(|&&component| component & !finished != 0);
        let open = component.copied().unwrap_or(0) & !finished;
        let ready = |&task: &usize| {
            let Task { inputs, twins, .. } = &self.tasks[task];
            (inputs | twins) & !finished == 0
        };
        bits(bits(open).filter(ready).fold(0, |set, task| set | 1 << task))
    }

    /// What remains held of `held` after `task` has run as well.
    fn held_after(&self, finished: u64, held: u64, task: usize) -> u64 {
        let Task { size, inputs, dependents, .. } = self.tasks[task];
        let after = finished | 1 << task;
        let last = |&dep: &usize| self.tasks[dep].dependents & !after == 0;
        let freed = bits(inputs).filter(last).map(|dep| self.tasks[dep].size);
        let made = if dependents == 0 { 0 } else { size };
        held.saturating_sub(freed.fold(0, u64::saturating_add)).saturating_add(made)
    }

    fn finish(&self, state: &mut State, task: usize) {
        state.held = self.held_after(state.finished, state.held, task);
        state.finished |= 1 << task;
        state.ran.push(task as u8);
    }

    /// Runs whatever fits under `peak` and leaves no more held than before.
    fn close(&self, state: &mut State, peak: u64) {
        loop {
            let State { finished, held, .. } = *state;
            let free = self.ready(finished).find(|&task| {
                held.saturating_add(self.tasks[task].size) <= peak
                    && self.held_after(finished, held, task) <= held
            });
            let Some(task) = free else { break };
            self.finish(state, task);
        }
    }

    fn path(&self, mut at: usize) -> Vec<u32> {
        let mut sequence = Vec::with_capacity(self.tasks.len());
        while let Some(state) = self.states.get(at) {
            sequence.extend(state.ran.iter().rev().map(|&task| u32::from(task)));
            at = state.parent;
        }
        sequence.reverse();
        sequence
    }
}

fn components(tasks: &[Task]) -> Vec<u64> {
    let mut components = Vec::new();
    let mut left = if tasks.len() == 64 { u64::MAX } else { (1 << tasks.len()) - 1 };
    while left != 0 {
        let mut component = left & left.wrapping_neg();
        loop {
            let neighbours = |i: usize| tasks[i].inputs | tasks[i].dependents;
            let grown = bits(component).fold(component, |set, i| set | neighbours(i));
            if grown == component {
                break;
            }
            component = grown;
        }
        left &= !component;
        components.push(component);
    }
    components
}

/// The members of a set, ascending.
fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (lowest < 64).then_some(lowest as usize)
    })
}

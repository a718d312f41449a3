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
use std::collections::hash_map::Entry;
use std::collections::{BinaryHeap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

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
/// `u64::MAX`. The search gives up after `max_states` sets of finished tasks, at most `u32::MAX`.
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
/// O(states tasks) time, 100 bytes a state; up to 2^tasks states.
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

/// A set of finished tasks and the best known way to it.
#[derive(Clone, Copy)]
struct State {
    finished: u64,
    /// Unfinished tasks whose inputs are finished.
    ready: u64,
    held: u64,
    /// The peak of the way here.
    peak: u64,
    parent: u32,
    /// The task run first after the parent's state; those that ran at once follow from it.
    task: u8,
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
        let mut peaks: HashMap<u64, u64, BuildHasherDefault<Mixed>> = HashMap::default();
        let mut queue = BinaryHeap::new();
        let first = self.first(bound, |_| ());
        queue.push((Reverse(bound), first.finished.count_ones(), 0u32));
        self.states.push(first);
        while let Some((Reverse(peak), _, at)) = queue.pop() {
            let state = self.states[at as usize];
            if state.finished == all {
                return Exact::Optimal { sequence: self.path(at), peak };
            }
            // A better way to the same set was found since.
            if peaks.get(&state.finished).is_some_and(|&best| best < peak) {
                continue;
            }
            for task in bits(self.choices(&state)) {
                let peak = peak.max(state.held.saturating_add(self.tasks[task].size));
                if peak >= below {
                    continue;
                }
                let next = self.next(&state, at, task, peak, |_| ());
                match peaks.entry(next.finished) {
                    Entry::Occupied(mut known) if peak < *known.get() => *known.get_mut() = peak,
                    Entry::Occupied(_) => continue,
                    Entry::Vacant(unknown) => _ = unknown.insert(peak),
                }
                if self.states.len() >= max_states.min(u32::MAX as usize) {
                    return Exact::GaveUp;
                }
                queue.push((Reverse(peak), next.finished.count_ones(), self.states.len() as u32));
                self.states.push(next);
            }
        }
        Exact::NoneBelow
    }

    /// Nothing but what runs at once, of which `ran` is told.
    fn first(&self, peak: u64, mut ran: impl FnMut(usize)) -> State {
        let sources = self.tasks.iter().enumerate().filter(|(_, task)| task.inputs == 0);
        let ready = sources.fold(0, |set, (i, _)| set | 1 << i);
        let mut state = State { finished: 0, ready, held: 0, peak, parent: u32::MAX, task: 0 };
        self.close(&mut state, &mut ran);
        state
    }

    /// The state after `task` and what runs at once then, of which `ran` is told.
    fn next(
        &self,
        state: &State,
        parent: u32,
        task: usize,
        peak: u64,
        mut ran: impl FnMut(usize),
    ) -> State {
        let mut next = State { peak, parent, task: task as u8, ..*state };
        ran(task);
        self.finish(&mut next, task);
        self.close(&mut next, &mut ran);
        next
    }

    /// Tasks that may run next, of the first unfinished component, one of each set of twins.
    fn choices(&self, state: &State) -> u64 {
        let State { finished, ready, .. } = *state;
        let component = self.components.iter().find(|&&component| component & !finished != 0);
        let first = |&task: &usize| self.tasks[task].twins & !finished == 0;
        let choices = bits(ready & component.copied().unwrap_or(0)).filter(first);
        choices.fold(0, |set, task| set | 1 << task)
    }

    /// What remains held after `task` has run as well.
    fn held_after(&self, state: &State, task: usize) -> u64 {
        let Task { size, inputs, dependents, .. } = self.tasks[task];
        let after = state.finished | 1 << task;
        let last = |&dep: &usize| self.tasks[dep].dependents & !after == 0;
        let freed = bits(inputs).filter(last).map(|dep| self.tasks[dep].size);
        let made = if dependents == 0 { 0 } else { size };
        state.held.saturating_sub(freed.fold(0, u64::saturating_add)).saturating_add(made)
    }

    fn finish(&self, state: &mut State, task: usize) {
        state.held = self.held_after(state, task);
        state.finished |= 1 << task;
        state.ready &= !(1 << task);
        for dependent in bits(self.tasks[task].dependents) {
            if self.tasks[dependent].inputs & !state.finished == 0 {
                state.ready |= 1 << dependent;
            }
        }
    }

    /// Runs whatever fits under the peak and leaves no more held than before.
    fn close(&self, state: &mut State, ran: &mut impl FnMut(usize)) {
        loop {
            let free = bits(self.choices(state)).find(|&task| {
                state.held.saturating_add(self.tasks[task].size) <= state.peak
                    && self.held_after(state, task) <= state.held
            });
            let Some(task) = free else { break };
            ran(task);
            self.finish(state, task);
        }
    }

    fn path(&self, last: u32) -> Vec<u32> {
        let mut way = Vec::new();
        let mut at = last;
        while let Some(state) = self.states.get(at as usize) {
            way.push(at);
            at = state.parent;
        }
        let mut sequence = Vec::with_capacity(self.tasks.len());
        let mut ran = |task: usize| sequence.push(task as u32);
        for &at in way.iter().rev() {
            let state = &self.states[at as usize];
            match self.states.get(state.parent as usize) {
                None => self.first(state.peak, &mut ran),
                Some(parent) => {
                    self.next(parent, state.parent, state.task.into(), state.peak, &mut ran)
                }
            };
        }
        sequence
    }
}

/// Spreads sets over a table by one multiplication: the standard hasher took a third of the time.
#[derive(Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, set: u64) {
        let mixed = (self.0 ^ set).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ mixed >> 32;
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

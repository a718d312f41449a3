//! [`Ledger`]: how far each task is, and where its value is.

use crate::message::{InlineFrames, Published};
use chunkwise_graph::{Plan, Value};
use smallvec::SmallVec;
use std::sync::Arc;

/// How far a task is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// Some of its inputs are not there.
    Waiting,
    /// It may start.
    Ready,
    /// Inputs of it are on their way into shared memory.
    Fetching,
    /// A worker has it.
    Flying,
    /// It has given its value.
    Done,
}

/// Where the value of a task is.
#[derive(Clone, Debug, Default)]
pub(super) enum Place {
    /// Not made, lost, or not needed any more.
    #[default]
    Nowhere,
    /// Here, as bytes that go along with the tasks that need it.
    Bytes(Arc<Bytes>, Holders),
    /// Here, as itself.
    Here(Value, Holders),
    /// With workers.
    Held(Box<Held>),
}

/// Workers that have a value.
pub(super) type Holders = SmallVec<[u32; 2]>;

#[derive(Debug)]
pub(super) struct Bytes {
    pub(super) frames: InlineFrames,
    pub(super) bytes: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) holders: Holders,
    pub(super) nbytes: u64,
    pub(super) published: Option<Published>,
}

impl Place {
    /// The workers that have the value in their store.
    pub(super) fn holders(&self) -> &[u32] {
        match self {
            Place::Nowhere => &[],
            Place::Bytes(_, holders) | Place::Here(_, holders) => holders,
            Place::Held(held) => &held.holders,
        }
    }

    pub(super) fn holders_mut(&mut self) -> Option<&mut Holders> {
        match self {
            Place::Nowhere => None,
            Place::Bytes(_, holders) | Place::Here(_, holders) => Some(holders),
            Place::Held(held) => Some(&mut held.holders),
        }
    }

    /// Whether the value is lost if this worker is.
    pub(super) fn is_lost_without_holders(&self) -> bool {
        matches!(self, Place::Held(held) if held.holders.is_empty() && held.published.is_none())
    }
}

struct Task {
    phase: Phase,
    /// Mentions of tasks whose values are not there.
    missing: u32,
    /// Mentions by tasks that have not ended, and as an output.
    left: u32,
}

pub(super) struct Ledger {
    plan: Plan,
    tasks: Vec<Task>,
    places: Vec<Place>,
    /// Tasks that are not done.
    n_open: usize,
    /// The same below a limit, once there is one.
    open_below: Option<(u32, usize)>,
}

impl Ledger {
    pub(super) fn new(plan: &Plan) -> Ledger {
        let dag = plan.dag();
        let mut tasks: Vec<Task> = dag
            .tasks()
            .map(|task| Task {
                phase: Phase::Waiting,
                missing: dag.deps(task).len() as u32,
                left: dag.dependents(task).len() as u32,
            })
            .collect();
        for &output in plan.outputs() {
            tasks[output as usize].left += 1;
        }
        for task in tasks.iter_mut().filter(|task| task.missing == 0) {
            task.phase = Phase::Ready;
        }
        let (n_open, places) = (tasks.len(), vec![Place::Nowhere; tasks.len()]);
        Ledger { plan: plan.clone(), tasks, places, n_open, open_below: None }
    }

    /// The tasks that need nothing.
    pub(super) fn initially_ready(&self) -> impl Iterator<Item = u32> + use<> {
        let ready = self.tasks.iter().zip(0u32..).filter(|(task, _)| task.phase == Phase::Ready);
        ready.map(|(_, number)| number).collect::<Vec<u32>>().into_iter()
    }

    pub(super) fn phase(&self, task: u32) -> Phase {
        self.tasks[task as usize].phase
    }

    /// Sets the phase of a task that is not done and will not be by this.
    pub(super) fn set_phase(&mut self, task: u32, phase: Phase) {
        self.tasks[task as usize].phase = phase;
    }

    /// How often the value will still be asked for.
    pub(super) fn left(&self, task: u32) -> u32 {
        self.tasks[task as usize].left
    }

    pub(super) fn place(&self, task: u32) -> &Place {
        &self.places[task as usize]
    }

    pub(super) fn place_mut(&mut self, task: u32) -> &mut Place {
        &mut self.places[task as usize]
    }

    pub(super) fn is_available(&self, task: u32) -> bool {
        self.phase(task) == Phase::Done && !matches!(self.place(task), Place::Nowhere)
    }

    /// A task has given its value: gives the tasks that may start now to `ready`.
    pub(super) fn done(&mut self, task: u32, place: Place, mut ready: impl FnMut(u32)) {
        self.tasks[task as usize].phase = Phase::Done;
        self.places[task as usize] = place;
        self.n_open -= 1;
        if let Some((limit, n)) = &mut self.open_below
            && task < *limit
        {
            *n -= 1;
        }
        for &dependent in self.plan.dag().dependents(task) {
            let state = &mut self.tasks[dependent as usize];
            if state.phase == Phase::Waiting {
                state.missing -= 1;
                if state.missing == 0 {
                    state.phase = Phase::Ready;
                    ready(dependent);
                }
            }
        }
    }

    /// One mention of the value is done with; `true` if nobody will ask for it any more.
    pub(super) fn used(&mut self, task: u32) -> bool {
        let left = &mut self.tasks[task as usize].left;
        *left -= 1;
        *left == 0
    }

    /// Tasks below a number that are not done.
    pub(super) fn n_open_below(&self, limit: u32) -> usize {
        match self.open_below {
            _ if limit as usize >= self.tasks.len() => self.n_open,
            Some((of, n)) if of == limit => n,
            _ => self.count_open_below(limit),
        }
    }

    /// Remembers the count for a limit that has just become the one.
    pub(super) fn limit(&mut self, limit: u32) {
        self.open_below = Some((limit, self.count_open_below(limit)));
    }

    fn count_open_below(&self, limit: u32) -> usize {
        let below = self.tasks.iter().take(limit as usize);
        below.filter(|task| task.phase != Phase::Done).count()
    }

    /// A task that a worker had, or that was about to start, is to start anew: whether it may at
    /// once, given which of its inputs are there.
    pub(super) fn again(&mut self, task: u32) -> bool {
        let deps = self.plan.dag().deps(task);
        let missing = deps.iter().filter(|&&dep| !self.is_available(dep)).count() as u32;
        let state = &mut self.tasks[task as usize];
        state.missing = missing;
        state.phase = if missing == 0 { Phase::Ready } else { Phase::Waiting };
        missing == 0
    }

    /// The value of a task that was done is lost, and needed: it is to be made again, and so is
    /// whatever it needs that is not there any more. Its place is as it was when it was lost. Gives the tasks that may start now to `ready`.
    pub(super) fn revive(&mut self, lost: u32, mut ready: impl FnMut(u32)) {
        let plan = self.plan.clone();
        let mut stack = vec![lost];
        while let Some(task) = stack.pop() {
            if self.phase(task) != Phase::Done {
                continue;
            }
            // What was not there before, nobody counts on.
            let was_available = self.is_available(task);
            self.places[task as usize] = Place::Nowhere;
            self.n_open += 1;
            if let Some((limit, n)) = &mut self.open_below
                && task < *limit
            {
                *n += 1;
            }
            for &dep in plan.dag().deps(task) {
                self.tasks[dep as usize].left += 1;
                if self.phase(dep) == Phase::Done && !self.is_available(dep) {
                    stack.push(dep);
                }
            }
            if self.again(task) {
                ready(task);
            }
            for &dependent in plan.dag().dependents(task).iter().filter(|_| was_available) {
                let state = &mut self.tasks[dependent as usize];
                if matches!(state.phase, Phase::Waiting | Phase::Ready | Phase::Fetching) {
                    state.missing += 1;
                    state.phase = Phase::Waiting;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chunkwise_graph::shapes;
    use chunkwise_testing::trivial_plan;
    use proptest::prelude::*;

    /// Runs a plan by the ledger alone, losing values as `lose` says.
    fn simulate(plan: &Plan, mut lose: impl FnMut(usize, &Ledger) -> Option<u32>) -> usize {
        let mut ledger = Ledger::new(plan);
        let mut ready: Vec<u32> = ledger.initially_ready().collect();
        let mut n_runs = 0;
        while let Some(task) = ready.pop() {
            if ledger.phase(task) != Phase::Ready {
                continue;
            }
            for &dep in plan.dag().deps(task) {
                assert!(ledger.is_available(dep), "{task} started without {dep}");
            }
            n_runs += 1;
            for &dep in plan.dag().deps(task) {
                if ledger.used(dep) {
                    *ledger.place_mut(dep) = Place::Nowhere;
                }
            }
            let place = Place::Here(Value::unit(), Holders::new());
            ledger.done(task, place, |task| ready.push(task));
            if let Some(lost) = lose(n_runs, &ledger) {
                ledger.revive(lost, |task| ready.push(task));
            }
        }
        assert_eq!(ledger.n_open_below(u32::MAX), 0);
        for &output in plan.outputs() {
            assert!(ledger.is_available(output));
        }
        n_runs
    }

    #[test]
    fn without_losses_each_task_runs_once() {
        for dag in [shapes::tree(100), shapes::chain(30), shapes::lattice(90)] {
            let plan = trivial_plan(dag).unwrap();
            assert_eq!(simulate(&plan, |_, _| None), plan.len());
        }
    }

    proptest! {
        #[test]
        fn lost_values_are_made_again(seed in any::<u64>(), every in 1usize..9) {
            let plan = trivial_plan(shapes::random(80, 20, seed)).unwrap();
            let n_losses = std::cell::Cell::new(0);
            let n_runs = simulate(&plan, |n_runs, ledger| {
                // A value that is still needed.
                let mut needed = plan.dag().tasks().rev()
                    .filter(|&task| ledger.is_available(task) && ledger.left(task) > 0);
                if n_runs % every != 0 || n_losses.get() > 200 {
                    return None;
                }
                n_losses.set(n_losses.get() + 1);
                needed.next()
            });
            prop_assert!(n_runs >= plan.len());
        }
    }
}

//! Every interleaving of small cases of each lock-free primitive, by loom: `cargo xtask loom`.

use crate::cursor::Cursor;
use crate::gate::Gate;
use crate::slot::Slot;
use crate::spare::Spare;
use crate::sync::{Arc, AtomicU32, Ordering};
use crate::turn::Turn;
use loom::thread;
use std::time::Duration;

/// Up to three threads; more preemptions than this find nothing new in code this small, and take
/// hours.
fn model(preemptions: usize, f: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(f);
}

/// A value whose sharing can be seen: `None` once it was taken out.
type Shared = Option<Arc<u32>>;

#[test]
fn a_slot_gives_each_user_the_value_and_the_last_one_the_original() {
    model(3, || {
        let slot = Arc::new(Slot::<Shared>::new(3));
        // SAFETY: the users below start after it.
        assert!(unsafe { slot.put(Some(Arc::new(7))) }.is_none());
        let users: Vec<_> = (0..2)
            .map(|_| {
                let slot = slot.clone();
                // SAFETY: three uses in all, after `put`.
                thread::spawn(move || unsafe { slot.hand_out() })
            })
            .collect();
        // SAFETY: as above.
        let mut handed_out = vec![unsafe { slot.hand_out() }];
        handed_out.extend(users.into_iter().map(|user| user.join().unwrap()));
        assert!(handed_out.iter().all(|got| got.as_deref() == Some(&7)));
        // SAFETY: all users are done.
        assert!(unsafe { slot.take() }.is_none(), "the last user got the original");
        let one = handed_out.pop().unwrap().unwrap();
        drop(handed_out);
        assert_eq!(Arc::strong_count(&one), 1, "no clone is left behind");
    });
}

#[test]
fn nobody_asks_for_an_unused_value() {
    model(2, || {
        let slot = Slot::<Shared>::new(0);
        // SAFETY: nobody else has the slot.
        assert!(unsafe { slot.put(Some(Arc::new(7))) }.is_some());
    });
}

#[test]
fn a_turn_comes_once_whoever_is_last() {
    model(3, || {
        let turn = Arc::new(Turn::new(2));
        let dependencies: Vec<_> = (0..2)
            .map(|_| {
                let turn = turn.clone();
                thread::spawn(move || turn.dependency_finished())
            })
            .collect();
        let mut turns = usize::from(turn.cursor_passed());
        for dependency in dependencies {
            turns += usize::from(dependency.join().unwrap());
        }
        assert_eq!(turns, 1);
    });
}

/// A diamond (1 and 2 need 0, 3 needs 1 and 2), run by two workers as `run.rs` does.
#[test]
fn a_diamond_runs_each_task_once_with_the_values_of_its_dependencies() {
    const DEPS: [&[usize]; 4] = [&[], &[0], &[0], &[1, 2]];
    const DEPENDENTS: [&[usize]; 4] = [&[1, 2], &[3], &[3], &[]];
    struct Run {
        turns: Vec<Turn>,
        slots: Vec<Slot<Shared>>,
        next: AtomicU32,
        n_run: AtomicU32,
    }
    impl Run {
        fn work(&self) {
            loop {
                let task = self.next.fetch_add(1, Ordering::Relaxed) as usize;
                if task >= DEPS.len() {
                    return;
                }
                if self.turns[task].cursor_passed() {
                    self.run_from(task);
                }
            }
        }

        fn run_from(&self, first: usize) {
            let mut ready = vec![first];
            while let Some(task) = ready.pop() {
                self.n_run.fetch_add(1, Ordering::Relaxed);
                // SAFETY: it is this task's turn, so its dependencies have put their values.
                let input = |&dep: &usize| *unsafe { self.slots[dep].hand_out() }.unwrap();
                let value = 1 + DEPS[task].iter().map(input).sum::<u32>();
                // SAFETY: a task runs once, and its dependents are told afterwards.
                let unused = unsafe { self.slots[task].put(Some(Arc::new(value))) };
                assert!(unused.is_none());
                ready.extend(
                    DEPENDENTS[task].iter().filter(|&&next| self.turns[next].dependency_finished()),
                );
            }
        }
    }
    model(2, || {
        let run = Arc::new(Run {
            turns: DEPS.iter().map(|deps| Turn::new(deps.len() as u32)).collect(),
            // The last one is the output.
            slots: DEPENDENTS.iter().map(|d| Slot::new(d.len().max(1) as u32)).collect(),
            next: AtomicU32::new(0),
            n_run: AtomicU32::new(0),
        });
        let other = run.clone();
        let other = thread::spawn(move || other.work());
        run.work();
        other.join().unwrap();
        assert_eq!(run.n_run.load(Ordering::Relaxed), 4);
        // SAFETY: all workers are done; this is the one use of the output.
        assert_eq!(unsafe { run.slots[3].hand_out() }.as_deref(), Some(&5));
    });
}

#[test]
fn a_gate_opens_when_all_work_is_done() {
    model(2, || {
        struct Run {
            gate: Gate,
            next: AtomicU32,
            done: AtomicU32,
        }
        let run =
            Arc::new(Run { gate: Gate::new(), next: AtomicU32::new(0), done: AtomicU32::new(0) });
        for _ in 0..2 {
            let run = run.clone();
            thread::spawn(move || {
                run.gate.enter();
                while run.next.fetch_add(1, Ordering::Relaxed) < 2 {
                    run.done.fetch_add(1, Ordering::Relaxed);
                }
                run.gate.leave();
            });
        }
        assert!(run.gate.wait(Duration::MAX).empty);
        assert_eq!(run.done.load(Ordering::Relaxed), 2);
    });
}

#[test]
fn one_worker_always_stays() {
    model(3, || {
        let gate = Arc::new(Gate::new());
        gate.enter();
        gate.enter();
        let other = gate.clone();
        let other = thread::spawn(move || other.leave_to_others());
        let left = [gate.leave_to_others(), other.join().unwrap()];
        assert_eq!(left.iter().filter(|left| **left).count(), 1);
        assert_eq!(gate.inside(), 1);
    });
}

#[test]
fn a_call_wakes_the_one_who_waits() {
    model(3, || {
        let gate = Arc::new(Gate::new());
        let caller = gate.clone();
        let caller = thread::spawn(move || caller.call());
        let state = gate.wait(Duration::MAX);
        assert!(state.called && !state.empty);
        caller.join().unwrap();
        assert!(!gate.wait_empty(Duration::ZERO));
    });
}

#[test]
fn spare_tasks_go_to_one_worker_each() {
    model(3, || {
        let spare = Arc::new(Spare::new());
        let thief = spare.clone();
        let thief = thread::spawn(move || thief.pop());
        spare.push(&[5, 3]);
        let mut tasks: Vec<u32> = [spare.pop(), spare.pop()].into_iter().flatten().collect();
        tasks.extend(thief.join().unwrap());
        tasks.sort_unstable();
        assert_eq!(tasks, [3, 5]);
        assert!(spare.is_empty());
    });
}

#[test]
fn claimed_tasks_go_to_one_worker_each() {
    model(3, || {
        let cursor = Arc::new(Cursor::new(5, 2));
        let other = cursor.clone();
        let other = thread::spawn(move || {
            let mut mine: Vec<u32> = other.any_claimed().into_iter().collect();
            while other.claim(1, 2) {
                mine.extend(std::iter::from_fn(|| other.claimed(1)));
            }
            mine
        });
        let mut tasks = Vec::new();
        while cursor.claim(0, 2) {
            tasks.extend(std::iter::from_fn(|| cursor.claimed(0)));
        }
        tasks.extend(other.join().unwrap());
        tasks.sort_unstable();
        assert_eq!(tasks, [0, 1, 2, 3, 4]);
    });
}

//! Budgets and governed runs under randomised schedules, by shuttle: `cargo xtask shuttle`.
//!
//! A failing schedule is printed; `shuttle::replay` runs it again.

use crate::allowance::limit_of;
use crate::budget::{Budget, Reclaim, Reservation};
use crate::governed::{Admission, Governed};
use crate::sync::{Mutex, lock};
use chunkwise_graph::{
    Blocks, Bounds, BoxError, Dep, Graph, Layer, Name, Plan, Run, Value, WorkerId,
};
use shuttle::thread;
use std::borrow::Cow;
use std::sync::{Arc, Weak};

const SCHEDULES: usize = 1_000;

struct Cache(Mutex<Vec<Reservation>>);

impl Reclaim for Cache {
    fn reclaim(&self, bytes: u64) -> u64 {
        let mut given_back = 0;
        while given_back < bytes {
            let Some(entry) = lock(&self.0).pop() else { break };
            given_back += entry.bytes();
        }
        given_back
    }
}

/// Threads that reserve of two runs' parts of one budget, grow, and give back, while a cache fills
/// what is free: nobody ever has more than there is, and in the end nothing is held.
#[test]
fn a_budget_is_never_exceeded() {
    let check = || {
        let whole = Budget::new(100);
        let cache = Arc::new(Cache(Mutex::new(Vec::new())));
        let holder: Weak<dyn Reclaim> = Arc::<Cache>::downgrade(&cache);
        whole.register(holder);
        let parts = [whole.child(70), whole.child(60)];
        let threads = (0..3).map(|i| {
            let (part, whole, cache) = (parts[i % 2].clone(), whole.clone(), cache.clone());
            thread::spawn(move || {
                lock(&cache.0).extend(whole.try_reserve(20));
                if let Ok(mut mine) = part.reserve(30, "a task") {
                    let _ = mine.grow(15, "its buffer");
                    let rest = mine.split(10);
                    mine.merge(rest);
                    mine.shrink_to(20);
                }
                assert!(whole.used() <= 100 && part.used() <= part.limit());
            })
        });
        let threads: Vec<_> = threads.collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        lock(&cache.0).clear();
        assert!(whole.peak() <= 100);
        assert_eq!((whole.used(), parts[0].used(), parts[1].used()), (0, 0, 0));
    };
    shuttle::check_pct(check, SCHEDULES, 3);
}

/// Sources that two sums read in opposite orders: more than fits, so that results leave.
struct Twice {
    n: u32,
    grid: [u32; 1],
}

const BYTES: u64 = 24 + 32_000;

impl Blocks for Twice {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let n = self.n;
        match block.checked_sub(n) {
            None => {}
            Some(at) => {
                let (pass, i) = (at / n, at % n);
                deps.push(Dep::own(if pass == 0 { i } else { n - 1 - i }));
                deps.extend((i > 0).then(|| Dep::own(block - 1)));
            }
        }
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        let mut sum = u64::from(block);
        for input in inputs.iter() {
            sum += input.get::<Vec<u64>>()?[0];
        }
        Ok(Value::new(vec![sum; 4_000]))
    }

    fn op_name(&self) -> Cow<'_, str> {
        "twice".into()
    }

    fn bytes(&self, _block: u32) -> Bounds {
        Bounds::output(BYTES)
    }
}

fn twice(n: u32) -> Plan {
    let layer = Layer::new(Name::unique("twice"), [], Twice { n, grid: [3 * n] });
    let mut graph = Graph::new(std::slice::from_ref(&layer));
    graph.want(&[layer.key(2 * n - 1), layer.key(3 * n - 1)]).unwrap();
    graph.plan().unwrap()
}

/// What a scheduler does, on shuttle's threads: workers come when they are called, and leave.
fn run_on(governed: &Arc<Governed>, n_workers: usize) -> Vec<u64> {
    let threads: Arc<Mutex<Vec<thread::JoinHandle<()>>>> = Arc::default();
    let (weak, of_call) = (Arc::downgrade(governed), threads.clone());
    let spawn = move |n: usize| {
        for _ in 0..n {
            let weak = Weak::clone(&weak);
            lock(&of_call).push(thread::spawn(move || {
                if let Some(governed) = weak.upgrade() {
                    governed.work(WorkerId(0));
                }
            }));
        }
    };
    spawn(n_workers);
    governed.on_work(spawn);
    while !governed.is_over() {
        thread::yield_now();
    }
    loop {
        let next = lock(&threads).pop();
        let Some(worker) = next else { break };
        worker.join().unwrap();
    }
    let values = governed.finish().unwrap();
    values.iter().map(|value| value.get::<Vec<u64>>().unwrap()[0]).collect()
}

/// Nobody waits for ever, and nothing is lost, whatever comes first: workers, the writer, the last
/// use of a result that is being written.
#[test]
fn governed_runs_end_with_their_results() {
    let n = 5;
    let plan = twice(n);
    let sum: u64 =
        (0..3 * u64::from(n)).sum::<u64>() - (u64::from(n)..3 * u64::from(n)).sum::<u64>();
    let first: u64 = (u64::from(n)..2 * u64::from(n)).sum();
    let second: u64 = (2 * u64::from(n)..3 * u64::from(n)).sum();
    let check = move || {
        let budget = Budget::new(limit_of(5 * BYTES));
        let run = Run::new().memory_budget(Arc::new(budget.clone()));
        let Admission::Governed(governed) = Admission::of(&plan, &run, 2).unwrap() else {
            panic!("it does not fit");
        };
        assert_eq!(run_on(&governed, 2), [sum + first, sum + second]);
        drop(governed);
        assert!(budget.peak() <= 5 * BYTES + 2);
        assert_eq!(budget.used(), 0);
    };
    shuttle::check_random(check, SCHEDULES);
}

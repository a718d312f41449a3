//! [`Tracked`]: values that say whether they are still held.

use chunkwise_graph::{BoxError, Value};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

/// Which of the [`Tracked`] values of some tasks are alive.
#[derive(Clone, Debug)]
pub struct Alive {
    counts: Arc<[AtomicI64]>,
    made: Arc<AtomicI64>,
}

impl Alive {
    /// For the tasks `0..n_tasks`.
    pub fn new(n_tasks: usize) -> Alive {
        let counts = (0..n_tasks).map(|_| AtomicI64::new(0)).collect();
        Alive { counts, made: Arc::default() }
    }

    /// A new value of a task.
    pub fn track(&self, task: u32, number: u64) -> Tracked {
        self.counts[task as usize].fetch_add(1, SeqCst);
        self.made.fetch_add(1, SeqCst);
        Tracked { task, number, alive: self.clone() }
    }

    /// Whether a value of the task is alive.
    pub fn is_alive(&self, task: u32) -> bool {
        self.counts[task as usize].load(SeqCst) != 0
    }

    /// Number of values alive.
    pub fn n_alive(&self) -> i64 {
        self.counts.iter().map(|count| count.load(SeqCst)).sum()
    }

    /// Number of values that were ever made.
    pub fn n_made(&self) -> i64 {
        self.made.load(SeqCst)
    }

    /// The work of [`crate::mix()`], on tracked values and with a tracked result.
    ///
    /// # Errors
    /// If an input is no tracked value.
    pub fn work(&self, task: u32, inputs: &[Value]) -> Result<Value, BoxError> {
        let numbers = inputs.iter().map(|v| v.get::<Tracked>().map(Tracked::number));
        let numbers: Vec<u64> = numbers.collect::<Result<_, _>>()?;
        Ok(Value::new(self.track(task, crate::mix(task, numbers))))
    }
}

/// A value of a task, counted by [`Alive`] from when it is made until it is dropped.
#[derive(Debug)]
pub struct Tracked {
    task: u32,
    number: u64,
    alive: Alive,
}

impl Tracked {
    /// What the value stands for.
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl Clone for Tracked {
    fn clone(&self) -> Tracked {
        self.alive.track(self.task, self.number)
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        self.alive.counts[self.task as usize].fetch_sub(1, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_count_until_they_are_dropped() {
        let alive = Alive::new(2);
        let value = alive.track(1, 7);
        let copy = value.clone();
        assert_eq!((alive.n_alive(), alive.is_alive(0), alive.is_alive(1)), (2, false, true));
        drop((value, copy));
        assert_eq!((alive.n_alive(), alive.n_made()), (0, 2));
    }
}

//! [`Tracked`]: values that say whether they are still held, in whatever process.

use crate::log::Log;
use chunkwise_graph::{BoxError, Codec, Data, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Which of the [`Tracked`] values of some tasks are alive.
///
/// As a serde value it travels to other processes, and the values that are made, copied and dropped
/// there count here. From when it first travels everything is written to a [`Log`]; until then, on
/// schedulers that stay in the process, it is counted in memory.
#[derive(Clone, Debug)]
pub struct Alive {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    n_tasks: usize,
    /// What happened in the process that made it, before it travelled.
    at_first: Counts<AtomicI64>,
    log: OnceLock<Log>,
    since: Mutex<Logged>,
}

#[derive(Debug, Default)]
struct Counts<N> {
    /// Of each task.
    alive: Vec<N>,
    made: N,
}

/// What the log says, as far as it was read.
#[derive(Debug, Default)]
struct Logged {
    n_read: usize,
    counts: Counts<i64>,
}

/// What happened to a value.
#[derive(Clone, Copy)]
enum Change {
    Made,
    Copied,
    Dropped,
}

impl Change {
    const ALL: [Change; 3] = [Change::Made, Change::Copied, Change::Dropped];

    fn alive(self) -> i64 {
        if matches!(self, Change::Dropped) { -1 } else { 1 }
    }

    fn made(self) -> i64 {
        i64::from(matches!(self, Change::Made))
    }
}

impl Shared {
    fn new(n_tasks: usize, log: OnceLock<Log>) -> Shared {
        // Of a copy that travelled nothing is counted in memory.
        let n_in_memory = if log.get().is_some() { 0 } else { n_tasks };
        let alive = (0..n_in_memory).map(|_| AtomicI64::new(0)).collect();
        let at_first = Counts { alive, made: AtomicI64::new(0) };
        Shared { n_tasks, at_first, log, since: Mutex::default() }
    }

    fn note(&self, task: u32, change: Change) {
        match self.log.get() {
            Some(log) => log.add(u64::from(task) << 8 | change as u64),
            None => {
                self.at_first.alive[task as usize].fetch_add(change.alive(), SeqCst);
                self.at_first.made.fetch_add(change.made(), SeqCst);
            }
        }
    }

    fn with_logged<R>(&self, ask: impl FnOnce(&Counts<i64>) -> R) -> Option<R> {
        let log = self.log.get()?;
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let Logged { n_read, counts } = &mut *since;
        counts.alive.resize(self.n_tasks, 0);
        *n_read = log.after(*n_read, |record| {
            let change = Change::ALL[record as usize & 0xff];
            counts.alive[(record >> 8) as usize] += change.alive();
            counts.made += change.made();
        });
        Some(ask(counts))
    }

    fn in_memory(&self, task: usize) -> i64 {
        self.at_first.alive.get(task).map_or(0, |count| count.load(SeqCst))
    }
}

impl Alive {
    /// For the tasks `0..n_tasks`.
    pub fn new(n_tasks: usize) -> Alive {
        Alive { shared: Arc::new(Shared::new(n_tasks, OnceLock::new())) }
    }

    /// A new value of a task.
    pub fn track(&self, task: u32, number: u64) -> Tracked {
        self.hold(task, number, Change::Made)
    }

    fn hold(&self, task: u32, number: u64, change: Change) -> Tracked {
        self.shared.note(task, change);
        Tracked { task, number, alive: self.clone() }
    }

    /// Whether a value of the task is alive.
    pub fn is_alive(&self, task: u32) -> bool {
        let task = task as usize;
        let logged = self.shared.with_logged(|counts| counts.alive[task]);
        self.shared.in_memory(task) + logged.unwrap_or(0) != 0
    }

    /// Number of values alive.
    pub fn n_alive(&self) -> i64 {
        let logged = self.shared.with_logged(|counts| counts.alive.iter().sum::<i64>());
        let in_memory: i64 = (0..self.shared.n_tasks).map(|task| self.shared.in_memory(task)).sum();
        in_memory + logged.unwrap_or(0)
    }

    /// Number of values that tasks ever made; copies do not count.
    pub fn n_made(&self) -> i64 {
        let logged = self.shared.with_logged(|counts| counts.made);
        self.shared.at_first.made.load(SeqCst) + logged.unwrap_or(0)
    }

    /// The work of [`crate::mix()`], on tracked values and with a tracked result.
    ///
    /// # Errors
    /// If an input is no tracked value.
    pub fn work(&self, task: u32, inputs: &[Value]) -> Result<Value, BoxError> {
        let numbers = inputs.iter().map(|v| v.get::<Tracked>().map(Tracked::number));
        let numbers: Vec<u64> = numbers.collect::<Result<_, _>>()?;
        Ok(Value::data(self.track(task, crate::mix(task, numbers))))
    }
}

impl Serialize for Alive {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let log = self.shared.log.get_or_init(Log::new);
        (self.shared.n_tasks, log).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Alive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Alive, D::Error> {
        let (n_tasks, log) = <(usize, Log)>::deserialize(deserializer)?;
        Ok(Alive { shared: Arc::new(Shared::new(n_tasks, OnceLock::from(log))) })
    }
}

/// A value of a task, counted by [`Alive`] from when it is made until it is dropped. Clones count
/// by themselves, and so do copies that another process, or this one, reads from its portable form;
/// [`Frames`](chunkwise_graph::Frames) that it was written to hold it.
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
        self.alive.hold(self.task, self.number, Change::Copied)
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        self.alive.shared.note(self.task, Change::Dropped);
    }
}

impl Data for Tracked {
    fn nbytes(&self) -> usize {
        size_of::<Tracked>()
    }

    /// The task and the way to count it in the header; the number in a buffer that is a view, as
    /// the bulk of larger values is.
    const CODEC: Option<Codec> = Some(Codec {
        encode: |value, frames| {
            let tracked: &Tracked = value.downcast_ref().ok_or("it is no tracked value")?;
            frames.header = postcard::to_stdvec(&(tracked.task, &tracked.alive))?;
            frames.push_view(value, |value| {
                value.downcast_ref().map_or(&[], |t: &Tracked| bytemuck::bytes_of(&t.number))
            });
            Ok(())
        },
        decode: |frames| {
            let (task, alive): (u32, Alive) = postcard::from_bytes(frames.header)?;
            let number = bytemuck::try_pod_read_unaligned(frames.buffer(0)?)
                .map_err(|error| format!("not a number: {error}"))?;
            if task as usize >= alive.shared.n_tasks {
                return Err(format!("there is no task {task}").into());
            }
            Ok(Value::data(alive.hold(task, number, Change::Copied)))
        },
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use chunkwise_graph::{Frames, TypeInfo};

    #[test]
    fn values_count_until_they_are_dropped() {
        let alive = Alive::new(2);
        let value = alive.track(1, 7);
        let copy = value.clone();
        assert_eq!((alive.n_alive(), alive.is_alive(0), alive.is_alive(1)), (2, false, true));
        drop((value, copy));
        assert_eq!((alive.n_alive(), alive.n_made()), (0, 1));
    }

    #[test]
    fn values_that_cross_are_held_by_their_frames_and_count_where_they_arrive() {
        let alive = Alive::new(3);
        let before = alive.track(2, 1);
        let value = Value::data(alive.track(1, 7));
        let mut frames = Frames::default();
        value.encode(&mut frames).unwrap();
        drop(value);
        assert_eq!((alive.n_alive(), alive.is_alive(1)), (2, true));
        let there = frames.with_ref(|f| TypeInfo::data::<Tracked>().decode(f)).unwrap();
        assert_eq!(there.get::<Tracked>().unwrap().number(), 7);
        assert_eq!(alive.n_alive(), 3);
        drop(frames);
        assert_eq!((alive.n_alive(), alive.is_alive(1)), (2, true));
        drop(there);
        assert_eq!((alive.n_alive(), alive.is_alive(1)), (1, false));
        drop(before);
        assert_eq!((alive.n_alive(), alive.n_made()), (0, 2));
    }

    #[test]
    fn work_that_travelled_counts_where_it_came_from() {
        let alive = Alive::new(2);
        let there: Alive = postcard::from_bytes(&postcard::to_stdvec(&alive).unwrap()).unwrap();
        let value = there.work(0, &[]).unwrap();
        assert!(alive.is_alive(0) && there.is_alive(0));
        drop(value);
        assert_eq!((alive.n_alive(), alive.n_made()), (0, 1));
    }
}

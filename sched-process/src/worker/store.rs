//! [`Store`]: results that stay with the worker that made them, and values that were sent to it.

use super::lock;
use chunkwise_graph::Value;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

/// Values by the number of their task in the plan.
#[derive(Default)]
pub(super) struct Store(Mutex<HashMap<u32, Value>>);

impl Store {
    pub(super) fn put(&self, task: u32, value: Value) {
        let before = lock(&self.0).insert(task, value);
        drop(before);
    }

    /// The value as it is shared.
    pub(super) fn get(&self, task: u32) -> Option<Value> {
        lock(&self.0).get(&task).cloned()
    }

    /// The value itself, so that a task can change it in place.
    pub(super) fn take(&self, task: u32) -> Option<Value> {
        lock(&self.0).remove(&task)
    }

    /// Lets a value go that nobody will ask for again.
    pub(super) fn release(&self, task: u32) {
        let_go(self.take(task));
    }

    pub(super) fn clear(&self) {
        let values = std::mem::take(&mut *lock(&self.0));
        values.into_values().for_each(let_go);
    }
}

/// Drops what may be a user's: its panic has been printed, and must not end the thread.
fn let_go<T>(value: T) {
    let _ = catch_unwind(AssertUnwindSafe(|| drop(value)));
}

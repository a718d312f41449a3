//! [`Store`]: results that stay with the worker that made them, and values that were sent to it.

use super::lock;
use chunkwise_graph::Value;
use std::collections::HashMap;
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

    pub(super) fn clear(&self) {
        let values = std::mem::take(&mut *lock(&self.0));
        drop(values);
    }
}

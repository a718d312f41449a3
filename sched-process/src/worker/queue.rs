//! [`Queue`]: tasks that have come and not started.

use super::lock;
use crate::message::{Input, Task};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex};

/// A task, and where in its message's blob the bytes of its inputs are.
pub(super) struct Queued {
    pub(super) task: Task,
    blob: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl Queued {
    /// The bytes of its inline inputs.
    pub(super) fn bytes(&self) -> &[u8] {
        self.blob.get(self.range.clone()).unwrap_or_default()
    }
}

#[derive(Default)]
pub(super) struct Queue(Mutex<VecDeque<Queued>>);

impl Queue {
    pub(super) fn push(&self, tasks: Vec<Task>, blob: Vec<u8>) {
        let blob = Arc::new(blob);
        let mut at = 0;
        let mut queue = lock(&self.0);
        for task in tasks {
            let inline = |input: &Input| match input {
                Input::Inline { frames, .. } => frames.len() as usize,
                _ => 0,
            };
            let len: usize = task.inputs.iter().map(inline).sum();
            queue.push_back(Queued { task, blob: blob.clone(), range: at..at + len });
            at += len;
        }
    }

    pub(super) fn pop(&self) -> Option<Queued> {
        lock(&self.0).pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        lock(&self.0).is_empty()
    }

    /// Takes everything out.
    pub(super) fn drain(&self) -> Vec<u32> {
        lock(&self.0).drain(..).map(|queued| queued.task.task).collect()
    }
}

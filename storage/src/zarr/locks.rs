//! [`ChunkLocks`]: one writer a chunk.

use smallvec::SmallVec;
use std::collections::HashSet;
use std::sync::{Condvar, Mutex, PoisonError};

/// A chunk, counted in chunks along each axis.
pub(super) type Index = SmallVec<[usize; 4]>;

/// Lets one thread at a time change a chunk; threads at different chunks do not wait.
#[derive(Default, Debug)]
pub(super) struct ChunkLocks {
    busy: Mutex<HashSet<Index>>,
    freed: Condvar,
}

/// A chunk that is being changed, until dropped.
pub(super) struct ChunkLock<'a> {
    locks: &'a ChunkLocks,
    chunk: Index,
}

impl ChunkLocks {
    /// Waits until nobody else changes the chunk.
    pub(super) fn lock(&self, chunk: Index) -> ChunkLock<'_> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        while busy.contains(&chunk) {
            busy = self.freed.wait(busy).unwrap_or_else(PoisonError::into_inner);
        }
        busy.insert(chunk.clone());
        ChunkLock { locks: self, chunk }
    }
}

impl Drop for ChunkLock<'_> {
    fn drop(&mut self) {
        let mut busy = self.locks.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.remove(&self.chunk);
        drop(busy);
        self.locks.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_chunk_has_one_writer() {
        let locks = ChunkLocks::default();
        let inside = [const { AtomicUsize::new(0) }; 3];
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let (locks, inside) = (&locks, &inside);
                scope.spawn(move || {
                    for round in 0..200 {
                        let chunk = (thread + round) % 3;
                        let _lock = locks.lock(SmallVec::from_slice(&[chunk]));
                        assert_eq!(inside[chunk].fetch_add(1, Ordering::SeqCst), 0);
                        std::thread::yield_now();
                        inside[chunk].fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(locks.busy.lock().unwrap().is_empty());
    }
}

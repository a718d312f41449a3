//! [`Slot`]: a result between the task that makes it and the tasks that need it.

use crate::sync::{AtomicU32, Ordering, UnsafeCell};

/// A result, and how many more times it will be handed out. The last one to ask gets the value
/// itself, the others clones.
///
/// The protocol, which [`crate::run`] keeps: `put` happens once, before (through a `Turn`) every
/// `hand_out`, of which there are as many as `n_uses` says.
#[derive(Debug)]
pub(crate) struct Slot<T> {
    uses: AtomicU32,
    value: UnsafeCell<T>,
}

// SAFETY: the value is written by `put` before anybody else may look (its caller's duty). After
// that threads only read it (cloning through `&T`, which `T: Sync` allows), until the one whose
// decrement brings `uses` to zero takes it out; the decrements order the reads before that. The
// value may end on another thread than it was made on, which `T: Send` allows.
unsafe impl<T: Send + Sync> Sync for Slot<T> {}

impl<T: Clone + Default> Slot<T> {
    pub(crate) fn new(n_uses: u32) -> Slot<T> {
        Slot { uses: AtomicU32::new(n_uses), value: UnsafeCell::new(T::default()) }
    }

    /// Stores the value, if anybody will ask for it; gives it back otherwise.
    ///
    /// # Safety
    /// Called once, and every `hand_out` happens after it.
    #[inline]
    pub(crate) unsafe fn put(&self, value: T) -> Option<T> {
        if self.uses.load(Ordering::Relaxed) == 0 {
            return Some(value);
        }
        // SAFETY: nobody else looks at the cell yet (the caller's promise).
        self.value.with_mut(|cell| unsafe { *cell = value });
        None
    }

    /// One of the `n_uses`.
    ///
    /// # Safety
    /// Called at most `n_uses` times in all, each time after `put`.
    #[inline]
    pub(crate) unsafe fn hand_out(&self) -> T {
        // With one use left, it is the caller's, and nobody else looks at the cell.
        if self.uses.load(Ordering::Acquire) == 1 {
            // SAFETY: as said; the acquire load comes after the reads of all others.
            return unsafe { self.take() };
        }
        // SAFETY: the cell is only read while uses are left, and the caller's is not given yet.
        let clone = self.value.with(|cell| unsafe { (*cell).clone() });
        if self.uses.fetch_sub(1, Ordering::AcqRel) == 1 {
            // The others were faster: this is the last use after all, and its value the original,
            // so that a unique one can be changed in place.
            drop(clone);
            // SAFETY: the decrement that reached zero comes after the reads of all others.
            return unsafe { self.take() };
        }
        clone
    }

    /// Moves out whatever is there.
    ///
    /// # Safety
    /// Nobody else looks at the slot at the same time.
    #[inline]
    pub(crate) unsafe fn take(&self) -> T {
        // SAFETY: the caller's promise.
        self.value.with_mut(|cell| unsafe { std::mem::take(&mut *cell) })
    }
}

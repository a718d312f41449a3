//! [`FreeList`]: which places of a region are free.

use std::collections::BTreeMap;

/// Places of a region, given out from the front so that the same pages are used again and again.
///
/// First fit (Knuth, The Art of Computer Programming, 2.5), with neighbours joined when they are
/// given back. Time is linear in the number of free places, which are few: values that are worth a
/// place are large.
#[derive(Debug)]
pub(crate) struct FreeList {
    /// Length of each free place, by its start; no two touch.
    free: BTreeMap<u64, u64>,
    /// Behind the last byte that was ever given out since the memory was last given back.
    touched: u64,
}

/// Cache lines are not shared between values.
const ALIGNMENT: u64 = 64;

impl FreeList {
    /// All of `start..end` is free.
    pub(crate) fn new(start: u64, end: u64) -> FreeList {
        FreeList { free: BTreeMap::from([(start, end - start)]), touched: start }
    }

    /// A place of `len` bytes; `None` if there is none.
    pub(crate) fn take(&mut self, len: u64) -> Option<u64> {
        let len = rounded(len)?;
        let (&start, &free_len) = self.free.iter().find(|(_, free_len)| **free_len >= len)?;
        self.free.remove(&start);
        if free_len > len {
            self.free.insert(start + len, free_len - len);
        }
        self.touched = self.touched.max(start + len);
        Some(start)
    }

    /// Gives a place back that [`FreeList::take`] gave out for as many bytes.
    pub(crate) fn give(&mut self, start: u64, len: u64) {
        let Some(mut len) = rounded(len) else { return };
        let mut start = start;
        if let Some(next_len) = self.free.remove(&(start + len)) {
            len += next_len;
        }
        if let Some((&before, &before_len)) = self.free.range(..start).next_back()
            && before + before_len == start
        {
            start = before;
            len += before_len;
        }
        self.free.insert(start, len);
    }

    /// Free places that were used and lie behind the first `keep` bytes: memory to give back. They
    /// count as untouched afterwards.
    pub(crate) fn idle(&mut self, keep: u64) -> Vec<(u64, u64)> {
        let touched = self.touched;
        let within = |(&start, &len): (&u64, &u64)| {
            let (start, end) = (start.max(keep), (start + len).min(touched));
            (start < end).then(|| (start, end - start))
        };
        let idle: Vec<(u64, u64)> = self.free.iter().filter_map(within).collect();
        if let Some(&(start, len)) = idle.last()
            && start + len == touched
        {
            self.touched = start;
        }
        idle
    }
}

fn rounded(len: u64) -> Option<u64> {
    len.max(1).checked_next_multiple_of(ALIGNMENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn freed_places_are_used_again() {
        let mut list = FreeList::new(64, 10_000);
        let (a, b) = (list.take(100).unwrap(), list.take(1).unwrap());
        list.give(a, 100);
        assert_eq!(list.take(90), Some(a));
        assert_ne!(a, b);
        assert_eq!(list.take(20_000), None);
        assert_eq!(list.take(u64::MAX), None);
    }

    #[test]
    fn idle_memory_is_what_was_used_and_is_free() {
        let mut list = FreeList::new(0, 1 << 20);
        let (a, b) = (list.take(6400).unwrap(), list.take(6400).unwrap());
        assert_eq!(list.idle(0), []);
        list.give(b, 6400);
        assert_eq!(list.idle(0), [(6400, 6400)]);
        assert_eq!(list.idle(0), []);
        list.give(a, 6400);
        assert_eq!(list.idle(640), [(640, 5760)]);
    }

    proptest! {
        #[test]
        fn places_never_overlap_and_all_come_back(
            steps in prop::collection::vec((any::<bool>(), 1u64..3000), 0..200)
        ) {
            let mut list = FreeList::new(64, 100_032);
            let mut taken: Vec<(u64, u64)> = Vec::new();
            for (give, len) in steps {
                if give && !taken.is_empty() {
                    let (start, len) = taken.swap_remove(len as usize % taken.len());
                    list.give(start, len);
                } else if let Some(start) = list.take(len) {
                    prop_assert!(start >= 64 && start + len <= 100_032 && start % 64 == 0);
                    for &(other, other_len) in &taken {
                        prop_assert!(start + len <= other || other + other_len <= start);
                    }
                    taken.push((start, len));
                }
            }
            for (start, len) in taken {
                list.give(start, len);
            }
            prop_assert_eq!(list.free, BTreeMap::from([(64, 99_968)]));
        }
    }
}

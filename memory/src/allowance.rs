//! What an allocator holds beyond what was asked of it.
//!
//! A budget counts the bytes of results and what tasks say that they need. The process holds more:
//! size classes round up (measured with mimalloc and chunks of 8 MiB: 1.18 to 1.25 times), results
//! that are read back or written are there twice for a moment, freed blocks stay for some milliseconds in case they are needed again (two a worker), and stacks and
//! tables are there too. A limit is what the user sees in the system's monitor; so runs get what is
//! left of it when all this is taken off, and predictions say what the process will hold.

/// Stacks, tables, small blocks: what no task asks for.
const FIXED: u64 = 16 << 20;

/// What may be reserved so that the process stays within `limit`, in bytes.
pub(crate) fn usable(limit: u64) -> u64 {
    let rest = limit.saturating_sub(FIXED);
    rest - rest / 4
}

/// What the process holds at most when `reserved` bytes are, of which the largest task has
/// `largest`; never more than `limit`, to which [`usable`] held the reservations.
pub(crate) fn resident(reserved: u64, largest: u64, n_workers: usize, limit: u64) -> u64 {
    let rounded = reserved.saturating_add(reserved / 3);
    let freed = largest.saturating_mul(2 * n_workers as u64);
    rounded.saturating_add(freed).saturating_add(FIXED).min(limit)
}

/// A limit of which `reserved` bytes are usable.
#[cfg(all(test, shuttle))]
pub(crate) fn limit_of(reserved: u64) -> u64 {
    FIXED + reserved + reserved / 3 + 2
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use super::*;

    #[test]
    fn what_is_usable_becomes_the_limit_when_it_is_resident() {
        for limit in [64 << 20, 256 << 20, 1 << 40] {
            let reserved = usable(limit);
            assert!(reserved + reserved / 3 + FIXED <= limit + 4);
            assert_eq!(resident(reserved, reserved, 2, limit), limit);
        }
        assert_eq!((usable(0), usable(FIXED)), (0, 0));
        assert_eq!(resident(0, 0, 8, u64::MAX), FIXED);
        assert_eq!(resident(u64::MAX, u64::MAX, 8, u64::MAX), u64::MAX);
    }
}

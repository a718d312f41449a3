//! [`Totals`]: sums over tasks of one kind.

/// Number, times in nanoseconds and bytes of some tasks.
#[derive(Clone, Debug, Default)]
pub(super) struct Totals {
    pub(super) n_tasks: u64,
    pub(super) total: u64,
    /// The total without the tasks that ran inside them.
    pub(super) own: u64,
    pub(super) min: u64,
    pub(super) max: u64,
    pub(super) bytes: u64,
}

impl Totals {
    /// Of one task.
    pub(super) fn one(time: u64, inside: u64, bytes: u64) -> Totals {
        let own = time.saturating_sub(inside);
        Totals { n_tasks: 1, total: time, own, min: time, max: time, bytes }
    }

    pub(super) fn add(&mut self, other: &Totals) {
        if other.n_tasks == 0 {
            return;
        }
        self.min = if self.n_tasks == 0 { other.min } else { self.min.min(other.min) };
        self.max = self.max.max(other.max);
        self.n_tasks += other.n_tasks;
        self.total = self.total.saturating_add(other.total);
        self.own = self.own.saturating_add(other.own);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

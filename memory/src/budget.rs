//! [`Budget`]: one number of bytes that everything shares, and [`Reservation`]s of it.

use crate::forecast::forecast;
use crate::need::Needs;
use crate::spill::{Spill, SpillOptions};
use crate::sync::{Mutex, lock};
use chunkwise_graph::{Forecast, HeldBytes, MemoryBudget, Plan, format_bytes};
use std::any::Any;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Weak};

/// A number of bytes that runs, kernels, caches and kept results share. Cheap to clone; clones are
/// the same budget.
///
/// It counts; it allocates nothing. Whoever is about to hold memory makes a [`Reservation`] first
/// and drops it afterwards.
///
/// ```
/// use chunkwise_memory::Budget;
/// let budget = Budget::new(1000);
/// let mut mine = budget.try_reserve(600).expect("it is free");
/// assert!(budget.try_reserve(600).is_none());
/// mine.shrink_to(100);
/// assert_eq!((budget.used(), budget.peak()), (100, 600));
/// ```
#[derive(Clone)]
pub struct Budget {
    inner: Arc<Inner>,
}

struct Inner {
    limit: u64,
    /// Whether somebody chose the limit, so that what is not known must not go unchecked.
    is_strict: bool,
    spill: Spill,
    /// What its reservations count in too.
    parent: Option<Budget>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    used: u64,
    peak: u64,
    /// Bytes that stay until their owner drops them, whatever is asked of anybody.
    kept: u64,
    /// Tasks of governed runs that are running.
    working: usize,
    /// Who is asked to give back, the next one first.
    holders: VecDeque<Weak<dyn Reclaim>>,
    /// So many holders are looked through for dead ones: twice as many as were alive the last time.
    look_through_at: usize,
}

/// Somebody who holds reserved memory that could be given back: a cache, buffers that can be
/// written to disk.
pub trait Reclaim: Send + Sync {
    /// Gives back about `bytes` if there is so much, by dropping or shrinking reservations; says
    /// how much it was. Called by whoever needs the memory, with no lock of the budget held.
    fn reclaim(&self, bytes: u64) -> u64;
}

/// A reservation that could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutOfBudget {
    /// What the bytes were for.
    pub what: String,
    /// How many more were asked for.
    pub bytes: u64,
    /// How many others hold.
    pub used: u64,
    /// The whole budget.
    pub limit: u64,
}

impl fmt::Display for OutOfBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [bytes, used, limit] = [self.bytes, self.used, self.limit].map(format_bytes);
        write!(f, "{} needs {bytes} more, of {limit} in all {used} are held", self.what)
    }
}

impl std::error::Error for OutOfBudget {}

impl Budget {
    /// So many bytes, with spill files in the system's folder for temporary files.
    pub fn new(limit: u64) -> Budget {
        Budget::made(limit, true, Spill::new(SpillOptions::default()), None)
    }

    /// The same limit, with spill files of your choice: another folder, a quota.
    #[must_use]
    pub fn with_spill(self, spill: Spill) -> Budget {
        Budget::made(self.inner.limit, self.inner.is_strict, spill, None)
    }

    /// The same limit as a precaution: nobody asked for it, so tasks that do not say what they take
    /// run unchecked as long as those that do would all fit together. Reserving is as strict.
    #[must_use]
    pub fn as_precaution(self) -> Budget {
        Budget::made(self.inner.limit, false, self.inner.spill.clone(), None)
    }

    /// A budget of its own within this one: what is reserved of it counts in both. For a run that
    /// was predicted to need less than everything.
    #[must_use]
    pub fn child(&self, limit: u64) -> Budget {
        let Inner { is_strict, spill, .. } = &*self.inner;
        Budget::made(limit.min(self.limit()), *is_strict, spill.clone(), Some(self.clone()))
    }

    fn made(limit: u64, is_strict: bool, spill: Spill, parent: Option<Budget>) -> Budget {
        let state = Mutex::default();
        Budget { inner: Arc::new(Inner { limit, is_strict, spill, parent, state }) }
    }

    /// The budget that a run was given, if it is one of these.
    pub fn of(budget: &dyn MemoryBudget) -> Option<Budget> {
        (budget as &dyn Any).downcast_ref().cloned()
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.inner.is_strict
    }

    /// Where what does not fit goes.
    pub fn spill(&self) -> &Spill {
        &self.inner.spill
    }

    /// Bytes that stay until their owner drops them: what `persist` keeps.
    pub fn kept(&self) -> u64 {
        lock(&self.inner.state).kept
    }

    fn root(&self) -> &Budget {
        let mut root = self;
        while let Some(parent) = &root.inner.parent {
            root = parent;
        }
        root
    }

    /// Counts a running task, until dropped.
    pub(crate) fn working(&self) -> Working {
        let root = self.root().clone();
        lock(&root.inner.state).working += 1;
        Working(root)
    }

    /// Whether tasks are running, of whatever run, that may give memory back.
    pub(crate) fn is_worked_with(&self) -> bool {
        lock(&self.root().inner.state).working > 0
    }

    /// The whole budget, in bytes.
    pub fn limit(&self) -> u64 {
        self.inner.limit
    }

    /// Bytes that are reserved now.
    pub fn used(&self) -> u64 {
        lock(&self.inner.state).used
    }

    /// The most bytes that were reserved at any time.
    pub fn peak(&self) -> u64 {
        lock(&self.inner.state).peak
    }

    /// Reserves `bytes` if so many are free at once; nobody is asked to give back.
    pub fn try_reserve(&self, bytes: u64) -> Option<Reservation> {
        self.take(bytes).then(|| Reservation { budget: self.clone(), bytes })
    }

    /// Counts `bytes` here and in every parent, or nowhere.
    fn take(&self, bytes: u64) -> bool {
        // A child's lock is taken before its parent's, everywhere.
        let mut state = lock(&self.inner.state);
        let used = state.used.checked_add(bytes).filter(|&used| used <= self.inner.limit);
        let Some(used) = used else { return false };
        if self.inner.parent.as_ref().is_some_and(|parent| !parent.take(bytes)) {
            return false;
        }
        state.set_used(used);
        true
    }

    /// Reserves `bytes`, asking holders to give back what is missing. It never waits: two tasks
    /// that wait for each other would wait for ever.
    ///
    /// # Errors
    /// [`OutOfBudget`], naming `what` the bytes were for; then write what you hold to disk, or use
    /// smaller pieces.
    pub fn reserve(&self, bytes: u64, what: &str) -> Result<Reservation, OutOfBudget> {
        loop {
            if let Some(reservation) = self.try_reserve(bytes) {
                return Ok(reservation);
            }
            let missing = self.missing(bytes);
            if missing > 0 && self.reclaim(missing) == 0 {
                return self.try_reserve(bytes).ok_or_else(|| self.refusal(bytes, what));
            }
        }
    }

    /// Counts `bytes` that are there whatever the limit says: what a task held beyond its bounds.
    pub fn force(&self, bytes: u64) -> Reservation {
        self.take_anyway(bytes);
        Reservation { budget: self.clone(), bytes }
    }

    fn take_anyway(&self, bytes: u64) {
        let mut state = lock(&self.inner.state);
        let used = state.used.saturating_add(bytes);
        state.set_used(used);
        if let Some(parent) = &self.inner.parent {
            parent.take_anyway(bytes);
        }
    }

    /// How many bytes would have to be given back before `bytes` can be reserved.
    pub fn missing(&self, bytes: u64) -> u64 {
        let here = self.used().saturating_add(bytes).saturating_sub(self.inner.limit);
        let above = self.inner.parent.as_ref().map_or(0, |parent| parent.missing(bytes));
        here.max(above)
    }

    /// Registers a holder that can give memory back, as long as it lives.
    ///
    /// # Complexity
    /// O(1) on average, however many holders there are: dead ones are looked for when there are
    /// twice as many holders as were alive before.
    pub fn register(&self, holder: Weak<dyn Reclaim>) {
        let mut state = lock(&self.inner.state);
        if state.holders.len() >= state.look_through_at {
            state.holders.retain(|holder| holder.strong_count() > 0);
            state.look_through_at = (2 * state.holders.len()).max(State::FEW_HOLDERS);
        }
        state.holders.push_back(holder);
    }

    /// Asks holders, and then those of the parent, until they have given back `bytes`; says how much
    /// they did.
    ///
    /// The first registered is asked first, and again only after all others have been: what is
    /// newest is most often still needed, and nobody is asked to give everything while others keep
    /// what they have. Callers at the same time ask different holders.
    ///
    /// # Complexity
    /// O(holders that are asked); a holder that has gone costs once.
    pub fn reclaim(&self, bytes: u64) -> u64 {
        let given_back = self.reclaim_own(bytes);
        match &self.inner.parent {
            Some(parent) if given_back < bytes => {
                given_back.saturating_add(parent.reclaim(bytes - given_back))
            }
            _ => given_back,
        }
    }

    /// As [`Budget::reclaim`], without the holders of the parent.
    pub(crate) fn reclaim_own(&self, bytes: u64) -> u64 {
        let mut given_back = 0u64;
        let mut left = lock(&self.inner.state).holders.len();
        while given_back < bytes && left > 0 {
            left -= 1;
            let Some(holder) = lock(&self.inner.state).next_holder() else { break };
            if let Some(holder) = holder.upgrade() {
                given_back = given_back.saturating_add(holder.reclaim(bytes - given_back));
            }
        }
        given_back
    }

    fn refusal(&self, bytes: u64, what: &str) -> OutOfBudget {
        let (what, limit) = (what.to_owned(), self.inner.limit);
        OutOfBudget { what, bytes, used: self.used(), limit }
    }

    fn give_back(&self, bytes: u64) {
        if bytes > 0 {
            let mut state = lock(&self.inner.state);
            state.used -= bytes;
            if let Some(parent) = &self.inner.parent {
                parent.give_back(bytes);
            }
        }
    }
}

impl State {
    /// Fewer holders are not worth looking through.
    const FEW_HOLDERS: usize = 32;

    /// The first holder, which becomes the last one unless it has gone.
    fn next_holder(&mut self) -> Option<Weak<dyn Reclaim>> {
        let holder = self.holders.pop_front()?;
        if holder.strong_count() > 0 {
            self.holders.push_back(holder.clone());
        }
        Some(holder)
    }

    fn set_used(&mut self, used: u64) {
        self.used = used;
        self.peak = self.peak.max(used);
    }
}

/// A running task, for [`Budget::is_worked_with`].
pub(crate) struct Working(Budget);

impl Drop for Working {
    fn drop(&mut self) {
        lock(&self.0.inner.state).working -= 1;
    }
}

impl MemoryBudget for Budget {
    fn limit(&self) -> u64 {
        self.inner.limit
    }

    fn hold(&self, bytes: u64) -> HeldBytes {
        lock(&self.inner.state).kept += bytes;
        Box::new(Kept(self.force(bytes)))
    }

    fn forecast(&self, plan: &Plan, n_workers: usize) -> chunkwise_graph::Result<Forecast> {
        let free = self.limit().saturating_sub(self.kept());
        let needs = Needs::of(plan, free, n_workers);
        Ok(forecast(plan, &needs, free, n_workers)?.0)
    }
}

/// Bytes that stay until this is dropped.
struct Kept(Reservation);

impl Drop for Kept {
    fn drop(&mut self) {
        lock(&self.0.budget.inner.state).kept -= self.0.bytes;
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (used, limit) = (format_bytes(self.used()), format_bytes(self.limit()));
        write!(f, "Budget({used} of {limit})")
    }
}

/// Bytes of a [`Budget`] that are somebody's; dropping it gives them back.
#[derive(Debug)]
#[must_use = "dropped at once, it reserves nothing"]
pub struct Reservation {
    budget: Budget,
    bytes: u64,
}

impl Reservation {
    /// How many bytes it holds.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The budget that they are of.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Takes `bytes` more, as [`Budget::reserve`] does.
    ///
    /// # Errors
    /// [`OutOfBudget`]; what it held before stays.
    pub fn grow(&mut self, bytes: u64, what: &str) -> Result<(), OutOfBudget> {
        let more = self.budget.reserve(bytes, what)?;
        self.merge(more);
        Ok(())
    }

    /// Gives back what exceeds `bytes`.
    pub fn shrink_to(&mut self, bytes: u64) {
        let excess = self.bytes.saturating_sub(bytes);
        self.bytes -= excess;
        self.budget.give_back(excess);
    }

    /// Takes up to `bytes` of it out, as a reservation of its own.
    pub fn split(&mut self, bytes: u64) -> Reservation {
        let bytes = bytes.min(self.bytes);
        self.bytes -= bytes;
        Reservation { budget: self.budget.clone(), bytes }
    }

    /// Adds another one of the same budget; one of another budget stays counted there, and is
    /// given back at once.
    pub fn merge(&mut self, mut other: Reservation) {
        if Arc::ptr_eq(&self.budget.inner, &other.budget.inner) {
            self.bytes += std::mem::take(&mut other.bytes);
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.give_back(self.bytes);
    }
}

#[cfg(test)]
#[cfg(not(shuttle))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct Cache {
        held: Mutex<Vec<Reservation>>,
    }

    impl Reclaim for Cache {
        fn reclaim(&self, bytes: u64) -> u64 {
            let mut given_back = 0;
            while given_back < bytes {
                let Some(entry) = lock(&self.held).pop() else { break };
                given_back += entry.bytes();
            }
            given_back
        }
    }

    #[test]
    fn a_cache_gives_back_on_demand_and_only_what_is_needed() {
        let budget = Budget::new(100);
        let entries = (0..10).map(|_| budget.try_reserve(10).unwrap()).collect();
        let cache = Arc::new(Cache { held: Mutex::new(entries) });
        let holder: Weak<dyn Reclaim> = Arc::<Cache>::downgrade(&cache);
        budget.register(holder);
        let mine = budget.reserve(25, "a sum").unwrap();
        assert_eq!((lock(&cache.held).len(), budget.used()), (7, 95));
        let error = budget.reserve(80, "a sort").unwrap_err();
        assert_eq!(error.to_string(), "a sort needs 80 B more, of 100 B in all 25 B are held");
        drop(mine);
        assert_eq!((budget.used(), budget.peak()), (0, 100));
    }

    #[test]
    fn a_child_counts_in_its_parent_and_keeps_to_both() {
        let whole = Budget::new(100);
        let part = whole.child(60);
        let first = part.try_reserve(50).unwrap();
        assert!(part.try_reserve(20).is_none());
        let others = whole.try_reserve(45).unwrap();
        assert!(part.try_reserve(10).is_none());
        assert_eq!((part.used(), whole.used(), part.missing(10)), (50, 95, 5));
        drop(first);
        assert_eq!((part.used(), part.peak(), whole.used()), (0, 50, 45));
        drop(others);
    }

    #[test]
    fn holders_take_turns_and_dead_ones_go() {
        let budget = Budget::new(100);
        let cache = || {
            let held = (0..2).map(|_| budget.try_reserve(10).unwrap()).collect();
            let cache = Arc::new(Cache { held: Mutex::new(held) });
            let holder: Weak<dyn Reclaim> = Arc::<Cache>::downgrade(&cache);
            budget.register(holder);
            cache
        };
        let (a, b) = (cache(), cache());
        assert_eq!((budget.reclaim(10), budget.reclaim(10)), (10, 10));
        assert_eq!((lock(&a.held).len(), lock(&b.held).len()), (1, 1));
        (0..1000).for_each(|_| drop(cache()));
        assert!(lock(&budget.inner.state).holders.len() <= 2 * State::FEW_HOLDERS);
        assert_eq!((budget.reclaim(100), budget.used()), (20, 0));
    }

    proptest! {
        #[test]
        fn what_is_used_is_the_sum_of_the_reservations(steps in prop::collection::vec((0u8..6, 0u64..50), 0..60)) {
            let budget = Budget::new(100);
            let mut held: Vec<Reservation> = Vec::new();
            for (what, bytes) in steps {
                match (what, held.last_mut()) {
                    (0, Some(last)) => last.shrink_to(bytes),
                    (1, Some(last)) => { let part = last.split(bytes); held.push(part); }
                    (2, Some(last)) => { let _ = last.grow(bytes, "more"); }
                    (3, Some(_)) => {
                        let last = held.pop().unwrap();
                        if let Some(first) = held.first_mut() { first.merge(last) }
                    }
                    (4, Some(_)) => drop(held.pop()),
                    _ => held.extend(budget.try_reserve(bytes)),
                }
                let sum: u64 = held.iter().map(Reservation::bytes).sum();
                prop_assert_eq!(budget.used(), sum);
                prop_assert!(budget.peak() <= 100);
            }
            drop(held);
            prop_assert_eq!(budget.used(), 0);
        }
    }
}

//! [`State`]: which tasks are ready and where results are. Everything here happens under the run's
//! lock, and none of it reads, writes or computes.

use crate::budget::Reservation;
use crate::spill::SpilledValue;
use chunkwise_graph::{Error, MemoryUse, Plan, TypeInfo, Value};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The state of a governed run.
pub(super) struct State {
    nodes: Vec<Node>,
    /// Tasks whose dependencies have run.
    ready: BinaryHeap<Reverse<u32>>,
    /// Results that exist, wherever; `Node::entry` counts from here.
    entries: Vec<Entry>,
    free_entries: Vec<u32>,
    /// Results in memory that nobody uses right now and that can leave it, by the task that needs
    /// them next; small ones apart.
    evictable: [BTreeSet<(u32, u32)>; 2],
    running: HashSet<u32>,
    /// Workers that look for tasks or run them.
    n_inside: usize,
    /// Since when nothing could start although nothing ran.
    stuck_since: Option<Instant>,
    /// Bytes that have left memory since the run began.
    evicted: u64,
    /// Results that are to be written, and the one that is being.
    queue: VecDeque<u32>,
    in_writing: Option<u32>,
    /// The bytes of those.
    writing_bytes: u64,
    /// What was the last task's to use while the writer still had it.
    of_writer: Option<Reservation>,
    has_writer: bool,
    /// Tasks of this number and above do not start any more.
    limit: u32,
    failure: Option<(u32, Error)>,
    exceeded_by: Option<u32>,
    pub(super) measured: MemoryUse,
}

#[derive(Clone, Copy)]
struct Node {
    /// Dependencies that have not run; `BEGUN` once the task has.
    missing: u32,
    /// How many more times the result will be handed out.
    uses: u32,
    /// Where the result is.
    entry: u32,
    /// The first dependent that may not have begun.
    next: u32,
}

const BEGUN: u32 = u32::MAX;
const NO_ENTRY: u32 = u32::MAX;

/// A result. It is in memory if it has a value, on disk if it has a copy there; if neither, it was
/// dropped to be computed again.
#[derive(Default)]
struct Entry {
    value: Option<Value>,
    /// The bytes of the value in memory.
    reserved: Option<Reservation>,
    on_disk: Option<Arc<SpilledValue>>,
    /// What it takes in memory, in bytes.
    nbytes: u64,
    /// Running tasks that use it.
    pins: u32,
    is_writing: bool,
    /// How long its task took, in seconds, if it can run again: it needs no other result.
    again: Option<f32>,
}

/// How fast results go to disk and come back, in bytes a second.
pub(super) struct Rates {
    pub(super) write: f64,
    pub(super) read: f64,
    /// Computing again is shared by so many.
    pub(super) n_workers: f64,
}

/// What an eviction has achieved so far, in bytes.
#[derive(Clone, Copy, Default)]
pub(super) struct Evicting {
    pub(super) dropped: u64,
    pub(super) writing: u64,
}

/// How a task gets one of its inputs into memory.
pub(super) enum Fetch {
    Here,
    FromDisk(Arc<SpilledValue>),
    Again,
}

impl State {
    pub(super) fn new(plan: &Plan) -> State {
        let dag = plan.dag();
        let node = |(task, uses): (u32, u32)| Node {
            missing: dag.deps(task).len() as u32,
            uses,
            entry: NO_ENTRY,
            next: 0,
        };
        let nodes: Vec<Node> = dag.tasks().zip(plan.n_uses()).map(node).collect();
        let is_ready = |&task: &u32| nodes[task as usize].missing == 0;
        State {
            ready: dag.tasks().filter(is_ready).map(Reverse).collect(),
            nodes,
            entries: Vec::new(),
            free_entries: Vec::new(),
            evictable: Default::default(),
            running: HashSet::new(),
            n_inside: 0,
            stuck_since: None,
            evicted: 0,
            queue: VecDeque::new(),
            in_writing: None,
            writing_bytes: 0,
            of_writer: None,
            has_writer: false,
            limit: plan.len() as u32,
            failure: None,
            exceeded_by: None,
            measured: MemoryUse::default(),
        }
    }

    // --- which task is next -----------------------------------------------------------------

    /// The ready task with the smallest number, if it may start.
    pub(super) fn first_ready(&self) -> Option<u32> {
        self.ready.peek().map(|&Reverse(task)| task).filter(|&task| task < self.limit)
    }

    /// Whether nothing will be ready any more.
    pub(super) fn is_over(&self) -> bool {
        self.running.is_empty() && self.first_ready().is_none()
    }

    /// A worker comes, unless there are `n_workers` already. Whether it may.
    pub(super) fn come(&mut self, n_workers: usize) -> bool {
        let may = self.n_inside < n_workers;
        self.n_inside += usize::from(may);
        may
    }

    pub(super) fn leave(&mut self) {
        self.n_inside -= 1;
    }

    /// How many more workers would look for something.
    pub(super) fn n_wanted(&self, n_workers: usize) -> usize {
        match self.first_ready() {
            Some(_) => self.ready.len().min(n_workers.saturating_sub(self.n_inside)),
            None => 0,
        }
    }

    /// For how long nothing could start although nothing ran.
    pub(super) fn stuck_for(&mut self) -> Duration {
        self.stuck_since.get_or_insert_with(Instant::now).elapsed()
    }

    /// Whether something is going on that will give memory back.
    pub(super) fn is_busy(&self) -> bool {
        !self.running.is_empty() || self.is_writing()
    }

    pub(super) fn running_is_empty(&self) -> bool {
        self.running.is_empty()
    }

    pub(super) fn is_writing(&self) -> bool {
        self.in_writing.is_some() || !self.queue.is_empty()
    }

    pub(super) fn running(&self) -> impl Iterator<Item = u32> {
        let mut running: Vec<u32> = self.running.iter().copied().collect();
        running.sort_unstable();
        running.into_iter()
    }

    /// `task` is the first ready one: it begins, and its inputs stay where they are until it ends.
    pub(super) fn begin(&mut self, plan: &Plan, task: u32) {
        debug_assert_eq!(self.ready.peek(), Some(&Reverse(task)));
        self.ready.pop();
        self.stuck_since = None;
        self.nodes[task as usize].missing = BEGUN;
        self.running.insert(task);
        for &dep in plan.dag().deps(task) {
            self.pin(plan, dep);
        }
    }

    pub(super) fn has_ended(&mut self, task: u32) {
        self.running.remove(&task);
    }

    /// A task has done with its inputs: they may leave memory. Those that nobody needs any more.
    pub(super) fn unpin_inputs(&mut self, plan: &Plan, task: u32) -> Vec<u32> {
        let deps = plan.dag().deps(task).iter().copied();
        deps.filter(|&dep| self.unpin(plan, dep)).collect()
    }

    /// The dependents of a task that has given its result.
    pub(super) fn release_dependents(&mut self, plan: &Plan, task: u32) {
        for &dependent in plan.dag().dependents(task) {
            let missing = &mut self.nodes[dependent as usize].missing;
            *missing -= 1;
            if *missing == 0 {
                self.ready.push(Reverse(dependent));
            }
        }
    }

    // --- results ----------------------------------------------------------------------------

    fn entry(&mut self, task: u32) -> Option<&mut Entry> {
        self.entries.get_mut(self.nodes[task as usize].entry as usize)
    }

    /// What `task` lacks of one of its inputs, and the bytes of that.
    pub(super) fn fetch(&self, input: u32) -> (Fetch, u64) {
        match self.entries.get(self.nodes[input as usize].entry as usize) {
            Some(Entry { value: None, on_disk: Some(copy), nbytes, .. }) => {
                (Fetch::FromDisk(Arc::clone(copy)), *nbytes)
            }
            Some(Entry { value: None, nbytes, .. }) => (Fetch::Again, *nbytes),
            _ => (Fetch::Here, 0),
        }
    }

    /// Keeps a result for those who need it; gives it back if nobody does.
    pub(super) fn keep(
        &mut self,
        plan: &Plan,
        task: u32,
        value: Value,
        reserved: Reservation,
        again: Option<f32>,
    ) -> Option<Value> {
        if self.nodes[task as usize].uses == 0 {
            return Some(value);
        }
        let (nbytes, reserved) = (reserved.bytes(), Some(reserved));
        let entry = Entry { value: Some(value), reserved, nbytes, again, ..Entry::default() };
        let at = match self.free_entries.pop() {
            Some(at) => at,
            None => {
                self.entries.push(Entry::default());
                self.entries.len() as u32 - 1
            }
        };
        self.entries[at as usize] = entry;
        self.nodes[task as usize].entry = at;
        self.make_evictable(plan, task);
        None
    }

    /// A result that had left memory is back.
    pub(super) fn fetched(&mut self, task: u32, value: Value, reserved: Reservation) {
        if let Some(entry) = self.entry(task)
            && entry.value.is_none()
        {
            entry.value = Some(value);
            entry.reserved = Some(reserved);
        }
    }

    /// One of the uses of a result that is in memory: the value itself the last time, a shared one
    /// before. Its bytes stay counted until all who use it have ended.
    pub(super) fn hand_out(&mut self, task: u32) -> Value {
        let node = &mut self.nodes[task as usize];
        node.uses -= 1;
        let is_last = node.uses == 0;
        let Some(entry) = self.entry(task) else { return Value::unit() };
        let value = if is_last { entry.value.take() } else { entry.value.clone() };
        value.unwrap_or_default()
    }

    /// Forgets a result that nobody needs any more.
    fn drop_entry(&mut self, task: u32) {
        let at = std::mem::replace(&mut self.nodes[task as usize].entry, NO_ENTRY);
        let Some(entry) = self.entries.get_mut(at as usize) else { return };
        let entry = std::mem::take(entry);
        self.free_entries.push(at);
        if entry.is_writing {
            self.writing_bytes -= entry.nbytes;
        }
        if self.in_writing == Some(task) {
            self.of_writer = entry.reserved;
        }
    }

    // --- leaving memory ---------------------------------------------------------------------

    fn pin(&mut self, plan: &Plan, task: u32) {
        let key = (self.next_use(plan, task), task);
        if let Some(entry) = self.entry(task) {
            entry.pins += 1;
            let set = entry.set();
            self.evictable[set].remove(&key);
        }
    }

    /// One task less uses a result; whether nobody needs it any more.
    fn unpin(&mut self, plan: &Plan, task: u32) -> bool {
        let uses = self.nodes[task as usize].uses;
        let Some(entry) = self.entry(task) else { return false };
        entry.pins -= 1;
        if entry.pins == 0 && uses == 0 {
            self.drop_entry(task);
            return true;
        }
        self.make_evictable(plan, task);
        false
    }

    fn make_evictable(&mut self, plan: &Plan, task: u32) {
        let Some(entry) = self.entry(task) else { return };
        let info = entry.value.as_ref().map(Value::info);
        if info.is_some_and(TypeInfo::is_handle) {
            return;
        }
        let can_leave = entry.on_disk.is_some()
            || entry.again.is_some()
            || entry.value.as_ref().is_some_and(|value| value.info().codec().is_some());
        if entry.pins == 0
            && !entry.is_writing
            && entry.nbytes > 0
            && entry.value.is_some()
            && can_leave
        {
            let set = entry.set();
            let dependents = plan.dag().dependents(task);
            let mut next = self.nodes[task as usize].next;
            while dependents
                .get(next as usize)
                .is_some_and(|&dependent| self.nodes[dependent as usize].missing == BEGUN)
            {
                next += 1;
            }
            self.nodes[task as usize].next = next;
            self.evictable[set].insert((self.next_use(plan, task), task));
        }
    }

    fn next_use(&self, plan: &Plan, task: u32) -> u32 {
        let dependents = plan.dag().dependents(task);
        dependents.get(self.nodes[task as usize].next as usize).copied().unwrap_or(u32::MAX)
    }

    /// Lets results leave memory that are needed after `task`, the last needed first, until `bytes`
    /// have or are about to: those that have to be written are queued.
    pub(super) fn evict(&mut self, bytes: u64, task: u32, rates: &Rates) -> Evicting {
        let mut evicting = Evicting { dropped: 0, writing: self.writing_bytes };
        while evicting.dropped + evicting.writing < bytes {
            let Some(of) = self.last_needed(task) else { break };
            let uses = self.nodes[of as usize].uses;
            let Some(entry) = self.entry(of) else { continue };
            let nbytes = entry.nbytes;
            if entry.on_disk.is_some() || entry.is_cheaper_again(uses, rates) {
                let is_dropped = entry.on_disk.is_none();
                (entry.value, entry.reserved) = (None, None);
                evicting.dropped += nbytes;
                self.evicted += nbytes;
                if is_dropped {
                    self.measured.dropped += nbytes;
                }
            } else {
                entry.is_writing = true;
                evicting.writing += nbytes;
                self.writing_bytes += nbytes;
                self.queue.push_back(of);
            }
        }
        evicting
    }

    /// Takes out the result that is needed last, and after `task`; small ones only when there is
    /// nothing else.
    fn last_needed(&mut self, task: u32) -> Option<u32> {
        self.evictable.iter_mut().find_map(|set| {
            set.last().filter(|&&(next_use, _)| next_use > task)?;
            set.pop_last().map(|(_, of)| of)
        })
    }

    /// Whether a writer has to be started; the caller does.
    pub(super) fn needs_writer(&mut self) -> bool {
        !self.queue.is_empty() && !std::mem::replace(&mut self.has_writer, true)
    }

    /// No writer could be started.
    pub(super) fn no_writer(&mut self, plan: &Plan) {
        self.has_writer = false;
        self.forget_queue(plan);
    }

    /// Nothing of what waits is to be written any more.
    pub(super) fn forget_queue(&mut self, plan: &Plan) {
        while let Some(task) = self.queue.pop_front() {
            self.stays(plan, task);
        }
    }

    /// The next result to write; those that a task uses by now stay. After `None` the writer is
    /// gone.
    pub(super) fn next_to_write(&mut self, plan: &Plan) -> Option<(u32, Value)> {
        while let Some(task) = self.queue.pop_front() {
            match self.entry(task) {
                Some(Entry { value: Some(value), pins: 0, is_writing: true, .. }) => {
                    let value = value.clone();
                    self.in_writing = Some(task);
                    return Some((task, value));
                }
                _ => self.stays(plan, task),
            }
        }
        self.has_writer = false;
        None
    }

    /// A result that was to be written stays in memory, if it is still needed.
    fn stays(&mut self, plan: &Plan, task: u32) {
        if let Some(entry) = self.entry(task)
            && std::mem::replace(&mut entry.is_writing, false)
        {
            let nbytes = entry.nbytes;
            self.writing_bytes -= nbytes;
            self.make_evictable(plan, task);
        }
    }

    pub(super) fn evicted_bytes(&self) -> u64 {
        self.evicted
    }

    /// A result was written: it leaves memory, unless a task has begun to use it meanwhile.
    pub(super) fn written(&mut self, plan: &Plan, task: u32, on_disk: SpilledValue) {
        self.end_writing();
        self.measured.n_spilled += 1;
        self.measured.spilled += on_disk.nbytes() as u64;
        let Some(entry) = self.entry(task) else { return };
        entry.on_disk = Some(Arc::new(on_disk));
        if entry.pins == 0 {
            (entry.value, entry.reserved) = (None, None);
            let nbytes = entry.nbytes;
            self.evicted += nbytes;
        }
        self.stays(plan, task);
    }

    /// A result could not be written: it stays.
    pub(super) fn not_written(&mut self, plan: &Plan, task: u32) {
        self.end_writing();
        self.stays(plan, task);
    }

    fn end_writing(&mut self) {
        self.stuck_since = None;
        self.in_writing = None;
        self.of_writer = None;
    }

    // --- how it ends ------------------------------------------------------------------------

    /// Lets no task start any more.
    pub(super) fn stop(&mut self) {
        self.limit = 0;
    }

    /// Keeps the failure of the smallest number: tasks below it go on.
    pub(super) fn fail(&mut self, task: u32, error: Error) {
        if self.failure.as_ref().is_none_or(|(first, _)| task < *first) {
            self.failure = Some((task, error));
        }
        self.limit = self.limit.min(task);
    }

    pub(super) fn failure(&mut self, n_tasks: usize) -> Option<Error> {
        match self.failure.take() {
            Some((_, error)) => Some(error),
            None if (self.limit as usize) < n_tasks => {
                Some(Error::Cancelled { running: Vec::new() })
            }
            None => None,
        }
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.evictable.iter_mut().for_each(BTreeSet::clear);
        self.nodes.iter_mut().for_each(|node| node.entry = NO_ENTRY);
    }

    /// A task held so many bytes more than was known.
    pub(super) fn exceeded(&mut self, task: u32, bytes: u64) {
        self.measured.exceeded = self.measured.exceeded.max(bytes);
        self.exceeded_by.get_or_insert(task);
    }

    pub(super) fn exceeded_by(&self) -> Option<u32> {
        self.exceeded_by
    }
}

impl Entry {
    /// Among which of the evictable results it is: a small one costs more to find again than it
    /// takes, and may be a handle of more that is accounted for elsewhere.
    fn set(&self) -> usize {
        const SMALL: u64 = 16 << 10;
        usize::from(self.nbytes < SMALL)
    }

    /// Whether computing the result again for each of its uses takes less time than writing it once
    /// and reading it each time.
    fn is_cheaper_again(&self, uses: u32, rates: &Rates) -> bool {
        let Some(seconds) = self.again else { return false };
        let has_codec = self.value.as_ref().is_some_and(|value| value.info().codec().is_some());
        let (uses, nbytes) = (f64::from(uses), self.nbytes as f64);
        let again = uses * f64::from(seconds) / rates.n_workers;
        !has_codec || again < nbytes / rates.write + uses * nbytes / rates.read
    }
}

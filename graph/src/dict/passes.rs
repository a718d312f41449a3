//! Passes over hand-written graphs: each gives a new graph that computes the same.

use super::argument::Argument;
use super::program::Program;
use super::{Entry, Node, TaskDict};
use crate::error::Result;
use crate::key::Key;
use std::collections::HashSet;
use std::sync::Arc;

impl Entry {
    /// The same key with another task behind it.
    fn with_node(&self, node: Node) -> Arc<Entry> {
        Arc::new(Entry { key: self.key.clone(), node, made_at: self.made_at })
    }
}

impl TaskDict {
    /// A graph of other entries, in which what is wrong with this one stays wrong.
    fn with_entries(&self, entries: Vec<Arc<Entry>>) -> TaskDict {
        let numbered = entries.iter().enumerate();
        let by_key = numbered.map(|(at, entry)| (entry.key.clone(), at as u32)).collect();
        TaskDict { entries, by_key, duplicate: self.duplicate.clone() }
    }

    fn checked_keys(&self, keys: impl IntoIterator<Item = impl Into<Key>>) -> Result<Vec<Key>> {
        if let Some(duplicate) = &self.duplicate {
            return Err(duplicate.clone());
        }
        let keys: Vec<Key> = keys.into_iter().map(Into::into).collect();
        keys.iter().try_for_each(|key| self.find(key).map(drop))?;
        Ok(keys)
    }

    /// For each entry whether it is one of `keys`.
    fn marked(&self, keys: impl IntoIterator<Item = impl Into<Key>>) -> Result<Vec<bool>> {
        let mut is_marked = vec![false; self.len()];
        for key in self.checked_keys(keys)? {
            is_marked[self.find(&key)? as usize] = true;
        }
        Ok(is_marked)
    }

    /// Only what `keys` need.
    ///
    /// # Errors
    /// [`Error::MissingKey`](crate::Error::MissingKey) or
    /// [`Error::DuplicateKey`](crate::Error::DuplicateKey) if the graph is not sound.
    pub fn culled(&self, keys: impl IntoIterator<Item = impl Into<Key>>) -> Result<TaskDict> {
        let keys = self.checked_keys(keys)?;
        let needed = self.needed(&keys)?;
        let entries = needed.iter().map(|&at| self.entries[at as usize].clone());
        Ok(self.with_entries(entries.collect()))
    }

    /// Values written into the tasks that use them, instead of being tasks of their own. The keys
    /// stay, since they may be asked for: cull afterwards.
    #[must_use]
    pub fn with_constants_inlined(&self) -> TaskDict {
        let literal = |key: &Key| match self.get_value(key) {
            Some(value) => Argument::Literal(value.clone()),
            None => Argument::Key(key.clone()),
        };
        let entries = self.entries.iter().map(|entry| {
            let Node::Task { function, arguments } = &entry.node else {
                return entry.clone();
            };
            let arguments = arguments.iter().map(|a| a.map_keys(&mut |key| literal(key))).collect();
            entry.with_node(Node::Task { function: function.clone(), arguments })
        });
        self.with_entries(entries.collect())
    }

    /// The tasks of `keys` computed again inside each task that uses them, instead of once and
    /// held: for cheap ones. The keys stay, since they may be asked for: cull afterwards.
    ///
    /// # Errors
    /// - [`Error::MissingKey`](crate::Error::MissingKey) if one of `keys`, or a key that a task
    ///   needs, is not there.
    /// - [`Error::DuplicateKey`](crate::Error::DuplicateKey), [`Error::Cycle`](crate::Error::Cycle)
    ///   or [`Error::Argument`](crate::Error::Argument) if the graph is not sound.
    ///
    /// # Complexity
    /// O(tasks + arguments) of the new graph, in which a task takes the arguments of what was
    /// inlined into it. A run calls an inlined task once for each path through inlined tasks that
    /// leads from it to a task that is not.
    pub fn inlined(&self, keys: impl IntoIterator<Item = impl Into<Key>>) -> Result<TaskDict> {
        let is_chosen = self.marked(keys)?;
        let mut entries = self.entries.clone();
        // Inner ones first, so that an inlined task brings along what was inlined into it.
        for key in &self.toposort()? {
            let at = self.find(key)? as usize;
            let mut seen = HashSet::new();
            let mut inner = Vec::new();
            for key in entries[at].node.keys() {
                let dep = self.find(key)? as usize;
                let is_task = matches!(entries[dep].node, Node::Task { .. });
                if is_task && is_chosen[dep] && seen.insert(dep) {
                    inner.push(&*entries[dep]);
                }
            }
            if !inner.is_empty() {
                entries[at] = entries[at].with_node(Program::task(&inner, &entries[at]));
            }
        }
        Ok(self.with_entries(entries))
    }

    /// Linear chains as one task each: a task that only one other task uses, whose only argument
    /// it is, runs inside that one. `keep` stay tasks of their own.
    ///
    /// ```
    /// use chunkwise_graph::{InOrder, SchedulerExt, TaskDict};
    /// fn double(x: i64) -> i64 { 2 * x }
    /// fn inc(x: i64) -> i64 { x + 1 }
    ///
    /// let mut graph = TaskDict::new();
    /// graph.value("x", 5i64).task("y", double, ["x"]).task("z", inc, ["y"]);
    /// let fused = graph.fused(["z"])?;
    /// assert_eq!(fused.to_string(), "x = 5\nz = double+inc(x)");
    /// assert_eq!(InOrder.get::<i64>(&fused, "z")?, 11);
    /// # Ok::<(), chunkwise_graph::Error>(())
    /// ```
    ///
    /// # Errors
    /// - [`Error::MissingKey`](crate::Error::MissingKey) if one of `keep`, or a key that a task
    ///   needs, is not there.
    /// - [`Error::DuplicateKey`](crate::Error::DuplicateKey), [`Error::Cycle`](crate::Error::Cycle)
    ///   or [`Error::Argument`](crate::Error::Argument) if the graph is not sound.
    ///
    /// # Complexity
    /// O(tasks + arguments) time and memory.
    pub fn fused(&self, keep: impl IntoIterator<Item = impl Into<Key>>) -> Result<TaskDict> {
        let is_kept = self.marked(keep)?;
        // Without cycles every chain has an end, from which it can be walked.
        self.toposort()?;
        let before = self.links(&is_kept)?;
        let mut is_inner = vec![false; self.len()];
        before.iter().flatten().for_each(|&inner| is_inner[inner] = true);
        let mut entries = Vec::new();
        for at in (0..self.len()).filter(|&at| !is_inner[at]) {
            let mut entry = self.entries[at].clone();
            let walk = std::iter::successors(before[at], |&inner| before[inner]);
            let mut inner: Vec<&Entry> = walk.map(|inner| &*self.entries[inner]).collect();
            if !inner.is_empty() {
                inner.reverse();
                entry = entry.with_node(Program::task(&inner, &entry));
            }
            entries.push(entry);
        }
        Ok(self.with_entries(entries))
    }

    /// For each entry the one that can run inside it: its only argument, which nobody else uses.
    fn links(&self, is_kept: &[bool]) -> Result<Vec<Option<usize>>> {
        let mut n_uses = vec![0u32; self.len()];
        let mut only_argument = vec![None; self.len()];
        for (at, entry) in self.entries.iter().enumerate() {
            let keys = entry.node.keys();
            for key in &keys {
                n_uses[self.find(key)? as usize] += 1;
            }
            if let [key] = keys[..] {
                only_argument[at] = Some(self.find(key)? as usize);
            }
        }
        let is_link = |inner: &usize| {
            let is_task = matches!(self.entries[*inner].node, Node::Task { .. });
            is_task && n_uses[*inner] == 1 && !is_kept[*inner]
        };
        Ok(only_argument.into_iter().map(|inner| inner.filter(is_link)).collect())
    }
}

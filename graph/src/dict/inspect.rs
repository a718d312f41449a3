//! A hand-written graph as data: what it holds and what needs what.

use super::argument::write_arguments;
use super::{Argument, Entry, Node, TaskDict};
use crate::error::{Error, Result};
use crate::key::Key;
use crate::value::Value;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

impl TaskDict {
    /// Number of keys.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The keys, in the order in which they were given.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Key> {
        self.entries.iter().map(|entry| &entry.key)
    }

    /// Whether `key` names something.
    pub fn contains(&self, key: impl Into<Key>) -> bool {
        self.by_key.contains_key(&key.into())
    }

    /// The value that `key` names, or `None` if it names a task or nothing.
    pub fn get_value(&self, key: impl Into<Key>) -> Option<&Value> {
        match &self.entries[*self.by_key.get(&key.into())? as usize].node {
            Node::Value(value) => Some(value),
            Node::Task { .. } => None,
        }
    }

    /// The function's name and the arguments of the task that `key` names, or `None` if it names
    /// a value or nothing.
    pub fn get_task(&self, key: impl Into<Key>) -> Option<(&str, &[Argument])> {
        match &self.entries[*self.by_key.get(&key.into())? as usize].node {
            Node::Value(_) => None,
            Node::Task { function, arguments } => Some((function.name(), arguments)),
        }
    }

    /// The keys that `key` needs directly, in the order of the arguments, each once.
    ///
    /// # Errors
    /// [`Error::MissingKey`] if nothing has this key.
    ///
    /// # Complexity
    /// O(arguments) of the task.
    pub fn dependencies(&self, key: impl Into<Key>) -> Result<Vec<Key>> {
        let entry = &self.entries[self.find(&key.into())? as usize];
        let mut seen = HashSet::new();
        let keys = entry.node.keys().into_iter();
        Ok(keys.filter(|&key| seen.insert(key)).cloned().collect())
    }

    /// The keys that need `key` directly, in the order in which they were given.
    ///
    /// # Errors
    /// [`Error::MissingKey`] if nothing has this key.
    ///
    /// # Complexity
    /// O(tasks + arguments) of the whole graph.
    pub fn dependents(&self, key: impl Into<Key>) -> Result<Vec<Key>> {
        let key = key.into();
        self.find(&key)?;
        let needs = |entry: &&Arc<Entry>| entry.node.keys().contains(&&key);
        Ok(self.entries.iter().filter(needs).map(|entry| entry.key.clone()).collect())
    }

    /// All keys, each after those that it needs.
    ///
    /// # Errors
    /// - [`Error::MissingKey`] if a task needs a key that nothing has.
    /// - [`Error::Cycle`] if tasks need each other.
    pub fn toposort(&self) -> Result<Vec<Key>> {
        let keys: Vec<Key> = self.keys().cloned().collect();
        let plan = self.graph(&keys)?.plan()?;
        Ok(plan.tasks().map(|task| task.key()).collect())
    }

    /// The keys along one cycle, each needing the next and the last the first, or `None`.
    pub fn find_cycle(&self) -> Option<Vec<Key>> {
        match self.toposort() {
            Err(Error::Cycle { keys }) => Some(keys),
            _ => None,
        }
    }
}

/// One line a key, as one would write it down: `z = add(b, y)`.
impl fmt::Display for TaskDict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 50;
        for (at, entry) in self.entries.iter().take(SHOWN).enumerate() {
            write!(f, "{}{entry}", if at > 0 { "\n" } else { "" })?;
        }
        if self.len() > SHOWN { write!(f, "\n… {} more", self.len() - SHOWN) } else { Ok(()) }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = ", self.key)?;
        match &self.node {
            Node::Value(value) => f.write_str(&value.describe()),
            Node::Task { function, arguments } => {
                write!(f, "{}(", function.name())?;
                write_arguments(f, arguments)?;
                f.write_str(")")
            }
        }
    }
}

impl fmt::Debug for TaskDict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskDict({} keys)\n{self}", self.len())
    }
}

/// The key whose text is nearest, when it is near enough to be what was meant.
pub(super) fn most_similar<'a>(key: &Key, keys: impl Iterator<Item = &'a Key>) -> Option<Key> {
    const COMPARED: usize = 10_000;
    let wanted = key.to_string();
    let near = 1 + wanted.chars().count() / 4;
    keys.take(COMPARED)
        .map(|key| (edit_distance(&wanted, &key.to_string()), key))
        .filter(|(distance, _)| *distance <= near)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, key)| key.clone())
}

/// Insertions, deletions and changes of single characters between two texts (Levenshtein 1966).
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in b.iter().enumerate() {
            let change = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

//! Passes over hand-written graphs: each gives a new graph that computes the same.

use super::argument::Argument;
use super::function::{Function, Signature};
use super::{Entry, Node, TaskDict};
use crate::error::{BoxError, Result};
use crate::key::Key;
use crate::value::Value;

impl TaskDict {
    fn from_entries(entries: Vec<Entry>) -> TaskDict {
        let numbered = entries.iter().enumerate();
        let by_key = numbered.map(|(at, entry)| (entry.key.clone(), at as u32)).collect();
        TaskDict { entries, by_key, duplicate: None }
    }

    fn checked_keys(&self, keys: impl IntoIterator<Item = impl Into<Key>>) -> Result<Vec<Key>> {
        if let Some(duplicate) = &self.duplicate {
            return Err(duplicate.clone());
        }
        let keys: Vec<Key> = keys.into_iter().map(Into::into).collect();
        keys.iter().try_for_each(|key| self.find(key).map(drop))?;
        Ok(keys)
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
        Ok(TaskDict::from_entries(entries.collect()))
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
            let Node::Task { function, arguments } = &entry.node else { return entry.clone() };
            let arguments = arguments.iter().map(|a| a.map_keys(&mut |key| literal(key))).collect();
            Entry { node: Node::Task { function: function.clone(), arguments }, ..entry.clone() }
        });
        TaskDict::from_entries(entries.collect())
    }

    /// The tasks of `keys` computed again inside each task that uses them, instead of once and
    /// held: for cheap ones. The keys stay, since they may be asked for: cull afterwards.
    ///
    /// # Errors
    /// [`Error::MissingKey`](crate::Error::MissingKey) if one of `keys` is not there.
    pub fn inlined(&self, keys: impl IntoIterator<Item = impl Into<Key>>) -> Result<TaskDict> {
        let keys = self.checked_keys(keys)?;
        let mut result = self.clone();
        // Inner ones first, so that an inlined task brings along what was inlined into it.
        let order = self.toposort()?;
        for key in order.iter().filter(|key| keys.contains(key)) {
            let at = result.find(key)?;
            let inner = result.entries[at as usize].clone();
            if let Node::Task { .. } = inner.node {
                for entry in &mut result.entries {
                    if entry.key != *key && entry.node.keys().contains(&key) {
                        *entry = entry.with_inlined(&inner);
                    }
                }
            }
        }
        Ok(result)
    }

    /// Linear chains as one task each: a task that only one other task uses, whose only argument
    /// it is the last to need, runs inside that one. `keep` stay tasks of their own.
    ///
    /// # Errors
    /// [`Error::MissingKey`](crate::Error::MissingKey) if one of `keep`, or a key that a task
    /// needs, is not there; [`Error::Cycle`](crate::Error::Cycle) if tasks need each other.
    pub fn fused(&self, keep: impl IntoIterator<Item = impl Into<Key>>) -> Result<TaskDict> {
        let keep = self.checked_keys(keep)?;
        let order = self.toposort()?;
        let mut n_uses = vec![0u32; self.len()];
        for entry in &self.entries {
            for key in entry.node.keys() {
                n_uses[self.find(key)? as usize] += 1;
            }
        }
        let mut entries: Vec<Option<Entry>> = self.entries.iter().cloned().map(Some).collect();
        for key in &order {
            let at = self.find(key)? as usize;
            let only_argument = match self.entries[at].node.keys()[..] {
                [dep] => self.find(dep)? as usize,
                _ => continue,
            };
            let is_inner = n_uses[only_argument] == 1
                && matches!(self.entries[only_argument].node, Node::Task { .. })
                && !keep.contains(&self.entries[only_argument].key);
            if is_inner
                && let (Some(inner), Some(outer)) = (entries[only_argument].take(), &entries[at])
            {
                entries[at] = Some(outer.with_inlined(&inner));
            }
        }
        Ok(TaskDict::from_entries(entries.into_iter().flatten().collect()))
    }
}

impl Entry {
    /// The same task, with every use of `inner`'s key replaced by a call of its function.
    fn with_inlined(&self, inner: &Entry) -> Entry {
        let (
            Node::Task { function: outer, arguments: outer_arguments },
            Node::Task { function: within, arguments: inner_arguments },
        ) = (&self.node, &inner.node)
        else {
            return self.clone();
        };
        // The fused task takes the arguments of both: the inner ones once, then the outer ones.
        let n_inner: usize = count_keys(inner_arguments);
        let fused = Fused {
            outer: outer.clone(),
            outer_arguments: outer_arguments.clone(),
            within: within.clone(),
            inner_arguments: inner_arguments.clone(),
            inner_key: inner.key.clone(),
            n_inner,
        };
        let mut keys: Vec<Argument> = Vec::new();
        let all_keys = |arguments: &[Argument], keys: &mut Vec<Argument>, but: Option<&Key>| {
            for argument in arguments {
                argument.for_each_key(&mut |key| {
                    if Some(key) != but {
                        keys.push(Argument::Key(key.clone()));
                    }
                });
            }
        };
        all_keys(inner_arguments, &mut keys, None);
        all_keys(outer_arguments, &mut keys, Some(&inner.key));
        let name = format!("{}+{}", within.name(), outer.name());
        let signature = outer.signature.map(|s| Signature { parameters: &[], ..s });
        let function = Function::of_body(name, signature, move |_, values| fused.call(values));
        Entry { node: Node::Task { function, arguments: keys }, ..self.clone() }
    }
}

fn count_keys(arguments: &[Argument]) -> usize {
    let mut n = 0;
    arguments.iter().for_each(|argument| argument.for_each_key(&mut |_| n += 1));
    n
}

/// Two tasks in one: `within` gives what `inner_key` stood for in the arguments of `outer`.
struct Fused {
    outer: Function,
    outer_arguments: Vec<Argument>,
    within: Function,
    inner_arguments: Vec<Argument>,
    inner_key: Key,
    n_inner: usize,
}

impl Fused {
    fn call(&self, values: &mut [Value]) -> Result<Value, BoxError> {
        let (inner_values, rest) = values.split_at_mut(self.n_inner);
        let inner = self.within.call(&self.inner_arguments, inner_values)?;
        let mut rest = rest.iter_mut();
        let mut outer_values: Vec<Value> = Vec::new();
        for argument in &self.outer_arguments {
            argument.for_each_key(&mut |key| {
                outer_values.push(if *key == self.inner_key {
                    inner.clone()
                } else {
                    rest.next().map(Value::take).unwrap_or_default()
                });
            });
        }
        drop(inner);
        self.outer.call(&self.outer_arguments, &mut outer_values)
    }
}

//! From a hand-written graph to a layer: checked, culled, keys replaced by numbers.

use super::argument::Argument;
use super::{Entry, Node, TaskDict};
use crate::error::{BoxError, Error, Result};
use crate::key::{Key, Name};
use crate::layer::{Blocks, Dep, Layer};
use crate::ship::Shipment;
use crate::value::Value;
use std::any::TypeId;
use std::borrow::Cow;
use std::panic::Location;
use std::sync::Arc;

/// The needed entries of a [`TaskDict`], as a layer with one block for each.
struct HandWritten {
    grid: [u32; 1],
    blocks: Vec<BlockEntry>,
    deps: Vec<u32>,
}

struct BlockEntry {
    entry: Arc<Entry>,
    /// Where its dependencies start in `HandWritten::deps`; they end where the next entry's start.
    first_dep: u32,
}

impl TaskDict {
    /// The layer of everything that `keys` need, and the block of each key.
    pub(super) fn layer(&self, keys: &[Key]) -> Result<(Arc<Layer>, Vec<u32>)> {
        if let Some(duplicate) = &self.duplicate {
            return Err(duplicate.clone());
        }
        let needed = self.needed(keys)?;
        let mut block_of = vec![u32::MAX; self.entries.len()];
        for (block, &entry) in needed.iter().enumerate() {
            block_of[entry as usize] = block as u32;
        }
        let (mut blocks, mut deps) = (Vec::with_capacity(needed.len()), Vec::new());
        for &at in &needed {
            let entry = &self.entries[at as usize];
            blocks.push(BlockEntry { entry: entry.clone(), first_dep: deps.len() as u32 });
            self.check_types(entry)?;
            for key in entry.node.keys() {
                deps.push(block_of[self.find(key)? as usize]);
            }
        }
        let wanted = keys.iter().map(|key| Ok(block_of[self.find(key)? as usize]));
        let wanted = wanted.collect::<Result<Vec<u32>>>()?;
        let hand_written = HandWritten { grid: [blocks.len() as u32], blocks, deps };
        Ok((Layer::new(Name::unique("hand-written"), [], hand_written), wanted))
    }

    /// The entries that `keys` need, in the order in which they were written.
    pub(super) fn needed(&self, keys: &[Key]) -> Result<Vec<u32>> {
        let mut needed = vec![false; self.entries.len()];
        let mut stack = keys.iter().map(|key| self.find(key)).collect::<Result<Vec<u32>>>()?;
        while let Some(at) = stack.pop() {
            if std::mem::replace(&mut needed[at as usize], true) {
                continue;
            }
            let entry = &self.entries[at as usize];
            for key in entry.node.keys() {
                let dep = self.by_key.get(key).ok_or_else(|| self.missing(key, Some(entry)))?;
                stack.push(*dep);
            }
        }
        Ok((0..self.entries.len() as u32).filter(|&at| needed[at as usize]).collect())
    }

    /// Compares the function's parameters with what the task would be given.
    fn check_types(&self, entry: &Entry) -> Result<()> {
        let Node::Task { function, arguments } = &entry.node else { return Ok(()) };
        let Some(signature) = function.signature else { return Ok(()) };
        let type_of = |key: &Key| self.type_of(key);
        for (number, (parameter, argument)) in
            signature.parameters.iter().zip(arguments).enumerate()
        {
            if let Some((expected, found)) = parameter.mismatch(argument, &type_of) {
                return Err(Error::Argument {
                    key: Box::new(entry.key.clone()),
                    argument: number,
                    expected: expected.into(),
                    found: match argument {
                        Argument::Key(key) => format!("{found} ({key})").into(),
                        _ => found.into(),
                    },
                    made_at: entry.made_at,
                });
            }
        }
        Ok(())
    }

    /// The type that a key's value will have, where it is known; through aliases of aliases up to
    /// a depth at which something is wrong anyway.
    fn type_of(&self, key: &Key) -> Option<(TypeId, &'static str)> {
        let mut key = key;
        for _ in 0..100 {
            match &self.entries[*self.by_key.get(key)? as usize].node {
                Node::Value(value) => return Some((value.info().id(), value.info().name())),
                Node::Task { function, arguments } => match (function.signature, &arguments[..]) {
                    (Some(signature), _) => {
                        return Some((signature.output.id(), signature.output.name()));
                    }
                    (None, [Argument::Key(target)]) if function.is_identity() => key = target,
                    (None, [Argument::Literal(value)]) if function.is_identity() => {
                        return Some((value.info().id(), value.info().name()));
                    }
                    _ => return None,
                },
            }
        }
        None
    }
}

impl Node {
    pub(super) fn keys(&self) -> Vec<&Key> {
        let mut keys = Vec::new();
        self.for_each_key(&mut |key| keys.push(key));
        keys
    }

    /// Calls `visit` for each key of the arguments, in the order in which they appear.
    pub(super) fn for_each_key<'a>(&'a self, visit: &mut impl FnMut(&'a Key)) {
        if let Node::Task { arguments, .. } = self {
            arguments.iter().for_each(|argument| argument.for_each_key(visit));
        }
    }
}

impl HandWritten {
    fn entry(&self, block: u32) -> &Entry {
        &self.blocks[block as usize].entry
    }
}

impl Blocks for HandWritten {
    fn grid(&self) -> &[u32] {
        &self.grid
    }

    fn deps(&self, block: u32, deps: &mut Vec<Dep>) {
        let start = self.blocks[block as usize].first_dep as usize;
        let next = self.blocks.get(block as usize + 1);
        let end = next.map_or(self.deps.len(), |next| next.first_dep as usize);
        deps.extend(self.deps[start..end].iter().map(|&dep| Dep::own(dep)));
    }

    fn run(&self, block: u32, inputs: &mut [Value]) -> Result<Value, BoxError> {
        match &self.entry(block).node {
            Node::Value(value) => Ok(value.clone()),
            Node::Task { function, arguments } => function.call(arguments, inputs),
        }
    }

    fn op_name(&self) -> Cow<'_, str> {
        "hand-written".into()
    }

    fn ship(&self) -> Result<Shipment, String> {
        Err("each task of a hand-written graph is shipped by itself".into())
    }

    fn ship_block(&self, block: u32) -> Option<Result<Shipment, String>> {
        Some(match &self.entry(block).node {
            Node::Value(_) => Err("a value is sent as it is".into()),
            Node::Task { function, arguments } => function.ship(arguments),
        })
    }

    fn constant(&self, block: u32) -> Option<&Value> {
        match &self.entry(block).node {
            Node::Value(value) => Some(value),
            Node::Task { .. } => None,
        }
    }

    fn key(&self, block: u32) -> Option<Key> {
        Some(self.entry(block).key.clone())
    }

    fn block_op_name(&self, block: u32) -> Cow<'_, str> {
        match &self.entry(block).node {
            Node::Value(value) => value.describe().into(),
            Node::Task { function, .. } => function.name().into(),
        }
    }

    fn block_made_at(&self, block: u32) -> Option<&'static Location<'static>> {
        Some(self.entry(block).made_at)
    }
}

//! A column of names that stores each distinct name once.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// A column of strings: the distinct ones in order of first appearance, and a code a row.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Names {
    distinct: Vec<Box<str>>,
    codes: Vec<u32>,
}

impl Names {
    /// The name in row `row`; none past the end.
    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        let code = *self.codes.get(row)?;
        self.distinct.get(code as usize).map(|name| &**name)
    }

    /// The names, row by row.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(|&code| &*self.distinct[code as usize])
    }

    /// The first `n` rows, with only the names that they use.
    pub(super) fn head(&self, n: usize) -> Self {
        let mut names = Interner::with_capacity(n.min(self.codes.len()));
        for name in self.iter().take(n) {
            let fits = names.push(name);
            debug_assert!(fits, "a part has no more distinct names than the whole");
        }
        names.finish()
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.distinct.shrink_to_fit();
        self.codes.shrink_to_fit();
    }

    /// Bytes on the heap.
    pub(super) fn heap_bytes(&self) -> usize {
        self.codes.capacity() * size_of::<u32>()
            + self.distinct.capacity() * size_of::<Box<str>>()
            + self.distinct.iter().map(|name| name.len()).sum::<usize>()
    }
}

/// Equal when the rows are: the codes behind them may differ.
impl PartialEq for Names {
    fn eq(&self, other: &Self) -> bool {
        self.codes.len() == other.codes.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Names {}

/// Slots of the cache in front of the hash table; the accounts have 26 names.
const RECENT: usize = 256;

/// Builds [`Names`] row by row.
pub(super) struct Interner {
    names: Names,
    codes: HashMap<Box<str>, u32>,
    /// The code last seen for each value of [`slot`]: a file of few names asks the table rarely.
    recent: [Option<u32>; RECENT],
}

impl Interner {
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self {
            names: Names { distinct: Vec::new(), codes: Vec::with_capacity(rows) },
            codes: HashMap::new(),
            recent: [None; RECENT],
        }
    }

    /// Appends a row if `name` was among the last ones; else appends nothing and gives false.
    #[must_use]
    pub(super) fn push_known(&mut self, name: &[u8]) -> bool {
        if let Some(code) = self.recent[slot(name)]
            && self.names.distinct[code as usize].as_bytes() == name
        {
            self.names.codes.push(code);
            return true;
        }
        false
    }

    /// Appends a row; false when `name` is new and all codes are taken.
    #[must_use]
    pub(super) fn push(&mut self, name: &str) -> bool {
        if self.push_known(name.as_bytes()) {
            return true;
        }
        let Some(code) = self.code(name) else { return false };
        self.recent[slot(name.as_bytes())] = Some(code);
        self.names.codes.push(code);
        true
    }

    pub(super) fn finish(self) -> Names {
        self.names
    }

    fn code(&mut self, name: &str) -> Option<u32> {
        if let Some(&code) = self.codes.get(name) {
            return Some(code);
        }
        let code = u32::try_from(self.names.distinct.len()).ok()?;
        self.names.distinct.push(name.into());
        self.codes.insert(name.into(), code);
        Some(code)
    }
}

/// A cheap mix of length, first and last byte: tells the 26 names apart.
fn slot(name: &[u8]) -> usize {
    let first = name.first().copied().unwrap_or(0);
    let last = name.last().copied().unwrap_or(0);
    (usize::from(first) * 7 + usize::from(last) * 3 + name.len()) % RECENT
}

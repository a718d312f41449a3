//! The columns of an accounts file.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::COLUMNS;
use super::names::Names;

/// Rows of accounts, column by column; all columns have the same length.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Accounts {
    id: Vec<u32>,
    names: Names,
    amount: Vec<i64>,
}

impl Accounts {
    pub(super) fn new(id: Vec<u32>, names: Names, amount: Vec<i64>) -> Self {
        Self { id, names, amount }
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.id.len()
    }

    /// The amounts, row by row.
    pub(crate) fn amount(&self) -> &[i64] {
        &self.amount
    }

    /// The first `n` rows, or all when there are fewer.
    pub(crate) fn head(&self, n: usize) -> Self {
        let n = n.min(self.len());
        Self {
            id: self.id[..n].to_vec(),
            names: self.names.head(n),
            amount: self.amount[..n].to_vec(),
        }
    }

    /// Bytes of memory that the columns take, unused capacity included.
    pub(crate) fn memory_bytes(&self) -> usize {
        size_of::<Self>()
            + self.id.capacity() * size_of::<u32>()
            + self.names.heap_bytes()
            + self.amount.capacity() * size_of::<i64>()
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.id.shrink_to_fit();
        self.names.shrink_to_fit();
        self.amount.shrink_to_fit();
    }

    fn cells(&self, row: usize) -> [String; 3] {
        let name = self.names.get(row).unwrap_or_default();
        [self.id[row].to_string(), name.escape_debug().to_string(), self.amount[row].to_string()]
    }
}

/// A table with right-aligned columns; of more than ten rows, the first and the last five.
impl fmt::Display for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST_ROWS: usize = 10;
        let n = self.len();
        let cut = (n > MOST_ROWS).then_some(MOST_ROWS / 2);
        let shown = match cut {
            None => (0..n).collect::<Vec<_>>(),
            Some(half) => (0..half).chain(n - half..n).collect(),
        };
        let mut lines = vec![COLUMNS.map(str::to_owned)];
        lines.extend(shown.iter().map(|&row| self.cells(row)));
        if let Some(half) = cut {
            lines.insert(half + 1, COLUMNS.map(|_| "...".to_owned()));
        }
        let width = |column: usize| {
            lines.iter().map(|cells| cells[column].chars().count()).max().unwrap_or(0)
        };
        let widths = [width(0), width(1), width(2)];
        for [id, name, amount] in &lines {
            writeln!(f, "{id:>0$}  {name:>1$}  {amount:>2$}", widths[0], widths[1], widths[2])?;
        }
        write!(f, "[{n} rows x {} columns]", COLUMNS.len())
    }
}

//! Reads an accounts file (`id,names,amount`) into columns.
//!
//! The chapters on task graphs and delayed calls are about running functions of one's own; this
//! is the function that they run. It streams: beside the columns it holds one record at a time.
//! The dialect is RFC 4180 (fields may be quoted, `""` stands for a quote, a quoted field may hold
//! line ends) with `\n` or `\r\n` after a record. The last line end may be missing, a byte order
//! mark is skipped, and so are blank lines.

mod accounts;
mod error;
mod names;
mod plain;
mod record;
mod source;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

pub(crate) use accounts::Accounts;
pub(crate) use error::CsvError;

use error::Problem;
use names::Interner;
use plain::PlainRow;
use record::split;
use source::Records;

/// The names of the columns, in the only order that is accepted.
pub(crate) const COLUMNS: [&str; 3] = ["id", "names", "amount"];

/// Bytes read from the file at a time: few system calls, and still within the second-level cache.
const READ_BYTES: usize = 256 * 1024;

/// Reads the accounts file at `path`: a header `id,names,amount`, then one record a line.
///
/// # Errors
/// - [`CsvError::Read`]: the file cannot be opened or read.
/// - [`CsvError::Syntax`]: the text is not an accounts file; names the line, the byte column and
///   what was expected there.
///
/// # Complexity
/// Time linear in the bytes of the file. Memory: 16 bytes a row, each distinct name once, and
/// buffers of constant size.
pub(crate) fn read_csv(path: &Path) -> Result<Accounts, CsvError> {
    let failed = |source| CsvError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    read_from(BufReader::with_capacity(READ_BYTES, file), path, bytes)
}

/// Reads accounts from `input`; `path` is only for messages, `bytes` (the expected length) only
/// for the first size of the columns.
fn read_from(input: impl BufRead, path: &Path, bytes: u64) -> Result<Accounts, CsvError> {
    let mut records = Records::new(input, path);
    if !records.advance()? || !is_header(records.record()) {
        let found = String::from_utf8_lossy(records.record()).into_owned();
        return Err(records.problem(0, Problem::Header { found }));
    }
    let mut columns = Columns::with_room_for(bytes);
    loop {
        records.plain_rows(|row| columns.push_plain(row))?;
        if !records.advance()? {
            break;
        }
        if let Err((at, problem)) = columns.push(records.record()) {
            return Err(records.problem(at, problem));
        }
    }
    Ok(columns.finish())
}

/// A problem and the byte of the record at which it stands.
type Located<T> = Result<T, (usize, Problem)>;

fn is_header(record: &[u8]) -> bool {
    split(record).is_ok_and(|fields| {
        fields.iter().zip(COLUMNS).all(|(field, name)| *field.text == *name.as_bytes())
    })
}

/// The columns while they grow.
struct Columns {
    id: Vec<u32>,
    names: Interner,
    amount: Vec<i64>,
}

impl Columns {
    /// Guesses the number of rows from the length of the file, so that the columns of an ordinary
    /// file are allocated once. The guess is capped: a file of another kind must not reserve much.
    fn with_room_for(bytes: u64) -> Self {
        const BYTES_A_ROW: u64 = 14;
        const MOST_ROWS: u64 = 4 << 20;
        let rows = (bytes / BYTES_A_ROW).min(MOST_ROWS) as usize;
        Self {
            id: Vec::with_capacity(rows),
            names: Interner::with_capacity(rows),
            amount: Vec::with_capacity(rows),
        }
    }

    /// Appends the row; false, and nothing appended, if its name is not to be had this way.
    fn push_plain(&mut self, row: &PlainRow<'_>) -> bool {
        let taken = self.names.push_known(row.name)
            || std::str::from_utf8(row.name).is_ok_and(|name| self.names.push(name));
        if taken {
            self.id.push(row.id);
            self.amount.push(row.amount);
        }
        taken
    }

    fn push(&mut self, record: &[u8]) -> Located<()> {
        let [id, name, amount] = split(record)?;
        let id_value = record::parse_id(&id)?;
        let amount_value = record::parse_amount(&amount)?;
        let Ok(text) = std::str::from_utf8(&name.text) else {
            return Err((name.at, Problem::NotUtf8 { column: "names" }));
        };
        if !self.names.push(text) {
            return Err((name.at, Problem::TooManyNames));
        }
        self.id.push(id_value);
        self.amount.push(amount_value);
        Ok(())
    }

    fn finish(self) -> Accounts {
        let mut accounts = Accounts::new(self.id, self.names.finish(), self.amount);
        accounts.shrink_to_fit();
        accounts
    }
}

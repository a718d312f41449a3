//! F7 and F8: a look at the data, and the loops that the graphs are compared with.

use crate::chapter::{ChapterError, Context};
use crate::csv::{Accounts, read_csv};
use crate::data::{AccountsFiles, bytes_of};
use crate::human::{Bytes, Count};
use crate::report::{Code, Step};
use crate::sequential::{count_rows, sum_amounts};

const SEQUENTIAL: &str = include_str!("../../sequential.rs");

/// Rows shown of the first file.
const HEAD_ROWS: usize = 5;

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    let paths = &files.paths;
    let first_bytes = bytes_of(&paths[..1])
        .map_err(|(path, source)| ChapterError::NotPrepared { path, source })?;

    context.prose("Now on data: bookings on 500 accounts, in three files of text. (Peak memory is that of the \
whole\nprocess, with what its allocator keeps from earlier steps.)")?;
    let step =
        Step { ids: "F7", title: "read one file", data_bytes: first_bytes, ..Step::default() };
    context.step(step, || Ok(read_csv(&paths[0])?), look)?;

    context.prose("Without a graph, one file after the other:")?;
    let code = Code::of(SEQUENTIAL, &["count_rows"]);
    let title = "rows of three files, in a loop";
    let step = Step { ids: "F8", title, data_bytes: files.bytes, code };
    let show = |&rows: &usize| format!("{} rows", Count(rows as i128));
    context.step(step, || Ok(count_rows(paths)?), show)?;

    let title = "sum of the amounts of three files, in a loop";
    let step = Step { ids: "F8", title, data_bytes: files.bytes, ..Step::default() };
    let show = |&sum: &i128| format!("{} in all", Count(sum));
    context.step(step, || Ok(sum_amounts(paths)?), show)?;
    Ok(())
}

/// The first rows, and how large the file is in memory.
fn look(accounts: &Accounts) -> String {
    let rows = Count(accounts.len() as i128);
    let bytes = Bytes(accounts.memory_bytes() as u64);
    format!("{}\nof {rows} rows, {bytes} in memory", accounts.head(HEAD_ROWS))
}

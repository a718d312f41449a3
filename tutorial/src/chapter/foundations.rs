//! Chapter 02, foundations: three files of accounts, counted and summed.

use super::{Chapter, ChapterError, Context};
use crate::csv::{Accounts, read_csv};
use crate::data::bytes_of;
use crate::human::{Bytes, Count};
use crate::report::Step;
use crate::sequential::{count_rows, sum_amounts};

/// The chapter.
pub(super) const CHAPTER: Chapter =
    Chapter { number: "02", title: "Foundations: task graphs", run: in_sequence };

/// Rows shown of the first file.
const HEAD_ROWS: usize = 5;

/// F7 and F8: a look at the data, and the loops that the graphs are compared with.
fn in_sequence(context: &mut Context<'_>) -> Result<(), ChapterError> {
    let files = context.data.accounts_csv();
    let all_bytes =
        bytes_of(&files).map_err(|(path, source)| ChapterError::NotPrepared { path, source })?;
    let first_bytes = bytes_of(&files[..1])
        .map_err(|(path, source)| ChapterError::NotPrepared { path, source })?;
    let report = &mut context.report;

    report.prose("The data: bookings on 500 accounts in three files of text.")?;
    let step = Step { ids: "F7", title: "read one file", data_bytes: first_bytes };
    report.step(step, || Ok::<_, ChapterError>(read_csv(&files[0])?), look)?;

    report.prose("Without a graph: one file after the other.")?;
    let step = Step { ids: "F8", title: "rows of three files, in a loop", data_bytes: all_bytes };
    let show = |&rows: &usize| format!("{} rows", Count(rows as i128));
    report.step(step, || Ok::<_, ChapterError>(count_rows(&files)?), show)?;

    let title = "sum of the amounts of three files, in a loop";
    let step = Step { ids: "F8", title, data_bytes: all_bytes };
    let show = |&sum: &i128| format!("{} in all", Count(sum));
    report.step(step, || Ok::<_, ChapterError>(sum_amounts(&files)?), show)?;
    Ok(())
}

/// The first rows, and how large the file is in memory.
fn look(accounts: &Accounts) -> String {
    let rows = Count(accounts.len() as i128);
    let bytes = Bytes(accounts.memory_bytes() as u64);
    format!("{}\nof {rows} rows, {bytes} in memory", accounts.head(HEAD_ROWS))
}

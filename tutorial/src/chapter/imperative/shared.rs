//! Several answers at once: what they share is computed once.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::chapter::{ChapterError, Context};
use crate::csv::{Accounts, read_csv};
use crate::data::AccountsFiles;
use crate::human::Count;
use crate::report::{Code, Step, Unequal};
use chunkwise::graph::Error;
use chunkwise::prelude::*;

const SOURCE: &str = include_str!("shared.rs");

/// Loads that count how often they run.
fn load_all(files: &[PathBuf], loads: &Arc<AtomicUsize>) -> Vec<Delayed<Accounts>> {
    let loads = Arc::clone(loads);
    let load = delayed(move |path: PathBuf| {
        loads.fetch_add(1, Relaxed);
        read_csv(&path)
    });
    files.iter().map(|file| load.try_call((file.clone(),))).collect()
}

fn largest(accounts: &Accounts) -> i64 {
    accounts.amount().iter().copied().max().unwrap_or(i64::MIN)
}

/// Two handles to answers.
type Both = (Delayed<usize>, Delayed<i64>);

fn rows_and_largest(accounts: &[Delayed<Accounts>]) -> Both {
    let rows: Vec<_> = accounts.iter().map(|one| one.map(Accounts::len)).collect();
    let most: Vec<_> = accounts.iter().map(|one| one.map(largest)).collect();
    let rows = delayed(|all: Vec<usize>| all.iter().sum::<usize>()).call(rows);
    let most = delayed(|all: Vec<i64>| all.into_iter().max().unwrap_or(i64::MIN)).call(most);
    (rows, most)
}

/// The answers.
type Answers = (usize, i64);

fn one_after_the_other((rows, most): &Both) -> Result<Answers, Error> {
    Ok((rows.compute()?, most.compute()?))
}

fn at_once(both: &Both) -> Result<Answers, Error> {
    both.compute()
}

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    context.prose(
        "Two answers from the same files. Handles that are computed together share their tasks; \
         computed\none after the other, each starts anew.",
    )?;
    let loads = Arc::new(AtomicUsize::new(0));
    let both = rows_and_largest(&load_all(&files.paths, &loads));
    let show = |((rows, most), loads): &(Answers, usize)| {
        let (rows, most) = (Count(*rows as i128), Count(i128::from(*most)));
        format!("{rows} rows, the largest amount {most}; {loads} files loaded")
    };
    let code =
        Code::of(SOURCE, &["load_all", "largest", "rows_and_largest", "one_after_the_other"]);
    let title = "two answers, one after the other";
    let step = Step { ids: "I2", title, data_bytes: 2 * files.bytes, code };
    let (apart, _) =
        context.step(step, || Ok((one_after_the_other(&both)?, loads.swap(0, Relaxed))), show)?;
    let code = Code::of(SOURCE, &["at_once"]);
    let step = Step { ids: "I2", title: "two answers at once", data_bytes: files.bytes, code };
    let (together, _) =
        context.step(step, || Ok((at_once(&both)?, loads.swap(0, Relaxed))), show)?;
    if apart != together {
        let one = ("one after the other".to_owned(), format!("{apart:?}"));
        return Err(Unequal { one, other: ("at once".to_owned(), format!("{together:?}")) }.into());
    }
    Ok(())
}

//! A graph before and after each pass over hand-written graphs.

use std::path::PathBuf;

use chunkwise::graph::Error;
use chunkwise::prelude::*;

use crate::chapter::work::{count, load};
use crate::chapter::{ChapterError, Context};
use crate::csv::Accounts;
use crate::data::AccountsFiles;
use crate::report::{Code, Step, Unequal};

const SOURCE: &str = include_str!("passes.rs");

fn pick_amounts(accounts: &Accounts) -> Vec<i64> {
    accounts.amount().to_vec()
}

fn to_cents(limit: i64) -> i64 {
    limit * 100
}

#[allow(clippy::ptr_arg, reason = "a task is given its argument as the task before gave it")]
fn count_above(amounts: &Vec<i64>, limit: &i64) -> usize {
    amounts.iter().filter(|amount| *amount > limit).count()
}

#[allow(clippy::ptr_arg, reason = "a task is given its argument as the task before gave it")]
fn count_below(amounts: &Vec<i64>, limit: &i64) -> usize {
    amounts.iter().filter(|amount| *amount < limit).count()
}

fn describe(above: usize, below: usize) -> String {
    format!("{above} above, {below} below")
}

/// How many amounts are above and below a limit; `rows` is not needed for that.
fn large_amounts(path: PathBuf) -> TaskDict {
    let mut graph = TaskDict::new();
    graph.value("path", path);
    graph.value("limit", 5i64);
    graph.try_task("df", load, ["path"]);
    graph.task("rows", by_ref(count), ["df"]);
    graph.task("amounts", by_ref(pick_amounts), ["df"]);
    graph.task("cents", to_cents, ["limit"]);
    graph.task("above", by_ref(count_above), ["amounts", "cents"]);
    graph.task("below", by_ref(count_below), ["amounts", "cents"]);
    graph.task("text", describe, ["above", "below"]);
    graph
}

/// Each pass gives a new graph, which computes the same.
fn passes(graph: &TaskDict) -> Result<[(&'static str, TaskDict); 5], Error> {
    let culled = graph.culled(["text"])?;
    let constants = culled.with_constants_inlined().culled(["text"])?;
    let inlined = constants.inlined(["cents"])?.culled(["text"])?;
    let fused = inlined.fused(["text"])?;
    Ok([
        ("as written", graph.clone()),
        ("culled", culled),
        ("constants inlined", constants),
        ("cents inlined", inlined),
        ("fused", fused),
    ])
}

/// What each pass is for, in the order of [`passes`].
const MEANINGS: [&str; 5] = [
    "nothing done yet",
    "only what `text` needs: `rows` is gone",
    "values are written into the tasks that use them",
    "the cheap task `cents` is computed again in each task that uses it",
    "a chain of tasks is one task: `df` is never held on its own",
];

pub(super) fn walk(context: &mut Context<'_>, files: &AccountsFiles) -> Result<(), ChapterError> {
    context.prose(
        "Before it runs, a graph can be rewritten. Each pass gives another graph with the same \
         answer\nand fewer tasks.",
    )?;
    let code = Code::of(SOURCE, &["large_amounts", "passes"]);
    let step = Step { ids: "06", title: "a graph and five stages of it", code, ..Step::default() };
    let graph = large_amounts(files.paths[0].clone());
    let stages = context.step(step, || Ok(passes(&graph)?), show_counts)?;
    for (at, ((name, stage), meaning)) in stages.iter().zip(MEANINGS).enumerate() {
        draw(context, at, name, stage, meaning)?;
    }
    let title = "the answer of each stage";
    let step = Step { ids: "06", title, data_bytes: files.bytes / 3, ..Step::default() };
    context.step(step, || same_answer(&stages), Clone::clone).map(drop)
}

fn show_counts(stages: &[(&'static str, TaskDict); 5]) -> String {
    let counts = stages.iter().map(|(name, graph)| format!("{name}: {} keys", graph.len()));
    counts.collect::<Vec<_>>().join(", ")
}

fn draw(
    context: &mut Context<'_>,
    at: usize,
    name: &str,
    stage: &TaskDict,
    meaning: &str,
) -> Result<(), ChapterError> {
    let path = context.output(&format!("06-passes-{at}-{}.svg", name.replace(' ', "-")))?;
    let title = format!("{name}: {meaning}");
    let step = Step { ids: "06", title: &title, ..Step::default() };
    let draw = || Ok(stage.picture().with_title(name).write(&path).map_err(Error::from)?);
    context.step(step, draw, |()| format!("{stage}\ndrawn in {}", path.display()))
}

fn same_answer(stages: &[(&'static str, TaskDict); 5]) -> Result<String, ChapterError> {
    let answer = |graph: &TaskDict| Synchronous.get::<String>(graph, "text");
    let (first, graph) = &stages[0];
    let expected = answer(graph)?;
    for (name, graph) in &stages[1..] {
        let found = answer(graph)?;
        if found != expected {
            let one = ((*first).to_owned(), expected);
            return Err(Unequal { one, other: ((*name).to_owned(), found) }.into());
        }
    }
    Ok(format!("{expected}: the same from all {} graphs", stages.len()))
}

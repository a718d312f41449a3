//! Lists of keys, as arguments and as results.

use chunkwise::graph::Error;
use chunkwise::graph::dict::Nested;
use chunkwise::prelude::*;

use super::by_hand::five_keys;
use crate::chapter::{ChapterError, Context};
use crate::report::{Code, Step};

const SOURCE: &str = include_str!("lists.rs");

/// The sum of the numbers of each list.
fn sums(lists: Vec<Vec<i64>>) -> Vec<i64> {
    lists.iter().map(|numbers| numbers.iter().sum()).collect()
}

/// An argument may be a list of keys, or a list of lists: the function gets `Vec`s of the values.
fn with_lists() -> TaskDict {
    let mut graph = five_keys();
    graph.task("sums", sums, [list([list(["a", "b"]), list(["x", "y"])])]);
    graph
}

/// Several keys in one run; the answers come nested as the keys were.
fn several_keys() -> Result<Nested<Value>, Error> {
    Synchronous.get_nested(&with_lists(), vec![vec!["a", "b"], vec!["x", "y", "z"]])
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    context
        .prose("Lists of keys stand for lists of their values, nested as deeply as one likes.")?;
    let code = Code::of(SOURCE, &["sums", "with_lists"]);
    let step = Step {
        ids: "F2",
        title: "a list of lists of keys as an argument",
        code,
        ..Step::default()
    };
    let compute = || {
        let graph = with_lists();
        Ok((graph.to_string(), Synchronous.get::<Vec<i64>>(&graph, "sums")?))
    };
    context.step(step, compute, |(graph, sums)| format!("{graph}\nsums is {sums:?}"))?;
    let code = Code::of(SOURCE, &["several_keys"]);
    let step = Step { ids: "F3", title: "several keys at once", code, ..Step::default() };
    context.step(step, || Ok(several_keys()?), describe)?;
    Ok(())
}

fn describe(nested: &Nested<Value>) -> String {
    match nested {
        Nested::One(value) => value.describe(),
        Nested::List(items) => {
            format!("[{}]", items.iter().map(describe).collect::<Vec<_>>().join(", "))
        }
    }
}

//! A graph of layers before and after blockwise fusion.

use chunkwise::graph::{Error, Explanation, Graph, Run};
use chunkwise::prelude::*;

use super::expression::{expected, expression};
use crate::chapter::schedulers::on_each;
use crate::chapter::{ChapterError, Context};
use crate::human::Count;
use crate::report::{Code, Step, Way};

const SOURCE: &str = include_str!("layers.rs");
const EXPRESSION: &str = include_str!("expression.rs");

/// Blocks of the expression.
const N_BLOCKS: u32 = 32;

/// Numbers of a block: 400 kB.
const LEN: usize = 50_000;

fn before_and_after() -> (Graph, Graph) {
    let before = Graph::new([&expression(N_BLOCKS, LEN)]);
    let mut after = before.clone();
    after.fuse_blockwise();
    (before, after)
}

fn compute(graph: &Graph, scheduler: &dyn Scheduler) -> Result<f64, Error> {
    let plan = scheduler.prepare(graph)?;
    let values = scheduler.run(&plan, &Run::current())?;
    Ok(values[0].get::<Vec<f64>>()?[0])
}

pub(super) fn walk(context: &mut Context<'_>) -> Result<(), ChapterError> {
    context.prose(
        "Collections make graphs of layers: one object describes the like tasks of all blocks, so \
         that a\npass costs as much for a million blocks as for one. Fusion joins layers whose \
         blocks go hand in\nhand: a sixth of the tasks, and none of them waits for another one's \
         block.",
    )?;
    let code = Code::of(EXPRESSION, &["expression"]);
    let title = "((x + 1) * 2 + y).sum() as layers";
    let step = Step { ids: "06", title, code, ..Step::default() };
    let show = |(before, _): &(Graph, Graph)| {
        format!("{} layers, {} tasks", before.n_layers(), before.n_tasks())
    };
    let (before, after) = context.step(step, || Ok(before_and_after()), show)?;
    explain(context, &before, &after)?;
    draw(context, &before, &after)?;
    run(context, &before, &after)
}

fn explain(context: &mut Context<'_>, before: &Graph, after: &Graph) -> Result<(), ChapterError> {
    let step = Step { ids: "06", title: "explained as written", ..Step::default() };
    context.step(step, || Ok(before.explain()?), Explanation::to_string)?;
    let code = Code::of(SOURCE, &["before_and_after"]);
    let step = Step { ids: "06", title: "explained after fusion", code, ..Step::default() };
    let explain = || Ok(Explanation::new(before, after)?);
    context.step(step, explain, Explanation::to_string)?;
    Ok(())
}

fn draw(context: &mut Context<'_>, before: &Graph, after: &Graph) -> Result<(), ChapterError> {
    let titled = [(before, "layers before fusion"), (after, "layers after fusion")];
    for (graph, title) in titled {
        let path = context.output(&format!("06-{}.svg", title.replace(' ', "-")))?;
        let step = Step { ids: "06", title, ..Step::default() };
        let picture = graph.picture().with_title(title);
        let write = || Ok(picture.write(&path).map_err(Error::from)?);
        context.step(step, write, |()| format!("drawn in {}", path.display()))?;
    }
    Ok(())
}

fn run(context: &mut Context<'_>, before: &Graph, after: &Graph) -> Result<(), ChapterError> {
    let bytes = u64::from(N_BLOCKS) * LEN as u64 * size_of::<f64>() as u64 * 2;
    let title = "the sum, as written and fused";
    let code = Code::of(SOURCE, &["compute"]);
    let step = Step { ids: "06", title, data_bytes: bytes, code };
    let by_arithmetic = Way::new("by arithmetic", || Ok(expected(N_BLOCKS, LEN)));
    let mut ways = Vec::new();
    for (name, graph) in [("as written", before), ("fused", after)] {
        // The kernels here have no portable form.
        for mut way in on_each(None, move |scheduler: &dyn Scheduler| compute(graph, scheduler)) {
            way.name = format!("{name}, {}", way.name);
            ways.push(way);
        }
    }
    let show = |&sum: &f64| Count(sum as i128).to_string();
    context.compare(step, by_arithmetic, ways, show)?;
    Ok(())
}

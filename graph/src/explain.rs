//! [`Explanation`]: what a run would do, before it does.

use crate::error::Result;
use crate::graph::Graph;
use crate::grid::n_blocks;
use crate::memory_budget::Forecast;
use crate::plan::{Plan, PredictedPeak};
use crate::run::Run;
use crate::scope::current_scheduler;
use std::fmt;

/// What computing would do: the layers before and after the passes, the tasks that are needed and
/// the memory that they will hold. Print it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// Layers as the collections made them.
    pub before: Vec<ExplainedLayer>,
    /// Layers as they will run.
    pub after: Vec<ExplainedLayer>,
    /// Tasks that are needed.
    pub n_tasks: usize,
    /// Dependencies between them.
    pub n_dependencies: usize,
    /// The memory that one worker will hold.
    pub peak: PredictedPeak,
    /// What the scheduler that is set will need of the memory budget that is set, or why it cannot
    /// run within it; `None` without a budget.
    pub forecast: Option<Result<Forecast>>,
}

/// One layer of an [`Explanation`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ExplainedLayer {
    /// Its name.
    pub name: String,
    /// What it does.
    pub operation: String,
    /// Number of blocks along each axis.
    pub grid: Vec<u32>,
    /// Its tasks, needed or not.
    pub n_tasks: u64,
    /// The largest result that one of its first tasks may give, in bytes, where it is known.
    pub output_bytes: Option<u64>,
}

impl Explanation {
    /// Of a graph before and after its passes.
    ///
    /// # Errors
    /// As [`Graph::plan`].
    pub fn new(before: &Graph, after: &Graph) -> Result<Explanation> {
        let plan: Plan = after.plan()?;
        Ok(Explanation {
            before: explained_layers(before),
            after: explained_layers(after),
            n_tasks: plan.len(),
            n_dependencies: plan.dag().n_edges(),
            peak: plan.predicted_peak(),
            forecast: Run::current()
                .budget()
                .map(|budget| budget.forecast(&plan, current_scheduler().n_workers())),
        })
    }
}

impl Graph {
    /// What running this graph as it is would do.
    ///
    /// # Errors
    /// As [`Graph::plan`].
    pub fn explain(&self) -> Result<Explanation> {
        Explanation::new(self, self)
    }
}

fn explained_layers(graph: &Graph) -> Vec<ExplainedLayer> {
    const SAMPLED: u32 = 64;
    let explained = |id: &crate::LayerId| {
        let layer = graph.layer(*id);
        let grid = layer.blocks.grid();
        let n = n_blocks(grid);
        let sampled =
            (0..n.unwrap_or(0).min(SAMPLED)).map(|block| layer.blocks.bytes(block).output);
        ExplainedLayer {
            name: layer.name.to_string(),
            operation: layer.blocks.op_name().into_owned(),
            grid: grid.to_vec(),
            n_tasks: n.map_or(u64::MAX, u64::from),
            output_bytes: sampled.collect::<Option<Vec<u64>>>().and_then(|b| b.into_iter().max()),
        }
    };
    graph.layer_ids().iter().map(explained).collect()
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, after) = (self.before.len(), self.after.len());
        if before == after {
            writeln!(f, "{after} {}", plural(after, "layer"))?;
        } else {
            writeln!(f, "{before} {}, {after} after fusion", plural(before, "layer"))?;
        }
        write_layers(f, &self.after)?;
        let n = self.n_tasks;
        write!(f, "{n} {} needed, {} ", plural(n, "task"), self.n_dependencies)?;
        writeln!(f, "{}", plural(self.n_dependencies, "dependency"))?;
        write_peak(f, &self.peak)?;
        match &self.forecast {
            None => Ok(()),
            Some(Ok(forecast)) => write!(f, "\n{forecast}"),
            Some(Err(error)) => write!(f, "\nit will be refused: {error}"),
        }
    }
}

fn plural(n: usize, word: &str) -> String {
    match (n, word.strip_suffix('y')) {
        (1, _) => word.to_owned(),
        (_, Some(stem)) => format!("{stem}ies"),
        (_, None) => format!("{word}s"),
    }
}

fn write_layers(f: &mut fmt::Formatter<'_>, layers: &[ExplainedLayer]) -> fmt::Result {
    const SHOWN: usize = 40;
    let shown = &layers[..layers.len().min(SHOWN)];
    let width = shown.iter().map(|layer| layer.operation.chars().count()).max().unwrap_or(0);
    for layer in shown {
        let (operation, tasks) = (&layer.operation, layer.n_tasks);
        write!(f, "  {operation:<width$}  {tasks:>9} {:<5}", plural(tasks as usize, "task"))?;
        match layer.output_bytes {
            Some(bytes) => write!(f, "  {} each", format_bytes(bytes))?,
            None => f.write_str("  size not known")?,
        }
        writeln!(f, "  {}", layer.name)?;
    }
    if layers.len() > SHOWN { writeln!(f, "  … {} more", layers.len() - SHOWN) } else { Ok(()) }
}

fn write_peak(f: &mut fmt::Formatter<'_>, peak: &PredictedPeak) -> fmt::Result {
    let results = plural(peak.live as usize, "result");
    write!(f, "predicted peak with one worker: {} {results}", peak.live)?;
    if peak.n_unknown == 0 {
        write!(f, ", {}", format_bytes(peak.bytes))?;
    } else {
        let (known, unknown) = (format_bytes(peak.bytes), peak.n_unknown);
        write!(f, ", at least {known} ({unknown} {} of unknown size)", plural(unknown, "task"))?;
    }
    peak.task.as_ref().map_or(Ok(()), |task| write!(f, ", at {task}"))
}

/// Bytes as a reader would write them, in powers of 1000: `1.5 MB`.
pub fn format_bytes(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut scaled = bytes as f64 / 1000.0;
    let mut unit = 0;
    // 999.95 would print as 1000.0
    while scaled >= 999.95 && unit + 1 < UNITS.len() {
        scaled /= 1000.0;
        unit += 1;
    }
    format!("{scaled:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::format_bytes;

    #[test]
    fn bytes_read_well() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1500, "1.5 kB"),
            (999_999, "1.0 MB"),
            (u64::MAX, "18.4 EB"),
        ];
        for (bytes, text) in cases {
            assert_eq!(format_bytes(bytes), text);
        }
    }
}

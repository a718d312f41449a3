//! What the reader of a chapter sees: headings, prose, and steps with their cost.

mod code;
mod comparison;
mod table;

use std::fmt::Display;
use std::io::{self, Write};
use std::time::{Duration, Instant};

pub(crate) use code::Code;
pub(crate) use comparison::{Unequal, Way};
pub(crate) use table::Table;

use crate::human::{Bytes, Took};
use crate::memory;

/// Writes a chapter to `out`, step by step.
pub(crate) struct Report<'a> {
    out: &'a mut dyn Write,
}

/// What a step is, before it runs.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Step<'a> {
    /// The operations of the tutorial's checklist that it runs, as `"F8"`.
    pub(crate) ids: &'a str,
    /// What it computes.
    pub(crate) title: &'a str,
    /// Bytes of the data that it walks over; 0 when there is none.
    pub(crate) data_bytes: u64,
    /// The functions that the reader is shown before they run.
    pub(crate) code: Code<'a>,
}

/// What a piece of work cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// Wall-clock time.
    pub(crate) took: Duration,
    /// Peak resident memory in bytes, that of the whole process; none where the system does not
    /// tell.
    pub(crate) peak: Option<u64>,
    /// Whether the peak is that of this work; else it may be that of an earlier one.
    pub(crate) own_peak: bool,
}

/// Runs `work` and measures it.
pub(crate) fn measured<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    let own_peak = memory::reset_peak();
    let start = Instant::now();
    let value = work();
    let took = start.elapsed();
    (value, Cost { took, peak: memory::peak_bytes(), own_peak })
}

impl<'a> Report<'a> {
    /// A report on `out`.
    pub(crate) fn new(out: &'a mut dyn Write) -> Self {
        Self { out }
    }

    /// Writes the heading of a chapter.
    ///
    /// # Errors
    /// What the output gave; so for all methods.
    pub(crate) fn heading(&mut self, number: &str, title: &str) -> io::Result<()> {
        let line = format!("{number} {title}");
        writeln!(self.out, "\n{line}\n{}", "=".repeat(line.chars().count()))
    }

    /// Writes a paragraph.
    pub(crate) fn prose(&mut self, text: impl Display) -> io::Result<()> {
        writeln!(self.out, "\n{text}")
    }

    /// Runs `work`, writes what it computed (`show`) and what it cost, and gives its value.
    ///
    /// The heading of the step is written, and visible, before the work begins.
    pub(crate) fn step<T, E: From<io::Error>>(
        &mut self,
        step: Step<'_>,
        work: impl FnOnce() -> Result<T, E>,
        show: impl FnOnce(&T) -> String,
    ) -> Result<T, E> {
        self.begin(step)?;
        let (value, cost) = measured(work);
        let value = value?;
        self.answer(&show(&value))?;
        self.end(&cost_line(cost, step.data_bytes))?;
        Ok(value)
    }

    fn begin(&mut self, step: Step<'_>) -> io::Result<()> {
        writeln!(self.out, "\n[{}] {}", step.ids, step.title)?;
        for line in step.code.lines() {
            writeln!(self.out, "{}", format!("    | {line}").trim_end())?;
        }
        self.out.flush()
    }

    fn answer(&mut self, text: &str) -> io::Result<()> {
        text.lines().try_for_each(|line| writeln!(self.out, "    {line}"))
    }

    fn end(&mut self, cost: &str) -> io::Result<()> {
        writeln!(self.out, "    -- {cost}")?;
        self.out.flush()
    }
}

fn cost_line(cost: Cost, data_bytes: u64) -> String {
    let peak = match (cost.peak, cost.own_peak) {
        (Some(peak), true) => format!("peak memory {}", Bytes(peak)),
        (Some(peak), false) => format!("peak memory so far {}", Bytes(peak)),
        (None, _) => "peak memory unknown".to_owned(),
    };
    format!("{}, {peak}, {}", Took(cost.took), data_line(data_bytes))
}

fn data_line(data_bytes: u64) -> String {
    match data_bytes {
        0 => "no data".to_owned(),
        bytes => format!("{} of data", Bytes(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn text(write: impl FnOnce(&mut Report<'_>)) -> String {
        let mut out = Vec::new();
        write(&mut Report::new(&mut out));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_cost_names_time_memory_and_data() {
        let cost = |peak, own_peak| Cost { took: Duration::from_millis(12), peak, own_peak };
        assert_eq!(
            cost_line(cost(Some(5_000_000), true), 45_000_000),
            "12.0 ms, peak memory 5.00 MB, 45.0 MB of data"
        );
        assert_eq!(
            cost_line(cost(Some(5_000_000), false), 0),
            "12.0 ms, peak memory so far 5.00 MB, no data"
        );
        assert_eq!(cost_line(cost(None, false), 0), "12.0 ms, peak memory unknown, no data");
    }

    #[test]
    fn a_step_shows_its_answer_and_gives_its_value() {
        let step = Step { ids: "F1", title: "add", data_bytes: 10, ..Step::default() };
        let written = text(|report| {
            report.heading("02", "Graphs").unwrap();
            report.prose("Two lines\nof prose.").unwrap();
            let work = || Ok::<_, io::Error>(13);
            assert_eq!(report.step(step, work, |z| format!("z = {z}\nright")).unwrap(), 13);
        });
        let start = "\n02 Graphs\n=========\n\nTwo lines\nof prose.\n\n[F1] add\n    z = 13\n    \
                     right\n    -- ";
        assert!(written.starts_with(start), "{written}");
        assert!(written.ends_with(", 10 B of data\n"), "{written}");
    }

    #[test]
    fn a_step_that_fails_shows_no_answer() {
        let step = Step { ids: "F1", title: "add", data_bytes: 0, ..Step::default() };
        let written = text(|report| {
            let result: io::Result<i32> =
                report.step(step, || Err(io::ErrorKind::NotFound.into()), |_| "never".to_owned());
            assert_eq!(result.unwrap_err().kind(), io::ErrorKind::NotFound);
        });
        assert_eq!(written, "\n[F1] add\n");
    }
}

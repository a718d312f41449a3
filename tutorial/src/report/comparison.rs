//! Several ways to one answer, side by side.

use std::error::Error;
use std::fmt;
use std::io;

use super::{Report, Step, Table, data_line, measured};
use crate::human::{Bytes, Took};
use crate::memory;

/// One way to compute what other ways compute too.
pub(crate) struct Way<'a, T, E> {
    /// What the reader calls it.
    pub(crate) name: String,
    /// Computes it.
    pub(crate) work: Box<dyn FnOnce() -> Result<T, E> + 'a>,
    /// The processes, beside this one, that compute it; asked again after, as one may be replaced.
    workers: Option<Box<dyn Fn() -> Vec<u32> + 'a>>,
}

impl<'a, T, E> Way<'a, T, E> {
    /// The way called `name`.
    pub(crate) fn new(name: impl Into<String>, work: impl FnOnce() -> Result<T, E> + 'a) -> Self {
        Self { name: name.into(), work: Box::new(work), workers: None }
    }

    /// The same, in other processes, whose memory counts too.
    pub(crate) fn with_workers(self, workers: impl Fn() -> Vec<u32> + 'a) -> Self {
        Self { workers: Some(Box::new(workers)), ..self }
    }
}

/// Two ways gave different answers.
#[derive(Debug)]
pub(crate) struct Unequal {
    /// A way and its answer.
    pub(crate) one: (String, String),
    /// Another way and its answer.
    pub(crate) other: (String, String),
}

impl fmt::Display for Unequal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((one, answer), (other, different)) = (&self.one, &self.other);
        write!(f, "{one} gave {answer}, {other} gave {different}")
    }
}

impl Error for Unequal {}

impl Report<'_> {
    /// Runs each way, writes a table of their answers and costs, and gives the answer. The peak
    /// memory of a way with workers is that of this process and that of its workers together.
    ///
    /// # Errors
    /// The first way that failed; [`Unequal`] if the answers are not all equal.
    pub(crate) fn compare<T: PartialEq, E: From<io::Error> + From<Unequal>>(
        &mut self,
        step: Step<'_>,
        first: Way<'_, T, E>,
        others: Vec<Way<'_, T, E>>,
        show: impl Fn(&T) -> String,
    ) -> Result<T, E> {
        self.begin(step)?;
        let mut table = Table::new(&["", "answer", "time", "peak memory"]);
        let mut row = |way: Way<'_, T, E>| {
            if let Some(workers) = &way.workers {
                memory::reset_peaks_of(&workers());
            }
            let (answer, cost) = measured(way.work);
            let answer = answer?;
            let mut peak = peak_cell(cost.peak);
            if let Some(workers) = way.workers {
                let peak_of_workers = peak_cell(memory::peak_bytes_of(&workers()));
                peak = format!("{peak} + {peak_of_workers}");
            }
            table.row([way.name.clone(), show(&answer), Took(cost.took).to_string(), peak]);
            Ok::<_, E>((way.name, answer))
        };
        let (first, answer) = row(first)?;
        for way in others {
            let (name, other) = row(way)?;
            if other != answer {
                let one = (first, show(&answer));
                return Err(Unequal { one, other: (name, show(&other)) }.into());
            }
        }
        self.answer(&table.to_string())?;
        self.end(&data_line(step.data_bytes))?;
        Ok(answer)
    }
}

fn peak_cell(peak: Option<u64>) -> String {
    peak.map_or_else(|| "unknown".to_owned(), |bytes| Bytes(bytes).to_string())
}

#[cfg(test)]
mod tests {
    use super::super::tests::text;
    use super::*;

    #[derive(Debug)]
    enum Failed {
        Io,
        Unequal(String),
    }

    impl From<io::Error> for Failed {
        fn from(_: io::Error) -> Self {
            Self::Io
        }
    }

    impl From<Unequal> for Failed {
        fn from(unequal: Unequal) -> Self {
            Self::Unequal(unequal.to_string())
        }
    }

    fn way(name: &str, answer: i32) -> Way<'static, i32, Failed> {
        Way::new(name, move || Ok(answer))
    }

    #[test]
    fn every_way_has_a_row() {
        let step = Step { ids: "F9", title: "count", data_bytes: 10, ..Step::default() };
        let written = text(|report| {
            let others = vec![way("as a graph", 3)];
            let answer = report.compare(step, way("loop", 3), others, ToString::to_string);
            assert_eq!(answer.unwrap(), 3);
        });
        assert!(written.starts_with("\n[F9] count\n"), "{written}");
        assert!(written.contains("\n    loop             3  "), "{written}");
        assert!(written.contains("\n    as a graph       3  "), "{written}");
        assert!(written.ends_with("\n    -- 10 B of data\n"), "{written}");
    }

    #[test]
    fn the_memory_of_workers_is_told_beside_that_of_the_program() {
        let written = text(|report| {
            let workers = || vec![std::process::id(), u32::MAX];
            let others = vec![way("apart", 3).with_workers(workers)];
            report.compare(Step::default(), way("here", 3), others, ToString::to_string).unwrap();
        });
        let lines: Vec<&str> = written.lines().collect();
        assert!(lines.iter().any(|line| line.ends_with(" + unknown")), "{written}");
        assert_eq!(written.matches(" + ").count(), 1, "{written}");
    }

    #[test]
    fn different_answers_are_an_error() {
        text(|report| {
            let others = vec![way("two", 3), way("three", 4)];
            let answer =
                report.compare(Step::default(), way("one", 3), others, ToString::to_string);
            assert!(matches!(answer, Err(Failed::Unequal(t)) if t == "one gave 3, three gave 4"));
        });
    }

    #[test]
    fn a_way_that_fails_ends_the_comparison() {
        text(|report| {
            let fails = Way::new("fails", || Err(Failed::Io));
            let answer =
                report.compare(Step::default(), way("one", 3), vec![fails], |n| n.to_string());
            assert!(matches!(answer, Err(Failed::Io)));
        });
    }
}

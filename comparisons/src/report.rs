//! What a pair of systems comes to, as a table or as JSON.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::answer::agree;
use crate::machine::Setting;
use crate::row::Row;
use crate::statistics::Summary;
use crate::table::{Align, Table};
use crate::workload::Workload;

/// One system's runs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Measured {
    pub(crate) system: String,
    pub(crate) seconds: Option<Summary>,
    pub(crate) us_per_task: Option<Summary>,
    /// Largest of the runs, in MiB.
    pub(crate) peak_mb: Option<u64>,
    /// Answer of the first run.
    pub(crate) answer: Value,
}

/// The comparison of two systems on one workload. Ratios are the peer's figure by ours.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Report {
    workload: &'static str,
    size: &'static str,
    runs: usize,
    ours: Measured,
    peer: Measured,
    seconds_ratio: Option<f64>,
    us_per_task_ratio: Option<f64>,
    peak_ratio: Option<f64>,
    /// The first difference between answers; `null` when all agree.
    difference: Option<String>,
    setting: Setting,
}

impl Report {
    /// Summarises rounds of (ours, peer's). All answers are compared with our first one.
    pub(crate) fn new(workload: &Workload, rounds: &[[Row; 2]], setting: Setting) -> Self {
        let [ours, peer] = [0, 1].map(|side| {
            Measured::of(workload, rounds.iter().map(|round| &round[side]).collect::<Vec<_>>())
        });
        Self {
            workload: workload.name,
            size: workload.size,
            runs: rounds.len(),
            seconds_ratio: ratio(median(peer.seconds), median(ours.seconds)),
            us_per_task_ratio: ratio(median(peer.us_per_task), median(ours.us_per_task)),
            peak_ratio: ratio(peer.peak_mb.map(|mb| mb as f64), ours.peak_mb.map(|mb| mb as f64)),
            difference: difference(workload, rounds),
            ours,
            peer,
            setting,
        }
    }

    /// Whether every answer agreed.
    pub(crate) fn agree(&self) -> bool {
        self.difference.is_none()
    }
}

impl Measured {
    fn of(workload: &Workload, rows: Vec<&Row>) -> Self {
        let us_per_task = rows.iter().filter_map(|row| workload.shape.us_per_task(&row.answer));
        Self {
            system: rows.first().map(|row| row.system.clone()).unwrap_or_default(),
            seconds: Summary::of(rows.iter().map(|row| row.seconds)),
            us_per_task: Summary::of(us_per_task),
            peak_mb: rows.iter().filter_map(|row| row.peak_mb).max(),
            answer: rows.first().map(|row| row.answer.clone()).unwrap_or_default(),
        }
    }
}

fn median(summary: Option<Summary>) -> Option<f64> {
    summary.map(|summary| summary.median)
}

fn ratio(peer: Option<f64>, ours: Option<f64>) -> Option<f64> {
    Some(peer? / ours?).filter(|ratio| ratio.is_finite())
}

fn difference(workload: &Workload, rounds: &[[Row; 2]]) -> Option<String> {
    let expected = workload.shape.compared(&rounds.first()?[0].answer);
    rounds.iter().flatten().find_map(|row| {
        let answer = workload.shape.compared(&row.answer);
        let found = agree(expected, answer, workload.tolerance).err()?;
        Some(format!("{found} ({})", row.system))
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs = if self.runs == 1 { "run" } else { "runs" };
        writeln!(f, "{}: {}; {} {runs} of each in turn", self.workload, self.size, self.runs)?;
        let mut table = Table::new([
            ("", Align::Left),
            ("median", Align::Right),
            ("min", Align::Right),
            ("max", Align::Right),
            ("peak MB", Align::Right),
            ("us/task", Align::Right),
        ]);
        for measured in [&self.ours, &self.peer] {
            let seconds = |of: fn(&Summary) -> f64| {
                measured
                    .seconds
                    .as_ref()
                    .map(|s| format!("{} s", figure(of(s))))
                    .unwrap_or_default()
            };
            table.row([
                measured.system.clone(),
                seconds(|s| s.median),
                seconds(|s| s.min),
                seconds(|s| s.max),
                measured.peak_mb.map_or_else(|| "unknown".into(), |mb| mb.to_string()),
                measured.us_per_task.map(|s| figure(s.median)).unwrap_or_default(),
            ]);
        }
        let times = |ratio: Option<f64>| ratio.map(figure).unwrap_or_default();
        table.row([
            format!("{} / {}", self.peer.system, self.ours.system),
            times(self.seconds_ratio),
            String::new(),
            String::new(),
            times(self.peak_ratio),
            times(self.us_per_task_ratio),
        ]);
        write!(f, "{table}")?;
        match &self.difference {
            None => writeln!(f, "answers agree")?,
            Some(difference) => writeln!(f, "ANSWERS DISAGREE: {difference}")?,
        }
        writeln!(f, "{}", self.setting.line())
    }
}

/// Three significant digits, more before the point where there are.
fn figure(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let decimals = (2 - value.abs().log10().floor() as i64).clamp(0, 9) as usize;
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::workload::AnswerShape;

    const WORKLOAD: Workload = Workload {
        name: "w",
        about: "",
        size: "8 tasks",
        peers: &["dask"],
        data: &[],
        tolerance: 1e-6,
        shape: AnswerShape::PerTask,
        run: |_| Ok(Value::Null),
    };

    fn row(system: &str, seconds: f64, answer: f64) -> Row {
        Row {
            workload: "w".into(),
            system: system.into(),
            seconds,
            peak_mb: Some((seconds * 10.0) as u64),
            answer: json!({"answer": answer, "us_per_task": seconds * 100.0}),
        }
    }

    fn report(peer_answers: [f64; 3]) -> Report {
        let seconds = [(1.0, 40.0), (2.0, 50.0), (4.0, 90.0)];
        let rounds: Vec<_> = seconds
            .into_iter()
            .zip(peer_answers)
            .map(|((ours, peer), answer)| [row("chunkwise", ours, 7.0), row("dask", peer, answer)])
            .collect();
        let setting = Setting {
            chunkwise: "chunkwise 1".into(),
            rustc: "rustc 1",
            python: "Python 3".into(),
            peer: Some("dask 2".into()),
            threads: Some(2),
            machine: "linux".into(),
        };
        Report::new(&WORKLOAD, &rounds, setting)
    }

    #[test]
    fn table_has_medians_ratios_and_setting() {
        let expected = "\
w: 8 tasks; 3 runs of each in turn
                  median     min     max  peak MB  us/task
chunkwise         2.00 s  1.00 s  4.00 s       40      200
dask              50.0 s  40.0 s  90.0 s      900     5000
dask / chunkwise    25.0                     22.5     25.0
answers agree
chunkwise 1; rustc 1; dask 2; Python 3; 2 threads; linux
";
        let report = report([7.0, 7.000_001, 7.0]);
        assert!(report.agree());
        assert_eq!(report.to_string(), expected);
    }

    #[test]
    fn one_wrong_answer_is_enough() {
        let report = report([7.0, 7.0, 8.0]);
        assert!(!report.agree());
        let text = report.to_string();
        assert!(text.contains("ANSWERS DISAGREE: ours 7.0, the peer's 8.0 (dask)"), "{text}");
    }

    #[test]
    fn json_holds_the_same() {
        let json = serde_json::to_value(report([7.0; 3])).unwrap();
        assert_eq!(json["seconds_ratio"], 25.0);
        assert_eq!(json["ours"]["seconds"]["max"], 4.0);
        assert_eq!(json["peer"]["peak_mb"], 900);
        assert_eq!(json["difference"], Value::Null);
        assert_eq!(json["setting"]["threads"], 2);
    }

    #[test]
    fn figures_have_three_digits() {
        let figures = [0.0, 0.000_123_45, 0.0123, 1.5, 12.34, 123.4, 12_345.6, f64::INFINITY];
        let expected = ["0", "0.000123", "0.0123", "1.50", "12.3", "123", "12346", "inf"];
        assert_eq!(figures.map(figure), expected);
    }
}

//! `compare pair`: ours and a peer in turn.

use std::path::Path;

use crate::cli::PairArgs;
use crate::environment;
use crate::error::{CompareError, Outcome};
use crate::machine::{Setting, warn_of_debug_build};
use crate::peer::System;
use crate::places;
use crate::report::Report;
use crate::row::Row;
use crate::workload::Workload;

/// Runs both systems alternately, each time in a new process, and prints the comparison.
///
/// # Errors
/// When the workload or peer is unknown, data or environment is missing, or a run fails.
pub(crate) fn pair(args: &PairArgs) -> Result<Outcome, CompareError> {
    let workload = Workload::named(&args.workload)?;
    workload.check_peer(&args.peer)?;
    workload.check_data(&args.data)?;
    let scripts = places::peers(args.peers.as_deref());
    let python = environment::python(args.python.venv.as_deref())?;
    let peer = System::peer(&args.peer, &python, &scripts)?;
    let setting = Setting::of(&python, &args.peer)?;
    warn_of_debug_build();

    let rows = alternate(&[System::ours()?, peer], workload.name, &args.data, args.runs)?;
    let report = Report::new(workload, &rows, setting);
    if args.json {
        println!("{}", serde_json::to_string(&report).map_err(CompareError::Json)?);
    } else {
        print!("{report}");
    }
    Ok(Outcome::from(report.agree()))
}

/// The rows of each round: ours, the peer's.
fn alternate(
    systems: &[System; 2],
    workload: &str,
    data: &Path,
    runs: u32,
) -> Result<Vec<[Row; 2]>, CompareError> {
    let once = |system: &System, round: u32| {
        let row = system.run(workload, data)?;
        eprintln!("run {round} of {runs}: {} {:.4} s", system.name, row.seconds);
        Ok(row)
    };
    (1..=runs).map(|round| Ok([once(&systems[0], round)?, once(&systems[1], round)?])).collect()
}

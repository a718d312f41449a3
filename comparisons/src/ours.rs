//! `compare ours`: one workload in this process.

use std::time::Instant;

use crate::cli::OursArgs;
use crate::error::{CompareError, Outcome};
use crate::peak::peak_mb;
use crate::row::Row;
use crate::workload::Workload;

/// The name of our system in a row.
pub(crate) const SYSTEM: &str = "chunkwise";

/// Runs the workload and prints its row.
///
/// # Errors
/// When the workload is unknown, its data is missing, or it fails.
pub(crate) fn ours(args: &OursArgs) -> Result<Outcome, CompareError> {
    let workload = Workload::named(&args.workload)?;
    workload.check_data(&args.data)?;
    let start = Instant::now();
    let answer = (workload.run)(&args.data)
        .map_err(|source| CompareError::Workload { name: workload.name, source })?;
    let seconds = start.elapsed().as_secs_f64();
    let row = Row {
        workload: workload.name.to_owned(),
        system: SYSTEM.to_owned(),
        seconds,
        peak_mb: peak_mb(),
        answer,
    };
    println!("{}", serde_json::to_string(&row).map_err(CompareError::Json)?);
    Ok(Outcome::Good)
}

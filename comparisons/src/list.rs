//! `compare list`.

use crate::error::{CompareError, Outcome};
use crate::table::{Align, Table};
use crate::workload::ALL;

/// Prints every workload, the systems that have it, and the data it reads.
///
/// # Errors
/// None so far; the type is that of every command.
pub(crate) fn list() -> Result<Outcome, CompareError> {
    let mut table = Table::new([
        ("workload", Align::Left),
        ("systems", Align::Left),
        ("data", Align::Left),
        ("what it does", Align::Left),
    ]);
    for workload in ALL {
        let systems = [&["chunkwise"], workload.peers].concat().join(", ");
        let data = if workload.data.is_empty() { "none".into() } else { workload.data.join(", ") };
        table.row([workload.name.into(), systems, data, workload.about.into()]);
    }
    print!("{table}");
    Ok(Outcome::Good)
}

//! Runs of one plan, watched for the most results that are held at once.

use std::sync::Arc;

use chunkwise::diagnostics::LiveResults;
use chunkwise::graph::{Error, Plan, Run};
use chunkwise::prelude::*;

/// The values of the plan's outputs, and what was held at the peak.
pub(super) fn watched(
    plan: &Plan,
    scheduler: &dyn Scheduler,
) -> Result<(Vec<Value>, Arc<LiveResults>), Error> {
    let live = Arc::new(LiveResults::new());
    let values = with_observer(live.clone(), || scheduler.run(plan, &Run::current()))?;
    Ok((values, live))
}

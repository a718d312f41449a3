//! Runs of one plan, watched for the most results that are held at once.

use std::sync::Arc;

use chunkwise_diagnostics::LiveResults;
use chunkwise_graph::{Error, Plan, Run, Scheduler, Value, with_observer};

/// The values of the plan's outputs, and what was held at the peak.
pub(super) fn watched(
    plan: &Plan,
    scheduler: &dyn Scheduler,
) -> Result<(Vec<Value>, Arc<LiveResults>), Error> {
    let live = Arc::new(LiveResults::new());
    let values = with_observer(live.clone(), || scheduler.run(plan, &Run::current()))?;
    Ok((values, live))
}

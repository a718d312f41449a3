//! What is used where nothing is chosen: all cores, and a share of the memory.

use chunkwise_graph::{
    Error, MemoryBudget, Result, init_default_memory_budget, init_default_scheduler,
};
use chunkwise_memory::{Budget, MemoryLimit, default_limit};
use chunkwise_sched_threaded::Threaded;
use std::sync::Arc;

/// The environment variable that sets the memory limit of the process.
pub const MEMORY_LIMIT_VARIABLE: &str = "CHUNKWISE_MEMORY_LIMIT";

/// Chooses the scheduler and the memory budget of the process, unless the user did.
pub(crate) fn init_defaults() -> Result<()> {
    init_default_scheduler(Threaded::new);
    init_default_memory_budget(|| {
        let setting = std::env::var(MEMORY_LIMIT_VARIABLE).ok();
        let budget = budget(setting.as_deref())?;
        Ok(budget.map(|budget| Arc::new(budget) as Arc<dyn MemoryBudget>))
    })
}

/// The limit that the setting names; else, as a precaution, a share of what the machine or its
/// control group has, where that is known.
fn budget(setting: Option<&str>) -> Result<Option<Budget>> {
    match setting.map(str::trim) {
        None | Some("") => Ok(default_limit().map(|limit| Budget::new(limit).as_precaution())),
        Some("none") => Ok(None),
        Some(text) => {
            let limit: Result<MemoryLimit, _> = text.parse();
            let limit = limit.map_err(|error| Error::Setting {
                name: MEMORY_LIMIT_VARIABLE,
                source: Arc::new(error),
            })?;
            Ok(limit.bytes().map(Budget::new))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn a_limit_is_what_the_setting_says() {
        let limit = |text| budget(Some(text)).unwrap().map(|budget| budget.limit());
        assert_eq!(limit("256MB"), Some(256_000_000));
        assert_eq!(limit(" 1 GiB "), Some(1 << 30));
        assert_eq!(limit("none"), None);
        assert_eq!(limit(""), default_limit());
        let error = budget(Some("plenty")).unwrap_err();
        let text = error.report().to_string();
        assert!(text.starts_with("CHUNKWISE_MEMORY_LIMIT is set to something unusable"), "{text}");
        assert!(text.contains("`plenty` is no memory limit"), "{text}");
    }
}

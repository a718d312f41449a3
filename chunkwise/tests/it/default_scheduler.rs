use chunkwise::graph::{current_scheduler, set_default_scheduler};
use chunkwise::prelude::*;

const ALONE: &str = "CHUNKWISE_TEST_DEFAULT";

/// The name of the scheduler that a task finds around it.
fn scheduler_inside() -> String {
    delayed(|| current_scheduler().name().to_owned()).call(()).compute().unwrap()
}

#[test]
fn computing_uses_all_cores_unless_the_user_chose() {
    // The default belongs to the process, so each half needs one.
    if std::env::var_os(ALONE).is_some() {
        set_default_scheduler(Synchronous);
        assert_eq!(scheduler_inside(), "synchronous");
        return;
    }
    assert_eq!(scheduler_inside(), "threaded");
    assert_eq!(with_scheduler(Synchronous, scheduler_inside), "synchronous");
    let test = "default_scheduler::computing_uses_all_cores_unless_the_user_chose";
    assert!(crate::again(test, ALONE).status().unwrap().success());
}

//! [`in_another_process`]: tests whose failure would end the process.

use std::env;
use std::process::Command;

const CHILD: &str = "CHUNKWISE_TEST_CHILD";

/// Runs the body of the test named `test` (its full path in the test binary) in another process,
/// where a stack overflow or an abort ends that process only, and fails if the process does.
///
/// # Panics
/// If the other process cannot be started or does not end well; its output is in the message.
pub fn in_another_process(test: &str, body: impl FnOnce()) {
    if env::var_os(CHILD).is_some() {
        return body();
    }
    let this = env::current_exe().expect("a running test knows its own file");
    let output = Command::new(this).args([test, "--exact", "--nocapture"]).env(CHILD, "1").output();
    let output = output.expect("a test can be started again");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("1 passed") || !output.status.success(), "no test is named {test}");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the process of {test} ended with {}:\n{error}",
        output.status
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_runs_in_a_process_of_its_own() {
        in_another_process("process::tests::a_body_runs_in_a_process_of_its_own", || {
            assert!(env::var_os(CHILD).is_some());
        });
    }

    #[test]
    #[should_panic(expected = "ended with")]
    fn an_abort_fails_the_test_only() {
        let name = "process::tests::an_abort_fails_the_test_only";
        in_another_process(name, || std::process::abort());
    }
}

use chunkwise::graph::{Error, cancelled};
use chunkwise::prelude::*;
use rustix::process::{Pid, Signal, getpid, kill_process};
use std::time::{Duration, Instant};

const ALONE: &str = "CHUNKWISE_TEST_CTRL_C";

fn press_ctrl_c(process: Pid) {
    kill_process(process, Signal::INT).unwrap();
}

/// Presses Ctrl-C from inside a run, and waits in the task until it is noticed.
fn press_and_wait() -> bool {
    press_ctrl_c(getpid());
    let since = Instant::now();
    while !cancelled() && since.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(1));
    }
    cancelled()
}

#[test]
fn ctrl_c_stops_the_run_and_outside_of_one_the_program() {
    if std::env::var_os(ALONE).is_none() {
        let test = "ctrl_c::ctrl_c_stops_the_run_and_outside_of_one_the_program";
        let output = crate::again(test, ALONE).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(130), "{text}");
        assert!(text.contains("the run was cancelled, the program goes on"), "{text}");
        return;
    }
    let waits = delayed(press_and_wait).call(());
    let never = delayed(|_: bool| 1).call(&waits);
    for scheduler in [&Synchronous as &dyn Scheduler, &Threaded::new()] {
        let result = chunkwise::interruptible(|| never.compute_with(scheduler)).unwrap();
        assert!(matches!(result, Err(Error::Cancelled { .. })), "{result:?}");
    }
    println!("the run was cancelled, the program goes on");
    press_ctrl_c(getpid());
    std::thread::sleep(Duration::from_secs(30));
    unreachable!("the second Ctrl-C ends the program");
}

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
    #[cfg(all(feature = "processes", target_os = "linux"))]
    stops_worker_processes();
    println!("the run was cancelled, the program goes on");
    press_ctrl_c(getpid());
    std::thread::sleep(Duration::from_secs(30));
    unreachable!("the second Ctrl-C ends the program");
}

#[cfg(all(feature = "processes", target_os = "linux"))]
fn stops_worker_processes() {
    /// Presses Ctrl-C here when a task has started there.
    struct Press;

    impl chunkwise::graph::Observer for Press {
        fn pretask(&self, _: chunkwise::graph::TaskRef<'_>, _: chunkwise::graph::WorkerId) {
            press_ctrl_c(getpid());
        }
    }

    fn wait() -> bool {
        let since = Instant::now();
        while !cancelled() && since.elapsed() < Duration::from_secs(30) {
            std::thread::sleep(Duration::from_millis(1));
        }
        cancelled()
    }

    let waits = delayed(wait).call(());
    let processes = Processes::new(1).unwrap();
    let compute = || with_observer(std::sync::Arc::new(Press), || waits.compute_with(&processes));
    let result = chunkwise::interruptible(compute).unwrap();
    assert!(matches!(result, Err(Error::Cancelled { .. })), "{result:?}");
    assert_eq!(delayed(|| 1).call(()).compute_with(&processes).unwrap(), 1);
}

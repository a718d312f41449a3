//! What tests and tasks tell each other, when it is another process that tells.

use chunkwise_testing::{Alive, Flag, Log, eventually};
use serde::{Deserialize, Serialize};
use std::process::{Child, Command, Stdio};
use std::{env, process};

const STATE: &str = "CHUNKWISE_TEST_STATE";

/// What the other process is given.
#[derive(Serialize, Deserialize)]
struct State {
    alive: Alive,
    log: Log,
    made: Flag,
    go_on: Flag,
}

/// In the other process: its part. Here: that process, which runs the same test, and what it was
/// given.
fn elsewhere(test: &str, there: fn(State)) -> (Child, State) {
    if let Ok(hex) = env::var(STATE) {
        let digits = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
        let bytes: Vec<u8> = digits.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
        there(postcard::from_bytes(&bytes).unwrap());
        process::exit(0);
    }
    let state =
        State { alive: Alive::new(2), log: Log::new(), made: Flag::new(), go_on: Flag::new() };
    let bytes = postcard::to_stdvec(&state).unwrap();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([test, "--exact"]).env(STATE, hex).stdout(Stdio::null());
    (command.spawn().unwrap(), state)
}

#[test]
fn what_another_process_makes_and_drops_counts_here() {
    let test = "elsewhere::what_another_process_makes_and_drops_counts_here";
    let (mut child, state) = elsewhere(test, |state| {
        let value = state.alive.work(0, &[]).unwrap();
        state.log.add(7);
        state.made.raise();
        state.go_on.wait();
        drop(value);
    });
    let State { alive, log, made, go_on } = state;
    let own = alive.track(1, 0);
    made.wait();
    assert!(alive.is_alive(0) && alive.is_alive(1));
    assert_eq!((alive.n_alive(), alive.n_made(), log.all()), (2, 2, vec![7]));
    go_on.raise();
    assert!(child.wait().unwrap().success());
    assert_eq!((alive.n_alive(), alive.is_alive(0)), (1, false));
    drop(own);
    assert_eq!(alive.n_alive(), 0);
}

#[test]
fn a_lock_goes_with_its_process() {
    let (mut child, state) = elsewhere("elsewhere::a_lock_goes_with_its_process", |state| {
        let _held = state.made.try_lock().unwrap();
        state.made.raise();
        state.go_on.wait();
    });
    state.made.wait();
    assert!(state.made.try_lock().is_none());
    child.kill().unwrap();
    child.wait().unwrap();
    eventually("the lock is free", || state.made.try_lock().is_some());
}

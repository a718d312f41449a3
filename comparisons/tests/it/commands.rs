use std::process::{Command, Output};

use serde_json::Value;

fn compare(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_compare")).args(args).output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// Worker processes are for Linux.
fn is_here(workload: &&str) -> bool {
    *workload != "tasks_process" || cfg!(target_os = "linux")
}

#[test]
fn list_has_one_line_a_workload() {
    let output = compare(&["list"]);
    assert!(output.status.success());
    let lines: Vec<&str> = stdout(&output).lines().collect();
    assert!(lines[0].starts_with("workload"), "{lines:?}");
    for name in ["tasks_sync", "tasks_threaded", "tasks_process"].into_iter().filter(is_here) {
        let line = lines.iter().find(|line| line.starts_with(name)).unwrap();
        assert!(line.contains("chunkwise, dask"), "{line}");
    }
}

#[test]
fn unknown_workload_lists_the_known() {
    for args in [&["ours", "tasks_snyc"][..], &["pair", "tasks_snyc", "--peer", "dask"]] {
        let output = compare(args);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(stdout(&output), "");
        let text = stderr(&output);
        assert!(text.contains("\"tasks_snyc\"") && text.contains("tasks_sync, "), "{text}");
    }
}

#[test]
fn unknown_peer_lists_the_known() {
    let output = compare(&["pair", "tasks_sync", "--peer", "polars"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("there are: dask"), "{}", stderr(&output));
}

#[test]
fn missing_environment_says_how_to_make_it() {
    let folder = tempfile::tempdir().unwrap();
    let venv = folder.path().join("venv");
    let venv = venv.to_str().unwrap();
    for args in
        [&["pair", "tasks_sync", "--peer", "dask", "--venv", venv][..], &["order", "--venv", venv]]
    {
        let output = compare(args);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("compare setup"), "{}", stderr(&output));
    }
}

#[test]
fn setup_tells_of_a_missing_interpreter_and_of_a_foreign_folder() {
    let folder = tempfile::tempdir().unwrap();
    let venv = folder.path().join("venv");
    let args = ["setup", "--venv", venv.to_str().unwrap(), "--python", "no-such-python"];
    let output = compare(&args);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("could not start no-such-python"), "{}", stderr(&output));

    std::fs::write(folder.path().join("letter.txt"), "dear").unwrap();
    let output = compare(&["setup", "--venv", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("does not touch"), "{}", stderr(&output));
    assert!(folder.path().join("letter.txt").exists());
}

#[test]
fn ours_prints_the_peers_keys() {
    // Sums of 1..=100_000, and of 1..=10_000.
    let answers = [
        ("tasks_sync", 5_000_050_000_i64),
        ("tasks_threaded", 5_000_050_000),
        ("tasks_process", 50_005_000),
    ];
    for (workload, answer) in answers.into_iter().filter(|(name, _)| is_here(name)) {
        let output = compare(&["ours", workload]);
        assert!(output.status.success(), "{}", stderr(&output));
        let row: Value = serde_json::from_str(stdout(&output)).unwrap();
        // Whether an object keeps its order is for other crates of the build to decide.
        let mut keys: Vec<&String> = row.as_object().unwrap().keys().collect();
        keys.sort_unstable();
        assert_eq!(keys, ["answer", "peak_mb", "seconds", "system", "workload"]);
        assert_eq!((&row["workload"], &row["system"]), (&workload.into(), &"chunkwise".into()));
        assert_eq!(row["answer"]["answer"], answer);
        assert!(row["answer"]["us_per_task"].as_f64().unwrap() > 0.0);
        assert!(row["seconds"].as_f64().unwrap() > 0.0);
    }
}

use crate::driver::{Threads, inc, parts, plan_of, watched};
use chunkwise_diagnostics::{DiagnosticsError, Profile};
use chunkwise_graph::{InOrder, Scheduler, SchedulerExt, TaskDict, with_observer};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;

pub(crate) fn written(profile: &Profile) -> Json {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.json");
    profile.write_chrome_trace(&path).unwrap();
    serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap()
}

pub(crate) fn of_kind<'a>(trace: &'a Json, ph: &str) -> Vec<&'a Json> {
    trace["traceEvents"].as_array().unwrap().iter().filter(|e| e["ph"] == ph).collect()
}

/// What viewers need: events by time, spans of one thread each inside or after the other.
pub(crate) fn check(trace: &Json) {
    let mut last = 0.0;
    let mut open: HashMap<u64, Vec<f64>> = HashMap::new();
    for event in trace["traceEvents"].as_array().unwrap() {
        if event["ph"] == "M" {
            continue;
        }
        let ts = event["ts"].as_f64().unwrap();
        assert!(ts >= last && ts.is_finite());
        last = ts;
        if event["ph"] == "X" {
            let end = ts + event["dur"].as_f64().filter(|dur| *dur >= 0.0).unwrap();
            let open = open.entry(event["tid"].as_u64().unwrap()).or_default();
            open.retain(|end| *end > ts + 1e-4);
            assert!(open.iter().all(|outer| *outer >= end - 1e-4), "spans cross");
            open.push(end);
        }
    }
    for kind in ["live bytes", "live results"] {
        let counters = of_kind(trace, "C");
        let last = counters.iter().rfind(|event| event["name"] == kind);
        let level =
            last.map(|event| event["args"].as_object().unwrap().values().next().unwrap().clone());
        assert!(level.is_none_or(|level| level == 0), "something is left");
    }
}

#[test]
fn all_tasks_are_there_and_in_order() {
    let plan = plan_of(&parts(100), "total");
    for scheduler in [&InOrder as &dyn Scheduler, &Threads(3)] {
        let profile = Arc::new(Profile::new());
        watched(scheduler, &plan, profile.clone()).unwrap();
        let trace = written(&profile);
        check(&trace);
        let mut keys: Vec<&str> = of_kind(&trace, "X")
            .iter()
            .map(|event| event["args"]["key"].as_str().unwrap())
            .collect();
        let mut expected: Vec<String> = plan.tasks().map(|task| task.key().to_string()).collect();
        keys.sort_unstable();
        expected.sort_unstable();
        assert_eq!(keys, expected);
        assert_eq!((of_kind(&trace, "b").len(), of_kind(&trace, "e").len()), (1, 1));
        let names = of_kind(&trace, "M");
        assert!(names.iter().any(|event| event["args"]["name"] == "chunkwise"));
        assert!(names.iter().any(|event| event["name"] == "thread_name"));
        assert_eq!(trace["otherData"]["tasks_not_shown"], 0);
        let peak = profile.runs()[0].peak().unwrap();
        let levels = of_kind(&trace, "C");
        let most = levels.iter().filter_map(|event| event["args"]["results"].as_u64()).max();
        assert_eq!(most, Some(peak.results));
        assert_eq!(
            levels.iter().filter_map(|e| e["args"]["bytes"].as_u64()).max(),
            Some(peak.bytes)
        );
    }
}

#[test]
fn any_key_failed_tasks_and_nested_runs_stay_valid() {
    let mut graph = TaskDict::new();
    let odd = ["q\"uo\\te", "größe ∑\u{1F600}", "line\nbreak\t\u{0}\u{1b}[2J", "", "</script>"];
    graph.value("start", 1i64);
    let mut before = "start";
    for key in odd {
        graph.task(key, inc, [before]);
        before = key;
    }
    let nested = |x: i64| {
        let mut graph = TaskDict::new();
        graph.value("x", x).task("y", inc, ["x"]);
        InOrder.get::<i64>(&graph, "y").unwrap()
    };
    graph.task("nested", nested, [before]);
    graph.task("fails", |x: i64| -> i64 { panic!("{x}") }, ["nested"]);
    let profile = Arc::new(Profile::new());
    with_observer(profile.clone(), || InOrder.get::<i64>(&graph, "fails")).unwrap_err();
    let trace = written(&profile);
    check(&trace);
    let tasks = of_kind(&trace, "X");
    let keys: Vec<&str> =
        tasks.iter().map(|event| event["args"]["key"].as_str().unwrap()).collect();
    assert_eq!(keys, [&["start"], &odd[..], &["nested", "x", "y", "fails"]].concat());
    assert_eq!(tasks.last().unwrap()["args"]["finished"], false);
    assert_eq!(of_kind(&trace, "e").last().unwrap()["args"]["outcome"], "failed: fails");
    assert!(!profile.to_string().contains('\u{1b}'));
}

#[test]
fn an_empty_profile_and_one_that_only_counts() {
    let profile = Arc::new(Profile::with_limit(0));
    check(&written(&profile));
    watched(&InOrder, &plan_of(&parts(4), "total"), profile.clone()).unwrap();
    let trace = written(&profile);
    check(&trace);
    assert_eq!((of_kind(&trace, "X").len(), of_kind(&trace, "C").len()), (0, 0));
    assert_eq!(trace["otherData"]["tasks_not_shown"], 13);
}

#[test]
fn the_file_appears_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let profile = Profile::new();
    let names = || {
        let entries = std::fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let missing = folder.path().join("no-such-folder").join("trace.json");
    let error = profile.write_chrome_trace(&missing).unwrap_err();
    assert!(error.to_string().contains("no-such-folder") && error.source().is_some());
    // A folder stands where the file should go.
    std::fs::create_dir_all(folder.path().join("taken").join("inside")).unwrap();
    let DiagnosticsError::Write { path, .. } =
        profile.write_chrome_trace(folder.path().join("taken")).unwrap_err()
    else {
        panic!("another error")
    };
    assert!(path.ends_with("taken"));
    assert!(profile.write_chrome_trace("").is_err() && profile.write_chrome_trace("/").is_err());
    assert_eq!(names(), ["taken"]);
    let path = folder.path().join("größe.json");
    for _ in 0..2 {
        profile.write_chrome_trace(&path).unwrap();
    }
    assert_eq!(names(), ["größe.json", "taken"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let plain = folder.path().join("plain");
        std::fs::write(&plain, "").unwrap();
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&path), mode(&plain));
    }
}

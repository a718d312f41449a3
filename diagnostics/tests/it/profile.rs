use crate::driver::{Threads, add, inc, parts, plan_of, watched};
use chunkwise_diagnostics::{Outcome, Profile, Record};
use chunkwise_graph::{
    CancelToken, Error, InOrder, Key, Observer, Run, Scheduler, SchedulerExt, TaskDict, Value,
    WorkerId, cancelled, with_observer,
};
use std::sync::Arc;
use std::time::Duration;

fn keys(records: &[Record]) -> Vec<String> {
    records.iter().map(|record| record.key().to_string()).collect()
}

/// What holds of the records of every run.
pub(crate) fn check(profile: &Profile) {
    for run in profile.runs() {
        let mut seen = std::collections::HashMap::new();
        for record in run.records() {
            assert!(run.start() <= record.start() && record.start() <= record.end());
            assert!(record.end() <= run.start() + run.time());
            assert!(record.own_time() <= record.time());
            assert!(record.released().is_none_or(|released| released >= record.end()));
            assert!(seen.insert(record.task().id(), record.clone()).is_none(), "ran twice");
        }
        for record in run.records() {
            for dep in record.task().deps() {
                assert!(seen[&dep.id()].end() <= record.start(), "ran before its input was there");
            }
        }
        assert!(run.records().is_sorted_by_key(Record::start));
        let path = run.critical_path();
        assert!(
            path.time <= run.time()
                && path.time >= run.records().iter().map(Record::time).max().unwrap_or_default()
        );
        assert_eq!(path.time, path.records.iter().map(Record::time).sum());
    }
}

#[test]
fn every_task_is_recorded_once_on_any_number_of_threads() {
    let plan = plan_of(&parts(200), "total");
    let schedulers: [&dyn Scheduler; 4] = [&InOrder, &Threads(1), &Threads(2), &Threads(5)];
    for scheduler in schedulers {
        let profile = Arc::new(Profile::new());
        watched(scheduler, &plan, profile.clone()).unwrap();
        check(&profile);
        let runs = profile.runs();
        assert_eq!((runs.len(), runs[0].records().len(), runs[0].n_counted()), (1, 601, 0));
        assert!(matches!(runs[0].outcome(), Outcome::Finished));
        let records = runs[0].records();
        assert!(records.iter().all(Record::finished));
        let total = records.iter().find(|record| record.key() == "total".into()).unwrap();
        assert_eq!((total.bytes(), total.released(), total.depth()), (8, None, 0));
        assert_eq!(records.iter().filter(|record| record.released().is_none()).count(), 1);
        let path = runs[0].critical_path();
        assert_eq!(path.records.last().unwrap().key(), "total".into());
        for pair in path.records.windows(2) {
            assert!(pair[1].task().deps().any(|dep| dep.id() == pair[0].task().id()));
        }
        let summary = profile.summary();
        let loads = summary.groups.iter().map(|group| group.n_tasks);
        assert_eq!(loads.sum::<u64>(), 601);
        assert!((summary.groups.iter().map(|group| group.share).sum::<f64>() - 1.0).abs() < 1e-9);
        assert_eq!(profile.summary_by_layer().groups.len(), 1);
    }
}

#[test]
fn the_observed_peak_is_the_predicted_one() {
    let plan = plan_of(&parts(40), "total");
    let profile = Arc::new(Profile::new());
    watched(&InOrder, &plan, profile.clone()).unwrap();
    assert_eq!(profile.runs()[0].peak().unwrap().results, plan.predicted_peak().live);
}

#[test]
fn a_failing_task_lasts_until_the_end_of_its_run() {
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).task("b", inc, ["a"]);
    graph.try_task("c", |_: i64| Err::<i64, _>("no such file"), ["b"]).task("d", inc, ["c"]);
    let plan = plan_of(&graph, "d");
    for scheduler in [&InOrder as &dyn Scheduler, &Threads(2)] {
        let profile = Arc::new(Profile::new());
        // Nothing of the failed run is left when the next one starts.
        for n_runs in 1..=3 {
            watched(scheduler, &plan, profile.clone()).unwrap_err();
            check(&profile);
            let run = profile.runs().pop().unwrap();
            assert_eq!(profile.runs().len(), n_runs);
            assert_eq!(run.outcome().to_string(), "failed: c");
            assert_eq!(keys(run.records()), ["a", "b", "c"]);
            let failed = &run.records()[2];
            assert!(!failed.finished() && failed.depth() == 0);
            assert_eq!(failed.end(), run.start() + run.time());
        }
        assert!(profile.to_string().contains("not finished: c, c, c"));
    }
}

#[test]
fn a_cancelled_run_says_so() {
    let token = CancelToken::new();
    let cancel = token.clone();
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).task(
        "b",
        move |x: i64| {
            cancel.cancel();
            x
        },
        ["a"],
    );
    graph.task("c", inc, ["b"]);
    let profile = Arc::new(Profile::new());
    let run = Run::new().observer(profile.clone()).cancel(token);
    let error = InOrder.run(&plan_of(&graph, "c"), &run).unwrap_err();
    assert!(matches!(error, Error::Cancelled { .. }));
    let run = &profile.runs()[0];
    assert_eq!(
        (keys(run.records()), run.outcome().to_string()),
        (vec!["a".into(), "b".into()], "cancelled".into())
    );
    assert!(run.records().iter().all(Record::finished));
    assert!(!cancelled());
}

#[test]
fn an_empty_plan_and_no_run_at_all() {
    let profile = Arc::new(Profile::new());
    assert_eq!(profile.to_string(), "0 tasks in 0 runs, 0 ns\n");
    let plan = TaskDict::new().graph(&[]).unwrap().plan().unwrap();
    watched(&InOrder, &plan, profile.clone()).unwrap();
    check(&profile);
    let runs = profile.runs();
    assert_eq!((runs.len(), runs[0].records().len()), (1, 0));
    assert_eq!(
        (runs[0].critical_path().time, runs[0].peak().unwrap().results),
        (Duration::ZERO, 0)
    );
    assert!(profile.to_string().starts_with("0 tasks in 1 run, "));
}

/// Outer tasks that each run a graph of three tasks, on the scheduler around them.
fn nested(n: i64) -> TaskDict {
    let inner = |x: i64| {
        let mut graph = TaskDict::new();
        graph.value("x", x).task("y", inc, ["x"]).task("z", add, ["x", "y"]);
        chunkwise_graph::current_scheduler().get::<i64>(&graph, "z").unwrap()
    };
    let mut graph = TaskDict::new();
    for i in 0..n {
        graph.value(("a", i), i).task(("b", i), inner, [("a", i)]);
    }
    let all: Vec<Key> = (0..n).map(|i| ("b", i).into()).collect();
    graph.task("sum", |all: Vec<i64>| all.iter().sum::<i64>(), [chunkwise_graph::list(all)]);
    graph
}

#[test]
fn nested_runs_are_told_apart_and_their_time_is_not_counted_twice() {
    let profile = Arc::new(Profile::new());
    let sum: i64 = with_observer(profile.clone(), || InOrder.get(&nested(5), "sum")).unwrap();
    assert_eq!(sum, (0..5).map(|x| 2 * x + 1).sum::<i64>());
    check(&profile);
    let runs = profile.runs();
    assert_eq!(runs.iter().map(|run| run.records().len()).collect::<Vec<_>>(), [11, 3, 3, 3, 3, 3]);
    for inner in &runs[1..] {
        assert!(inner.records().iter().all(|record| record.depth() == 1));
        let outer = runs[0].records().iter().find(|outer| {
            outer.start() <= inner.start() && inner.start() + inner.time() <= outer.end()
        });
        let (outer, inner) = (outer.unwrap(), inner.records());
        assert_eq!(outer.time() - outer.own_time(), inner.iter().map(Record::time).sum());
    }
}

#[test]
fn nested_runs_on_threads_of_their_own() {
    let profile = Arc::new(Profile::new());
    with_observer(profile.clone(), || {
        chunkwise_graph::with_scheduler(Threads(2), || Threads(3).get::<i64>(&nested(20), "sum"))
    })
    .unwrap();
    check(&profile);
    assert_eq!(profile.runs().len(), 21);
    assert_eq!(profile.records().len(), 41 + 60);
    assert!(profile.records().iter().all(Record::finished));
    // Threads that have ended leave their lanes to new ones.
    assert!(profile.records().iter().all(|record| record.thread() < 3 + 3 * 2 + 1));
}

#[test]
fn above_the_limit_tasks_are_counted_and_it_is_said() {
    let plan = plan_of(&parts(1000), "total");
    for (limit, scheduler) in
        [(0, &InOrder as &dyn Scheduler), (1000, &InOrder), (1000, &Threads(3))]
    {
        let profile = Arc::new(Profile::with_limit(limit));
        watched(scheduler, &plan, profile.clone()).unwrap();
        let run = profile.runs().pop().unwrap();
        let n_recorded = run.records().len();
        assert!(n_recorded <= limit && n_recorded + 2 * 256 >= limit);
        assert_eq!(n_recorded as u64 + run.n_counted(), 3001);
        assert_eq!(run.peak(), None);
        let summary = profile.summary();
        let counts = |of: fn(&chunkwise_diagnostics::GroupSummary) -> u64| {
            summary.groups.iter().map(of).sum::<u64>()
        };
        assert_eq!((counts(|g| g.n_tasks), counts(|g| g.n_counted)), (3001, run.n_counted()));
        assert_eq!(counts(|g| g.bytes), 1000 * 8 + 1000 * (800 + 24) + 1000 * 8 + 8);
        assert_eq!(profile.summary_by_layer().groups[0].n_tasks, 3001);
        let text = profile.to_string();
        let said = format!("{} of them were only counted", run.n_counted());
        assert!(text.contains(&said) && text.contains("?"), "{text}");
        // Cleared, it has its room back.
        profile.clear();
        watched(scheduler, &plan_of(&parts(1), "total"), profile.clone()).unwrap();
        assert_eq!(profile.records().len(), limit.min(4));
    }
}

#[test]
fn clearing_forgets_runs_that_go_on() {
    let profile = Arc::new(Profile::new());
    let (clear, mut graph) = (profile.clone(), TaskDict::new());
    graph.value("a", 1i64).task(
        "b",
        move |x: i64| {
            clear.clear();
            x
        },
        ["a"],
    );
    graph.task("c", inc, ["b"]);
    let plan = plan_of(&graph, "c");
    watched(&InOrder, &plan, profile.clone()).unwrap();
    assert_eq!((profile.runs().len(), profile.records().len()), (0, 0));
    let other = plan_of(&parts(2), "total");
    watched(&InOrder, &other, profile.clone()).unwrap();
    assert_eq!((profile.runs().len(), profile.records().len()), (1, 7));
}

#[test]
fn events_of_unknown_runs_and_tasks_are_ignored() {
    let profile = Profile::new();
    let plan = plan_of(&parts(1), "total");
    profile.pretask(plan.task(0), WorkerId(0));
    profile.posttask(plan.task(0), &Value::unit(), WorkerId(0));
    profile.released(plan.task(0));
    profile.finish(&plan, None);
    assert!(profile.records().is_empty());
    profile.start(&plan);
    profile.posttask(plan.task(0), &Value::unit(), WorkerId(0));
    assert!(profile.records().is_empty());
    // Looked at while a task runs.
    profile.pretask(plan.task(0), WorkerId(7));
    let records = profile.records();
    assert_eq!(
        (records.len(), records[0].finished(), records[0].worker()),
        (1, false, WorkerId(7))
    );
    assert!(matches!(profile.runs()[0].outcome(), Outcome::Running));
}

#[test]
fn two_profiles_watch_one_run() {
    let (one, two) = (Arc::new(Profile::new()), Arc::new(Profile::new()));
    let run = Run::new().observer(one.clone()).observer(two.clone());
    let plan = plan_of(&parts(5), "total");
    Threads(2).run(&plan, &run).unwrap();
    assert_eq!((one.records().len(), two.records().len()), (16, 16));
    drop(one);
    InOrder.run(&plan, &Run::new().observer(two.clone())).unwrap();
    assert_eq!(two.runs().len(), 2);
    let _: Key = two.records()[0].key();
}

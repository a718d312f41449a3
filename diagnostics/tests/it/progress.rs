use crate::driver::{Threads, inc, parts, plan_of, watched};
use chunkwise_diagnostics::ProgressBar;
use chunkwise_graph::{
    CancelToken, Error, InOrder, Observer, Run, Scheduler, SchedulerExt, TaskDict, with_observer,
};
use indicatif::InMemoryTerm;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(crate) fn terminal() -> (InMemoryTerm, ProgressBar) {
    let terminal = InMemoryTerm::new(20, 80);
    (terminal.clone(), ProgressBar::on_terminal(terminal).width(10))
}

/// Waits until the terminal shows what `is_shown` looks for.
fn wait_for(terminal: &InMemoryTerm, is_shown: impl Fn(&str) -> bool) -> String {
    let start = Instant::now();
    loop {
        let text = terminal.contents();
        if is_shown(&text) {
            return text;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "never shown; last was:\n{text}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_run_leaves_one_full_line() {
    for scheduler in [&InOrder as &dyn Scheduler, &Threads(3)] {
        let (terminal, bar) = terminal();
        let bar = Arc::new(bar);
        for n_lines in 1..=3 {
            watched(scheduler, &plan_of(&parts(100), "total"), bar.clone()).unwrap();
            let text = terminal.contents();
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(lines.len(), n_lines, "{text}");
            assert!(lines.iter().all(|l| l.starts_with("━━━━━━━━━━ 100%  301/301  ")), "{text}");
            assert!(!text.contains("left"));
        }
    }
}

#[test]
fn what_runs_is_named_and_counted() {
    let (terminal, bar) = terminal();
    let (seen, mut graph) = (terminal.clone(), TaskDict::new());
    graph.value("a", 1i64).task("b", inc, ["a"]);
    graph.task(
        "the slow one",
        move |x: i64| {
            let text = wait_for(&seen, |text| text.contains("the slow one"));
            assert!(text.starts_with("━━━━━╸──── ") && text.contains(" 50%  2/4  "), "{text}");
            x
        },
        ["b"],
    );
    graph.task("c", inc, ["the slow one"]);
    watched(&InOrder, &plan_of(&graph, "c"), Arc::new(bar.interval(Duration::ZERO))).unwrap();
    assert!(terminal.contents().contains("100%  4/4"));
}

#[test]
fn errors_panics_and_cancellations_show_where_it_stopped() {
    let token = CancelToken::new();
    let cancel = token.clone();
    let mut graph = TaskDict::new();
    graph.value("a", 1i64);
    graph.try_task("error", |_: i64| Err::<i64, _>("no"), ["a"]);
    graph.task("panic", |x: i64| -> i64 { panic!("{x}\nand more") }, ["a"]);
    graph.task(
        "cancel",
        move |x: i64| {
            cancel.cancel();
            x
        },
        ["a"],
    );
    graph.task("after", inc, ["cancel"]);
    let cases = [
        ("error", "━━━━━╸────  50%  1/2  ", ", task error failed"),
        ("panic", "━━━━━╸────  50%  1/2  ", ", task panic panicked: 1 and more"),
        ("after", "━━━━━━╸───  66%  2/3  ", ", cancelled"),
    ];
    for (key, start, end) in cases {
        let (terminal, bar) = terminal();
        let run = Run::new().observer(Arc::new(bar)).cancel(token.clone());
        InOrder.run(&plan_of(&graph, key), &run).unwrap_err();
        let text = terminal.contents();
        assert!(text.starts_with(start) && text.ends_with(end), "{text}");
        assert_eq!(text.lines().count(), 1);
    }
}

#[test]
fn short_runs_are_not_shown_when_there_is_a_minimum() {
    let (terminal, bar) = terminal();
    let bar = Arc::new(bar.minimum(Duration::from_secs(3600)));
    watched(&InOrder, &plan_of(&parts(10), "total"), bar).unwrap();
    assert_eq!(terminal.contents(), "");
}

#[test]
fn hidden_bars_and_empty_runs() {
    assert!(ProgressBar::hidden().is_hidden());
    watched(&InOrder, &plan_of(&parts(10), "total"), Arc::new(ProgressBar::hidden())).unwrap();
    let (terminal, bar) = terminal();
    let plan = TaskDict::new().graph(&[]).unwrap().plan().unwrap();
    watched(&InOrder, &plan, Arc::new(bar)).unwrap();
    assert!(terminal.contents().contains("100%  0/0  "), "{}", terminal.contents());
}

#[test]
fn runs_inside_tasks_have_lines_while_they_run() {
    let (terminal, bar) = terminal();
    let seen = terminal.clone();
    let wait = move |x: i64| {
        wait_for(&seen, |text| text.contains("inner") && text.lines().count() == 2);
        x
    };
    let inner = move |x: i64| {
        let mut graph = TaskDict::new();
        graph.value("x", x).task("inner", wait.clone(), ["x"]);
        InOrder.get::<i64>(&graph, "inner").unwrap()
    };
    let mut graph = TaskDict::new();
    graph.value("a", 1i64).task("outer", inner, ["a"]);
    let x: i64 = with_observer(Arc::new(bar), || InOrder.get(&graph, "outer")).unwrap();
    assert_eq!(x, 1);
    let text = terminal.contents();
    assert!(text.lines().count() == 1 && text.contains("100%  2/2"), "{text}");
}

#[test]
fn a_thousand_nested_runs_leave_one_line() {
    let (terminal, bar) = terminal();
    let inner = |x: i64| {
        let mut graph = TaskDict::new();
        graph.value("x", x).task("y", inc, ["x"]);
        InOrder.get::<i64>(&graph, "y").unwrap()
    };
    let mut graph = TaskDict::new();
    graph.value(("x", 0), 0i64);
    for i in 0..1000 {
        graph.task(("x", i + 1), inner, [("x", i)]);
    }
    let x: i64 = with_observer(Arc::new(bar), || InOrder.get(&graph, ("x", 1000))).unwrap();
    assert_eq!(x, 1000);
    let text = terminal.contents();
    assert!(text.lines().count() == 1 && text.contains("100%  1001/1001"), "{text}");
}

#[test]
fn a_bar_that_is_dropped_midway_leaves_its_line() {
    let (terminal, bar) = terminal();
    let plan = plan_of(&parts(1), "total");
    bar.start(&plan);
    drop(bar);
    let text = terminal.contents();
    assert!(text.contains("0%  0/4") && text.ends_with(", not watched to its end"), "{text}");
}

#[test]
fn printing_goes_above_the_lines() {
    let (terminal, bar) = terminal();
    let bar = Arc::new(bar);
    let (during, above, mut graph) = (bar.clone(), terminal.clone(), TaskDict::new());
    graph.value("a", 1i64);
    graph.task(
        "b",
        move |x: i64| {
            wait_for(&above, |text| text.contains("0/2") || text.contains("1/2"));
            during.suspend(|| indicatif::TermLike::write_line(&above, "printed").unwrap());
            x
        },
        ["a"],
    );
    watched(&InOrder, &plan_of(&graph, "b"), bar).unwrap();
    let text = terminal.contents();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() == 2 && lines[0] == "printed" && lines[1].contains("2/2"), "{text}");
}

#[test]
fn a_failed_observer_beside_it_does_not_stop_it() {
    let (terminal, bar) = terminal();
    let panics = chunkwise_diagnostics::Callbacks::new().on_pretask(|_, _| panic!("mine"));
    let run = Run::new().observer(Arc::new(bar)).observer(Arc::new(panics));
    let error = InOrder.run(&plan_of(&parts(1), "total"), &run).unwrap_err();
    assert!(matches!(error, Error::Panic { .. }));
    assert!(terminal.contents().contains("panicked: mine"));
}

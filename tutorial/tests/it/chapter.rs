//! The walk through the chapters, on prepared and on unprepared data.

use std::fs;

use crate::program::Place;

/// In a loop or as plain calls, on two schedulers of this process, and in worker processes.
const N_WAYS: usize = if cfg!(target_os = "linux") { 4 } else { 3 };

#[test]
fn without_arguments_everything_runs_on_small_data() {
    let place = Place::new();
    let text = place.good(&[]);
    assert!(text.starts_with("accounts-csv in data: 3 files of 100,000 entries, "), "{text}");
    assert!(text.contains("\n02 Foundations: task graphs\n=====") && text.contains("300,000 rows"));
    assert!(
        text.contains("\n01 Arrays\n======")
            && text.contains("\n04 Imperative: ")
            && text.contains("\n06 Analysis: "),
        "{text}"
    );
    assert!(text.contains("peak memory") && text.contains("of data"), "{text}");
    let started = "starting worker processes\n    ";
    assert_eq!(text.matches(started).count(), 1, "shared by all chapters: {text}");
    let again = place.good(&[]);
    assert!(again.lines().next().unwrap().ends_with(", kept"), "{again}");
}

#[test]
fn existing_data_of_another_size_is_walked_as_it_is() {
    let place = Place::new();
    place.good(&["prep", "--only", "accounts-csv", "--scale", "0.001", "--seed", "5"]);
    let text = place.good(&[]);
    assert!(text.starts_with("accounts-csv in data: 3 files of 1,000 entries, "), "{text}");
    assert!(text.contains("\n    3,000 rows\n"), "{text}");
    for way in ["in a loop   ", "synchronous ", "on ", "in "] {
        let row = format!("\n    {way}");
        assert!(
            text.split(&row).skip(1).any(|row| row.contains("  3,000 rows  ")),
            "{way}: {text}"
        );
    }
}

#[test]
fn the_answers_are_those_of_the_files() {
    let place = Place::new();
    place.good(&["prep", "--only", "accounts-csv", "--scale", "0.001"]);
    let mut sum = 0_i64;
    for (_, bytes) in &place.files()[1..] {
        let text = std::str::from_utf8(bytes).unwrap();
        sum += text
            .lines()
            .skip(1)
            .map(|line| line.rsplit(',').next().unwrap().parse::<i64>().unwrap())
            .sum::<i64>();
    }
    let text = place.good(&["chapter", "02"]);
    assert_eq!(text.matches("  z = 13  ").count(), N_WAYS, "{text}");
    let answer = text.lines().find_map(|line| line.strip_suffix(" in all")).unwrap();
    assert_eq!(answer.trim().replace(',', ""), sum.to_string());
    assert_eq!(text.matches(&format!("  {}  ", answer.trim())).count(), N_WAYS, "{text}");
}

#[test]
fn a_chapter_needs_its_data_and_its_number() {
    let place = Place::new();
    for number in ["02", "04", "06"] {
        let run = place.run(&["chapter", number]);
        assert_eq!(run.code, Some(1));
        let start = format!(
            "error: cannot walk the tutorial: chapter {number} failed: data/accounts.0.csv is not \
             prepared (run `tutorial prep` first): "
        );
        assert!(run.stderr.starts_with(&start), "{}", run.stderr);
        assert!(!place.data().exists());
    }
    let run = place.run(&["chapter", "99"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("there is no chapter 99; there are 01, 02"), "{}", run.stderr);
}

#[test]
fn damaged_data_is_named_by_file_line_and_column() {
    let place = Place::new();
    place.good(&["prep", "--only", "accounts-csv", "--scale", "0.00001"]);
    let path = place.data().join("accounts.1.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}7,Alice,many\n")).unwrap();
    let run = place.run(&["chapter", "02"]);
    assert_eq!(run.code, Some(1));
    let expected =
        "data/accounts.1.csv:12:9: expected a whole number for `amount`, found \"many\"\n";
    assert!(run.stderr.ends_with(expected), "{}", run.stderr);
}

#[test]
fn pictures_and_a_trace_are_written() {
    let place = Place::new();
    place.good(&["prep", "--only", "accounts-csv", "--scale", "0.001"]);
    for number in ["02", "04", "06"] {
        let text = place.good(&["chapter", number]);
        assert!(text.ends_with("\nAll pictures: data/output/index.html\n"), "{text}");
        for word in text.split_whitespace().filter(|word| word.contains("data/output/")) {
            let name = word.trim_end_matches([':', ',']).trim_start_matches("data/output/");
            let written = place.output(name);
            match name.rsplit_once('.').unwrap().1 {
                "svg" => assert!(written.starts_with("<svg"), "{name}: {written}"),
                "json" => drop(serde_json::from_str::<serde_json::Value>(&written).unwrap()),
                extension => assert_eq!(extension, "html"),
            }
        }
    }
    let page = place.output("index.html");
    let pictures = ["02-five-keys.svg", "06-passes-4-fused.svg", "06-order-default.svg"];
    assert!(pictures.iter().all(|name| page.contains(name)), "{page}");
    let trace: serde_json::Value = serde_json::from_str(&place.output("06-trace.json")).unwrap();
    let events = trace.as_array().or_else(|| trace["traceEvents"].as_array()).unwrap();
    assert!(events.iter().any(|event| event["name"].as_str().unwrap().contains("count_digits")));
}

#[test]
fn mistakes_are_explained() {
    let place = Place::new();
    place.good(&["prep", "--only", "accounts-csv", "--scale", "0.0001"]);
    let text = place.good(&["chapter", "02"]);
    for part in [
        "error: task more needs row, which is not in the graph",
        "did you mean: rows",
        "error: tasks need each other: ",
        "expected i64, found &str",
        "error: the key b is given twice",
        "error: task df failed: cannot read no-such-file.csv: ",
        "error: task share panicked: attempt to divide by zero",
        "tutorial/src/chapter/foundations/mistakes.rs:",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_cross_is_explained_and_a_worker_that_ends_is_replaced() {
    let place = Place::new();
    place.good(&["prep", "--only", "accounts-csv", "--scale", "0.0001"]);
    let text = place.good(&["chapter", "02"]);
    for part in [
        "captures 8 bytes: pass what it captures as an argument",
        "call `register_serde::<Share>()` before the run",
        "error: task df failed: cannot read no-such-file.csv: ",
        "error: task end failed: its worker process exited with status 3",
        "[F4] the next run in processes\n    z = 13\n",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Every worker tells its memory, also after one was replaced.
    assert!(!place.good(&["chapter", "04"]).contains("unknown"));
}

#[test]
fn delayed_calls_give_the_answers_of_plain_ones() {
    let place = Place::new();
    place.good(&["prep", "--only", "accounts-csv", "--scale", "0.001"]);
    let text = place.good(&["chapter", "04"]);
    assert_eq!(text.matches("  z = 13  ").count(), N_WAYS, "{text}");
    assert_eq!(text.matches("  3,000 rows  ").count(), N_WAYS, "{text}");
    assert_eq!(text.matches("  3.14").count(), N_WAYS, "{text}");
    assert!(text.contains("z * 3 + 3 = 42") && text.contains("z is Delayed<i64>(add-"), "{text}");
    assert!(text.contains("; 6 files loaded") && text.contains("; 3 files loaded"), "{text}");
    assert!(text.contains("cannot read no-such-file.csv"), "{text}");
    let picture = place.output("04-rows-of-three-files.svg");
    assert_eq!(picture.matches(">load<").count(), 3, "{picture}");
}

#[test]
fn passes_keep_the_answer_and_an_order_changes_the_peak() {
    let place = Place::new();
    place.good(&["prep", "--only", "accounts-csv", "--scale", "0.001"]);
    let text = place.good(&["chapter", "06"]);
    assert!(text.contains("9 keys") && text.contains("4 keys"), "{text}");
    assert!(text.contains("the same from all 5 graphs"), "{text}");
    assert_eq!(text.matches("3,840,000,800,000").count(), 5, "{text}");
    assert_eq!(text.matches("  3,000 amounts  ").count(), N_WAYS, "{text}");
    let peaks = |order: &str| {
        let row = text.lines().find(|line| line.trim_start().starts_with(order)).unwrap();
        let mut words = row.trim_start().strip_prefix(order).unwrap().split_whitespace();
        [0, 1].map(|_| words.next().unwrap().parse::<u64>().unwrap())
    };
    let (least, breadth) = (peaks("least memory (default)"), peaks("first in, first out"));
    assert_eq!(least[0], least[1], "predicted and measured");
    assert_eq!(breadth[0], breadth[1], "predicted and measured");
    assert!(least[0] < breadth[0], "{text}");
}

#[test]
fn the_list_names_chapters_and_data() {
    let text = Place::new().good(&["list"]);
    assert!(text.contains("02  Foundations: task graphs\n"), "{text}");
    assert!(text.contains("accounts.0.csv, accounts.1.csv, accounts.2.csv"), "{text}");
    assert!(text.contains("about 42.0 MB") && text.contains("01  Arrays\n"), "{text}");
}

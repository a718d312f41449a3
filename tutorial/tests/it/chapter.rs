//! The walk through the chapters, on prepared and on unprepared data.

use std::fs;

use crate::program::Place;

#[test]
fn without_arguments_everything_runs_on_small_data() {
    let place = Place::new();
    let text = place.good(&[]);
    assert!(text.starts_with("accounts-csv in data: 3 files of 100,000 rows, "), "{text}");
    assert!(text.contains("\n02 Foundations: task graphs\n=====") && text.contains("300,000 rows"));
    assert!(text.contains("peak memory") && text.contains("of data"), "{text}");
    let again = place.good(&[]);
    assert!(again.lines().next().unwrap().ends_with(", kept"), "{again}");
}

#[test]
fn existing_data_of_another_size_is_walked_as_it_is() {
    let place = Place::new();
    place.good(&["prep", "--scale", "0.001", "--seed", "5"]);
    let text = place.good(&[]);
    assert!(text.starts_with("accounts-csv in data: 3 files of 1,000 rows, "), "{text}");
    assert!(text.contains("\n    3,000 rows\n"), "{text}");
}

#[test]
fn the_answers_are_those_of_the_files() {
    let place = Place::new();
    place.good(&["prep", "--scale", "0.001"]);
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
    let answer = text.lines().find_map(|line| line.strip_suffix(" in all")).unwrap();
    assert_eq!(answer.trim().replace(',', ""), sum.to_string());
}

#[test]
fn a_chapter_needs_its_data_and_its_number() {
    let place = Place::new();
    let run = place.run(&["chapter", "02"]);
    assert_eq!(run.code, Some(1));
    let start = "error: cannot walk the tutorial: chapter 02 failed: data/accounts.0.csv is not \
                 prepared (run `tutorial prep` first): ";
    assert!(run.stderr.starts_with(start), "{}", run.stderr);
    assert!(!place.data().exists());
    let run = place.run(&["chapter", "99"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("there is no chapter 99; there are 02"), "{}", run.stderr);
}

#[test]
fn damaged_data_is_named_by_file_line_and_column() {
    let place = Place::new();
    place.good(&["prep", "--scale", "0.00001"]);
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
fn the_list_names_chapters_and_data() {
    let text = Place::new().good(&["list"]);
    assert!(text.contains("02  Foundations: task graphs\n"), "{text}");
    assert!(text.contains("accounts.0.csv, accounts.1.csv, accounts.2.csv"), "{text}");
    assert!(text.contains("about 42.0 MB"), "{text}");
}

//! `tutorial prep`: what it makes, keeps, refuses, and leaves when it is interrupted.

use std::fs;
use std::time::SystemTime;

use crate::program::Place;

const ALL: [&str; 4] =
    ["accounts-csv.manifest.json", "accounts.0.csv", "accounts.1.csv", "accounts.2.csv"];

fn modified(place: &Place) -> Vec<SystemTime> {
    ALL.iter().map(|name| place.data().join(name).metadata().unwrap().modified().unwrap()).collect()
}

#[test]
fn a_second_run_does_nothing() {
    let place = Place::new();
    let first = place.good(&["prep", "--only", "accounts-csv", "--scale", "0.01"]);
    assert!(first.starts_with("accounts-csv in data: 3 files of 10,000 entries, "), "{first}");
    assert!(first.contains("seed 0, written in "), "{first}");
    assert_eq!(place.names(), ALL);
    let (files, times) = (place.files(), modified(&place));
    for again in [
        &["prep", "--only", "accounts-csv", "--scale", "0.01"][..],
        &["prep", "--only", "accounts-csv"],
        &["prep", "--only", "accounts-csv", "--seed", "0"],
    ] {
        let second = place.good(again);
        assert!(second.ends_with(", kept\n"), "{second}");
        assert!(place.files() == files && modified(&place) == times);
    }
}

#[test]
fn the_files_have_their_rows() {
    let place = Place::new();
    place.good(&["prep", "--only", "accounts-csv", "--scale", "0.0000101"]);
    for (name, bytes) in &place.files()[1..] {
        let text = std::str::from_utf8(bytes).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("id,names,amount"));
        assert_eq!(lines.count(), 11, "{name}");
        assert!(text.ends_with('\n'));
    }
}

#[test]
fn the_seed_decides_the_content() {
    let (one, two, three) = (Place::new(), Place::new(), Place::new());
    one.good(&["prep", "--only", "accounts-csv", "--scale", "0.01", "--seed", "7"]);
    two.good(&[
        "prep",
        "--only",
        "accounts-csv",
        "--scale",
        "0.01",
        "--seed",
        "7",
        "--data",
        "data",
    ]);
    three.good(&["prep", "--only", "accounts-csv", "--scale", "0.01", "--seed", "8"]);
    assert!(one.files() == two.files());
    for ((name, first), (_, other)) in one.files().iter().zip(three.files()) {
        assert!(*first != other, "{name}");
    }
    let changed = one.good(&["prep", "--only", "accounts-csv", "--seed", "8"]);
    assert!(changed.contains("of 10,000 entries, ") && changed.contains("seed 8, written"));
    assert!(one.files() == three.files());
}

#[test]
fn another_scale_makes_the_data_again() {
    let place = Place::new();
    place.good(&["prep", "--only", "accounts-csv", "--scale", "0.02"]);
    let long = place.files();
    place.good(&["prep", "--only", "accounts-csv", "--scale", "0.01"]);
    let short = place.files();
    for ((_, long), (name, short)) in long.iter().zip(&short).skip(1) {
        assert!(short.len() < long.len() && long.starts_with(short), "{name}");
    }
}

#[test]
fn a_scale_that_is_none_is_refused() {
    let place = Place::new();
    for scale in ["0", "-0.5", "-1", "NaN", "1.5", "inf", "-inf", "half", ""] {
        let argument = format!("--scale={scale}");
        let run = place.run(&["prep", "--only", "accounts-csv", &argument]);
        assert_eq!(run.code, Some(2), "{scale}");
        assert!(run.stderr.contains("expected a number above 0 and at most 1"), "{}", run.stderr);
        assert!(run.stderr.contains("--scale"), "{}", run.stderr);
    }
    let run = place.run(&["prep", "--only", "accounts-csv", "--scale", "-1"]);
    assert!(run.stderr.contains("above 0 and at most 1"), "{}", run.stderr);
    let run = place.run(&["prep", "--only", "accounts-csv", "--scale", "0.5", "--full"]);
    assert_eq!(run.code, Some(2));
    assert!(!place.data().exists());
}

#[test]
fn a_folder_that_cannot_be_is_named() {
    let place = Place::new();
    fs::write(place.path().join("file"), "text").unwrap();
    for folder in ["file", "file/data"] {
        let run = place.run(&["prep", "--only", "accounts-csv", "--data", folder]);
        assert_eq!(run.code, Some(1));
        let start = format!("error: cannot prepare the data: cannot create the folder {folder}: ");
        assert!(run.stderr.starts_with(&start), "{}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1);
    }
    assert_eq!(fs::read_to_string(place.path().join("file")).unwrap(), "text");
}

#[test]
fn what_an_interrupted_run_left_is_removed() {
    let place = Place::new();
    fs::create_dir(place.data()).unwrap();
    fs::write(place.data().join(".chunkwise-accounts.0.csv-x1y2.partial"), "half").unwrap();
    fs::write(place.data().join("mine.partial"), "mine").unwrap();
    place.good(&["prep", "--only", "accounts-csv", "--scale", "0.001"]);
    let mut expected = ALL.to_vec();
    expected.push("mine.partial");
    assert_eq!(place.names(), expected);
}

#[test]
fn files_of_somebody_else_are_kept() {
    let place = Place::new();
    fs::create_dir(place.data()).unwrap();
    fs::write(place.data().join("accounts.1.csv"), "mine").unwrap();
    let run = place.run(&["prep", "--only", "accounts-csv"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("accounts.1.csv exists and was not made by this program"));
    assert_eq!(place.files(), [("accounts.1.csv".to_owned(), b"mine".to_vec())]);
}

/// A limit on the size of files stands for a full disk, and for a kill in the middle of a write.
#[cfg(unix)]
mod limited {
    use std::process::Command;

    use super::*;
    use crate::program::{PROGRAM, Run};

    /// Runs `prep` where no file can be longer than 64 blocks; `first` is a line of shell.
    fn limited(place: &Place, first: &str) -> Run {
        let script = format!("{first}\nulimit -f 64\nexec \"$0\" prep --scale 0.1");
        let mut command = Command::new("sh");
        command.args(["-c", &script, PROGRAM]).current_dir(place.path());
        Run::from(command.output().unwrap())
    }

    #[test]
    fn a_full_disk_is_an_error_that_leaves_no_file() {
        let place = Place::new();
        let run = limited(&place, "trap '' XFSZ");
        assert_eq!(run.code, Some(1), "{run:?}");
        let start = "error: cannot prepare the data: cannot write data/accounts.0.csv: ";
        assert!(run.stderr.starts_with(start), "{}", run.stderr);
        assert_eq!(place.names(), ["accounts-csv.manifest.json"]);
        place.good(&["prep", "--only", "accounts-csv", "--scale", "0.001"]);
        assert_eq!(place.names(), ALL);
    }

    #[test]
    fn a_killed_run_leaves_no_final_name_and_the_next_one_cleans() {
        let place = Place::new();
        let run = limited(&place, "ulimit -c 0");
        assert_eq!(run.code, None, "ended by a signal: {run:?}");
        let left = place.names();
        assert_eq!(left.len(), 2, "{left:?}");
        assert!(left[0].starts_with(".chunkwise-accounts.0.csv-") && left[0].ends_with(".partial"));
        assert_eq!(left[1], "accounts-csv.manifest.json");

        let run = place.run(&["chapter", "02"]);
        assert_eq!(run.code, Some(1));
        assert!(run.stderr.contains("accounts.0.csv is not prepared"), "{}", run.stderr);

        let whole = Place::new();
        whole.good(&["prep", "--only", "accounts-csv", "--scale", "0.001"]);
        place.good(&["prep", "--only", "accounts-csv", "--scale", "0.001"]);
        assert!(place.files() == whole.files());
    }

    /// The old data stays whole until the new is, and is never taken for it.
    #[test]
    fn a_killed_change_keeps_the_old_file() {
        let place = Place::new();
        place.good(&["prep", "--only", "accounts-csv", "--scale", "0.001"]);
        let old = place.files();
        limited(&place, "ulimit -c 0");
        assert!(old[1..].iter().all(|file| place.files().contains(file)));
        let again = place.good(&["prep", "--only", "accounts-csv", "--scale", "0.001"]);
        assert!(again.contains("written"), "{again}");
        assert!(place.files() == old);
    }
}

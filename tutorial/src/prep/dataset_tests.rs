//! What is made, kept, made again and refused, with a small dataset of letters.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::*;
use crate::prep::prepare_all;

/// Two files of `entries` bytes; writes half of a file and fails when `fails_in` is its index.
#[derive(Debug)]
struct Letters {
    version: u32,
    fails_in: Option<usize>,
    written: AtomicUsize,
}

impl Letters {
    fn new() -> Self {
        Self { version: 1, fails_in: None, written: AtomicUsize::new(0) }
    }
}

impl Dataset for Letters {
    fn name(&self) -> &'static str {
        "letters"
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn files(&self) -> Vec<String> {
        vec!["letters.0".to_owned(), "letters.1".to_owned()]
    }

    fn entries(&self, scale: Scale) -> u64 {
        scale.of(1_000)
    }

    fn expected_bytes(&self, entries: u64) -> u64 {
        2 * entries
    }

    fn write_file(
        &self,
        index: usize,
        recipe: Recipe,
        partial: &mut Partial,
        _: &Progress,
    ) -> io::Result<()> {
        self.written.fetch_add(1, Relaxed);
        let letter = b'a' + ((recipe.seed as u8 + index as u8 + self.version as u8) % 26);
        let half = vec![letter; recipe.entries as usize / 2];
        partial.file().write_all(&half)?;
        if self.fails_in == Some(index) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        partial.file().write_all(&vec![letter; recipe.entries as usize - half.len()])
    }
}

fn run(dataset: &Letters, data: &Path, scale: Option<&str>, seed: Option<u64>) -> Outcomes {
    let request = Request { scale: scale.map(|text| text.parse().unwrap()), seed };
    let mut told = None;
    prepare_all(&[dataset], data, request, |prepared| {
        told = Some((prepared.recipe, prepared.outcome == Outcome::Kept));
        Ok(())
    })?;
    Ok(told.unwrap())
}

/// The recipe that the data now has, and whether it was kept.
type Outcomes = Result<(Recipe, bool), PrepError>;

fn files(data: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.ends_with(".chunkwise-lock"))
        .map(|path| (path.clone(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

fn names(data: &Path) -> Vec<String> {
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    files(data).iter().map(|(path, _)| name(path)).collect()
}

#[test]
fn what_exists_as_asked_is_kept() {
    let data = tempfile::tempdir().unwrap();
    let letters = Letters::new();
    let (recipe, kept) = run(&letters, data.path(), None, None).unwrap();
    assert_eq!((recipe, kept), (Recipe { seed: 0, entries: 100 }, false));
    let before = files(data.path());
    assert!(run(&letters, data.path(), None, None).unwrap().1);
    assert!(run(&letters, data.path(), Some("0.1"), Some(0)).unwrap().1);
    assert_eq!(letters.written.load(Relaxed), 2);
    assert_eq!(files(data.path()), before);
}

#[test]
fn what_is_not_said_is_taken_from_the_existing_data() {
    let data = tempfile::tempdir().unwrap();
    let letters = Letters::new();
    run(&letters, data.path(), Some("0.5"), Some(9)).unwrap();
    let (recipe, kept) = run(&letters, data.path(), None, None).unwrap();
    assert_eq!((recipe, kept), (Recipe { seed: 9, entries: 500 }, true));
    let (recipe, kept) = run(&letters, data.path(), None, Some(8)).unwrap();
    assert_eq!((recipe, kept), (Recipe { seed: 8, entries: 500 }, false));
    let (recipe, kept) = run(&letters, data.path(), Some("0.25"), None).unwrap();
    assert_eq!((recipe, kept), (Recipe { seed: 8, entries: 250 }, false));
}

#[test]
fn a_file_lost_or_cut_and_another_version_are_made_again() {
    let data = tempfile::tempdir().unwrap();
    let mut letters = Letters::new();
    run(&letters, data.path(), None, None).unwrap();
    let whole = files(data.path());
    fs::remove_file(data.path().join("letters.1")).unwrap();
    assert!(!run(&letters, data.path(), None, None).unwrap().1);
    assert_eq!(files(data.path()), whole);
    fs::write(data.path().join("letters.0"), "cut").unwrap();
    assert!(!run(&letters, data.path(), None, None).unwrap().1);
    assert_eq!(files(data.path()), whole);
    letters.version = 2;
    assert!(!run(&letters, data.path(), None, None).unwrap().1);
    assert_ne!(files(data.path()), whole);
}

#[test]
fn a_full_disk_leaves_whole_files_only_and_the_next_run_ends_it() {
    for index in 0..2 {
        let data = tempfile::tempdir().unwrap();
        let mut letters = Letters::new();
        letters.fails_in = Some(index);
        let error = run(&letters, data.path(), None, None).unwrap_err();
        let failed = data.path().join(format!("letters.{index}"));
        assert!(matches!(&error, PrepError::Write { path, .. } if *path == failed), "{error:?}");
        let mut expected = vec!["letters.0".to_owned()];
        expected.truncate(index);
        expected.push("letters.manifest.json".to_owned());
        assert_eq!(names(data.path()), expected);
        letters.fails_in = None;
        assert!(!run(&letters, data.path(), None, None).unwrap().1);
        assert_eq!(files(data.path())[1].1.len(), 100);
    }
}

/// Between the first new file and the last, the folder holds files of two recipes.
#[test]
fn an_interrupted_change_is_not_taken_for_either() {
    let data = tempfile::tempdir().unwrap();
    let mut letters = Letters::new();
    run(&letters, data.path(), None, Some(1)).unwrap();
    letters.fails_in = Some(1);
    run(&letters, data.path(), None, Some(2)).unwrap_err();
    letters.fails_in = None;
    assert!(!run(&letters, data.path(), None, Some(1)).unwrap().1);
    assert!(run(&letters, data.path(), None, Some(1)).unwrap().1);
}

#[test]
fn files_of_somebody_else_are_never_overwritten() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("letters.1"), "mine").unwrap();
    let error = run(&Letters::new(), data.path(), None, None).unwrap_err();
    assert!(matches!(&error, PrepError::Foreign { path } if path.ends_with("letters.1")));
    assert_eq!(names(data.path()), ["letters.1"]);
    assert_eq!(fs::read(data.path().join("letters.1")).unwrap(), b"mine");
}

#[test]
fn a_manifest_that_is_none_is_an_error() {
    for text in ["", "{", "[]", r#"{"finished": true}"#, "\u{0}"] {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join("letters.manifest.json"), text).unwrap();
        let error = run(&Letters::new(), data.path(), None, None).unwrap_err();
        assert!(matches!(error, PrepError::Manifest { .. }), "{error:?}");
    }
}

#[test]
fn a_manifest_cannot_ask_for_more_than_the_full_size() {
    let data = tempfile::tempdir().unwrap();
    let letters = Letters::new();
    run(&letters, data.path(), None, None).unwrap();
    let path = data.path().join("letters.manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"entries\": 100", &format!("\"entries\": {}", u64::MAX)))
        .unwrap();
    let (recipe, kept) = run(&letters, data.path(), None, None).unwrap();
    assert_eq!((recipe.entries, kept), (1_000, false));
}

//! The chapters and the walk through them.

mod analysis;
mod arrays;
mod error;
mod foundations;
mod imperative;
mod schedulers;
mod work;
mod workers;

use std::cell::OnceCell;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

pub(crate) use error::{ChapterError, WalkError};
use schedulers::counted;
use workers::Workers;

use crate::data::{AccountsFiles, DataFolder, bytes_of};
use crate::gallery::write_page;
use crate::report::{Report, Step, Way};

/// One chapter of the tutorial.
#[derive(Debug)]
pub(crate) struct Chapter {
    /// The number on the command line: `"02"`.
    pub(crate) number: &'static str,
    /// The title.
    pub(crate) title: &'static str,
    /// Computes and writes the chapter.
    pub(crate) run: fn(&mut Context<'_>) -> Result<(), ChapterError>,
}

/// The worker processes of the program: not started yet, or started, or none to be had.
type Once = OnceCell<Option<Workers>>;

/// What a chapter works with.
pub(crate) struct Context<'a> {
    /// The prepared data.
    pub(crate) data: &'a DataFolder,
    /// Where the reader looks.
    pub(crate) report: Report<'a>,
    /// The worker processes of the program, once a chapter has started them.
    workers: &'a Once,
}

impl Context<'_> {
    /// Writes the page of all pictures, and says where it is.
    fn show_pictures(&mut self) -> Result<(), ChapterError> {
        let folder = self.data.output();
        if !folder.is_dir() {
            return Ok(());
        }
        let page =
            write_page(&folder).map_err(|source| ChapterError::File { path: folder, source })?;
        page.map_or(Ok(()), |page| self.prose(format_args!("All pictures: {}", page.display())))
    }

    /// The worker processes, which the first step of the program that needs them starts; none on
    /// systems that have none.
    ///
    /// # Errors
    /// [`ChapterError::Workers`] if they cannot be started.
    fn workers(&mut self, ids: &str) -> Result<Option<Workers>, ChapterError> {
        if let Some(workers) = self.workers.get() {
            return Ok(workers.clone());
        }
        let step = Step { ids, title: "starting worker processes", ..Step::default() };
        let start = || Workers::start().map_err(|source| ChapterError::Workers { source });
        let started = self.step(step, start, describe)?;
        Ok(self.workers.get_or_init(|| started).clone())
    }

    /// As [`Report::prose`].
    fn prose(&mut self, text: impl std::fmt::Display) -> Result<(), ChapterError> {
        Ok(self.report.prose(text)?)
    }

    /// As [`Report::step`].
    fn step<T>(
        &mut self,
        step: Step<'_>,
        work: impl FnOnce() -> Result<T, ChapterError>,
        show: impl FnOnce(&T) -> String,
    ) -> Result<T, ChapterError> {
        self.report.step(step, work, show)
    }

    /// As [`Report::compare`].
    fn compare<T: PartialEq>(
        &mut self,
        step: Step<'_>,
        first: Way<'_, T, ChapterError>,
        others: Vec<Way<'_, T, ChapterError>>,
        show: impl Fn(&T) -> String,
    ) -> Result<T, ChapterError> {
        self.report.compare(step, first, others, show)
    }

    /// The accounts files that `tutorial prep` made.
    ///
    /// # Errors
    /// [`ChapterError::NotPrepared`] if one of them is not there.
    pub(crate) fn accounts(&self) -> Result<AccountsFiles, ChapterError> {
        let paths = self.data.accounts_csv();
        let bytes = bytes_of(&paths)
            .map_err(|(path, source)| ChapterError::NotPrepared { path, source })?;
        Ok(AccountsFiles { paths, bytes })
    }

    /// A file or folder that `tutorial prep` made.
    ///
    /// # Errors
    /// [`ChapterError::NotPrepared`] if it is not there.
    fn prepared(&self, path: PathBuf) -> Result<PathBuf, ChapterError> {
        match path.metadata() {
            Ok(_) => Ok(path),
            Err(source) => Err(ChapterError::NotPrepared { path, source }),
        }
    }

    /// The path of a file to write, in a folder that exists from now on.
    ///
    /// # Errors
    /// [`ChapterError::File`] if the folder cannot be made.
    pub(crate) fn output(&self, name: &str) -> Result<PathBuf, ChapterError> {
        let folder = self.data.output();
        match fs::create_dir_all(&folder) {
            Ok(()) => Ok(folder.join(name)),
            Err(source) => Err(ChapterError::File { path: folder, source }),
        }
    }
}

fn describe(workers: &Option<Workers>) -> String {
    let Some(workers) = workers else {
        return "none: this system has no worker processes, which need Linux".to_owned();
    };
    let n = workers.ids().len();
    format!("{}, each a process of this same program", counted(n, "worker", "workers"))
}

/// The chapters, in the order in which they are read.
pub(crate) const CHAPTERS: &[Chapter] =
    &[arrays::CHAPTER, foundations::CHAPTER, imperative::CHAPTER, analysis::CHAPTER];

/// Writes one line for each chapter.
///
/// # Errors
/// What the output gave.
pub(crate) fn list(chapters: &[Chapter], out: &mut dyn Write) -> io::Result<()> {
    for chapter in chapters {
        writeln!(out, "{}  {}", chapter.number, chapter.title)?;
    }
    Ok(())
}

/// Runs all `chapters` in order.
///
/// # Errors
/// The first chapter that failed; the later ones are not run.
pub(crate) fn walk(
    chapters: &[Chapter],
    data: &DataFolder,
    out: &mut dyn Write,
) -> Result<(), WalkError> {
    let workers = Once::new();
    for chapter in chapters {
        run(chapter, data, &workers, out)?;
    }
    Ok(())
}

/// Runs the chapter with this number.
///
/// # Errors
/// When there is none, or it failed.
pub(crate) fn walk_one(
    chapters: &[Chapter],
    number: &str,
    data: &DataFolder,
    out: &mut dyn Write,
) -> Result<(), WalkError> {
    match chapters.iter().find(|chapter| chapter.number == number) {
        Some(chapter) => run(chapter, data, &Once::new(), out),
        None => Err(WalkError::NoSuchChapter {
            number: number.to_owned(),
            existing: chapters.iter().map(|chapter| chapter.number).collect(),
        }),
    }
}

fn run(
    chapter: &Chapter,
    data: &DataFolder,
    workers: &Once,
    out: &mut dyn Write,
) -> Result<(), WalkError> {
    let failed = |source| WalkError::Failed { number: chapter.number, source };
    let mut report = Report::new(out);
    report.heading(chapter.number, chapter.title).map_err(|error| failed(error.into()))?;
    let mut context = Context { data, report, workers };
    (chapter.run)(&mut context).and_then(|()| context.show_pictures()).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(context: &mut Context<'_>) -> Result<(), ChapterError> {
        Ok(context.report.prose("read")?)
    }

    fn bad(_: &mut Context<'_>) -> Result<(), ChapterError> {
        Err(ChapterError::Output { source: io::ErrorKind::StorageFull.into() })
    }

    const TABLE: &[Chapter] = &[
        Chapter { number: "01", title: "One", run: good },
        Chapter { number: "02", title: "Two", run: bad },
        Chapter { number: "03", title: "Three", run: good },
    ];

    fn walked(walk: impl FnOnce(&DataFolder, &mut dyn Write) -> Result<(), WalkError>) -> String {
        let mut out = Vec::new();
        let result = walk(&DataFolder::new("data".into()), &mut out);
        let text = String::from_utf8(out).unwrap();
        text + &result.map_or_else(|error| format!("error: {error}"), |()| "done".to_owned())
    }

    #[test]
    fn the_walk_stops_at_the_chapter_that_fails_and_names_it() {
        let text = walked(|data, out| super::walk(TABLE, data, out));
        let expected = "\n01 One\n======\n\nread\n\n02 Two\n======\nerror: chapter 02 failed";
        assert_eq!(text, expected);
        assert_eq!(walked(|data, out| super::walk(&[], data, out)), "done");
    }

    #[test]
    fn one_chapter_is_found_by_its_number() {
        let text = walked(|data, out| walk_one(TABLE, "03", data, out));
        assert_eq!(text, "\n03 Three\n========\n\nread\ndone");
        let text = walked(|data, out| walk_one(TABLE, "3", data, out));
        assert_eq!(text, "error: there is no chapter 3; there are 01, 02, 03");
        let text = walked(|data, out| walk_one(&[], "01", data, out));
        assert_eq!(text, "error: there is no chapter 01; there are none yet");
    }

    #[test]
    fn the_numbers_of_the_tutorial_are_distinct_and_in_order() {
        assert!(CHAPTERS.is_sorted_by(|a, b| a.number < b.number));
    }
}

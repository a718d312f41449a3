//! The repository as the rules of tidy see it: its text files and its packages.

use std::collections::BTreeMap;

use crate::cargo::{Run, root};
use crate::error::{Result, XtaskError};
use crate::metadata::{Package, packages};

/// All files that are in version control or would be added to it, and the workspace's packages.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// Text by path relative to the root; binary files have an empty text.
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) packages: Vec<Package>,
}

/// Something that a rule wants mended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) path: String,
    /// Counted from 1; 0 when it is about the whole file.
    pub(crate) line: usize,
    /// What is wrong and what to do.
    pub(crate) text: String,
}

impl Finding {
    pub(crate) fn new(path: &str, line: usize, text: impl Into<String>) -> Finding {
        Finding { path: path.to_owned(), line, text: text.into() }
    }
}

impl Tree {
    /// Reads the working copy.
    pub(crate) fn of_repository() -> Result<Tree> {
        let listing =
            Run::new("git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
                .output()?;
        let mut files = BTreeMap::new();
        for path in listing.split('\0').filter(|p| !p.is_empty()) {
            let full = root().join(path);
            if !full.is_file() {
                continue; // removed from the working copy, not yet from the index
            }
            let bytes =
                std::fs::read(&full).map_err(|source| XtaskError::File { path: full, source })?;
            files.insert(path.to_owned(), String::from_utf8(bytes).unwrap_or_default());
        }
        Ok(Tree { files, packages: packages()? })
    }

    /// The text files whose path ends in `suffix`.
    pub(crate) fn with_suffix<'a>(
        &'a self,
        suffix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.ends_with(suffix))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The Rust files under the `src` folder of `package`, not those of packages nested in it.
    pub(crate) fn sources<'a>(
        &'a self,
        package: &'a Package,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let prefix = format!("{}/src/", package.folder);
        self.with_suffix(".rs").filter(move |(path, _)| path.starts_with(&prefix))
    }

    /// Whether `path` is a file or a folder holding one; a trailing `/` is allowed.
    pub(crate) fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.files.contains_key(path)
            || self
                .files
                .range(folder.clone()..)
                .next()
                .is_some_and(|(next, _)| next.starts_with(&folder))
    }

    /// A tree for a rule's test: files by path and text, packages by name and folder.
    #[cfg(test)]
    pub(crate) fn sketch(files: &[(&str, &str)], packages: &[(&str, &str)]) -> Tree {
        Tree {
            files: files.iter().map(|(p, t)| (p.to_string(), t.to_string())).collect(),
            packages: packages
                .iter()
                .map(|(name, folder)| Package {
                    name: name.to_string(),
                    folder: folder.to_string(),
                    ..Package::default()
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_exist_by_their_files() {
        let tree = Tree::sketch(&[("a/b/c.rs", ""), ("a.md", "")], &[]);
        for path in ["a", "a/", "a/b", "a/b/c.rs", "a.md"] {
            assert!(tree.exists(path), "{path}");
        }
        for path in ["b", "a/b/c", "a/c", "a.m"] {
            assert!(!tree.exists(path), "{path}");
        }
    }
}

//! Names in the documents exist: packages, paths, recipes, and types in ARCHITECTURE.md.
//!
//! A line that says "to come" may name what is not there yet.

use std::collections::BTreeSet;

use crate::commands::COMMANDS;
use crate::markdown::{Line, code_spans, file_links, lines};
use crate::tree::{Finding, Tree};

const PLANNED: &str = "to come";
/// Folders that exist only on somebody's machine: built, generated, or beside the repository.
const NOT_TRACKED: &[&str] = &["target", "data", ".."];
const EXTENSIONS: &[&str] = &[".rs", ".md", ".toml", ".lock"];
/// Documents whose code spans in CamelCase are types and traits of ours.
const PAGES_OF_TYPES: &[&str] = &["ARCHITECTURE.md"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let words = words_of_sources(tree);
    let mut findings = Vec::new();
    for (path, text) in tree.with_suffix(".md") {
        for line in lines(text).into_iter().filter(|line| !line.text.contains(PLANNED)) {
            let mut found = |text: String| findings.push(Finding::new(path, line.number, text));
            recipes(line, &mut found);
            packages(line, tree, &mut found);
            if line.fenced {
                continue;
            }
            for target in file_links(line.text).into_iter().filter(|t| !resolves(tree, path, t)) {
                found(format!("the link to `{target}` leads nowhere"));
            }
            for span in code_spans(line.text) {
                if is_path(tree, span) && !resolves(tree, path, span) {
                    found(format!("`{span}` does not exist"));
                }
                if PAGES_OF_TYPES.contains(&path) && is_type(span) && !words.contains(span) {
                    found(format!("`{span}` is in no source file"));
                }
            }
        }
    }
    findings
}

/// `cargo xtask WORD`, in text and in code blocks.
fn recipes(line: Line<'_>, found: &mut impl FnMut(String)) {
    for rest in line.text.split("cargo xtask ").skip(1) {
        let word: String =
            rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        if !word.is_empty() && !COMMANDS.iter().any(|command| command.name == word) {
            found(format!("`cargo xtask {word}` is no command; `cargo xtask` lists them"));
        }
    }
}

/// `-p NAME` anywhere, and `chunkwise-NAME` in code.
fn packages(line: Line<'_>, tree: &Tree, found: &mut impl FnMut(String)) {
    let mut named: Vec<&str> = Vec::new();
    for flag in [" -p ", " --package "] {
        named.extend(line.text.split(flag).skip(1).map(first_word));
    }
    named.extend(code_spans(line.text).into_iter().filter(|s| s.starts_with("chunkwise-")));
    for name in named.into_iter().filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
    {
        if !tree.packages.iter().any(|package| package.name == name) {
            found(format!("there is no package `{name}`"));
        }
    }
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))
        .next()
        .unwrap_or_default()
}

/// Whether a code span means a path of this repository.
fn is_path(tree: &Tree, span: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    if !span.chars().all(plain) || span.starts_with(['/', '-']) || span.contains("...") {
        return false;
    }
    let first = span.split('/').next().unwrap_or_default();
    if NOT_TRACKED.contains(&first) {
        return false;
    }
    let is_file = EXTENSIONS.iter().any(|e| span.len() > e.len() && span.ends_with(e));
    let is_folder = span.ends_with('/') || span.contains("/src") || span.contains("/tests");
    is_file || is_folder || (span.contains('/') && tree.exists(first))
}

/// From the root, from the document's own folder, or, for a bare file name, anywhere.
fn resolves(tree: &Tree, document: &str, target: &str) -> bool {
    let first = target.split('/').next().unwrap_or_default();
    if NOT_TRACKED[..2].contains(&first) || target.starts_with("../shared") {
        return true;
    }
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    let bare = !target.contains('/');
    let ending = format!("/{target}");
    tree.exists(target)
        || tree.exists(&parts.join("/"))
        || (bare && tree.files.keys().any(|path| path.ends_with(&ending)))
}

/// `Plan`, `TaskDict`: a capital, then letters and digits with a small one among them.
fn is_type(span: &str) -> bool {
    span.starts_with(|c: char| c.is_ascii_uppercase())
        && span.chars().all(|c| c.is_ascii_alphanumeric())
        && span.contains(|c: char| c.is_ascii_lowercase())
}

fn words_of_sources(tree: &Tree) -> BTreeSet<&str> {
    tree.with_suffix(".rs")
        .filter(|(path, _)| !path.starts_with("xtask/"))
        .flat_map(|(_, text)| text.split(|c: char| !(c.is_alphanumeric() || c == '_')))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(page: &str, text: &str) -> Vec<Finding> {
        let files = [
            (page, text),
            ("graph/src/lib.rs", "//! A.\nuse super::Plan;\n"),
            ("graph/README.md", "see `src/lib.rs` and [all](../deny.toml)\n"),
            ("deny.toml", ""),
        ];
        check(&Tree::sketch(&files, &[("chunkwise-graph", "graph")]))
    }

    #[track_caller]
    fn passes(text: &str) {
        assert_eq!(found("ARCHITECTURE.md", text), [], "{text}");
    }

    #[track_caller]
    fn fails(text: &str) {
        assert_eq!(found("ARCHITECTURE.md", text).len(), 1, "{text}");
    }

    #[test]
    fn recipes_exist() {
        passes("run `cargo xtask check`, or `cargo xtask` alone");
        fails("run `cargo xtask frobnicate`");
        fails("```sh\ncargo xtask frobnicate\n```\n");
    }

    #[test]
    fn packages_exist() {
        passes("`chunkwise-graph`, `cargo test -p chunkwise-graph`");
        passes("`cargo test -p PACKAGE`");
        passes("`chunkwise-array` is to come");
        fails("`chunkwise-array`");
        fails("```sh\ncargo bench -p chunkwise-array\n```");
    }

    #[test]
    fn paths_exist() {
        passes(
            "`graph/src/lib.rs`, `graph/`, `graph`, `lib.rs`, `deny.toml`, `and/or`, `../shared/x`",
        );
        passes("[here](graph/src/lib.rs#top) and [there](https://example.org/x.md)");
        fails("`graph/src/gone.rs`");
        fails("`gone/`");
        fails("`gone/src`");
        fails("`gone.toml`");
        fails("`graph/benches`");
        fails("[here](gone.md)");
    }

    #[test]
    fn types_exist() {
        passes("`Plan`, `Vec::new`, `SVG`");
        fails("`Plam`");
        assert_eq!(found("README.md", "`Plam`"), []);
    }
}

//! Every source file starts with a sentence that says what it holds.

use crate::tree::{Finding, Tree};

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.with_suffix(".rs").filter(|(path, _)| path.contains("src/")) {
        if let Some(problem) = problem(text) {
            findings.push(Finding::new(path, 1, problem));
        }
    }
    findings
}

fn problem(text: &str) -> Option<&'static str> {
    let first = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if first.is_empty() {
        return Some("start the file with `//!` and a sentence on what it holds");
    }
    let ends = first.ends_with('.') || first.contains(". ");
    (!ends).then_some("the first `//!` paragraph is not a sentence: end it with a full stop")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_wanted_first() {
        let count = |text| check(&Tree::sketch(&[("a/src/b.rs", text)], &[])).len();
        assert_eq!(count("//! Keys, and what names them.\n"), 0);
        assert_eq!(count("//! A sentence over\n//! two lines. And more\n//! text:\n"), 0);
        assert_eq!(count("//! Keys\n//!\n//! More.\n"), 1);
        assert_eq!(count("use std::fmt;\n//! Late.\n"), 1);
        assert_eq!(count("\n//! Late.\n"), 1);
        assert_eq!(count(""), 1);
    }

    #[test]
    fn only_sources_are_looked_at() {
        let tree = Tree::sketch(&[("a/tests/it/main.rs", "mod b;\n")], &[]);
        assert_eq!(check(&tree), []);
    }
}

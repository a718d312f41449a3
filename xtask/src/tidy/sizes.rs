//! Files stay short, and modules are named after what they hold.

use crate::tree::{Finding, Tree};

const LINES_AT_MOST: usize = 800;
const NAMES_THAT_SAY_NOTHING: &[&str] =
    &["util", "utils", "helper", "helpers", "manager", "common", "misc"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.with_suffix(".rs") {
        let lines = text.lines().count();
        if lines > LINES_AT_MOST {
            let text = format!("{lines} lines, at most {LINES_AT_MOST}: split it by concept");
            findings.push(Finding::new(path, 0, text));
        }
        let parts = path.trim_end_matches(".rs").split('/');
        for part in parts.filter(|part| is_empty_name(part)) {
            let text = format!("`{part}` says nothing: name the file after the concept in it");
            findings.push(Finding::new(path, 0, text));
        }
    }
    findings
}

fn is_empty_name(part: &str) -> bool {
    part.split(['_', '-']).any(|word| NAMES_THAT_SAY_NOTHING.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Tree::sketch(&[(path, text)], &[])).len()
    }

    #[test]
    fn long_files_are_found() {
        assert_eq!(count("a/src/b.rs", &"\n".repeat(LINES_AT_MOST)), 0);
        assert_eq!(count("a/src/b.rs", &"\n".repeat(LINES_AT_MOST + 1)), 1);
    }

    #[test]
    fn empty_names_are_found() {
        for path in ["a/src/utils.rs", "a/src/common/b.rs", "a/tests/it/test_helpers.rs"] {
            assert_eq!(count(path, ""), 1, "{path}");
        }
        assert_eq!(count("a/src/commons.rs", ""), 0);
    }
}

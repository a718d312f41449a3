//! CHANGELOG.md has a section for what is not released yet.

use crate::tree::{Finding, Tree};

const PAGE: &str = "CHANGELOG.md";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.files.get(PAGE) else {
        return vec![Finding::new(PAGE, 0, "is missing")];
    };
    let first = text.lines().find(|line| line.starts_with("## "));
    if first == Some("## Unreleased") {
        return Vec::new();
    }
    vec![Finding::new(PAGE, 0, "the first section is not `## Unreleased`: add it at the top")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unreleased_comes_first() {
        let with = |text| check(&Tree::sketch(&[(PAGE, text)], &[])).len();
        assert_eq!(with("# Changelog\n\n## Unreleased\n"), 0);
        assert_eq!(with("# Changelog\n\n## 0.1.0\n## Unreleased\n"), 1);
        assert_eq!(with(""), 1);
        assert_eq!(check(&Tree::default()).len(), 1);
    }
}

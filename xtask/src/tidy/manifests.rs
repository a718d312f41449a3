//! Every package inherits what the workspace decides, and is named after its folder.

use crate::metadata::Package;
use crate::tree::{Finding, Tree};

const INHERITED: &[&str] = &[
    "version.workspace = true",
    "edition.workspace = true",
    "rust-version.workspace = true",
    "license.workspace = true",
];
const PUBLISHED: &[&str] = &["repository.workspace = true", "keywords.workspace = true"];
/// Packages that are not called `chunkwise-FOLDER`.
const OWN_NAMES: &[&str] = &["chunkwise", "xtask"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in &tree.packages {
        let path = format!("{}/Cargo.toml", package.folder);
        match tree.files.get(&path) {
            None => findings.push(Finding::new(&path, 0, "is not in version control")),
            Some(text) => manifest(package, &path, text, &mut findings),
        }
    }
    if tree.exists("src") {
        findings.push(Finding::new("src", 0, "the root is virtual: move it into a package"));
    }
    findings
}

fn manifest(package: &Package, path: &str, text: &str, findings: &mut Vec<Finding>) {
    let has = |wanted: &str| text.lines().any(|line| line.trim() == wanted);
    let mut found = |line, text: String| findings.push(Finding::new(path, line, text));
    let wanted = name_for(&package.folder);
    if package.name != wanted {
        found(0, format!("the package is called `{}`, its folder wants `{wanted}`", package.name));
    }
    let published = !has("publish = false");
    let extra = if published { PUBLISHED } else { &[] };
    for line in INHERITED.iter().chain(extra).filter(|line| !has(line)) {
        found(0, format!("add `{line}`"));
    }
    if !text.contains("[lints]\nworkspace = true") {
        found(0, "add `[lints]` with `workspace = true`".to_owned());
    }
    let description = text.lines().find_map(|line| line.strip_prefix("description = "));
    if published && description.is_none_or(|d| d.split_whitespace().count() < 3) {
        found(0, "a published package has a `description` of one plain clause".to_owned());
    }
    for (line, dependency) in own_versions(text) {
        let text =
            format!("`{dependency}` says its version here: put it in [workspace.dependencies]");
        found(line, text);
    }
}

fn name_for(folder: &str) -> String {
    if OWN_NAMES.contains(&folder) {
        folder.to_owned()
    } else {
        format!("chunkwise-{}", folder.replace('/', "-"))
    }
}

/// Dependencies that do not come from the workspace, with their lines.
fn own_versions(text: &str) -> Vec<(usize, String)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if let (true, Some((name, value))) = (inside, line.split_once('=')) {
            let from_workspace =
                name.trim().ends_with(".workspace") || value.contains("workspace = true");
            // Two packages that need each other in their tests name no version, to be publishable.
            let by_path = value.contains("path = ") && !value.contains("version");
            if !from_workspace && !by_path && !name.starts_with('#') {
                found.push((index + 1, name.trim().to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
[package]
name = \"chunkwise-a-b\"
description = \"What it is for\"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
repository.workspace = true
keywords.workspace = true

[dependencies]
# serde = \"1\"
rayon.workspace = true
serde = { workspace = true, optional = true }

[lints]
workspace = true
";

    fn count(text: &str, name: &str) -> usize {
        check(&Tree::sketch(&[("a/b/Cargo.toml", text)], &[(name, "a/b")])).len()
    }

    #[test]
    fn a_good_manifest_passes() {
        assert_eq!(count(GOOD, "chunkwise-a-b"), 0);
    }

    #[test]
    fn each_departure_is_found() {
        assert_eq!(count(GOOD, "chunkwise-c"), 1);
        for line in INHERITED.iter().chain(PUBLISHED) {
            assert_eq!(
                count(&GOOD.replace(&format!("\n{line}\n"), "\n"), "chunkwise-a-b"),
                1,
                "{line}"
            );
        }
        assert_eq!(count(&GOOD.replace("[lints]", "[lint]"), "chunkwise-a-b"), 1);
        assert_eq!(count(&GOOD.replace("What it is for", "…"), "chunkwise-a-b"), 1);
        let pinned = GOOD.replace("rayon.workspace = true", "rayon = \"1\"");
        assert_eq!(count(&pinned, "chunkwise-a-b"), 1);
    }

    #[test]
    fn the_root_stays_virtual() {
        assert_eq!(check(&Tree::sketch(&[("src/lib.rs", "")], &[])).len(), 1);
    }
}

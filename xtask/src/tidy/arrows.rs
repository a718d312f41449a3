//! Dependencies among our packages go only the way that ARCHITECTURE.md draws them.
//!
//! The table with the column "may depend on (ours)" is read and compared with what cargo says.
//! Two absences are checked on the whole closure: `graph` reaches no array, frame or async
//! library, and no collection reaches a scheduler.

use std::collections::BTreeMap;

use crate::markdown::{cells, code_spans, lines};
use crate::metadata::Package;
use crate::tree::{Finding, Tree};

const PAGE: &str = "ARCHITECTURE.md";
const COLUMN: &str = "may depend on (ours)";
const GRAPH: &str = "chunkwise-graph";
/// Dependencies of `graph`, optional ones too: every crate of ours and of our users' carries them.
const GRAPH_DEPENDENCIES_AT_MOST: usize = 6;
const NEVER_UNDER_GRAPH: &[&str] =
    &["ndarray", "arrow", "arrow-array", "tokio", "async-std", "smol", "futures", "rayon"];
const COLLECTIONS: &[&str] =
    &["chunkwise-array", "chunkwise-dataframe", "chunkwise-bag", "chunkwise-delayed"];

/// One row: where it stands, and which packages the package may depend on.
struct Row {
    line: usize,
    folder: String,
    /// `None`: on all.
    allowed: Option<Vec<String>>,
}

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.files.get(PAGE) else {
        return vec![Finding::new(PAGE, 0, "is missing")];
    };
    let table = table(text, &tree.packages);
    if table.is_empty() {
        return vec![Finding::new(PAGE, 0, format!("has no table with a column `{COLUMN}`"))];
    }
    let mut findings = Vec::new();
    for package in &tree.packages {
        match table.get(&package.name) {
            None => findings.push(Finding::new(
                PAGE,
                0,
                format!("the table of folders lacks `{}` (`{}`)", package.folder, package.name),
            )),
            Some(row) => against_row(package, row, tree, &mut findings),
        }
        absences(package, &mut findings);
    }
    findings
}

fn table(text: &str, packages: &[Package]) -> BTreeMap<String, Row> {
    let mut rows = BTreeMap::new();
    let mut inside = false;
    for line in lines(text) {
        let cells = cells(line.text);
        if cells.last() == Some(&COLUMN) {
            inside = true;
        } else if !line.text.starts_with('|') {
            inside = false;
        } else if let (true, [folder, package, .., last]) = (inside, cells.as_slice()) {
            let spans = |cell| code_spans(cell).into_iter();
            let allowed = (*last != "all").then(|| {
                spans(last).map(|folder: &str| package_of(folder, packages)).collect::<Vec<_>>()
            });
            let folder = spans(folder).next().unwrap_or_default().trim_end_matches('/').to_owned();
            for name in spans(package).take(1) {
                let row =
                    Row { line: line.number, folder: folder.clone(), allowed: allowed.clone() };
                rows.insert(name.to_owned(), row);
            }
        }
    }
    rows
}

fn package_of(folder: &str, packages: &[Package]) -> String {
    let found = packages.iter().find(|p| p.folder == folder.trim_end_matches('/'));
    found.map_or_else(|| format!("chunkwise-{folder}"), |p| p.name.clone())
}

fn against_row(package: &Package, row: &Row, tree: &Tree, findings: &mut Vec<Finding>) {
    if row.folder != package.folder {
        let text = format!(
            "`{}` is in the folder `{}`, the table says `{}`",
            package.name, package.folder, row.folder
        );
        findings.push(Finding::new(PAGE, row.line, text));
    }
    let Some(allowed) = &row.allowed else { return };
    for dependency in &package.dependencies {
        let ours = tree.packages.iter().any(|p| p.name == *dependency);
        if ours && !allowed.contains(dependency) {
            let text = format!(
                "depends on `{dependency}`, which {PAGE}:{} does not allow: remove the dependency, \
                 or change the design and the table together",
                row.line
            );
            findings.push(Finding::new(&format!("{}/Cargo.toml", package.folder), 0, text));
        }
    }
}

fn absences(package: &Package, findings: &mut Vec<Finding>) {
    let manifest = format!("{}/Cargo.toml", package.folder);
    if package.name == GRAPH {
        for name in NEVER_UNDER_GRAPH.iter().filter(|name| package.closure.contains(**name)) {
            let text = format!("`{name}` is reached from `{GRAPH}`, which stays free of it");
            findings.push(Finding::new(&manifest, 0, text));
        }
        let count = package.dependencies.len();
        if count > GRAPH_DEPENDENCIES_AT_MOST {
            let text = format!(
                "`{GRAPH}` has {count} direct dependencies, at most {GRAPH_DEPENDENCIES_AT_MOST} are allowed"
            );
            findings.push(Finding::new(&manifest, 0, text));
        }
    }
    if COLLECTIONS.contains(&package.name.as_str()) {
        for name in package.closure.iter().filter(|n| n.starts_with("chunkwise-sched-")) {
            let text = format!("`{name}` is reached: a collection never knows a scheduler");
            findings.push(Finding::new(&manifest, 0, text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE_TEXT: &str = "\
| folder | package | is | may depend on (ours) |
|---|---|---|---|
| `graph` | `chunkwise-graph` | keys | nothing |
| `bag` | `chunkwise-bag` | a collection | `graph` |
| `facade` | `chunkwise` | all | all |
";

    fn tree(edges: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::sketch(
            &[(PAGE, PAGE_TEXT)],
            &[("chunkwise-graph", "graph"), ("chunkwise-bag", "bag"), ("chunkwise", "facade")],
        );
        for (from, to) in edges {
            let package = tree.packages.iter_mut().find(|p| p.name == *from).unwrap();
            package.dependencies.insert(to.to_string());
            package.closure.insert(to.to_string());
        }
        tree
    }

    #[test]
    fn arrows_as_drawn_pass() {
        let tree = tree(&[
            ("chunkwise-bag", "chunkwise-graph"),
            ("chunkwise", "chunkwise-bag"),
            ("chunkwise-graph", "petgraph"),
        ]);
        assert_eq!(check(&tree), []);
    }

    #[test]
    fn an_arrow_upwards_is_found() {
        let found = check(&tree(&[("chunkwise-graph", "chunkwise-bag")]));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "graph/Cargo.toml");
        assert!(found[0].text.contains("ARCHITECTURE.md:3"), "{}", found[0].text);
    }

    #[test]
    fn libraries_that_graph_stays_free_of_are_found() {
        assert_eq!(check(&tree(&[("chunkwise-graph", "tokio")])).len(), 1);
        let many: Vec<_> =
            ["a", "b", "c", "d", "e", "f", "g"].map(|n| ("chunkwise-graph", n)).into();
        assert_eq!(check(&tree(&many)).len(), 1);
    }

    #[test]
    fn a_scheduler_under_a_collection_is_found() {
        let found = check(&tree(&[("chunkwise-bag", "chunkwise-sched-sync")]));
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_package_missing_in_the_table_or_moved_is_found() {
        let mut tree = tree(&[]);
        tree.packages.push(Package { name: "chunkwise-new".into(), ..Package::default() });
        tree.packages[1].folder = "sack".into();
        assert_eq!(check(&tree).len(), 2);
        tree.files.clear();
        assert_eq!(check(&tree).len(), 1);
    }
}

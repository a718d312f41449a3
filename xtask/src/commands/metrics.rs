//! `cargo xtask metrics`: numbers about the source, as a reason to look and not a verdict.
//!
//! By text: a function ends at the first closing brace in the column where it started, which
//! holds for formatted code; inline test modules at the end of a file are not counted.

use std::collections::BTreeMap;

use super::no_arguments;
use crate::error::Result;
use crate::rust_text::code_only;
use crate::tree::Tree;

const LONG_FUNCTION: usize = 60;

/// What is counted of one package or of all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Measure {
    files: Vec<usize>,
    functions: Vec<usize>,
    items: usize,
    documented: usize,
}

/// Prints one line a package and one for all.
pub(super) fn run(arguments: &[String]) -> Result<()> {
    no_arguments(arguments)?;
    let tree = Tree::of_repository()?;
    let mut rows = BTreeMap::new();
    let mut all = Measure::default();
    for package in &tree.packages {
        let mut measure = Measure::default();
        for (_, text) in tree.sources(package) {
            measure.add(text);
            all.add(text);
        }
        rows.insert(package.folder.as_str(), measure);
    }
    println!(
        "{:<16} {:>5} {:>6} {:>6} {:>5} {:>5} {:>9} {:>8} {:>7} {:>10}",
        "folder",
        "files",
        "lines",
        "median",
        "p90",
        "max",
        "functions",
        "over 60",
        "longest",
        "documented"
    );
    for (folder, measure) in rows.iter().chain([(&"in all", &all)]) {
        println!("{folder:<16} {}", measure.row());
    }
    Ok(())
}

impl Measure {
    fn add(&mut self, text: &str) {
        let end = text.find("\n#[cfg(test)]\nmod tests {").map_or(text.len(), |at| at + 1);
        let text = &text[..end];
        self.files.push(text.lines().count());
        let code = code_only(text);
        let code: Vec<&str> = code.lines().collect();
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in code.iter().enumerate() {
            if is_function(line) {
                self.functions.push(function_length(&code[index..]));
            }
            if is_public_item(line) {
                self.items += 1;
                self.documented += usize::from(is_documented(&lines[..index]));
            }
        }
    }

    fn row(&self) -> String {
        let (files, functions) = (sorted(&self.files), sorted(&self.functions));
        let long = functions.iter().filter(|n| **n > LONG_FUNCTION).count();
        format!(
            "{:>5} {:>6} {:>6} {:>5} {:>5} {:>9} {:>8} {:>7} {:>10}",
            files.len(),
            files.iter().sum::<usize>(),
            quantile(&files, 50),
            quantile(&files, 90),
            quantile(&files, 100),
            functions.len(),
            long,
            quantile(&functions, 100),
            format!("{}/{}", self.documented, self.items),
        )
    }
}

fn sorted(values: &[usize]) -> Vec<usize> {
    let mut values = values.to_vec();
    values.sort_unstable();
    values
}

fn quantile(sorted: &[usize], percent: usize) -> usize {
    let last = sorted.len().saturating_sub(1);
    sorted.get((sorted.len() * percent / 100).min(last)).copied().unwrap_or(0)
}

fn is_function(line: &str) -> bool {
    let head = line.split('(').next().unwrap_or_default();
    head.split_whitespace().any(|word| word == "fn") && line.contains('(') && !line.contains("= fn")
}

fn function_length(code: &[&str]) -> usize {
    let indent = code[0].len() - code[0].trim_start().len();
    let closing = format!("{}}}", " ".repeat(indent));
    for (index, line) in code.iter().enumerate() {
        let whole = index == 0 && (line.ends_with('}') || line.ends_with(';'));
        let declared = line.trim_end() == format!("{});", " ".repeat(indent));
        if whole || declared || line.trim_end() == closing {
            return index + 1;
        }
    }
    code.len()
}

fn is_public_item(line: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix("pub ") else { return false };
    let qualifiers = ["const", "async", "unsafe", "extern"];
    let item = rest.split_whitespace().find(|word| !qualifiers.contains(word));
    let items = ["fn", "struct", "enum", "trait", "type", "union", "static"];
    item.is_some_and(|word| items.contains(&word)) || rest.starts_with("const ")
}

fn is_documented(before: &[&str]) -> bool {
    let mut above = before.iter().rev().map(|line| line.trim_start());
    above.find(|line| !line.starts_with("#[")).is_some_and(|line| line.starts_with("///"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_and_items_are_measured() {
        let text = "//! A.\n\n/// Doc.\n#[inline]\npub fn a(\n    x: u32,\n) {\n    x;\n}\n\npub struct B;\n\nimpl B {\n    fn c(&self) {}\n}\n\n#[cfg(test)]\nmod tests {\n    fn d() {}\n}\n";
        let mut measure = Measure::default();
        measure.add(text);
        let want = Measure { files: vec![16], functions: vec![5, 1], items: 2, documented: 1 };
        assert_eq!(measure, want);
    }

    #[test]
    fn quantiles_of_little_are_defined() {
        assert_eq!(quantile(&[], 50), 0);
        assert_eq!(quantile(&[7], 100), 7);
        assert_eq!(quantile(&[1, 2, 3, 4], 50), 3);
    }
}

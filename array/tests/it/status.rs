//! `STATUS.md` names what is in the code.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

/// The words of all source files.
fn words(folder: &Path, words: &mut HashSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            self::words(&path, words);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            // Of code only: that a comment speaks of something does not make it there.
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let is_inside = |c: char| c.is_alphanumeric() || c == '_';
            words.extend(code.flat_map(|line| line.split(|c| !is_inside(c))).map(str::to_owned));
        }
    }
}

#[test]
fn every_name_of_the_page_is_in_the_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = HashSet::new();
    words(&folder.join("src"), &mut known);
    let page = fs::read_to_string(folder.join("STATUS.md")).unwrap();
    let rows =
        page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| function"));
    let mut n_named = 0;
    for row in rows {
        // A bar in a cell is written `\|`.
        let row = row.replace("\\|", "/");
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let name = cells[2].trim_matches('`');
        let is_operator = !name.chars().any(char::is_alphanumeric);
        match name {
            "-" if cells[2] == "-" => assert!(!cells[3].is_empty(), "no reason is given: {row}"),
            _ if is_operator => {}
            name => {
                assert!(known.contains(name), "`{name}` is not in the code: {row}");
                n_named += 1;
            }
        }
    }
    assert!(n_named > 400, "{n_named} functions are named");
}

//! A page that shows the pictures of all chapters.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::prep::write_whole;

const PAGE: &str = "index.html";

/// Writes `index.html` into `folder`, with all `.svg` and `.png` files there by name; whole or not at all.
/// Gives its path; none when there are no pictures.
///
/// # Errors
/// What the file system gave.
pub(crate) fn write_page(folder: &Path) -> io::Result<Option<PathBuf>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".svg") || name.ends_with(".png") {
            names.push(name);
        }
    }
    if names.is_empty() {
        return Ok(None);
    }
    names.sort_unstable();
    let text = page(&names);
    write_whole(folder, PAGE, |partial| partial.file().write_all(text.as_bytes()))?;
    Ok(Some(folder.join(PAGE)))
}

fn page(names: &[String]) -> String {
    let mut page = String::from(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Pictures of the \
         tutorial</title>\n<style>body{font-family:sans-serif;display:flex;flex-wrap:wrap;gap:2em;\
         align-items:flex-end}figure{margin:0}figcaption{color:#555}</style>\n",
    );
    for name in names.iter().map(|name| escaped(name)) {
        let caption = name.trim_end_matches(".svg").trim_end_matches(".png").replace('-', " ");
        // Writing to a string cannot fail.
        let _ = writeln!(
            page,
            "<figure><img src=\"{name}\" alt=\"{caption}\"><figcaption>{caption}</figcaption>\
             </figure>"
        );
    }
    page
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_the_pictures_that_are_there() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(write_page(folder.path()).unwrap(), None);
        for name in ["02-b.svg", "02-a.svg", "x.json", "<&\".svg"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let path = write_page(folder.path()).unwrap().unwrap();
        let text = fs::read_to_string(path).unwrap();
        let at = |name: &str| text.find(&format!("<img src=\"{name}\"")).unwrap();
        assert!(at("02-a.svg") < at("02-b.svg") && at("02-b.svg") < at("&lt;&amp;&quot;.svg"));
        assert!(!text.contains("x.json"));
        assert!(write_page(&folder.path().join("none")).is_err());
    }
}

//! [`similar`]: names that somebody may have meant.

/// The names that are like the one that was asked for: those with fewest edits between, at most
/// three; all of them if there are no more than three.
pub(crate) fn similar(name: &str, names: impl IntoIterator<Item = String>) -> Vec<String> {
    let wanted = name.trim_matches('/').to_lowercase();
    let mut ranked: Vec<(usize, String)> = names
        .into_iter()
        .map(|there| {
            let plain = there.trim_matches('/').to_lowercase();
            let last = plain.rsplit('/').next().unwrap_or(&plain).to_owned();
            (edits(&wanted, &plain).min(edits(&wanted, &last) + 1), there)
        })
        .collect();
    ranked.sort();
    let few = ranked.len() <= 3;
    let near = wanted.chars().count().div_ceil(2).max(2);
    ranked
        .into_iter()
        .filter(|(far, _)| few || *far <= near)
        .map(|(_, name)| name)
        .take(3)
        .collect()
}

/// Levenshtein's distance.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_are_near_ones() {
        let names = || ["/t2m", "/group/tmax", "/precipitation", "/wind"].map(String::from);
        assert_eq!(similar("tm2", names()), ["/t2m"]);
        assert_eq!(similar("max", names()), ["/group/tmax"]);
        assert_eq!(similar("zzzz", names()), Vec::<String>::new());
        assert_eq!(similar("zzzz", ["/x".to_owned()]), ["/x"]);
        assert_eq!((edits("", "abc"), edits("kitten", "sitting")), (3, 3));
    }
}

//! [`Table`]: text in aligned columns.

use std::fmt;

/// Rows of text; the first row is the head. The first column is aligned left, others right.
pub(super) struct Table<const N: usize> {
    rows: Vec<[String; N]>,
}

/// Columns that a name may take.
const MAX_NAME: usize = 40;

impl<const N: usize> Table<N> {
    pub(super) fn new(head: [&str; N]) -> Table<N> {
        Table { rows: vec![head.map(str::to_owned)] }
    }

    pub(super) fn row(&mut self, mut cells: [String; N]) {
        if let Some(name) = cells.first_mut() {
            *name = shortened(name);
        }
        self.rows.push(cells);
    }
}

/// On one line, and cut in the middle if it is long: names differ at their ends.
pub(super) fn shortened(name: &str) -> String {
    let name: Vec<char> = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if name.len() <= MAX_NAME {
        return name.into_iter().collect();
    }
    let (head, tail) = (MAX_NAME / 2, MAX_NAME - MAX_NAME / 2 - 1);
    let (head, tail) = (&name[..head], &name[name.len() - tail..]);
    head.iter().chain(['…'].iter()).chain(tail).collect()
}

impl<const N: usize> fmt::Display for Table<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
        };
        let widths: [usize; N] = std::array::from_fn(width);
        for row in &self.rows {
            for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
                match column {
                    0 => write!(f, "{cell:<width$}")?,
                    _ => write!(f, "  {cell:>width$}")?,
                }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_long_names_cut() {
        let mut table = Table::new(["name", "n"]);
        table.row(["größe".into(), "1000".into()]);
        table.row([format!("{}\n{}", "a".repeat(30), "b".repeat(30)), "1".into()]);
        let name = format!("{}…{}", "a".repeat(20), "b".repeat(19));
        let head = format!("{:40}  {:>4}\n{:40}  {:>4}\n", "name", "n", "größe", "1000");
        assert_eq!(table.to_string(), format!("{head}{name}  {:>4}\n", 1));
    }
}

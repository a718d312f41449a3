//! Plain text tables: columns aligned, two spaces apart.

use std::fmt;

/// On which side a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A table with a header and rows of equal length.
#[derive(Debug)]
pub(crate) struct Table<const N: usize> {
    header: [(&'static str, Align); N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub(crate) fn new(header: [(&'static str, Align); N]) -> Self {
        Self { header, rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells);
    }

    fn widths(&self) -> [usize; N] {
        std::array::from_fn(|column| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.fold(self.header[column].0.chars().count(), usize::max)
        })
    }
}

impl<const N: usize> fmt::Display for Table<N> {
    /// One line a row, each ended by a line break, with no blanks at line ends.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let line = |f: &mut fmt::Formatter<'_>, cells: [&str; N]| {
            let mut text = String::new();
            for (column, cell) in cells.into_iter().enumerate() {
                let blanks = " ".repeat(widths[column].saturating_sub(cell.chars().count()));
                match self.header[column].1 {
                    Align::Left => text.extend([cell, &blanks, "  "]),
                    Align::Right => text.extend([&blanks, cell, "  "]),
                }
            }
            writeln!(f, "{}", text.trim_end())
        };
        line(f, self.header.map(|(title, _)| title))?;
        for row in &self.rows {
            line(f, row.each_ref().map(String::as_str))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[[&str; 3]]) -> String {
        let mut table =
            Table::new([("name", Align::Left), ("peak", Align::Right), ("verdict", Align::Left)]);
        for row in rows {
            table.row(row.map(str::to_owned));
        }
        table.to_string()
    }

    #[test]
    fn columns_align_on_their_side() {
        assert_eq!(
            table(&[["sum", "14", "equal"], ["multi_out", "9000", "above"]]),
            "name       peak  verdict\nsum          14  equal\nmulti_out  9000  above\n"
        );
    }

    #[test]
    fn empty_table_is_its_header() {
        assert_eq!(table(&[]), "name  peak  verdict\n");
    }

    #[test]
    fn width_counts_characters_and_lines_end_without_blanks() {
        assert_eq!(
            table(&[["größe", "1 µs", ""], ["x", "", "y"]]),
            "name   peak  verdict\ngröße  1 µs\nx            y\n"
        );
    }
}

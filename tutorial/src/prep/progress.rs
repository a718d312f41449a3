//! The progress bar of a preparation.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error that counts entries; nothing at all when that is not a terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for `total` entries of the dataset `name`.
    pub(super) fn new(name: &'static str, total: u64) -> Self {
        if !stderr().is_terminal() {
            return Self::hidden();
        }
        let bar = ProgressBar::new(total).with_prefix(name);
        // The template is checked by a test; the default style is as good where it fails.
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// A bar that is never drawn.
    pub(super) fn hidden() -> Self {
        Self { bar: ProgressBar::hidden() }
    }

    /// Sets the number of entries made so far.
    pub(super) fn reached(&self, entries: u64) {
        self.bar.set_position(entries);
    }
}

/// Takes the bar off the screen, also on an error.
impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

const TEMPLATE: &str = "{prefix} [{bar:40}] {human_pos}/{human_len} rows, {eta} left";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_valid() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}

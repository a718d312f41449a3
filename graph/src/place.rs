//! [`Place`]: where in the source something was made, also when another process made it.

use std::borrow::Cow;
use std::fmt;
use std::panic::Location;

/// A line of source, as [`Location`] names it; prints as `src/main.rs:7:5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    file: Cow<'static, str>,
    line: u32,
    column: u32,
}

impl Place {
    /// A place that another process told of.
    pub fn new(file: impl Into<Cow<'static, str>>, line: u32, column: u32) -> Place {
        Place { file: file.into(), line, column }
    }

    /// The path of the file, as the compiler was given it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// The column, from 1.
    pub fn column(&self) -> u32 {
        self.column
    }
}

impl From<&'static Location<'static>> for Place {
    fn from(location: &'static Location<'static>) -> Place {
        Place::new(location.file(), location.line(), location.column())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
